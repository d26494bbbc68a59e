import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { measureSharpness } from '../../worker/sharpness.ts';
import type { PackedImage } from '../../worker/frame/image.ts';
import { loadTestKernels } from '../helpers/kernels.ts';
import { loadPlanes } from '../helpers/planes.ts';
import { Random } from '../helpers/random.ts';
import { drawn, scene, type Pixels } from '../helpers/scene.ts';
import { laplacianEnergy } from '../reference/sharpness.ts';

const instance = await loadTestKernels();
const { kernels, memory } = instance;

/** What the kernel adds to a sum that stands at `before`. */
function energy(plane: Uint8Array, width: number, height: number, stride: number, before = 0): number {
  memory.reset();
  const src = memory.alloc(plane.length);
  const sum = memory.alloc(8);
  memory.bytes(src, plane.length).set(plane);
  memory.words(sum, 2).set([before, 0]);
  kernels.laplacianEnergy(src, sum, width, height, stride);
  const [low, high] = memory.words(sum, 2);
  return (high! >>> 0) * 2 ** 32 + (low! >>> 0) - before;
}

function packed({ data, width, height }: Pixels, format: PackedImage['format'] = 'RGBA'): PackedImage {
  const address = memory.alloc(data.length);
  const bytes = memory.bytes(address, data.length);
  bytes.set(data);
  if (format.startsWith('B')) for (let i = 0; i < bytes.length; i += 4) bytes.subarray(i, i + 3).reverse();
  return { format, width, height, address, stride: width * 4 };
}

function sharpness(pixels: Pixels): number {
  memory.reset();
  return measureSharpness(instance, packed(pixels));
}

async function blurred({ data, width, height }: Pixels, sigma: number): Promise<Pixels> {
  const image = sharp(Buffer.from(data.buffer), { raw: { width, height, channels: 4 } }).blur(sigma);
  return { data: new Uint8ClampedArray(await image.raw().toBuffer()), width, height };
}

describe('the energy of the Laplacian', () => {
  test.each([
    [1, 1],
    [2, 5],
    [3, 3],
    [17, 3],
    [18, 4],
    [19, 5],
    [33, 7],
    [100, 31],
  ])('of %i × %i bytes equals its definition', (width, height) => {
    const stride = width + 5;
    const plane = new Random(width).bytes(stride * height);
    expect(energy(plane, width, height, stride)).toBe(laplacianEnergy(plane, width, height, stride));
  });

  test('does not overflow where it is greatest, in rows of any length', () => {
    const [width, height] = [40_000, 5];
    const board = Uint8Array.from(
      { length: width * height },
      (_, i) => (((i % width) + Math.floor(i / width)) & 1) * 255,
    );
    expect(energy(board, width, height, width)).toBe((width - 2) * (height - 2) * 1020 ** 2);
  });

  test('is added to the sum that is there', () => {
    const plane = new Random(3).bytes(400);
    expect(energy(plane, 20, 20, 20, 12345)).toBe(laplacianEnergy(plane, 20, 20, 20));
  });
});

describe('sharpness', () => {
  test('is the mean square for pixels, strips or not', () => {
    for (const height of [3, 31, 32, 33, 62, 63, 100]) {
      const grey = drawn(50, height, (x, y) => {
        const value = (x * 37 + y * y * 11) % 256;
        return [value, value, value, 255];
      });
      const plane = grey.data.filter((_, i) => i % 4 === 0);
      expect(sharpness(grey)).toBeCloseTo(laplacianEnergy(plane, 50, height, 50) / (48 * (height - 2)), 9);
    }
  });

  test('falls with blur, step by step', async () => {
    const sharpest = scene(320, 240);
    const values = [sharpness(sharpest)];
    for (const sigma of [0.7, 1, 2, 4]) values.push(sharpness(await blurred(sharpest, sigma)));
    for (let i = 1; i < values.length; i++) expect(values[i]!).toBeLessThan(values[i - 1]! * 0.9);
  });

  test('is the same for every format of a picture, except for rounding', () => {
    const picture = scene(322, 243);
    const base = sharpness(picture);
    const others = (['BGRA', 'RGBX', 'BGRX'] as const).map((format) => {
      memory.reset();
      return measureSharpness(instance, packed(picture, format));
    });
    expect(others).toEqual([base, base, base]);
    for (const format of ['I420', 'NV12'] as const) {
      for (const fullRange of [false, true]) {
        memory.reset();
        const value = measureSharpness(instance, loadPlanes(instance, picture, format, { matrix: 'bt601', fullRange }));
        expect(value / base).toBeGreaterThan(0.98);
        expect(value / base).toBeLessThan(1.02);
      }
    }
  });

  test.each([
    [3, 3],
    [4, 3],
    [3, 4],
    [100, 100],
  ])('of a checkerboard of %i × %i is the greatest possible', (width, height) => {
    const board = drawn(width, height, (x, y) => ((x + y) & 1 ? [255, 255, 255, 255] : [0, 0, 0, 255]));
    expect(sharpness(board)).toBe(1020 ** 2);
  });

  test.each([
    [1600, 1600],
    [1601, 1616],
  ])('luma of pixels %i wide takes 32 rows of %i bytes', async (width, stride) => {
    const pixels = width * 40 * 4;
    const start = memory.reset() ?? memory.mark();
    const pages = Math.ceil((start + pixels + 16 + 32 * stride + 64) / 65536);
    const tight = await loadTestKernels(pages * 65536);
    tight.memory.alloc(pages * 65536 - start - pixels - 16 - 32 * stride - 64);
    const address = tight.memory.alloc(pixels);
    const image: PackedImage = { format: 'RGBA', width, height: 40, address, stride: width * 4 };
    expect(measureSharpness(tight, image)).toBe(0);
    tight.memory.alloc(16);
    expect(() => measureSharpness(tight, image)).toThrow(RangeError);
  });

  test.each([
    [true, 1],
    [false, Math.round((255 / 219) * 16384) / 16384],
  ])('of planes is that of their luma in full range (full already: %s)', (fullRange, gain) => {
    memory.reset();
    const image = loadPlanes(instance, scene(64, 50), 'I420', { matrix: 'bt709', fullRange });
    const { address, stride } = image.planes[0]!;
    const energy = laplacianEnergy(memory.bytes(address, stride * 50).slice(), 64, 50, stride);
    expect(measureSharpness(instance, image) / ((energy * gain ** 2) / (62 * 48))).toBeCloseTo(1, 9);
  });

  test('of pictures without inner pixels is 0', () => {
    for (const [width, height] of [
      [1, 1],
      [2, 40],
      [40, 2],
    ] as const)
      expect(sharpness(scene(width, height))).toBe(0);
  });

  test('gives its memory back', () => {
    memory.reset();
    const picture = packed(scene(64, 64));
    const mark = memory.mark();
    measureSharpness(instance, picture);
    expect(memory.mark()).toBe(mark);
  });
});
