/** Photos of camera frames have the bytes that were recorded, and look like their frames. */
import { writeFile } from 'node:fs/promises';
import { afterAll, expect, test } from 'vitest';
import { judgeGolden, leastPsnr } from '../helpers/golden-frames-judge.ts';
import { GOLDEN_FRAME_HASHES } from '../helpers/golden-frames.hashes.ts';
import { developGolden, GOLDEN_FRAMES, titleOf } from '../helpers/golden-frames.ts';
import { sha256 } from '../helpers/golden-jpeg.ts';
import { loadTestKernels } from '../helpers/kernels.ts';

const instance = await loadTestKernels();
const cases = GOLDEN_FRAMES.map((one) => ({ title: titleOf(one), one }));
const recorded: Record<string, string> = {};
const recording = process.env['RECORD'] === '1';

test.each(cases)('$title', async ({ title, one }) => {
  const file = developGolden(instance, one);
  const { psnr, cast } = await judgeGolden(file, one);
  if (process.env['SHOW']) console.log(`${psnr.toFixed(1)} ${cast.toFixed(2)} ${file.length} ${title}`);
  expect(psnr).toBeGreaterThan(leastPsnr(one));
  expect(cast).toBeLessThan(1);
  recorded[title] = (await sha256(file)).slice(0, 16);
  if (!recording) expect(recorded[title]).toBe(GOLDEN_FRAME_HASHES[title]);
});

test('every case has a hash, and every hash a case', ({ skip }) => {
  skip(recording, 'the hashes are being recorded');
  expect(Object.keys(GOLDEN_FRAME_HASHES)).toEqual(cases.map(({ title }) => title));
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
