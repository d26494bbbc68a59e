/** The kernels that widen and narrow rows for scaling: what they write, and that they write no more. */
import { beforeEach, describe, expect, test } from 'vitest';
import { lightTables } from '../../../worker/scale/light.ts';
import { loadTestKernels } from '../../helpers/kernels.ts';
import { Random } from '../../helpers/random.ts';
import { ALPHA, lightKind } from '../../reference/scale/resample-exact.ts';

const { kernels, memory } = await loadTestKernels();
beforeEach(() => memory.reset());

const CANARY = 0x5a5a;
const { light, codes } = lightTables();
const LIGHT = lightKind(light, codes);

function put(bytes: Uint8Array): number {
  const address = memory.alloc(bytes.length + 64);
  memory.bytes(address, bytes.length + 64).fill(0xee);
  memory.bytes(address, bytes.length).set(bytes);
  return address;
}

/** The 16-bit values that a kernel writes. */
function written(run: (dst: number) => void): number[] {
  const count = 4096;
  const dst = memory.alloc(count * 2);
  const values = (): Int16Array => new Int16Array(memory.memory.buffer, dst, count);
  values().fill(CANARY);
  run(dst);
  const end = values().findLastIndex((value) => value !== CANARY) + 1;
  return [...values().subarray(0, end)];
}

const bytesOf = (view: ArrayBufferView): Uint8Array => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
const up = (value: number, to: number): number => Math.ceil(value / to) * to;
const plain = (value: number): number => (value - 128) * 128;

describe.each([1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 32, 33])('%i wide', (width) => {
  const random = new Random(width);
  const [rowA, rowB] = [random.bytes(width * 4), random.bytes(width * 4)];

  test('two rows of samples become pairs', () => {
    const [a, b] = [put(rowA.subarray(0, width)), put(rowB.subarray(0, width))];
    const got = written((dst) => kernels.pairSampleRows(a, b, dst, width));
    expect(got.length).toBe(2 * up(width, 16));
    for (let x = 0; x < width; x++) {
      expect([got[2 * x], got[2 * x + 1]]).toEqual([plain(rowA[x]!), plain(rowB[x]!)]);
    }
  });

  test('two rows of interleaved chroma become pairs of U and of V', () => {
    const [a, b] = [put(rowA.subarray(0, 2 * width)), put(rowB.subarray(0, 2 * width))];
    const aside = memory.alloc(1024);
    const us = written((dst) => kernels.pairUvRows(a, b, dst, aside, width));
    const vs = written((dst) => kernels.pairUvRows(a, b, aside, dst, width));
    expect([us.length, vs.length]).toEqual([2 * up(width, 8), 2 * up(width, 8)]);
    for (let x = 0; x < width; x++) {
      expect([us[2 * x], us[2 * x + 1]]).toEqual([plain(rowA[2 * x]!), plain(rowB[2 * x]!)]);
      expect([vs[2 * x], vs[2 * x + 1]]).toEqual([plain(rowA[2 * x + 1]!), plain(rowB[2 * x + 1]!)]);
    }
  });

  test('two rows of pixels become pairs of pixels, channel by channel', () => {
    const [a, b] = [put(rowA), put(rowB)];
    let all = 0;
    const got = written((dst) => (all = kernels.pairPixelRows(a, b, dst, width)));
    expect(got.length).toBe(6 * up(width, 4));
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < 3; c++) {
        // [32] r0 r1 g0 g1 b0 b1, each a pair of rows
        const at = 2 * (6 * (x >> 1) + 2 * c + (x & 1));
        expect([got[at], got[at + 1]]).toEqual([plain(rowA[x * 4 + c]!), plain(rowB[x * 4 + c]!)]);
      }
    }
    expect(all >>> 24).toBe([...rowA, ...rowB].filter((_, i) => i % 4 === 3).reduce((and, alpha) => and & alpha, 255));
  });

  test('one translucent pixel is found anywhere in either row', () => {
    const opaque = put(new Uint8Array(width * 4).fill(255));
    const dst = memory.alloc(1024);
    expect(kernels.pairPixelRows(opaque, opaque, dst, width) >>> 24).toBe(255);
    for (let x = 0; x < width; x++) {
      const row = put(Uint8Array.from({ length: width * 4 }, (_, i) => (i === 4 * x + 3 ? 254 : 255)));
      expect(kernels.pairPixelRows(row, opaque, dst, width) >>> 24).toBe(254);
      expect(kernels.pairPixelRows(opaque, row, dst, width) >>> 24).toBe(254);
    }
  });

  test.each([
    ['premultiplied', 4, ALPHA, (row: number, dst: number) => kernels.premultiplyPixels(row, dst, width)],
    ['light', 2, LIGHT, (row: number, dst: number) => linearize(row, dst, width)],
  ] as const)('pixels become %s', (_, together, { widen }, run) => {
    const row = put(rowA);
    const got = written((dst) => run(row, dst));
    // [16] r0 r1 g0 g1 b0 b1 a0 a1
    const places = Array.from({ length: width * 4 }, (__, i) => 8 * (i >> 3) + 2 * (i & 3) + ((i >> 2) & 1));
    expect(got.length).toBe(together === 4 ? 4 * up(width, 4) : Math.max(...places) + 1);
    for (let x = 0; x < width; x++) {
      const wanted = widen(rowA.subarray(x * 4, x * 4 + 4));
      expect(wanted.map((__, c) => got[places[x * 4 + c]!])).toEqual(wanted);
    }
  });

  test('two wide rows become pairs', () => {
    const words = (bytes: Uint8Array) => [...new Int16Array(bytes.slice().buffer)].slice(0, width);
    const [a, b] = [put(rowA), put(rowB)];
    const got = written((dst) => kernels.pairWideRows(a, b, dst, width));
    expect(got.length).toBe(2 * up(width, 8));
    words(rowA).forEach((value, i) => expect([got[2 * i], got[2 * i + 1]]).toEqual([value, words(rowB)[i]]));
  });
});

function linearize(row: number, dst: number, width: number): void {
  const table = put(bytesOf(light));
  kernels.linearizePixels(row, dst, width, table, 0);
}

test.each([
  ['premultiplied', ALPHA],
  ['light', LIGHT],
] as const)('%s pixels become straight ones, whatever filters made of them', (name, { narrow }) => {
  const table = put(codes);
  const levels = [-32768, -16385, -16384, -16383, -16321, -16320, -16257, -5000, 0, 9000, 16255, 16256, 16383, 32767];
  const alphas = [-20000, -16384, -16383, -16321, -16320, -16256, -16255, -1, 8000, 16192, 16256, 16257, 20000, 32767];
  const step = 12;
  for (const alpha of alphas) {
    const wide = levels.flatMap((level, i) => [
      level,
      levels[(i + 3) % levels.length]!,
      levels[(i + 7) % levels.length]!,
      alpha,
    ]);
    const src = put(bytesOf(Int16Array.from(wide)));
    const dst = put(new Uint8Array(levels.length * step).fill(9));
    if (name === 'light') kernels.delinearizePixels(src, dst, levels.length, step, table);
    else kernels.unpremultiplyPixels(src, dst, levels.length, step);
    levels.forEach((_, i) => {
      const pixel = [...memory.bytes(dst + i * step, step)];
      expect(pixel).toEqual([...narrow(wide.slice(i * 4, i * 4 + 4)), 9, 9, 9, 9, 9, 9, 9, 9]);
    });
  }
});
