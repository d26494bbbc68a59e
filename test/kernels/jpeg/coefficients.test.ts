import { beforeEach, expect, test } from 'vitest';
import { ZIGZAG } from '../../../worker/jpeg/tables.ts';
import { loadTestKernels } from '../../helpers/kernels.ts';
import { Random } from '../../helpers/random.ts';
import { fdct8x8, fdctInteger } from '../../reference/jpeg/jpeg.ts';

const { kernels, memory } = await loadTestKernels();
beforeEach(() => memory.reset());

const CONTENT: [string, (random: Random, x: number, y: number) => number][] = [
  ['noise', (random) => random.below(256)],
  ['a checkerboard', (_, x, y) => ((x ^ y) & 1) * 255],
  ['black', () => 0],
  ['white', () => 255],
  ['stripes', (_, x) => ((x >> 1) & 1) * 255],
  ['a soft texture', (random, x, y) => 100 + x + y + random.below(9)],
];

test.each(CONTENT)(
  'the DCT of %s equals its integer form, and is within 1.5 of eight times the definition',
  (_, sample) => {
    for (const [blocks, gap] of [
      [1, 0],
      [3, 5],
      [17, 8],
    ] as const) {
      const random = new Random(blocks);
      const stride = blocks * 8 + gap;
      const src = memory.alloc(stride * 8);
      const samples = Array.from({ length: stride * 8 }, (_, i) => sample(random, i % stride, Math.floor(i / stride)));
      memory.bytes(src, stride * 8).set(samples);
      const scratch = memory.alloc(128);
      const dst = memory.alloc(blocks * 128 + 16);
      memory.bytes(dst + blocks * 128, 16).fill(0xa5);
      kernels.forwardBlocks(src, dst, scratch, blocks, stride);
      const got = new Int16Array(memory.memory.buffer, dst, blocks * 64);
      for (let b = 0; b < blocks; b++) {
        const block = Array.from({ length: 64 }, (_, i) => samples[(i >> 3) * stride + b * 8 + (i & 7)]!);
        const want = fdct8x8(block);
        const exact = fdctInteger(block);
        expect(ZIGZAG.map((at) => exact[at])).toEqual([...got.subarray(b * 64, b * 64 + 64)]);
        ZIGZAG.forEach((at, k) => expect(Math.abs(got[b * 64 + k]! - want[at]! * 8)).toBeLessThan(1.5));
      }
      expect([...memory.bytes(dst + blocks * 128, 16)]).toEqual(new Array(16).fill(0xa5));
    }
  },
);

test('isZero finds a single bit anywhere', () => {
  const bytes = 16 * 17;
  const src = memory.alloc(bytes + 16);
  memory.bytes(src, bytes + 16).fill(0);
  memory.bytes(src + bytes, 1)[0] = 1;
  expect(kernels.isZero(src, bytes)).toBe(1);
  for (let i = 0; i < bytes; i += 7) {
    memory.bytes(src + i, 1)[0] = 128;
    expect(kernels.isZero(src, bytes)).toBe(0);
    memory.bytes(src + i, 1)[0] = 0;
  }
});
