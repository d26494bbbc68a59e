import { beforeEach, describe, expect, test } from 'vitest';
import type { PlanarImage, YuvColour } from '../../../worker/frame/image.ts';
import { reduceRedEye } from '../../../worker/red-eye/red-eye.ts';
import { describePicture, type Picture } from '../../../worker/red-eye/picture.ts';
import { face, goldenEyes } from '../../helpers/golden-red-eye.ts';
import { loadTestKernels } from '../../helpers/kernels.ts';
import { bytesOf, loadPlanes } from '../../helpers/planes.ts';
import { Random } from '../../helpers/random.ts';
import { noise } from '../../helpers/scene.ts';
import { patched, toRgb, type Planes, type Rgb } from '../../reference/red-eye/planes.ts';

const instance = await loadTestKernels();
const { kernels, memory } = instance;
beforeEach(() => memory.reset());

/** What factors of 13 and 14 bits may add to half a code. */
const NEAREST = 0.5 + 1 / 32;

type Kind = [format: PlanarImage['format'], colour: YuvColour];
const kinds = (['I420', 'NV12'] as const).flatMap((format) =>
  (['bt601', 'bt709'] as const).flatMap((matrix) =>
    [false, true].map((fullRange): Kind => [format, { matrix, fullRange }]),
  ),
);

/** A sample of a plane: 0 is Y, 1 U, 2 V. */
function sampleOf({ format, planes }: PlanarImage, plane: 0 | 1 | 2, x: number, y: number): number {
  const interleaved = format === 'NV12' && plane > 0;
  const { address, stride } = planes[interleaved ? 1 : plane]!;
  return memory.bytes(address + y * stride + (interleaved ? 2 * x + plane - 1 : x), 1)[0]!;
}

function planesOf(image: PlanarImage): Planes {
  const [across, down] = [(image.width + 1) >> 1, (image.height + 1) >> 1];
  const rows = (plane: 0 | 1 | 2, width: number, height: number): number[][] =>
    Array.from({ length: height }, (_, y) => Array.from({ length: width }, (_, x) => sampleOf(image, plane, x, y)));
  return { y: rows(0, image.width, image.height), u: rows(1, across, down), v: rows(2, across, down) };
}

/** Pixels of planes, as the kernel converts them, at an address. */
function convert(picture: Picture, x: number, y: number, width: number, height: number): number {
  const address = memory.alloc(width * height * 4);
  for (let row = 0; row < height; row++) {
    kernels.convertRow(picture.address, x, y + row, width, address + row * width * 4);
  }
  return address;
}

function pixelsAt(address: number, count: number): Rgb[] {
  return Array.from({ length: count }, (_, i) => [...memory.bytes(address + i * 4, 3)] as Rgb);
}

/** Every code is the whole number nearest to what it is exactly. */
function expectNearest(actual: number[][], exact: number[][]): void {
  const wrong = actual.flatMap((row, y) =>
    row.flatMap((value, x) => {
      const code = Math.min(255, Math.max(0, exact[y]![x]!));
      return Math.abs(value - code) < NEAREST ? [] : [{ x, y, value, code }];
    }),
  );
  expect(wrong).toEqual([]);
}

describe.each(kinds)('%s of %o', (format, colour) => {
  test.each([7, 8, 9, 16, 43])('%i columns are converted as the definition says', (width) => {
    const height = 17;
    const image = loadPlanes(instance, noise(width, height, width), format, colour);
    for (const { address, stride } of image.planes) {
      const random = new Random(address);
      memory.bytes(address, stride * (height >> 1)).set(random.bytes(stride * (height >> 1)));
    }
    const { y: luma, u, v } = planesOf(image);
    const picture = describePicture(instance, image);
    for (const left of [0, 2, 6]) {
      const columns = width - left;
      const pixels = pixelsAt(convert(picture, left, 0, columns, height), columns * height);
      for (let c = 0; c < 3; c++) {
        const channel = (colours: Rgb[]): number[][] =>
          luma.map((_, y) => colours.slice(y * columns, (y + 1) * columns).map((pixel) => pixel[c]!));
        const exact = luma.flatMap((row, y) =>
          row.slice(left).map((code, x) => {
            const [across, down] = [(left + x) >> 1, y >> 1];
            return toRgb([code, u[down]![across]!, v[down]![across]!], colour);
          }),
        );
        expectNearest(channel(pixels), channel(exact));
      }
    }
  });

  test('level 1 is the rounded mean of four lumas with the chroma they share', () => {
    const [width, height] = [43, 22];
    const image = loadPlanes(instance, noise(width, height, 5), format, colour);
    const { levels } = describePicture(instance, image);
    const { y: luma, u, v } = planesOf(image);
    const { address, stride } = levels[1]!;
    expect([levels[1]!.width, levels[1]!.height]).toEqual([21, 11]);
    for (let y = 0; y < 11; y++) {
      const row = pixelsAt(address + y * stride, 21);
      const exact = row.map((_, x) => {
        const four = [
          luma[2 * y]![2 * x]!,
          luma[2 * y]![2 * x + 1]!,
          luma[2 * y + 1]![2 * x]!,
          luma[2 * y + 1]![2 * x + 1]!,
        ];
        const mean = Math.floor((four.reduce((sum, code) => sum + code) + 2) / 4);
        return toRgb([mean, u[y]![x]!, v[y]![x]!], colour);
      });
      expectNearest(row, exact);
    }
  });

  test.each([
    ['in the middle', 4, 2, 18, 12],
    ['of an odd size', 2, 4, 15, 9],
    ['up to the odd corner', 8, 4, 23, 15],
    ['all there is', 0, 0, 31, 19],
  ])('a patch %s is written back where it differs, and nowhere else', (_, left, top, width, height) => {
    const image = loadPlanes(instance, noise(31, 19, 3), format, colour);
    const picture = describePicture(instance, image);
    const count = width * height;
    const [before, after] = [convert(picture, left, top, width, height), memory.alloc(count * 4)];
    memory.bytes(after, count * 4).set(memory.bytes(before, count * 4));
    const untouched = bytesOf(instance, image);
    kernels.writePatch(picture.address, left, top, width, height, before, after);
    expect(bytesOf(instance, image).equals(untouched)).toBe(true);

    // Each way in which some of four pixels differ, one block after the other.
    const random = new Random(9);
    for (let i = 0; i < count; i++) {
      const [x, y] = [i % width, Math.floor(i / width)];
      const pattern = (x >> 1) * 5 + (y >> 1) * 3;
      if ((pattern >> ((x & 1) + 2 * (y & 1))) & 1) memory.bytes(after + i * 4, 3).set(random.bytes(3));
    }
    const planes = planesOf(image);
    const pixels = { before: pixelsAt(before, count), after: pixelsAt(after, count) };
    const exact = patched(planes, { x: left, y: top, width, ...pixels }, colour);
    kernels.writePatch(picture.address, left, top, width, height, before, after);
    const written = planesOf(image);
    expectNearest(written.y, exact.y);
    expectNearest(written.u, exact.u);
    expectNearest(written.v, exact.v);
    // Neither what did not differ nor the gaps between rows.
    const gaps = (data: Buffer): Buffer => {
      const { address, stride } = image.planes[0]!;
      for (let y = 0; y < 19; y++) data.fill(0, y * stride, y * stride + 31);
      expect(address).toBeGreaterThan(0);
      return data.subarray(0, stride * 19);
    };
    expect(gaps(bytesOf(instance, image)).equals(gaps(untouched))).toBe(true);
    planes.y.forEach((row, y) =>
      row.forEach((code, x) => {
        if (exact.y[y]![x] === code) expect(written.y[y]![x]).toBe(code);
      }),
    );
  });

  test('corrected eyes have only chroma that the picture or the correction has', () => {
    const image = loadPlanes(instance, face(380, 240, goldenEyes), format, colour);
    const picture = describePicture(instance, image);
    const magenta = (): number[] =>
      pixelsAt(convert(picture, 0, 0, 380, 240), 380 * 240).map(([r, g, b]) => Math.min(r, b) - g);
    const before = magenta();
    expect(reduceRedEye(instance, image).length).toBe(2);
    const rises = magenta().map((value, i) => value - before[i]!);
    // Magenta goes with the red; where that was orange, grey may be a little more of it.
    expect(Math.max(...rises)).toBeLessThan(16);
  });
});
