/** Photos of camera frames have the bytes that were recorded, and look like their frames. */
import { writeFile } from 'node:fs/promises';
import { afterAll, expect, test } from 'vitest';
import { judgeGolden } from '../helpers/golden-frames-judge.ts';
import { GOLDEN_FRAME_HASHES } from '../helpers/golden-frames.hashes.ts';
import { developGolden, FACTORS, GOLDEN_FRAMES, normal, titleOf, type GoldenFrame } from '../helpers/golden-frames.ts';
import { sha256 } from '../helpers/golden-jpeg.ts';
import { loadTestKernels } from '../helpers/kernels.ts';
import { pairsOf } from '../helpers/pairwise.ts';
import { Random } from '../helpers/random.ts';

const instance = await loadTestKernels();
const { memory } = instance;
const cases = GOLDEN_FRAMES.map((one, i) => ({ title: titleOf(one), one, litter: (i * 37) & 255 }));
const recorded: Record<string, string> = {};
const recording = process.env['RECORD'] === '1';

test.each(cases)('golden: $title', async ({ title, one, litter }) => {
  // What memory held before changes no photo.
  memory.reset();
  memory.bytes(memory.mark(), memory.byteLength - memory.mark()).fill(litter);
  const file = developGolden(instance, one);
  await judgeGolden(file, one);
  recorded[title] = (await sha256(file)).slice(0, 16);
  if (!recording) expect(recorded[title]).toBe(GOLDEN_FRAME_HASHES[title]);
});

test('every case has a hash, and every hash has a case', ({ skip }) => {
  skip(recording, 'the hashes are being recorded');
  expect(Object.keys(GOLDEN_FRAME_HASHES)).toEqual(cases.map(({ title }) => title));
});

test('every two values of different factors meet in at least one case', () => {
  const random = new Random(3);
  const met = new Set(GOLDEN_FRAMES.flatMap(pairsOf));
  for (let i = 0; i < 5000; i++) {
    const values = Object.entries(FACTORS).map(([name, all]) => [name, all[random.below(all.length)]]);
    const missing = pairsOf(normal(Object.fromEntries(values) as GoldenFrame)).find((pair) => !met.has(pair));
    expect(missing).toBeUndefined();
  }
});

afterAll(async () => {
  if (!recording || Object.keys(recorded).length < cases.length) return;
  const path = new URL('../helpers/golden-frames.hashes.ts', import.meta.url);
  const lines = cases.map(({ title }) => `  '${title}': '${recorded[title]}',\n`);
  await writeFile(
    path,
    '/** The first 16 hexadecimal digits of the SHA-256 of each photo; written by test/kernels/golden-frames.test.ts. */\n' +
      `export const GOLDEN_FRAME_HASHES: Readonly<Record<string, string>> = {\n${lines.join('')}};\n`,
  );
});
