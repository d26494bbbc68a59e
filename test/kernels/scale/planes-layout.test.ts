/**
 * Camera planes laid out: scaled by each filter, mirrored, turned, cut and padded, compared with plain float
 * arithmetic.
 */
import { beforeEach, describe, expect, test } from 'vitest';
import { planGeometry } from '../../../worker/scale/geometry.ts';
import { isPlanar, type PlanarImage } from '../../../worker/frame/image.ts';
import { type Orientation, turned, turnedSize, UPRIGHT } from '../../../worker/frame/orientation.ts';
import { layOut } from '../../../worker/scale/layout.ts';
import type { Colour, Fit, ResampleKernel } from '../../../worker/options.ts';
import { loadTestKernels } from '../../helpers/kernels.ts';
import { halfOf, noiseYuv, placeYuv, takeYuv, yuvOf, type Yuv } from '../../helpers/yuv.ts';
import { scene } from '../../helpers/scene.ts';
import { fromFullRange, rgbToYcc, toByte } from '../../reference/color/color.ts';
import { oriented, resample } from '../../reference/scale/resample.ts';

const instance = await loadTestKernels();
const { memory } = instance;
beforeEach(() => memory.reset());

const COLOUR = { matrix: 'bt709', fullRange: false } as const;
const BACKGROUND: Colour = [200, 90, 30];
const ORIENTATIONS = [0, 90, 180, 270].flatMap((degrees) => [turned(degrees, false), turned(degrees, true)]);

type Wanted = { imageWidth?: number; imageHeight?: number; fit: Fit };

/** Lays planes out with the project's code. */
function laidOut(
  yuv: Yuv,
  format: PlanarImage['format'],
  wanted: Wanted,
  orientation: Orientation,
  kernel: ResampleKernel,
): Yuv {
  memory.reset();
  const upright = turnedSize(yuv, orientation);
  const geometry = planGeometry(upright, upright, wanted);
  const image = placeYuv(instance, yuv, format, COLOUR, 3);
  const out = layOut(instance, image, geometry, orientation, { kernel, background: BACKGROUND, linear: false });
  if (!isPlanar(out)) throw new Error('Planes became pixels.');
  return takeYuv(instance, out);
}

/** Every plane by the definition: upright first, then resampled; chroma lies in the centre of its four luma samples. */
function definition(
  yuv: Yuv,
  { width, height }: { width: number; height: number },
  orientation: Orientation,
  kernel: ResampleKernel,
) {
  const half = halfOf(yuv);
  const target = halfOf({ width, height });
  const upright = (plane: Uint8Array, size: { width: number; height: number }) =>
    oriented({ ...size, data: plane, channels: 1 }, orientation);
  const y = upright(yuv.y, yuv);
  const crop = { x: 0, y: 0, width: y.width / 2, height: y.height / 2 };
  const chromaCrop = {
    ...crop,
    width: (crop.width * target.width * 2) / width,
    height: (crop.height * target.height * 2) / height,
  };
  const chroma = (plane: Uint8Array) => resample(upright(plane, half), chromaCrop, target, kernel);
  return {
    y: resample(y, { x: 0, y: 0, width: y.width, height: y.height }, { width, height }, kernel),
    u: chroma(yuv.u),
    v: chroma(yuv.v),
  };
}

function expectWithinOne(got: Uint8Array, want: Uint8Array, what: string): void {
  expect(got.length).toBe(want.length);
  let bias = 0;
  got.forEach((value, i) => {
    bias += value - want[i]!;
    if (Math.abs(value - want[i]!) > 1) expect.fail(`${what}[${i}] is ${value}, not ${want[i]}`);
  });
  expect(Math.abs(bias / got.length), `bias of ${what}`).toBeLessThan(0.1);
}

describe.each(['box', 'bilinear', 'mitchell', 'lanczos3'] as const)('%s', (kernel) => {
  test.each([
    ['down', { imageWidth: 37, imageHeight: 27 }],
    ['up', { imageWidth: 148, imageHeight: 108 }],
    ['wider and lower', { imageWidth: 100, imageHeight: 30 }],
  ] as const)('%s, in all orientations, equals the definition within one level', (_, sides) => {
    // Even sides: nothing is left of chroma beyond the last luma sample. At these ratios no sample lies where a box
    // ends.
    const yuv = noiseYuv(84, 62, 3);
    for (const orientation of ORIENTATIONS) {
      for (const format of ['I420', 'NV12'] as const) {
        const got = laidOut(yuv, format, { ...sides, fit: 'fill' }, orientation, kernel);
        const want = definition(yuv, got, orientation, kernel);
        for (const name of ['y', 'u', 'v'] as const) expectWithinOne(got[name], want[name], `${format} ${name}`);
      }
    }
  });
});

test.each(ORIENTATIONS.slice(1))('every sample is kept when planes are turned at their own size: %o', (orientation) => {
  const yuv = noiseYuv(50, 38, 6);
  for (const format of ['I420', 'NV12'] as const) {
    const got = laidOut(yuv, format, { fit: 'cover' }, orientation, 'lanczos3');
    const half = halfOf(yuv);
    expect(got.y).toEqual(oriented({ ...yuv, data: yuv.y, channels: 1 }, orientation).data);
    expect(got.u).toEqual(oriented({ ...half, data: yuv.u, channels: 1 }, orientation).data);
    expect(got.v).toEqual(oriented({ ...half, data: yuv.v, channels: 1 }, orientation).data);
  }
});

test('bars have the codes of the background, with the picture between them', () => {
  const yuv = yuvOf(scene(80, 40), COLOUR);
  const [y, u, v] = fromFullRange(...rgbToYcc(...BACKGROUND, COLOUR.matrix)).map(toByte);
  const got = laidOut(yuv, 'NV12', { imageWidth: 60, imageHeight: 62, fit: 'contain' }, UPRIGHT, 'lanczos3');
  const want = definition(yuv, { width: 60, height: 30 }, UPRIGHT, 'lanczos3');
  const [above, below] = [16 * 60, 46 * 60];
  expect([...new Set([...got.y.subarray(0, above), ...got.y.subarray(below)])]).toEqual([y]);
  expect([...new Set([...got.u.subarray(0, above / 4), ...got.u.subarray(below / 4)])]).toEqual([u]);
  expect([...new Set([...got.v.subarray(0, above / 4), ...got.v.subarray(below / 4)])]).toEqual([v]);
  expectWithinOne(got.y.subarray(above, below), want.y, 'y');
  expectWithinOne(got.u.subarray(above / 4, below / 4), want.u, 'u');
  expectWithinOne(got.v.subarray(above / 4, below / 4), want.v, 'v');
});

test('chroma lies where its luma does between bars left and right', () => {
  const yuv = yuvOf(scene(80, 40), COLOUR);
  const [width, from, to] = [100, 20, 80];
  const [, u, v] = fromFullRange(...rgbToYcc(...BACKGROUND, COLOUR.matrix)).map(toByte);
  const got = laidOut(yuv, 'I420', { imageWidth: width, imageHeight: 30, fit: 'contain' }, UPRIGHT, 'lanczos3');
  const want = definition(yuv, { width: to - from, height: 30 }, UPRIGHT, 'lanczos3');
  const columns = (plane: Uint8Array, across: number, first: number, end: number): Uint8Array =>
    plane.filter((_, i) => i % across >= first && i % across < end);
  expectWithinOne(columns(got.y, width, from, to), want.y, 'y');
  for (const [name, code] of [
    ['u', u],
    ['v', v],
  ] as const) {
    expectWithinOne(columns(got[name], width / 2, from / 2, to / 2), want[name], name);
    expect([...new Set(columns(got[name], width / 2, 0, from / 2))]).toEqual([code]);
    expect([...new Set(columns(got[name], width / 2, to / 2, width / 2))]).toEqual([code]);
  }
});

test('cover shows the middle, in planes as in pixels', () => {
  const yuv = noiseYuv(120, 60, 4);
  const got = laidOut(yuv, 'I420', { imageWidth: 30, imageHeight: 30, fit: 'cover' }, UPRIGHT, 'box');
  const crop = { x: 30, y: 0, width: 60, height: 60 };
  expectWithinOne(got.y, resample({ ...yuv, data: yuv.y, channels: 1 }, crop, { width: 30, height: 30 }, 'box'), 'y');
  const half = { ...halfOf(yuv), data: yuv.u, channels: 1 } as const;
  const chroma = { x: 15, y: 0, width: 30, height: 30 };
  expectWithinOne(got.u, resample(half, chroma, { width: 15, height: 15 }, 'box'), 'u');
});
