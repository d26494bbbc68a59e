import { beforeEach, describe, expect, test } from 'vitest';
import { EYE_BYTES, readEye, writeEye } from '../../../build/records.js';
import { face } from '../../helpers/golden-red-eye.ts';
import { load } from '../../helpers/images.ts';
import { loadTestKernels } from '../../helpers/kernels.ts';
import { Random } from '../../helpers/random.ts';
import { drawn, noise, type Pixels } from '../../helpers/scene.ts';
import { correctEye, fitDisc, type Picture } from '../../reference/red-eye/correction.ts';
import type { Circle } from '../../reference/red-eye/circle.ts';

const instance = await loadTestKernels();
const { kernels, memory } = instance;
beforeEach(() => memory.reset());

function pictureOf({ data, width, height }: Pixels): Picture {
  const at = (i: number): [number, number, number] => [data[i * 4]!, data[i * 4 + 1]!, data[i * 4 + 2]!];
  return { pixels: Array.from({ length: width * height }, (_, i) => at(i)), width, height };
}

/** Pixels per 256ths. */
function circle(x: number, y: number, radius: number): Circle {
  return { x: Math.round(x * 256), y: Math.round(y * 256), radius: Math.round(radius * 256) };
}

const skin = [205, 160, 135, 255];

/** What has to be corrected, or fitted, and where. */
const cases: [name: string, pixels: Pixels, circles: Circle[]][] = [
  [
    'a face',
    face(190, 120, [{ x: 60, y: 55, r: 9 }]),
    [circle(60, 55, 9), circle(62.3, 53.9, 8.1), circle(59, 56, 14)],
  ],
  ['a small eye', face(60, 40, [{ x: 30, y: 20, r: 2 }], [170, 38, 44], 3), [circle(30, 20, 1.2), circle(29.5, 20, 3)]],
  [
    'an eye at the edge',
    face(61, 47, [{ x: 3, y: 44, r: 9 }]),
    [circle(3, 44, 9), circle(-2, 48, 9), circle(60, 1, 7)],
  ],
  [
    'a pale pupil',
    face(90, 90, [{ x: 45, y: 45, r: 14 }], [220, 120, 130], 4),
    [circle(45, 45, 14), circle(40, 47, 12)],
  ],
  ['noise', noise(70, 60, 4, false), [circle(35, 30, 12.5), circle(20, 33, 4), circle(69, 0, 20)]],
  ['reds', drawn(50, 40, (x, y) => [(x * 5 + 30) % 256, (y * 6) % 256, (x * y) % 90, 255]), [circle(25, 20, 9)]],
  ['a narrow picture', drawn(3, 30, (_, y) => (y > 9 && y < 20 ? [180, 30, 40, 255] : skin)), [circle(1, 15, 5)]],
  ['no red', drawn(40, 40, (x, y) => [x * 4, 200, y * 5, 255]), [circle(20, 20, 6)]],
  ['nothing but red', drawn(40, 40, () => [255, 0, 0, 255]), [circle(20, 20, 6), circle(20, 20, 30)]],
  [
    'a small glint',
    face(120, 90, [{ x: 60, y: 45, r: 20 }], [200, 20, 24], 2),
    [circle(60, 45, 20), circle(60, 45, 5)],
  ],
];

describe.each(['RGBA', 'BGRA'] as const)('%s', (format) => {
  const red = format === 'BGRA' ? 2 : 0;

  test.each(cases)('the disc of %s equals the definition', (_, pixels, circles) => {
    const picture = pictureOf(pixels);
    const { address, stride, width, height } = load(instance, pixels, format, 4);
    const eye = memory.alloc(EYE_BYTES);
    for (const start of circles) {
      memory.write(eye, writeEye, { ...start, roughness: 77, withoutEdge: 78 });
      kernels.fitDisc(address, eye, width, height, stride, red);
      const { x, y, radius } = fitDisc(picture, start);
      expect(memory.read(eye, readEye)).toEqual({ x, y, radius, roughness: 77, withoutEdge: 78 });
    }
  });

  test.each(cases)('the correction of %s equals the definition, and nothing else is written', (_, pixels, circles) => {
    const picture = pictureOf(pixels);
    for (const [i, { x, y, radius }] of circles.entries()) {
      for (const strength of [256, 231 - i, 1, 0]) {
        memory.reset();
        const { address, stride, width, height } = load(instance, pixels, format, 12);
        const before = memory.bytes(address, stride * height).slice();
        const side = Math.ceil(radius / 64) + 8;
        const bytes = 3 * side * side + 260;
        const scratch = memory.alloc(bytes + 64);
        memory.bytes(scratch, bytes + 64).set(new Random(radius).bytes(bytes + 64));
        const behind = memory.bytes(scratch + bytes, 64).slice();
        kernels.correctEye({ image: address, scratch, width, height, stride, x, y, r: radius, strength, red });
        const exact = before.slice();
        correctEye(picture, { x, y, radius }, strength).forEach(([r, g, b], place) => {
          const at = Math.floor(place / width) * stride + (place % width) * 4;
          exact.set(red ? [b, g, r] : [r, g, b], at);
        });
        expect(Buffer.from(memory.bytes(address, stride * height)).equals(exact)).toBe(true);
        expect(memory.bytes(scratch + bytes, 64)).toEqual(behind);
      }
    }
  });
});

test('sums do not overflow for a disc four times the largest', () => {
  // Skin on the left, red to the right of it: the redness within half a radius comes to more than 2^31.
  const pixels = drawn(1901, 1901, (x) => (x < 400 ? skin : [255, 0, 0, 255]));
  const { address, stride, width, height } = load(instance, pixels);
  const eye = memory.alloc(EYE_BYTES);
  memory.write(eye, writeEye, { x: 950 * 256, y: 950 * 256, radius: 1800 * 256, roughness: 0, withoutEdge: 0 });
  kernels.fitDisc(address, eye, width, height, stride, 0);
  expect(memory.read(eye, readEye)).toMatchObject({ x: 1150 * 256, y: 950 * 256, radius: 1350 * 256 });
});
