/**
 * Chaos by hand, in all engines: `npm run chaos -- 7 500 --project firefox` runs 500 random operations from seed 7 on
 * in one of them. What follows the numbers are arguments of `vitest run`.
 */
import { createVitest, parseCLI } from 'vitest/node';

const numbers = process.argv.slice(2).filter((one) => /^\d+$/.test(one));
const [seed = Date.now() % 1e6, operations = 500] = numbers.map(Number);
const others = process.argv.slice(2).filter((one) => !/^\d+$/.test(one));
const { filter, options } = parseCLI(['vitest', 'run', 'test/browser/chaos.test.ts', ...others]);
const vitest = await createVitest('test', { ...options, watch: false, retry: 0 });
vitest.provide('chaos', { seed, operations });
console.log(`Chaos: ${operations} operations from seed ${seed} on.`);
try {
  await vitest.start(filter);
} finally {
  await vitest.exit();
}
