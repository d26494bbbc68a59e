/**
 * Judges of a JPEG that this project did not write: djpeg, where it is installed, and sharp. A word of either is an
 * error.
 */
import sharp from 'sharp';
import { expect } from 'vitest';
import { djpeg, hasJudge } from './judges.ts';

/** Sizes about the edges of blocks and MCUs, and one of many. */
export const JPEG_SIZES = [
  [1, 1],
  [2, 2],
  [8, 8],
  [15, 17],
  [16, 16],
  [17, 13],
  [33, 1],
  [1, 40],
  [1279, 719],
] as const;

/** Why djpeg does not judge here, if it does not. */
export const withoutDjpeg = hasJudge('djpeg') ? undefined : 'djpeg is not installed';

/** Expects djpeg to decode a file of this size, and of this many components, if they are given. */
export function judgeByDjpeg(jpeg: Uint8Array, size?: { width: number; height: number }, components?: 1 | 3): void {
  if (withoutDjpeg) return;
  const [kind, width, height] = djpeg(jpeg).subarray(0, 30).toString('latin1').split(/\s+/);
  if (size) expect([Number(width), Number(height)]).toEqual([size.width, size.height]);
  if (components) expect(kind).toBe(components === 1 ? 'P5' : 'P6');
}

/** Decodes with all judges, who have to agree on the size; grey pictures have as many channels as sharp gives them. */
export async function judgeJpeg(
  jpeg: Uint8Array,
  components?: 1 | 3,
): Promise<{ data: Buffer; width: number; height: number; channels: number }> {
  const { data, info } = await sharp(jpeg, { failOn: 'warning' }).raw().toBuffer({ resolveWithObject: true });
  judgeByDjpeg(jpeg, info, components);
  return { data, ...info };
}
