import { afterAll, beforeEach, expect, test } from 'vitest';
import { ComparingDarkroom } from '../../../demo/comparing-darkroom.ts';
import type { Photo } from '../../../src/index.ts';
import { face, goldenEyes, RED_PUPIL } from '../../helpers/golden-red-eye.ts';
import { decode } from '../frames.ts';
import { rejection } from '../../helpers/rejection.ts';

const darkroom = new ComparingDarkroom({ workers: 1 });
const { clone } = VideoFrame.prototype;
const copies: VideoFrame[] = [];
const redEyeReduction = true;
beforeEach(() => {
  copies.length = 0;
  VideoFrame.prototype.clone = function () {
    const copy = clone.call(this);
    copies.push(copy);
    return copy;
  };
});
afterAll(() => {
  VideoFrame.prototype.clone = clone;
  darkroom.close();
});

function portrait(pupil = RED_PUPIL): VideoFrame {
  const { data, width, height } = face(380, 240, goldenEyes, pupil);
  return new VideoFrame(data, { format: 'RGBA', codedWidth: width, codedHeight: height, timestamp: 0 });
}

/** Sizes of a frame and of the copies made of it: 0 when closed. */
function heldSizes(frame: VideoFrame): number[] {
  return [frame, ...copies].map((held) => held.codedWidth);
}

/** How much redder than green a photo is beside the middle of the first pupil. */
async function redness(blob: Blob): Promise<number> {
  const { data, width } = await decode(blob);
  const { x, y, r } = goldenEyes[0]!;
  const at = (y * width + x + (r >> 1)) * 4;
  return data[at]! - data[at + 1]!;
}

test('returns the photo before and after when red eyes were corrected', async () => {
  const frame = portrait();
  const photo = await darkroom.develop(frame, { redEyeReduction, type: 'image/png' });
  expect(photo.redEyes).toHaveLength(2);
  expect(await redness(photo.blob)).toBeLessThan(20);
  expect(await redness(darkroom.before(photo)!)).toBeGreaterThan(100);
  expect(heldSizes(frame)).toEqual([0, 0]);
});

test('returns both for an ImageBitmap too', async () => {
  const frame = portrait();
  const bitmap = await createImageBitmap(frame);
  frame.close();
  const photo = await darkroom.develop(bitmap, { redEyeReduction });
  expect(await redness(darkroom.before(photo)!)).toBeGreaterThan(100);
  expect(bitmap.width).toBe(0);
});

test.each([
  ['without red eyes', [30, 26, 24], { redEyeReduction }],
  ['without red-eye reduction', RED_PUPIL, {}],
] as const)('keeps nothing of a photo %s', async (_, pupil, options) => {
  const frame = portrait([...pupil]);
  const photo: Photo = await darkroom.develop(frame, options);
  expect(photo.redEyes).toEqual([]);
  expect(darkroom.before(photo)).toBeUndefined();
  expect(heldSizes(frame).every((size) => size === 0)).toBe(true);
});

test.each([
  ['a wrong option', { quality: 2 }],
  ['a limit that no JPEG keeps', { maxBytes: 10 }],
  ['an abort', { signal: AbortSignal.abort() }],
])('closes frame and copy after %s', async (_, options) => {
  const frame = portrait();
  expect(await rejection(darkroom.develop(frame, { redEyeReduction, ...options }))).toBeInstanceOf(Error);
  expect(heldSizes(frame)).toEqual([0, 0]);
});

test('rejects a closed frame as any darkroom does', async () => {
  const frame = portrait();
  frame.close();
  expect(await rejection(darkroom.develop(frame, { redEyeReduction }))).toMatchObject({ name: 'InvalidStateError' });
});
