/** Scaling to the bit, by plain integer sums; the weights by their definition. */
import { describe, expect, test } from 'vitest';
import { planarToRgba } from '../../../worker/color/color.ts';
import type { PackedImage } from '../../../worker/frame/image.ts';
import { lightTables } from '../../../worker/scale/light.ts';
import type { ResampleKernel } from '../../../worker/options.ts';
import { axisWeights, type AxisCut } from '../../../worker/scale/weights.ts';
import { scalePacked, scalePlanarToPacked, scalePlane } from '../../../worker/scale/scale.ts';
import { loadTestKernels } from '../../helpers/kernels.ts';
import { loadPlanes } from '../../helpers/planes.ts';
import { Random } from '../../helpers/random.ts';
import { noise } from '../../helpers/scene.ts';
import type { Samples } from '../../reference/scale/resample.ts';
import { ALPHA, lightKind, OPAQUE, PLAIN, resampleExactly } from '../../reference/scale/resample-exact.ts';
import { weightsOf } from '../../reference/scale/weights.ts';

const instance = await loadTestKernels();
const { memory } = instance;
const KERNELS: readonly ResampleKernel[] = ['box', 'bilinear', 'mitchell', 'lanczos3'];
const { light, codes } = lightTables();
const KINDS = {
  plane: { channels: 1, kind: PLAIN, linear: false },
  opaque: { channels: 4, kind: OPAQUE, linear: false },
  alpha: { channels: 4, kind: ALPHA, linear: false },
  light: { channels: 4, kind: lightKind(light, codes), linear: true },
} as const;

/** Noise of the darkest and brightest levels, in which filters overshoot, and of those between; alpha of all kinds. */
function samples(width: number, height: number, channels: 1 | 4): Samples {
  const random = new Random(width * 1000 + height);
  const data = random.bytes(width * height * channels).map((value, i) => {
    const block = Math.floor(i / channels / 5) % 3;
    return block === 0 ? value : block === 1 ? (value & 1) * 255 : value & 15;
  });
  return { width, height, channels, data };
}

/** What the library makes of the rectangle at (1.25, 0.5). */
function scaled(source: Samples, cut: { columns: AxisCut; rows: AxisCut }, kernel: ResampleKernel, linear: boolean) {
  memory.reset();
  const { width, height, channels, data } = source;
  const address = memory.alloc(data.length);
  memory.bytes(address, data.length).set(data);
  const [across, down] = [cut.columns.count, cut.rows.count];
  const target = { address: memory.alloc(across * down * channels), stride: across * channels };
  const crop = { x: cut.columns.start, y: cut.rows.start, width: cut.columns.length, height: cut.rows.length };
  const from = { address, stride: width * channels, width, height };
  const to = { ...target, width: across, height: down };
  if (channels === 1) scalePlane(instance, from, crop, to, kernel);
  else scalePacked(instance, { ...from, format: 'RGBA' }, crop, { ...to, format: 'RGBA' }, kernel, undefined, linear);
  return memory.bytes(target.address, across * down * channels).slice();
}

const SIZES: [number, number, number, number][] = [
  [40, 30, 17, 13],
  [40, 30, 33, 64],
  [37, 23, 8, 4],
  [37, 23, 9, 1],
  [70, 9, 32, 16],
  [9, 70, 1, 31],
  [5, 3, 65, 18],
  [200, 40, 7, 5],
];

describe.each(Object.keys(KINDS) as (keyof typeof KINDS)[])('%s', (name) => {
  const { channels, kind, linear } = KINDS[name];
  test.each(KERNELS.flatMap((kernel) => SIZES.map((size) => [kernel, ...size] as const)))(
    '%s, %i × %i to %i × %i',
    (kernel, width, height, across, down) => {
      const source = samples(width, height, channels);
      if (name === 'opaque') for (let i = 3; i < source.data.length; i += 4) source.data[i] = 255;
      const columns = { start: 1.25, length: width - 2, limit: width, count: across };
      const rows = { start: 0.5, length: height - 1, limit: height, count: down };
      const expected = resampleExactly(source, axisWeights(kernel, columns), axisWeights(kernel, rows), kind);
      expect(Buffer.compare(scaled(source, { columns, rows }, kernel, linear), expected)).toBe(0);
    },
  );
});

test.each(KERNELS)('%s: planes cut anywhere give the same as their pixels', (kernel) => {
  const picture = noise(41, 27, 3);
  for (const format of ['I420', 'NV12'] as const) {
    for (const [x, y, width, height] of [
      [0, 0, 41, 27],
      [3, 5, 20, 13],
      [6.5, 1.25, 33, 20],
      [11, 8, 7, 9],
    ] as const) {
      for (const linear of [false, true]) {
        memory.reset();
        const image = loadPlanes(instance, picture, format);
        const pixels: PackedImage = { ...planarToRgba(instance, image), format: 'RGBX' };
        const targets = [0, 1].map((): PackedImage => {
          return { format: 'RGBX', width: 19, height: 15, address: memory.alloc(19 * 15 * 4), stride: 19 * 4 };
        });
        scalePlanarToPacked(instance, image, { x, y, width, height }, targets[0]!, kernel, undefined, linear);
        scalePacked(instance, pixels, { x, y, width, height }, targets[1]!, kernel, undefined, linear);
        const [planar, packed] = targets.map(({ address }) => memory.bytes(address, 19 * 15 * 4));
        expect(Buffer.compare(planar!, packed!)).toBe(0);
      }
    }
  }
});

test.each(KERNELS)('the weights of %s equal its definition', (kernel) => {
  const cuts: AxisCut[] = [];
  for (const count of [1, 2, 7, 10, 16, 33, 100]) {
    for (const [start, length, limit] of [
      [0, 10, 10],
      [0.5, 9, 10],
      [3, 33, 40],
      [-2, 8, 5],
      [90.25, 20, 100],
      [0, 1, 1],
      [7, 16, 100],
    ] as const) {
      cuts.push({ start, length, limit, count });
    }
  }
  for (const cut of cuts) {
    const { count, origin, first, window, weights } = axisWeights(kernel, cut);
    const expected = weightsOf(kernel, cut);
    for (let i = 0; i < count; i++) {
      const found = Array.from(weights.subarray(i * window, (i + 1) * window), (weight, k) => [
        origin + first[i]! + k,
        weight,
      ]).filter(([, weight]) => weight !== 0);
      expect(found).toEqual(expected[i]);
    }
  }
});
