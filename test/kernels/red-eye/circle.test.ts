import { beforeEach, describe, expect, test } from 'vitest';
import { EYE_BYTES, LEVEL_BYTES, PICTURE_BYTES, readEye, writeEye } from '../../../build/records.js';
import { describePicture, describePixels, writeDescription, type Picture } from '../../../worker/red-eye/picture.ts';
import { findSpots, noCounts } from '../../../worker/red-eye/spots.ts';
import { face, goldenEyes } from '../../helpers/golden-red-eye.ts';
import { load } from '../../helpers/images.ts';
import { loadTestKernels } from '../../helpers/kernels.ts';
import { loadPlanes } from '../../helpers/planes.ts';
import { Random } from '../../helpers/random.ts';
import { refine, type Circle, type Pyramid, type Refined } from '../../reference/red-eye/circle.ts';
import { describeCircle } from '../../reference/red-eye/features.ts';

const instance = await loadTestKernels();
const { kernels, memory } = instance;
beforeEach(() => memory.reset());

/** A picture's pixels, level by level, as the kernels made them. */
function pyramidOf({ address, planar, levels }: Picture, blueFirst = false): Pyramid {
  const [r, b] = blueFirst ? [2, 0] : [0, 2];
  return levels.map((level, i) => {
    const { width, height } = level;
    let [base, stride] = [level.address, level.stride];
    if (i === 0 && planar) {
      [base, stride] = [memory.alloc(width * height * 4), width * 4];
      for (let y = 0; y < height; y++) kernels.convertRow(address, 0, y, width, base + y * stride);
    }
    const bytes = memory.bytes(0, memory.byteLength);
    const pixel = (x: number, y: number): [number, number, number] => {
      const at = base + y * stride + x * 4;
      return [bytes[at + r]!, bytes[at + 1]!, bytes[at + b]!];
    };
    return { width, height, pixel };
  });
}

/**
 * A picture that has nothing but one of its levels: skin and, about a place in pixels from the
 * centre, a red pupil with a glint and an iris, all of it noisy. The rows of the other levels are all the same.
 */
function levelAlone(
  [side, height]: [number, number],
  level: number,
  place: { x: number; y: number },
  radius: number,
): Picture {
  const random = new Random(side + level);
  const address = memory.alloc(PICTURE_BYTES + LEVEL_BYTES * 7);
  const [columns, rows] = [side >> level, height >> level];
  const pixels = memory.alloc(Math.max(columns * rows, side) * 4);
  const levels = Array.from({ length: 7 }, (_, i) => {
    const width = side >> i;
    return { address: pixels, stride: i === level ? width * 4 : 0, width, height: height >> i };
  });
  writeDescription(instance, address, describePixels({ format: 'RGBA' }), levels);
  memory.words(pixels, Math.max(columns * rows, side)).fill(0xff87a0cd | 0);
  const bytes = memory.bytes(pixels, columns * rows * 4);
  const [x, y, r] = [place.x, place.y, radius].map((value) => value / 2 ** level) as [number, number, number];
  const [column, row] = [Math.round(x + (columns - 1) / 2), Math.round(y + (rows - 1) / 2)];
  for (let v = Math.max(0, row - 48); v < Math.min(rows, row + 48); v++) {
    for (let u = Math.max(0, column - 48); u < Math.min(columns, column + 48); u++) {
      const squared = (u - (columns - 1) / 2 - x) ** 2 + (v - (rows - 1) / 2 - y) ** 2;
      const colour = [
        ...(squared < 0.1 * r * r ? [250, 248, 246] : squared <= r * r ? [170, 38, 44] : []),
        ...(squared <= 4 * r * r ? [88, 74, 60] : [205, 160, 135]),
      ];
      bytes.set(
        colour.slice(0, 3).map((value) => Math.min(255, value + random.below(24))),
        (v * columns + u) * 4,
      );
    }
  }
  return { address, planar: false, levels };
}

/** Refines and describes a circle by the kernels and by the definition, and compares every number. */
function compare(picture: Picture, pyramid: Pyramid, start: Circle): { accepted: boolean; described: boolean } {
  const [eye, features, scratch] = [memory.alloc(EYE_BYTES + 4), memory.alloc(256), memory.alloc(5120)];
  const count = kernels.redEyeFeatures.value;
  memory.write(eye, writeEye, { ...start, roughness: -7, withoutEdge: -7 });
  memory.words(eye + EYE_BYTES, 1).fill(-7);
  memory.bytes(features, 256).fill(99);
  const accepted = kernels.refineCircle(picture.address, eye, scratch) === 1;
  const exact = refine(pyramid, start);
  const { x, y, radius, rough = -7, without = -7 } = { ...exact.circle } as Partial<Refined> & Circle;
  const circle = { x: x + 0, y: y + 0, radius, roughness: rough + 0, withoutEdge: without };
  expect(memory.read(eye, readEye)).toEqual(circle);
  expect(memory.words(eye + EYE_BYTES, 1)[0]).toBe(-7);
  expect(accepted).toBe(exact.accepted);
  if (rough === -7) return { accepted, described: false };
  const passes = kernels.describeEye(picture.address, eye, features, scratch) === 1;
  const description = describeCircle(pyramid, exact.circle as Refined);
  const named = Object.entries(description.features);
  const written = [...new Int16Array(memory.memory.buffer, features, 128)];
  // Adding 0 makes 0 of -0.
  expect(written.slice(0, named.length).map((value, i) => [named[i]![0], value])).toEqual(
    named.map(([name, value]) => [name, value + 0]),
  );
  const none = new Array<number>(128).fill(99 * 257);
  expect(written.slice(named.length)).toEqual(none.slice(named.length));
  expect([0, count]).toContain(named.length);
  expect(passes).toBe(description.passes);
  return { accepted, described: passes };
}

describe('circles and features equal the definition', () => {
  test.each([
    ['RGBA', 'RGBA'],
    ['BGRA', 'BGRA'],
    ['I420', 'I420'],
    ['NV12', 'NV12'],
  ] as const)('every spot of a face of %s', (_, format) => {
    const pixels = face(380, 240, [...goldenEyes, { x: 50, y: 200, r: 4 }, { x: 330, y: 40, r: 18 }]);
    const packed = format === 'RGBA' || format === 'BGRA';
    const image = packed ? load(instance, pixels, format) : loadPlanes(instance, pixels, format);
    const picture = describePicture(instance, image);
    const spots = findSpots(instance, picture, noCounts());
    const pyramid = pyramidOf(picture, format === 'BGRA');
    const results = spots.map(({ x, y, radius }) => compare(picture, pyramid, { x, y, radius }));
    expect(results.filter(({ described }) => described).length).toBeGreaterThan(3);
  });

  test.each([-1, 1])('a pupil at either end of the longest strip is found, %d', (end) => {
    const [width, height, radius] = [1_000_000, 256, 20];
    const x = end * (width / 2 - 60);
    const picture = levelAlone([width, height], 2, { x, y: 0 }, radius);
    const place = { x: x * 256 + 700, y: -300, radius: radius * 256 };
    expect(compare(picture, pyramidOf(picture), place).accepted).toBe(true);
  });

  const side = 65500;
  test.each([1.3, 3, 5.99, 6, 24, 60, 85, 86, 120, 180, 230, 300, 383, 450])(
    'a pupil of %d pixels is found in the middle and the corners of a picture of 65500 a side',
    (radius) => {
      const level = [6, 12, 24, 48, 96, 192, Infinity].findIndex((bound) => radius < bound);
      // A picture whose level is not larger than memory.
      const size = level < 5 ? side >> (5 - level) : side;
      const far = size / 2 - 2 * radius;
      let accepted = 0;
      for (const [x, y] of [
        [0, 0],
        [-far, far],
        [far, -far],
        [size / 2 - 1, size / 2 - 1],
      ] as const) {
        const mark = memory.mark();
        const picture = levelAlone([size, size], level, { x, y }, radius);
        const pyramid = pyramidOf(picture);
        const results = [0.7, 1, 1.25].map((scale) => {
          const place = { x: Math.round(x * 256 + radius * 40), y: Math.round(y * 256 - radius * 25) };
          return compare(picture, pyramid, { ...place, radius: Math.min(98303, Math.round(radius * scale * 256)) });
        });
        // Its edge is seen from the largest radius there may be, and lies beyond it.
        if (radius > 400 && x === 0) expect(results[2]).toEqual({ accepted: false, described: false });
        accepted += results.filter((result) => result.accepted).length;
        memory.release(mark);
      }
      if (radius > 2 && radius < 300) expect(accepted).toBeGreaterThan(0);
    },
  );
});
