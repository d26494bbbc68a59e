import { beforeEach, describe, expect, test } from 'vitest';
import type { PlanarImage } from '../../../worker/frame/image.ts';
import { reduceRedEye } from '../../../worker/red-eye/red-eye.ts';
import { describePicture } from '../../../worker/red-eye/picture.ts';
import { searchRedEyes } from '../../../worker/red-eye/search.ts';
import { noCounts } from '../../../worker/red-eye/spots.ts';
import { correct, face, goldenEyes } from '../../helpers/golden-red-eye.ts';
import { load } from '../../helpers/images.ts';
import { loadTestKernels } from '../../helpers/kernels.ts';
import { bytesOf, loadPlanes } from '../../helpers/planes.ts';
import { drawn, scene, type Pixels } from '../../helpers/scene.ts';

const instance = await loadTestKernels();
const { memory } = instance;
beforeEach(() => memory.reset());

describe('nothing to correct', () => {
  const pictures: [string, Pixels][] = [
    ['dark pupils', face(380, 240, goldenEyes, [22, 20, 24])],
    ['skin', face(200, 200, [])],
    ['a photo-like scene', scene(320, 240)],
    ['flat red', drawn(200, 150, () => [220, 20, 30, 255])],
    [
      'lips',
      drawn(200, 150, (x, y) =>
        (x - 100) ** 2 / 900 + (y - 75) ** 2 / 90 < 1 ? [190, 60, 70, 255] : [205, 160, 135, 255],
      ),
    ],
    [
      'red dots on white',
      drawn(240, 160, (x, y) =>
        ((x % 40) - 20) ** 2 + ((y % 40) - 20) ** 2 < 30 ? [210, 20, 30, 255] : [245, 245, 245, 255],
      ),
    ],
    ['red noise', drawn(300, 200, (x, y) => [(x * 7919 + y * 104729) % 256, (x * 31 + y * 17) % 40, 20, 255])],
    [
      'a chequerboard of red',
      drawn(256, 256, (x, y) => (((x >> 3) ^ (y >> 3)) & 1 ? [230, 10, 10, 255] : [30, 30, 30, 255])),
    ],
  ];

  test.each(pictures)('%s is not changed', (_, pixels) => {
    const { data, redEyes } = correct(instance, pixels);
    expect(redEyes).toEqual([]);
    expect(Buffer.from(pixels.data).equals(data)).toBe(true);
    memory.reset();
    const image: PlanarImage = loadPlanes(instance, pixels);
    const before = bytesOf(instance, image);
    expect(reduceRedEye(instance, image)).toEqual([]);
    expect(bytesOf(instance, image).equals(before)).toBe(true);
  });

  test.each([1, 2, 3, 7, 15, 16, 17, 18, 31, 33])(
    'a red picture of %i pixels a side is processed without an error',
    (side) => {
      const before = memory.mark();
      for (const height of [side, 3, 16]) {
        const pixels = drawn(side, height, () => [255, 0, 0, 255]);
        correct(instance, pixels);
        memory.reset();
        reduceRedEye(instance, loadPlanes(instance, pixels));
        memory.reset();
      }
      expect(memory.mark()).toBe(before);
    },
  );

  test.each<[string, (x: number, y: number) => number[]]>([
    ['flat red', () => [220, 20, 30, 255]],
    ['red noise', (x, y) => [((x * 7919 + y * 104729) * 31) % 256, (x * 31 + y * 17) % 40, 20, 255]],
    ['noise', (x, y) => [(x * 7919 + y * y * 31) % 256, (x * x * 13 + y * 71) % 256, (x * y * 7) % 256, 255]],
    ['a chequerboard', (x, y) => (((x >> 3) ^ (y >> 3)) & 1 ? [230, 10, 10, 255] : [30, 30, 30, 255])],
    [
      'red dots on skin',
      (x, y) => (((x % 24) - 12) ** 2 + ((y % 24) - 12) ** 2 < 36 ? [170, 38, 44, 255] : [205, 160, 135, 255]),
    ],
  ])('the work on %s is bounded', (_, colour) => {
    const picture = describePicture(instance, load(instance, drawn(2000, 1500, colour)));
    const counts = noCounts();
    searchRedEyes(instance, picture, counts);
    expect(counts.spots).toBeLessThanOrEqual(8192 * picture.levels.length);
    expect(counts.circles).toBeLessThanOrEqual(1024);
    expect(counts.candidates).toBeLessThanOrEqual(counts.circles);
  });

  test('a photo without strong red is not searched', () => {
    const picture = describePicture(instance, load(instance, face(640, 480, [])));
    const counts = noCounts();
    expect(searchRedEyes(instance, picture, counts)).toEqual([]);
    expect(counts).toEqual(noCounts());
  });
});
