import { beforeEach, describe, expect, test } from 'vitest';
import { describePicture } from '../../../worker/red-eye/picture.ts';
import { load } from '../../helpers/images.ts';
import { loadTestKernels } from '../../helpers/kernels.ts';
import { Random } from '../../helpers/random.ts';
import { drawn, noise } from '../../helpers/scene.ts';
import { close5x5, redness } from '../../reference/red-eye/red-eye.ts';

const instance = await loadTestKernels();
const { kernels, memory } = instance;
beforeEach(() => memory.reset());

describe('stages', () => {
  test.each(['RGBA', 'BGRA'] as const)(
    'redness of %s equals the definition in marked tiles, and is 0 in others',
    (format) => {
      const [width, height] = [53, 21];
      const pixels = noise(width, height, 2);
      const picture = describePicture(instance, load(instance, pixels, format, 4));
      const [flags, map, row] = [memory.alloc(8), memory.alloc(width * height + 16), memory.alloc(width * 4 + 64)];
      const marks = [1, 0, 1, 1, 0, 1, 0, 1];
      memory.bytes(flags, 8).set(marks);
      memory.bytes(map, width * height + 16).fill(9);
      kernels.rednessMap(picture.address, 0, flags, map, row, 0, height);
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const [r, g, b] = pixels.data.subarray((y * width + x) * 4) as unknown as [number, number, number];
          const marked = marks[(y >> 4) * 4 + (x >> 4)];
          expect(memory.bytes(map + y * width + x, 1)[0]).toBe(marked ? redness(r, g, b) : 0);
        }
      }
      expect([...memory.bytes(map + width * height + 8, 8)]).toEqual(new Array(8).fill(9));
    },
  );

  test('tiles with a red pixel are marked, then merged four to one, then widened by their neighbours', () => {
    const pixels = drawn(100, 60, (x, y) =>
      x >= 50 && x < 52 && y >= 34 && y < 36 ? [200, 30, 30, 255] : [120, 110, 100, 255],
    );
    const picture = describePicture(instance, load(instance, pixels));
    const [flags, pooled, near] = [memory.alloc(28), memory.alloc(8), memory.alloc(28)];
    expect(kernels.flagRed(picture.address, flags, 7, 4)).toBe(1);
    const places = (address: number, count: number): number[] =>
      [...memory.bytes(address, count)].flatMap((flag, i) => (flag ? [i] : []));
    expect(places(flags, 28)).toEqual([2 * 7 + 3]);
    kernels.poolFlags(flags, pooled, 7, 4);
    expect(places(pooled, 8)).toEqual([5]);
    kernels.spreadFlags(flags, near, 7, 4);
    expect(places(near, 28)).toEqual([9, 10, 11, 16, 17, 18, 23, 24, 25]);
  });

  test.each([
    [5, 5],
    [4, 9],
    [16, 7],
    [21, 20],
    [40, 33],
  ])('closing of %i × %i equals the definition', (width, height) => {
    const data = new Random(width).bytes(width * height);
    const [plane, scratch] = [memory.alloc(data.length + 16), memory.alloc(data.length)];
    memory.bytes(plane, data.length + 16).fill(9);
    memory.bytes(plane, data.length).set(data);
    kernels.close5x5(plane, scratch, width, height);
    const small = width < 5 || height < 5;
    expect([...memory.bytes(plane, data.length)]).toEqual(
      small ? [...data] : close5x5({ data: [...data], width, height }),
    );
    expect([...memory.bytes(plane + data.length, 16)]).toEqual(new Array(16).fill(9));
  });

  test.each([
    [4, 2],
    [6, 4],
    [7, 6],
    [16, 11],
    [15, 13],
  ])('%i × %i halved is the rounded mean of two or of three, 1 : 2 : 1', (srcWidth, srcHeight) => {
    const pixels = noise(srcWidth, srcHeight, 4, false);
    const image = load(instance, pixels, 'RGBA', 8);
    const [width, height] = [srcWidth >> 1, srcHeight >> 1];
    const [oddX, oddY] = [srcWidth & 1, srcHeight & 1];
    const out = memory.alloc(width * height * 4 + 16);
    memory.bytes(out, width * height * 4 + 16).fill(9);
    kernels.halvePixels(image.address, out, width, height, image.stride, width * 4, oddX, oddY);
    for (let i = 0; i < width * height * 4; i++) {
      const [x, y, c] = [(i >> 2) % width, Math.floor(i / 4 / width), i & 3];
      let [sum, weight] = [0, 0];
      for (const [dx, a] of (oddX ? [1, 2, 1] : [1, 1]).entries()) {
        for (const [dy, b] of (oddY ? [1, 2, 1] : [1, 1]).entries()) {
          sum += a * b * pixels.data[((y * 2 + dy) * srcWidth + x * 2 + dx) * 4 + c]!;
          weight += a * b;
        }
      }
      expect(memory.bytes(out + i, 1)[0]).toBe(Math.floor(sum / weight + 0.5));
    }
    expect([...memory.bytes(out + width * height * 4, 16)]).toEqual(new Array(16).fill(9));
  });
});
