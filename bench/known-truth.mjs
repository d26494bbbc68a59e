/**
 * node bench/known-truth.mjs [rounds] [runs]
 *
 * Measures what is known: two contestants that do the same, and one that does a tenth more; by this process's CPU time
 * and by wall time. Says how often the ratio came out within 3 % with 1 inside its interval, what it was on average,
 * and how often the tenth was told apart.
 */
import { openProject } from '../scripts/typescript.mjs';

const [rounds, runs = 10] = process.argv.slice(2).map(Number);
const server = await openProject();
const { bench } = await server.ssrLoadModule('/src/bench/index.ts');

/** Some milliseconds of arithmetic over memory, as an encoder does. */
const samples = new Int32Array(1 << 18).map((_, i) => i * 2654435761);
const work = (passes) => () => {
  for (let pass = 0; pass < passes; pass++) {
    for (let i = 1; i < samples.length; i++) samples[i] = (samples[i] ^ (samples[i - 1] >>> 3)) + pass;
  }
};
const contestants = [
  { name: 'one', run: work(20) },
  { name: 'the same', run: work(20) },
  { name: 'a tenth more', run: work(22) },
];
const frames = [{ name: 'numbers', width: 1, height: 1, take: () => undefined }];
const noCounts = { covered: 0, close: 0, told: 0, sum: 0 };
const counts = { cpu: { ...noCounts }, wall: { ...noCounts } };
for (let run = 0; run < runs; run++) {
  const { rows } = await bench({ contestants, frames, ...(rounds && { rounds }) });
  for (const [clock, count] of Object.entries(counts)) {
    const [, same, more] = rows.map(({ measures }) => measures[clock].ratio);
    if (same.low <= 1 && same.high >= 1) count.covered++;
    if (Math.abs(same.median - 1) <= 0.03) count.close++;
    if (more.low > 1) count.told++;
    count.sum += same.median;
    const show = ({ median, low, high }) => `${median.toFixed(3)} (${low.toFixed(3)}–${high.toFixed(3)})`;
    console.log(`${clock.padEnd(4)}  the same ${show(same)}   a tenth more ${show(more)}`);
  }
}
for (const [clock, { covered, close, told, sum }] of Object.entries(counts)) {
  const found = `${covered} cover 1, ${close} within 3 %, ${(sum / runs).toFixed(4)} on average, ${told} tell the tenth apart`;
  console.log(`${clock}: of ${runs} runs ${found}`);
}
await server.close();
