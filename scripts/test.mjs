/**
 * The tests, as `vitest run` runs them, with one difference: files that a browser left undone because its process
 * ended, as WebKitGTK's does every now and then, are run in a new one, once. Arguments are those of `vitest run`.
 */
import { createVitest, parseCLI } from 'vitest/node';
import { isUndone } from './undone.mjs';

const { filter, options } = parseCLI(['vitest', 'run', ...process.argv.slice(2)]);
const vitest = await createVitest('test', { ...options, watch: false });
try {
  await vitest.start(filter);
  const files = await vitest.getRelevantTestSpecifications(filter);
  const undone = vitest.isCancelling ? [] : files.filter(isUndone);
  if (undone.length > 0) {
    console.log(`\nA BROWSER ENDED: the files that it left undone, ${undone.length}, are run in a new one.`);
    await vitest.runTestSpecifications(undone);
  }
} finally {
  // Ends the process if something, such as a browser that hangs, would keep it.
  await vitest.exit();
}
