import { expect, test } from 'vitest';
import { loadTestKernels } from '../../helpers/kernels.ts';
import { Random } from '../../helpers/random.ts';

const { kernels, memory } = await loadTestKernels();

test.each([1, 2, 15, 16, 17, 33])('deinterleaveUv splits %i pairs a row and writes nothing past them', (width) => {
  const height = 3;
  const dstStride = width + 5;
  const data = new Random(width).bytes(width * 2 * height);
  const mark = memory.mark();
  const src = memory.alloc(data.length);
  const u = memory.alloc(dstStride * height);
  const v = memory.alloc(dstStride * height);
  memory.bytes(src, data.length).set(data);
  memory.bytes(u, dstStride * height).fill(7);
  memory.bytes(v, dstStride * height).fill(7);
  kernels.deinterleaveUv(src, u, v, width, height, width * 2, dstStride);
  const plane = (first: number) =>
    Array.from({ length: dstStride * height }, (_, i) => {
      const x = i % dstStride;
      return x < width ? data[(Math.floor(i / dstStride) * width + x) * 2 + first] : 7;
    });
  expect([...memory.bytes(u, dstStride * height)]).toEqual(plane(0));
  expect([...memory.bytes(v, dstStride * height)]).toEqual(plane(1));
  memory.release(mark);
});
