import { describe, expect, test } from 'vitest';
import { planarToRgba } from '../../../worker/color/color.ts';
import type { PackedImage, PlanarImage, Rect } from '../../../worker/frame/image.ts';
import { type Orientation, UPRIGHT } from '../../../worker/frame/orientation.ts';
import type { ResampleKernel } from '../../../worker/options.ts';
import { axisWeights } from '../../../worker/scale/weights.ts';
import { scalePacked, scalePlanar, scalePlanarToPacked, scalePlane } from '../../../worker/scale/scale.ts';
import { digestOfResample, goldenResamples } from '../../helpers/golden-resample.ts';
import { loadTestKernels } from '../../helpers/kernels.ts';
import { Random } from '../../helpers/random.ts';
import { oriented, resample, type Samples } from '../../reference/scale/resample.ts';

const instance = await loadTestKernels();
const { memory } = instance;
const KERNELS: readonly ResampleKernel[] = ['box', 'bilinear', 'mitchell', 'lanczos3'];
const CANARY = 0xa5;

type Size = { width: number; height: number };
type Format = PackedImage['format'] | 'plane';

const wholeOf = ({ width, height }: Size): Rect => ({ x: 0, y: 0, width, height });

/** Writes samples into memory, rows `slack` bytes longer than they need be. */
function placed({ data, width, height, channels }: Samples, slack: number) {
  const stride = width * channels + slack;
  const address = memory.alloc(stride * height);
  for (let y = 0; y < height; y++) {
    memory.bytes(address + y * stride, stride).fill(CANARY);
    memory
      .bytes(address + y * stride, width * channels)
      .set(data.subarray(y * width * channels, (y + 1) * width * channels));
  }
  return { address, stride, width, height };
}

/** Reads a target back and checks that nothing around its rows was touched. */
function taken({ address, stride, width, height }: Size & { address: number; stride: number }, channels: number) {
  const rowBytes = width * channels;
  const out = new Uint8Array(rowBytes * height);
  for (let y = 0; y < height; y++) {
    out.set(memory.bytes(address + y * stride, rowBytes), y * rowBytes);
    const rest = memory.bytes(address + y * stride + rowBytes, stride - rowBytes);
    expect(rest.every((byte) => byte === CANARY)).toBe(true);
  }
  return out;
}

function scaled(
  source: Samples,
  size: Size,
  kernel: ResampleKernel,
  {
    crop = wholeOf(source),
    format = source.channels === 4 ? ('RGBX' as Format) : ('plane' as Format),
    slack = 12,
    orientation = UPRIGHT,
    linear = false,
  } = {},
): Uint8Array {
  const mark = memory.mark();
  const from = placed(source, slack);
  const empty = new Uint8Array(size.width * size.height * source.channels);
  const to = placed({ ...size, data: empty, channels: source.channels }, 20);
  const free = memory.mark();
  if (format === 'plane') scalePlane(instance, from, crop, to, kernel, orientation);
  else scalePacked(instance, { ...from, format }, crop, { ...to, format }, kernel, orientation, linear);
  expect(memory.mark()).toBe(free);
  const out = taken(to, source.channels);
  memory.release(mark);
  return out;
}

/** Smooth waves, edges and a little noise: what a photograph has. Opaque. */
function picture({ width, height }: Size, channels: 1 | 4, seed = 1): Samples {
  const random = new Random(seed);
  const data = new Uint8Array(width * height * channels);
  for (let i = 0; i < data.length; i++) {
    const x = Math.floor(i / channels) % width;
    const y = Math.floor(i / channels / width);
    const c = i % channels;
    const wave = 127 + 70 * Math.sin(x / (3 + c) + y / 17) + 40 * Math.cos(y / (5 + c));
    const edge = (x * 7 + y * 3) % 61 < 20 ? 25 : 0;
    data[i] = c === 3 ? 255 : Math.min(255, wave + edge + random.below(12));
  }
  return { data, width, height, channels };
}

function noise({ width, height }: Size, channels: 1 | 4, seed = 1): Samples {
  return { data: new Random(seed).bytes(width * height * channels), width, height, channels };
}

function flat({ width, height }: Size, value: number[]): Samples {
  const data = Uint8Array.from({ length: width * height * value.length }, (_, i) => value[i % value.length]!);
  return { data, width, height, channels: value.length as 1 | 4 };
}

/** Mean squared error as a peak signal-to-noise ratio in dB. */
function psnr(a: Uint8Array | Float64Array, b: Uint8Array | Float64Array): number {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += (a[i]! - b[i]!) ** 2;
  return 10 * Math.log10((255 * 255 * a.length) / total);
}

function largestDifference(a: Uint8Array, b: Uint8Array): number {
  return a.reduce((largest, value, i) => Math.max(largest, Math.abs(value - b[i]!)), 0);
}

const SIZES: [from: string, source: Size, target: Size][] = [
  ['shrinking', { width: 229, height: 171 }, { width: 67, height: 51 }],
  ['enlarging', { width: 67, height: 51 }, { width: 229, height: 171 }],
  ['wider and lower', { width: 110, height: 150 }, { width: 221, height: 41 }],
  ['narrower and higher', { width: 210, height: 60 }, { width: 44, height: 143 }],
];

describe.each(KERNELS)('%s', (kernel) => {
  // A box of 3 × 4 samples yields halves often, and then the least error decides which way they are rounded.
  const least = kernel === 'box' ? 65 : 70;

  test.each(SIZES)('%s pixels is close to the definition, at most one level off', (_, size, target) => {
    const source = picture(size, 4);
    const out = scaled(source, target, kernel);
    const expected = resample(source, wholeOf(size), target, kernel);
    expect(psnr(out, expected)).toBeGreaterThan(least);
    expect(largestDifference(out, expected)).toBeLessThanOrEqual(1);
  });

  test.each(SIZES)('%s a plane is close to the definition, at most one level off', (_, size, target) => {
    const source = picture(size, 1);
    const out = scaled(source, target, kernel);
    const expected = resample(source, wholeOf(size), target, kernel);
    expect(psnr(out, expected)).toBeGreaterThan(least);
    expect(largestDifference(out, expected)).toBeLessThanOrEqual(1);
  });

  test('keeps flat areas exactly flat', () => {
    for (const value of [0, 1, 127, 128, 254, 255]) {
      for (const target of [
        { width: 7, height: 90 },
        { width: 83, height: 3 },
      ]) {
        const size = { width: 31, height: 29 };
        const crop = { x: 0.3, y: 1.7, width: 29.1, height: 26.9 };
        const colour = [value, 255 - value, 77, 255];
        expect(scaled(flat(size, [value]), target, kernel, { crop })).toEqual(flat(target, [value]).data);
        for (const format of ['RGBX', 'RGBA'] as const) {
          expect(scaled(flat(size, colour), target, kernel, { crop, format })).toEqual(flat(target, colour).data);
        }
      }
    }
  });

  test('keeps the mean', () => {
    const mean = (data: Uint8Array) => data.reduce((sum, value) => sum + value, 0) / data.length;
    const source = noise({ width: 400, height: 400 }, 1);
    expect(mean(scaled(source, { width: 100, height: 100 }, kernel))).toBeCloseTo(mean(source.data), 0);
  });

  test('copies a rectangle of whole pixels that keeps its size', () => {
    const source = noise({ width: 23, height: 19 }, 4);
    expect(scaled(source, source, kernel, { format: 'RGBA' })).toEqual(source.data);
    const plane = noise({ width: 23, height: 19 }, 1);
    expect(scaled(plane, plane, kernel)).toEqual(plane.data);
    const part = scaled(plane, { width: 5, height: 2 }, kernel, { crop: { x: 3, y: 17, width: 5, height: 2 } });
    expect([...part]).toEqual([17, 18].flatMap((y) => [...plane.data.subarray(y * 23 + 3, y * 23 + 8)]));
  });

  test.each([
    { x: 0.25, y: 0.5, width: 50.5, height: 30.25 },
    { x: 20.4, y: 11.9, width: 3.2, height: 40.1 },
    { x: 59.9, y: 0, width: 0.1, height: 60 },
  ])('meets the definition for the fractional crop %o', (crop) => {
    const target = { width: 33, height: 21 };
    for (const channels of [1, 4] as const) {
      const source = picture({ width: 60, height: 60 }, channels);
      const out = scaled(source, target, kernel, { crop });
      expect(largestDifference(out, resample(source, crop, target, kernel))).toBeLessThanOrEqual(1);
    }
  });

  test('accepts a rectangle that reaches past its plane', () => {
    const source = picture({ width: 20, height: 10 }, 1);
    const target = { width: 31, height: 27 };
    for (const crop of [
      { x: -0.5, y: -0.25, width: 21, height: 10.5 },
      { x: -30, y: 5, width: 70, height: 40 },
    ]) {
      const out = scaled(source, target, kernel, { crop });
      expect(largestDifference(out, resample(source, crop, target, kernel))).toBeLessThanOrEqual(1);
    }
  });

  test.each([
    [
      { width: 1, height: 1 },
      { width: 37, height: 19 },
    ],
    [
      { width: 37, height: 19 },
      { width: 1, height: 1 },
    ],
    [
      { width: 2, height: 3 },
      { width: 5, height: 2 },
    ],
    [
      { width: 700, height: 5 },
      { width: 7, height: 250 },
    ],
    [
      { width: 5, height: 700 },
      { width: 250, height: 7 },
    ],
    [
      { width: 16384, height: 1 },
      { width: 100, height: 2 },
    ],
    [
      { width: 100, height: 2 },
      { width: 16384, height: 1 },
    ],
    [
      { width: 3, height: 5000 },
      { width: 4, height: 47 },
    ],
  ])('meets the definition from %o to %o', (size, target) => {
    for (const channels of [1, 4] as const) {
      const source = noise(size, channels);
      const crop = wholeOf(size);
      if (channels === 4) source.data.forEach((_, i) => i % 4 === 3 && (source.data[i] = 255));
      const out = scaled(source, target, kernel);
      expect(largestDifference(out, resample(source, crop, target, kernel))).toBeLessThanOrEqual(1);
    }
  });

  test('works for every height, upright and turned', () => {
    const source = picture({ width: 21, height: 17 }, 1);
    for (let height = 1; height <= 40; height++) {
      const target = { width: 11, height };
      const expected = resample(source, wholeOf(source), target, kernel);
      expect(largestDifference(scaled(source, target, kernel), expected)).toBeLessThanOrEqual(1);
      const orientation = { transposed: true, mirroredX: false, mirroredY: false };
      const out = scaled(source, { width: height, height: 11 }, kernel, { orientation });
      const turned = oriented({ ...target, data: expected, channels: 1 }, orientation).data;
      expect(largestDifference(out, turned)).toBeLessThanOrEqual(1);
    }
  });

  test.each([2, 3, 5])('meets the definition at the whole ratio %i', (ratio) => {
    const [small, large] = [
      { width: 19, height: 14 },
      { width: 19 * ratio, height: 14 * ratio },
    ];
    for (const [from, to] of [
      [small, large],
      [large, small],
    ] as const) {
      const source = picture(from, 1);
      const expected = resample(source, wholeOf(source), to, kernel);
      expect(largestDifference(scaled(source, to, kernel), expected)).toBeLessThanOrEqual(1);
    }
  });

  test('works for every width', () => {
    for (let width = 1; width <= 20; width++) {
      for (const channels of [1, 4] as const) {
        const source = picture({ width, height: 6 }, channels);
        for (const target of [
          { width: 21 - width, height: 9 },
          { width: width + 1, height: 4 },
        ]) {
          const out = scaled(source, target, kernel, { slack: width % 3 });
          expect(largestDifference(out, resample(source, wholeOf(source), target, kernel))).toBeLessThanOrEqual(1);
        }
      }
    }
  });

  test('weights of every output sum to exactly one', () => {
    for (const [length, count] of [
      [1000, 7],
      [7, 1000],
      [333, 100],
      [16384, 3],
    ] as const) {
      const { window, weights } = axisWeights(kernel, { start: 0.2, length, limit: length + 1, count });
      for (let i = 0; i < count; i++) {
        expect(weights.subarray(i * window, (i + 1) * window).reduce((a, b) => a + b, 0)).toBe(2 ** 14);
      }
    }
  });
});

describe('alpha', () => {
  const translucent = (size: Size): Samples => {
    const source = picture(size, 4);
    const alpha = picture(size, 1, 9).data;
    source.data.forEach(
      (_, i) => i % 4 === 3 && (source.data[i] = Math.min(255, Math.max(0, 2 * alpha[i >> 2]! - 100))),
    );
    return source;
  };

  /** What is seen over black: colour × alpha. */
  const overBlack = (data: Uint8Array) =>
    Float64Array.from(data, (value, i) => (i % 4 === 3 ? value : (value * data[i | 3]!) / 255));

  test.each(SIZES)('%s translucent pixels is close to the definition over black', (_, size, target) => {
    for (const kernel of KERNELS) {
      const source = translucent(size);
      const out = scaled(source, target, kernel, { format: 'RGBA' });
      const expected = resample(source, wholeOf(size), target, kernel);
      // As above; premultiplied values are rounded once more, so halves go astray more often.
      expect(psnr(overBlack(out), overBlack(expected))).toBeGreaterThan(kernel === 'box' ? 60 : 70);
    }
  });

  test('transparent pixels lend no colour', () => {
    const size = { width: 40, height: 40 };
    const source = flat(size, [200, 100, 50, 255]);
    for (let i = 0; i < source.data.length; i += 4) {
      if (Math.floor(i / 4) % 40 < 20) source.data.set([0, 255, 0, 0], i);
    }
    for (const target of [
      { width: 13, height: 11 },
      { width: 90, height: 95 },
    ]) {
      const out = scaled(source, target, 'lanczos3', { format: 'RGBA' });
      for (let i = 0; i < out.length; i += 4) {
        if (out[i + 3]! >= 64) expect([...out.subarray(i, i + 3)]).toEqual([200, 100, 50]);
        if (out[i + 3] === 0) expect([...out.subarray(i, i + 3)]).toEqual([0, 0, 0]);
      }
    }
  });

  test('a translucent pixel in the last rows is found', () => {
    for (const target of [
      { width: 13, height: 11 },
      { width: 90, height: 95 },
    ]) {
      const source = picture({ width: 41, height: 43 }, 4);
      source.data[source.data.length - 1] = 0;
      const out = scaled(source, target, 'lanczos3', { format: 'RGBA' });
      const expected = resample(source, wholeOf(source), target, 'lanczos3');
      expect(psnr(overBlack(out), overBlack(expected))).toBeGreaterThan(70);
      expect(out.at(-1)).toBeLessThan(255);
    }
  });

  test('the X of RGBX is read as opaque', () => {
    const source = noise({ width: 30, height: 30 }, 4);
    const opaque = { ...source, data: source.data.map((value, i) => (i % 4 === 3 ? 255 : value)) };
    for (const target of [
      { width: 11, height: 13 },
      { width: 70, height: 64 },
    ]) {
      const out = scaled(source, target, 'lanczos3', { format: 'BGRX' });
      expect(out).toEqual(scaled(opaque, target, 'lanczos3', { format: 'BGRA' }));
    }
  });
});

const ORIENTATIONS: Orientation[] = [false, true].flatMap((transposed) =>
  [false, true].flatMap((mirroredX) => [false, true].map((mirroredY) => ({ transposed, mirroredX, mirroredY }))),
);

describe.each(ORIENTATIONS)('%o', (orientation) => {
  const turned = ({ width, height }: Size): Size =>
    orientation.transposed ? { width: height, height: width } : { width, height };

  test('turns the pixels that it resamples, and writes nothing else', () => {
    for (const [, size, target] of SIZES) {
      const translucent = noise(size, 4);
      for (const [source, format, linear] of [
        [picture(size, 1), 'plane', false],
        [picture(size, 4), 'BGRX', false],
        [translucent, 'RGBA', false],
        [translucent, 'RGBA', true],
      ] as const) {
        const upright = scaled(source, target, 'lanczos3', { format, linear });
        const out = scaled(source, turned(target), 'lanczos3', { format, linear, orientation });
        expect(Buffer.compare(out, oriented({ ...source, ...target, data: upright }, orientation).data)).toBe(0);
      }
    }
  });

  test('keeps every sample of a picture that keeps its size', () => {
    for (const width of [1, 2, 3, 4, 5, 31]) {
      for (const channels of [1, 4] as const) {
        const source = noise({ width, height: 7 }, channels);
        source.data.forEach((_, i) => i % 4 === 3 && channels === 4 && (source.data[i] = 255));
        const out = scaled(source, turned(source), 'box', { orientation });
        expect(out).toEqual(oriented(source, orientation).data);
      }
    }
  });
});

describe('planar images', () => {
  const size = { width: 61, height: 45 };
  const half = { width: 31, height: 23 };
  const y = picture(size, 1, 3);
  const u = picture(half, 1, 4);
  const v = picture(half, 1, 5);

  const image = (
    format: PlanarImage['format'],
    planes: PlanarImage['planes'],
    { width, height }: Size,
  ): PlanarImage => ({
    format,
    width,
    height,
    planes,
    colour: { matrix: 'bt601', fullRange: true },
  });

  test.each(['I420', 'NV12'] as const)('%s: chroma is sited in the centre of its luma samples', (format) => {
    const crop = { x: 3.5, y: 2, width: 50, height: 40.5 };
    for (const target of [
      { width: 24, height: 20 },
      { width: 99, height: 83 },
    ]) {
      const mark = memory.mark();
      const uv = u.data.length * 2;
      const interleaved = Uint8Array.from({ length: uv }, (_, i) => (i % 2 ? v : u).data[i >> 1]!);
      const planes =
        format === 'I420'
          ? [placed(y, 3), placed(u, 5), placed(v, 7)]
          : [placed(y, 3), placed({ data: interleaved, width: 62, height: 23, channels: 1 }, 4)];
      const targetHalf = { width: Math.ceil(target.width / 2), height: Math.ceil(target.height / 2) };
      const empty = (to: Size): Samples => ({ ...to, data: new Uint8Array(to.width * to.height), channels: 1 });
      const out = [target, targetHalf, targetHalf].map((to) => placed(empty(to), 9));
      scalePlanar(instance, image(format, planes, size), crop, image('I420', out, target), 'lanczos3');

      const chromaCrop = {
        x: crop.x / 2,
        y: crop.y / 2,
        width: (targetHalf.width * crop.width) / target.width,
        height: (targetHalf.height * crop.height) / target.height,
      };
      expect(largestDifference(taken(out[0]!, 1), resample(y, crop, target, 'lanczos3'))).toBeLessThanOrEqual(1);
      expect(largestDifference(taken(out[1]!, 1), resample(u, chromaCrop, targetHalf, 'lanczos3'))).toBeLessThanOrEqual(
        1,
      );
      expect(largestDifference(taken(out[2]!, 1), resample(v, chromaCrop, targetHalf, 'lanczos3'))).toBeLessThanOrEqual(
        1,
      );
      memory.release(mark);
    }
  });

  /** Scales whole I420 and NV12 images of one content; the bytes of Y, U and V of both, one after the other. */
  function scaledPlanar(from: Size, to: Size, orientation: Orientation): [i420: Uint8Array, nv12: Uint8Array] {
    const halfOf = ({ width, height }: Size): Size => ({ width: (width + 1) >> 1, height: (height + 1) >> 1 });
    const [sizes, targetSizes] = [from, to].map((of) => [of, halfOf(of), halfOf(of)]) as [Size[], Size[]];
    const samples = sizes.map((of, i) => noise(of, 1, i + 1));
    const uv = Uint8Array.from({ length: samples[1]!.data.length * 2 }, (_, i) => samples[1 + (i % 2)]!.data[i >> 1]!);
    const interleaved = { data: uv, width: sizes[1]!.width * 2, height: sizes[1]!.height, channels: 1 } as const;
    const results = (['I420', 'NV12'] as const).map((format) => {
      const mark = memory.mark();
      const planes = (format === 'I420' ? samples : [samples[0]!, interleaved]).map((plane, i) => placed(plane, 3 * i));
      const out = targetSizes.map((of, i) =>
        placed({ ...of, data: new Uint8Array(of.width * of.height), channels: 1 }, i),
      );
      const target = image('I420', out, to);
      scalePlanar(instance, image(format, planes, from), wholeOf(from), target, 'lanczos3', orientation);
      const bytes = out.flatMap((plane) => [...taken(plane, 1)]);
      memory.release(mark);
      return Uint8Array.from(bytes);
    });
    return results as [Uint8Array, Uint8Array];
  }

  test.each(ORIENTATIONS)('U and V are scaled as any plane, and NV12 as I420: %o', (orientation) => {
    for (const [from, to] of [
      [
        { width: 94, height: 76 },
        { width: 44, height: 36 },
      ],
      [
        { width: 30, height: 22 },
        { width: 70, height: 94 },
      ],
      [
        { width: 62, height: 40 },
        { width: 62, height: 40 },
      ],
    ] as const) {
      const shown = orientation.transposed ? { width: to.height, height: to.width } : to;
      const [i420, nv12] = scaledPlanar(from, shown, orientation);
      const single = [1, 2, 2].flatMap((part, i) => {
        const source = noise({ width: from.width / part, height: from.height / part }, 1, i + 1);
        const size = { width: shown.width / part, height: shown.height / part };
        return [...scaled(source, size, 'lanczos3', { orientation })];
      });
      expect(Buffer.compare(i420, Uint8Array.from(single))).toBe(0);
      expect(Buffer.compare(nv12, i420)).toBe(0);
    }
  });

  test('NV12 gives the same as I420 for every height and odd sizes', () => {
    for (let height = 1; height <= 40; height++) {
      const [i420, nv12] = scaledPlanar({ width: 33, height: 21 }, { width: 5 + height, height }, UPRIGHT);
      expect(Buffer.compare(nv12, i420)).toBe(0);
    }
  });

  test.each(['I420', 'NV12'] as const)('%s becomes the same RGBA as when it is converted first', (format) => {
    const interleaved = Uint8Array.from({ length: u.data.length * 2 }, (_, i) => (i % 2 ? v : u).data[i >> 1]!);
    for (const linear of [false, true]) {
      for (const orientation of ORIENTATIONS) {
        for (const [crop, shown] of [
          [wholeOf(size), { width: 29, height: 90 }],
          [
            { x: 3, y: 5, width: 40.5, height: 33 },
            { width: 70, height: 21 },
          ],
          [
            { x: 7, y: 9, width: 20, height: 11 },
            { width: 20, height: 11 },
          ],
        ] as const) {
          const mark = memory.mark();
          const planes =
            format === 'I420'
              ? [placed(y, 3), placed(u, 5), placed(v, 5)]
              : [placed(y, 3), placed({ data: interleaved, width: 62, height: 23, channels: 1 }, 4)];
          const source = image(format, planes, size);
          const target = placed({ ...shown, data: new Uint8Array(shown.width * shown.height * 4), channels: 4 }, 8);
          scalePlanarToPacked(instance, source, crop, { ...target, format: 'RGBA' }, 'lanczos3', orientation, linear);
          const out = taken(target, 4);
          const whole = planarToRgba(instance, source);
          scalePacked(instance, whole, crop, { ...target, format: 'RGBA' }, 'lanczos3', orientation, linear);
          expect(Buffer.compare(out, taken(target, 4))).toBe(0);
          memory.release(mark);
        }
      }
    }
  });

  test.each(ORIENTATIONS)('chroma stays where its luma is: %o', (orientation) => {
    // Ramps: the chroma sample at column c of a plane belongs to the luma position 2c + 1.
    const ramp = (to: Size, step: number, offset: number): Samples => {
      const data = Uint8Array.from({ length: to.width * to.height }, (_, i) => {
        return 20 + (step * (i % to.width) + offset) + step * Math.floor(i / to.width);
      });
      return { ...to, data, channels: 1 };
    };
    const stored = { width: 61, height: 35 };
    const storedHalf = { width: 31, height: 18 };
    const sizes = [stored, storedHalf].map(({ width, height }) =>
      orientation.transposed ? { width: height, height: width } : { width, height },
    );
    const mark = memory.mark();
    const chroma = placed(ramp(storedHalf, 4, 1), 0);
    const planes = [placed(ramp(stored, 2, 0), 0), chroma, chroma];
    const out = [sizes[0]!, sizes[1]!, sizes[1]!].map((to) => placed(ramp(to, 0, 0), 3));
    const target = image('I420', out, sizes[0]!);
    scalePlanar(instance, image('I420', planes, stored), wholeOf(stored), target, 'bilinear', orientation);
    const luma = taken(out[0]!, 1);
    const blue = taken(out[1]!, 1);
    for (let row = 1; row < sizes[1]!.height - 1; row++) {
      for (let column = 1; column < sizes[1]!.width - 1; column++) {
        const four = [0, 1].flatMap((y) => [0, 1].map((x) => luma[(2 * row + y) * sizes[0]!.width + 2 * column + x]!));
        const centre = four.reduce((sum, value) => sum + value, 0) / 4;
        expect(Math.abs(blue[row * sizes[1]!.width + column]! - centre + 1)).toBeLessThanOrEqual(1);
      }
    }
    memory.release(mark);
  });
});

test('gives its scratch memory back when memory does not suffice', async () => {
  const small = await loadTestKernels(8 * 65536);
  const plane = { address: small.memory.alloc(200_000), stride: 50_000, width: 50_000, height: 4 };
  const mark = small.memory.mark();
  const target = { ...plane, height: 3 };
  expect(() => scalePlane(small, plane, wholeOf(plane), target, 'lanczos3')).toThrow(RangeError);
  expect(small.memory.mark()).toBe(mark);
});

test.each(goldenResamples)('golden: $format $kernel $source → $target', async (golden) => {
  expect(await digestOfResample(instance, golden)).toBe(golden.digest);
});
