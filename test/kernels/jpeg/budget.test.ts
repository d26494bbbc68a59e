// @module-tag slow
/** `maxBytes`: every search ends, within its budget, and no bisection finds much finer. */
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import sharp from 'sharp';
import { encodeJpeg } from '../../../worker/jpeg/encode.ts';
import { finestWithin } from '../../../worker/jpeg/budget-search.ts';
import { load, psnrRgb } from '../../helpers/images.ts';
import { judgeByDjpeg } from '../../helpers/jpeg-judge.ts';
import { loadTestKernels } from '../../helpers/kernels.ts';
import { Random } from '../../helpers/random.ts';
import { drawn, noise, scene, type Pixels } from '../../helpers/scene.ts';

const instance = await loadTestKernels();
beforeEach(() => instance.memory.reset());

const gradient = drawn(64, 64, (x, y) => [x * 4, y * 4, (x + y) * 2, 255]);
const CONTENTS: Record<string, Pixels> = {
  gradient,
  'a tall gradient': drawn(24, 400, (x, y) => [x * 10, y & 255, (x + y) & 255, 255]),
  'a grey gradient': drawn(64, 64, (x, y) => [x * 2 + y * 2, x * 2 + y * 2, x * 2 + y * 2, 255]),
  'a fine checkerboard': drawn(64, 64, (x, y) => ((x ^ y) & 1 ? [255, 255, 255, 255] : [0, 0, 0, 255])),
  'a coarse checkerboard': drawn(64, 64, (x, y) => (((x ^ y) >> 3) & 1 ? [255, 0, 255, 255] : [0, 255, 0, 255])),
  noise: noise(70, 50, 3),
  flat: drawn(40, 40, () => [200, 30, 60, 255]),
  'a scene': scene(120, 90),
  'one pixel': noise(1, 1, 5),
};

function within(pixels: Pixels, maxBytes: number): Uint8Array {
  instance.memory.reset();
  return encodeJpeg(instance, load(instance, pixels), {
    quality: 0,
    chromaSubsampling: '4:2:0',
    effort: 'balanced',
    maxBytes,
  }).toBytes();
}

/** Bytes of the smallest file, as the error tells them. */
function smallest(pixels: Pixels): number {
  try {
    return within(pixels, 1).length;
  } catch (error) {
    expect(error).toBeInstanceOf(RangeError);
    return Number(/of this photo has (\d+) bytes/.exec((error as Error).message)![1]);
  }
}

test('a gradient of 64 × 64 fits 367 bytes', () => {
  const jpeg = within(gradient, 367);
  expect(jpeg.length).toBeLessThanOrEqual(367);
  judgeByDjpeg(jpeg, gradient);
});

test.each(Object.entries(CONTENTS))('%s: every budget is kept, or refused when no file is so small', (_, pixels) => {
  const least = smallest(pixels);
  const most = within(pixels, 1e9).length;
  for (let i = 0; i < 60; i++) {
    const maxBytes = least + Math.round(((most - least + 3) * i) / 59);
    const jpeg = within(pixels, maxBytes);
    expect(jpeg.length).toBeLessThanOrEqual(maxBytes);
    if (i % 10 === 0) judgeByDjpeg(jpeg, pixels);
  }
  expect(() => within(pixels, least - 1)).toThrow(`has ${least} bytes`);
});

test.each(['a scene', 'noise'])('%s: a larger budget never makes the photo noticeably worse', async (name) => {
  const pixels = CONTENTS[name]!;
  let best = 0;
  for (let maxBytes = smallest(pixels); maxBytes < 4000; maxBytes = Math.round(maxBytes * 1.06)) {
    const rgb = await sharp(within(pixels, maxBytes)).toColourspace('srgb').removeAlpha().raw().toBuffer();
    const psnr = psnrRgb(pixels.data, rgb);
    expect(psnr).toBeGreaterThan(best - 0.15);
    best = Math.max(best, psnr);
  }
});

describe('the search', () => {
  const COUNT = 1049;
  /** 4 by the sample, 11 by halving what is left of 1049, 4 to look for finer ones. */
  const MOST_FILES = 4 + 11 + 4;

  /** What the search finds, and how many files and samples it asked for. */
  function search(maxBytes: number, file: (scale: number) => number, sample: (scale: number) => number) {
    const tried: number[] = [];
    const sampled = new Set<number>();
    const found = finestWithin(maxBytes, {
      count: COUNT,
      first: 354,
      header: 800,
      file: (scale) => {
        expect(scale).toBeGreaterThanOrEqual(0);
        expect(scale).toBeLessThan(COUNT);
        tried.push(scale);
        return file(scale);
      },
      sample: (scale) => {
        sampled.add(scale);
        return sample(scale);
      },
    });
    return { found, tried, files: tried.length, samples: sampled.size };
  }

  function bisected(maxBytes: number, file: (scale: number) => number): number {
    let [tooFine, fits] = [-1, COUNT];
    while (fits - tooFine > 1) {
      const middle = (tooFine + fits) >> 1;
      if (file(middle) > maxBytes) tooFine = middle;
      else fits = middle;
    }
    return fits;
  }

  test('ends after few files, whatever the sizes and whatever the sample promises', () => {
    const curves = fc.record({
      seed: fc.integer(),
      most: fc.integer({ min: 1, max: 1e7 }),
      slope: fc.double({ min: 0, max: 0.02, noNaN: true }),
      wiggle: fc.constantFrom(0, 0.01, 0.3),
      lie: fc.constantFrom(0.1, 0.9, 1, 1.1, 10),
      jitter: fc.constantFrom(0, 0.05, 1),
      part: fc.double({ min: 0, max: 1.1, noNaN: true }),
    });
    fc.assert(
      fc.property(curves, ({ seed, most, slope, wiggle, lie, jitter, part }) => {
        const random = new Random(seed);
        const uniform = (): number => random.below(1 << 20) / (1 << 20);
        const bytes = Array.from({ length: COUNT }, (_, i) =>
          Math.ceil(most * Math.exp(-slope * i) * (1 + wiggle * uniform())),
        );
        const promises = bytes.map((size) => size * lie * (1 + jitter * uniform()));
        const maxBytes = Math.max(1, Math.round(most * part));
        const { found, tried, files, samples } = search(
          maxBytes,
          (i) => bytes[i]!,
          (i) => promises[i]!,
        );
        expect(files).toBeLessThanOrEqual(MOST_FILES);
        expect(samples).toBeLessThan(200);
        if (found === undefined) {
          expect(bytes.at(-1)!).toBeGreaterThan(maxBytes);
          return;
        }
        expect(bytes[found]!).toBeLessThanOrEqual(maxBytes);
        // Full enough, or the next finer one does not fit; or finer than one of which that is true.
        const good = (scale: number): boolean =>
          bytes[scale]! <= maxBytes &&
          (bytes[scale]! >= maxBytes * 0.975 || scale === 0 || bytes[scale - 1]! > maxBytes);
        expect(tried.some((scale) => scale >= found && good(scale))).toBe(true);
      }),
      { numRuns: 3000, seed: 11 },
    );
  });

  test('is at most 8 steps coarser than bisection when the sample is right, on plateaus and slopes', () => {
    for (const [plateau, slope] of [
      [1, 0.005],
      [40, 0.005],
      [200, 0.001],
      [500, 0.0001],
    ] as const) {
      const file = (scale: number): number =>
        600 + Math.ceil(20_000 * Math.exp(-slope * plateau * Math.floor(scale / plateau)));
      for (let maxBytes = file(COUNT - 1); maxBytes < 20_700; maxBytes += 97) {
        const { found, files } = search(maxBytes, file, (scale) => file(scale) - 600);
        const finest = bisected(maxBytes, file);
        expect(found! - finest).toBeLessThanOrEqual(8);
        expect(files).toBeLessThanOrEqual(6);
      }
    }
  });

  test('corrects a sample that promises too much by whole files', () => {
    const file = (scale: number): number => Math.ceil(1_000_000 * Math.exp(-0.005 * scale));
    for (const lie of [0.5, 0.8, 1.25, 2]) {
      const { found, files } = search(200_000, file, (scale) => file(scale) * lie);
      expect(file(found!)).toBeGreaterThan(195_000);
      expect(files).toBeLessThanOrEqual(3);
    }
  });
});
