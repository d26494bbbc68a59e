/** Judges of a PNG that this project did not write, beside the plain reader of test/reference. */
import { spawnSync } from 'node:child_process';
import sharp from 'sharp';
import { expect } from 'vitest';
import * as reference from '../reference/png/png.ts';

/** What `pngcheck` says of a file: undefined when nothing is wrong. */
export function pngcheck(file: Uint8Array): string | undefined {
  const { status, stdout, stderr, error } = spawnSync('pngcheck', ['-v'], { input: file, encoding: 'utf8' });
  if (error) throw error;
  return status === 0 && stdout.includes('No errors detected') && !/warning/i.test(stdout)
    ? undefined
    : stdout + stderr;
}

/** Whether two byte arrays are equal, without a message of a million lines. */
export function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

/** Expects a file to be without fault and to hold the RGBA pixels; returns it taken apart. */
export async function judge(
  file: Uint8Array,
  pixels: Uint8Array,
  width: number,
  height: number,
): Promise<ReturnType<typeof reference.readPng>> {
  expect(pngcheck(file)).toBeUndefined();
  const read = reference.readPng(file);
  expect([read.width, read.height]).toEqual([width, height]);
  expect(same(read.pixels, pixels)).toBe(true);
  const decoded = await sharp(file).toColourspace('srgb').ensureAlpha().raw().toBuffer();
  expect(same(decoded, pixels)).toBe(true);
  return read;
}
