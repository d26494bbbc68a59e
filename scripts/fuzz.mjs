/**
 * npm run fuzz -- [seed] [seconds] [--browser] [--photos DIR]: cases of test/fuzz/ by the kernels in Node, or by
 * `develop()` in Chromium, until one is wrong, which is printed as a test. Default: a seed of the clock, a minute.
 */
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openProject } from './typescript.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { browser: { type: 'boolean' }, photos: { type: 'string' }, child: { type: 'boolean' } },
});
const server = await openProject();
if (values.child) {
  const { answer } = await server.ssrLoadModule('/test/fuzz/child.ts');
  await answer(positionals);
} else {
  const [seed, seconds] = [positionals[0] ?? Date.now() % 1_000_000, positionals[1] ?? 60].map(Number);
  if (!Number.isInteger(seed) || !(seconds > 0)) {
    console.error('fuzz: a whole number as the seed, then seconds');
    process.exit(2);
  }
  const photographs = values.photos ? photographsIn(resolve(values.photos)) : [];
  const { fuzz } = await server.ssrLoadModule('/test/fuzz/command.ts');
  const { nodeJudge } = await server.ssrLoadModule('/test/fuzz/node-judge.ts');
  const { browserJudge } = values.browser ? await server.ssrLoadModule('/test/fuzz/browser-judge.ts') : {};
  const judge = browserJudge ? await browserJudge(photographs) : nodeJudge(photographs);
  // Chromium's frames have sides of 32767 at most.
  const kinds = { photographs: photographs.length > 0, withStrips: !values.browser };
  const isRight = await fuzz(judge, { seed, seconds, ...kinds });
  await judge.close();
  await server.close();
  process.exit(isRight ? 0 : 1);
}

function photographsIn(folder) {
  const names = readdirSync(folder).filter((name) => /\.(jpe?g|png|webp)$/i.test(name));
  return names.sort().map((name) => join(folder, name));
}
