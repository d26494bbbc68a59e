import { beforeEach, describe, expect, test } from 'vitest';
import { rangeOf } from '../../../worker/color/color.ts';
import { loadTestKernels } from '../../helpers/kernels.ts';
import { Random } from '../../helpers/random.ts';
import { toByte, toFullRange } from '../../reference/color/color.ts';

const { kernels, memory } = await loadTestKernels();
beforeEach(() => memory.reset());

/** How the strips of a JPEG call the kernel, and what its results are by definition. */
const LIMITED = rangeOf({ matrix: 'bt601', fullRange: false });
const FULL = rangeOf({ matrix: 'bt601', fullRange: true });
const PARAMETERS: [string, [zero: number, gain: number, base: number], (code: number) => number][] = [
  ['luma of limited range', [LIMITED.zero, LIMITED.lumaGain, 0], (code) => toFullRange(code, 0, 0)[0]],
  ['chroma of limited range', [128, LIMITED.chromaGain, 128], (code) => toFullRange(0, code, 0)[1]],
  ['luma of full range', [FULL.zero, FULL.lumaGain, 0], (code) => code],
  ['chroma of full range', [128, FULL.chromaGain, 128], (code) => code],
];

describe.each(PARAMETERS)('%s', (_, [zero, gain, base], definition) => {
  test('equals the definition, rounded, for every code', () => {
    const [src, dst] = [memory.alloc(256), memory.alloc(256)];
    memory.bytes(src, 256).set(Uint8Array.from({ length: 256 }, (_, code) => code));
    kernels.scaleSamples({ src, dst, width: 256, rows: 1, srcStride: 256, dstStride: 256, zero, gain, base });
    const want = Array.from({ length: 256 }, (_, code) => toByte(definition(code)));
    expect([...memory.bytes(dst, 256)]).toEqual(want);
  });

  test.each([0, 1, 15, 16, 17, 31, 32, 33, 500])('writes whole vectors of %i samples a row, no more', (width) => {
    const [rows, gap] = [3, 19];
    const whole = Math.ceil(width / 16) * 16;
    const [srcStride, dstStride] = [whole + gap, whole + gap + 2];
    const data = new Random(width + 1).bytes(srcStride * rows);
    const src = memory.alloc(data.length);
    const dst = memory.alloc(dstStride * rows + 16);
    memory.bytes(src, data.length).set(data);
    memory.bytes(dst, dstStride * rows + 16).fill(7);
    kernels.scaleSamples({ src, dst, width, rows, srcStride, dstStride, zero, gain, base });
    const want = Array.from({ length: dstStride * rows + 16 }, (_, i) => {
      const [x, y] = [i % dstStride, Math.floor(i / dstStride)];
      return y < rows && x < whole ? toByte(definition(data[y * srcStride + x]!)) : 7;
    });
    expect([...memory.bytes(dst, dstStride * rows + 16)]).toEqual(want);
    expect(Buffer.compare(memory.bytes(src, data.length), data)).toBe(0);
  });
});

test('any gain from 1 to below 2 is applied in 14 bits with one rounding', () => {
  const [src, dst] = [memory.alloc(256), memory.alloc(256)];
  const codes = Uint8Array.from({ length: 256 }, (_, code) => code);
  memory.bytes(src, 256).set(codes);
  for (let gain = 16384; gain < 32768; gain += 61) {
    const zero = gain % 200;
    const base = gain % 90;
    kernels.scaleSamples({ src, dst, width: 256, rows: 1, srcStride: 256, dstStride: 256, zero, gain, base });
    const want = codes.map((code) => Math.min(255, Math.max(0, base + (((code - zero) * gain + 8192) >> 14))));
    expect(Buffer.compare(memory.bytes(dst, 256), want), `gain ${gain}`).toBe(0);
  }
});
