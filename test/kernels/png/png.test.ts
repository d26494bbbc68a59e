// @module-tag slow
import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { CONTENTS, encodePixels, GOLDEN_PNGS, goldenPng, makePixels, type Content } from '../../helpers/golden-png.ts';
import { loadTestKernels } from '../../helpers/kernels.ts';
import { judge as judgeFile, pngcheck, same } from '../../helpers/png-judge.ts';
import { Random } from '../../helpers/random.ts';
import * as reference from '../../reference/png/png.ts';
import type { PackedImage } from '../../../worker/frame/image.ts';
import { encodePng } from '../../../worker/png/encode.ts';
import type { Effort } from '../../../worker/options.ts';

const instance = await loadTestKernels();
const { kernels, memory } = instance;
const EFFORTS: Effort[] = ['speed', 'balanced', 'size'];
const FORMATS: PackedImage['format'][] = ['RGBA', 'BGRA', 'RGBX', 'BGRX'];
const CANARY = 0xa5;

/** Runs `work` on memory that is given back afterwards. */
function scoped<T>(work: () => T): T {
  const mark = memory.mark();
  try {
    return work();
  } finally {
    memory.release(mark);
  }
}

function put(bytes: Uint8Array): number {
  const address = memory.alloc(bytes.length);
  memory.bytes(address, bytes.length).set(bytes);
  return address;
}

function encode(pixels: Uint8Array, width: number, height: number, effort: Effort, more: Partial<PackedImage> = {}) {
  return encodePixels(instance, pixels, { format: 'RGBA', width, height, stride: width * 4, ...more }, effort);
}

describe('checksums', () => {
  test.each([0, 1, 15, 16, 17, 5551, 5552, 5553, 100_003])('equal their definitions over %i bytes', (length) => {
    const bytes = new Random(length).bytes(length);
    scoped(() => {
      const src = put(bytes);
      const tables = memory.alloc(16384);
      kernels.crc32Tables(tables);
      expect(kernels.crc32(src, tables, length, 0) >>> 0).toBe(reference.crc32(bytes));
      expect(kernels.adler32(src, length, 1) >>> 0).toBe(reference.adler32(bytes));
      const half = length >> 1;
      const crc = kernels.crc32(src, tables, half, 0);
      expect(kernels.crc32(src + half, tables, length - half, crc) >>> 0).toBe(reference.crc32(bytes));
      const adler = kernels.adler32(src, half, 1);
      expect(kernels.adler32(src + half, length - half, adler) >>> 0).toBe(reference.adler32(bytes));
    });
  });

  test('Adler-32 does not overflow on the largest bytes', () => {
    const bytes = new Uint8Array(50_000).fill(255);
    scoped(() => expect(kernels.adler32(put(bytes), bytes.length, 1) >>> 0).toBe(reference.adler32(bytes)));
  });
});

describe('filters', () => {
  const cases = [3, 4].flatMap((bpp) => [1, 2, 5, 6, 16, 17, 100].map((width) => ({ bpp, width })));
  test.each(cases)('of $width pixels of $bpp bytes equal clause 9 of the standard', ({ bpp, width }) => {
    const random = new Random(width * bpp);
    const height = 4;
    const rowBytes = width * bpp;
    const pitch = Math.ceil((16 + rowBytes) / 16) * 16;
    const rows = Array.from({ length: height }, () => random.bytes(rowBytes).map((x) => (width & 1 ? x : x >> 5)));
    for (const filters of [1, 2, 4, 8, 16, 31, 0b10110]) {
      scoped(() => {
        const packed = put(new Uint8Array((height + 1) * pitch));
        rows.forEach((row, y) => memory.bytes(packed + (y + 1) * pitch + 16, rowBytes).set(row));
        const length = height * (1 + rowBytes);
        const dst = put(new Uint8Array(length + 16).fill(CANARY));
        for (const measure of [0, 1]) {
          const source = { rows: packed + pitch + 16, rowBytes, height, pitch, bpp };
          kernels.filterRows({ ...source, dst, filters, step: 16, measure });
          const choose = measure === 1 && rowBytes >= 16 ? reference.cheapestFilter : reference.chooseFilter;
          const expected = rows.flatMap((row, y) => {
            const type = choose(filters, row, rows[y - 1], bpp);
            return [type, ...reference.filterRow(type, row, rows[y - 1], bpp)];
          });
          expect([...memory.bytes(dst, length + 16)]).toEqual([...expected, ...Array<number>(16).fill(CANARY)]);
        }
      });
    }
  });

  test('Paeth equals its definition for every relation of its neighbours', () => {
    const values = [0, 1, 2, 100, 127, 128, 129, 254, 255];
    const triples = values.flatMap((a) => values.flatMap((b) => values.map((c) => [a, b, c] as const)));
    const row = Uint8Array.from(triples.flatMap(([a]) => [a, 0, 0, 7, 0, 0]));
    const prior = Uint8Array.from(triples.flatMap(([, b, c]) => [c, 0, 0, b, 0, 0]));
    scoped(() => {
      const pitch = Math.ceil((16 + row.length) / 16) * 16;
      const packed = put(new Uint8Array(2 * pitch));
      memory.bytes(packed + 16, prior.length).set(prior);
      memory.bytes(packed + pitch + 16, row.length).set(row);
      const dst = memory.alloc(1 + row.length);
      const source = { rows: packed + pitch + 16, rowBytes: row.length, height: 1, pitch, bpp: 3 };
      kernels.filterRows({ ...source, dst, filters: 1 << 4, step: 16, measure: 0 });
      expect(same(memory.bytes(dst + 1, row.length), reference.filterRow(4, row, prior, 3))).toBe(true);
    });
  });
});

describe('packing', () => {
  const orders = {
    rgbaToRgb: [0, 1, 2],
    bgraToRgb: [2, 1, 0],
    bgraToRgba: [2, 1, 0, 3],
  };
  const kinds = Object.entries(orders) as [keyof typeof orders, number[]][];
  const cases = kinds.flatMap(([name, order]) => [1, 15, 16, 17, 50].map((width) => ({ name, order, width })));
  test.each(cases)('$name of $width pixels', ({ name, order, width }) => {
    const height = 3;
    const srcStride = width * 4 + 12;
    const dstStride = width * order.length + 7;
    const pixels = new Random(width).bytes(srcStride * height);
    const expected = new Uint8Array(dstStride * height).fill(CANARY);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        order.forEach((from, to) => {
          expected[y * dstStride + x * order.length + to] = pixels[y * srcStride + x * 4 + from]!;
        });
      }
    }
    scoped(() => {
      const src = put(pixels);
      const dst = put(new Uint8Array(expected.length).fill(CANARY));
      kernels[name](src, dst, width, height, srcStride, dstStride);
      expect([...memory.bytes(dst, expected.length)]).toEqual([...expected]);
    });
  });

  test.each([1, 3, 4, 5, 17])(
    'isOpaque finds one transparent pixel in rows of %i, and ignores those past the row',
    (width) => {
      const stride = width * 4 + 8;
      const pixels = new Uint8Array(stride * 3).fill(255);
      for (let y = 0; y < 3; y++) pixels.fill(0, y * stride + width * 4, (y + 1) * stride);
      scoped(() => {
        const src = put(pixels);
        expect(kernels.isOpaque(src, width, 3, stride)).toBe(1);
        for (let at = 0; at < width * 3; at++) {
          const alpha = src + Math.floor(at / width) * stride + (at % width) * 4 + 3;
          memory.bytes(alpha, 1)[0] = 254;
          expect(kernels.isOpaque(src, width, 3, stride)).toBe(0);
          memory.bytes(alpha, 1)[0] = 255;
        }
      });
    },
  );
});

describe('encodePng', () => {
  const judge = async (
    pixels: Uint8Array,
    width: number,
    height: number,
    effort: Effort,
    opaque: boolean,
  ): Promise<Uint8Array> => {
    const file = encode(pixels, width, height, effort);
    const { colourType } = await judgeFile(file, pixels, width, height);
    if (opaque) expect([0, 2, 3]).toContain(colourType);
    return file;
  };

  const sizes = [
    [1, 1],
    [17, 13],
    [1, 3000],
    [3000, 1],
  ] as const;
  for (const [width, height] of sizes) {
    test.each(CONTENTS)(`${width}×${height} of %s is lossless at every effort`, async (content) => {
      for (const effort of EFFORTS) {
        const opaque = effort !== 'speed';
        const pixels = makePixels(content, width, height, 3, opaque);
        pixels[3] = opaque ? 255 : 0;
        await judge(pixels, width, height, effort, opaque);
      }
    });
  }

  test.each(CONTENTS)('1279×719 of %s is lossless', async (content) => {
    const pixels = makePixels(content, 1279, 719, 9, content !== 'noise');
    await judge(pixels, 1279, 719, 'balanced', content !== 'noise');
  });

  test('4000×3000 is lossless', async () => {
    const pixels = makePixels('text', 4000, 3000, 2, true);
    const file = encode(pixels, 4000, 3000, 'balanced');
    expect(pngcheck(file)).toBeUndefined();
    expect(same(await sharp(file).ensureAlpha().raw().toBuffer(), pixels)).toBe(true);
  });

  test('random sizes and contents are lossless', async () => {
    const random = new Random(77);
    for (let i = 0; i < 40; i++) {
      const content: Content = CONTENTS[random.below(CONTENTS.length)]!;
      const [width, height] = [1 + random.below(200), 1 + random.below(200)];
      const opaque = random.below(2) === 1;
      const pixels = makePixels(content, width, height, i, opaque);
      pixels[3] = opaque ? 255 : 0;
      await judge(pixels, width, height, EFFORTS[i % 3]!, opaque);
    }
  });

  test('the widest row is lossless', () => {
    const pixels = makePixels('photo', 65535, 2, 4, false);
    expect(same(reference.readPng(encode(pixels, 65535, 2, 'balanced')).pixels, pixels)).toBe(true);
  });

  test.each(FORMATS)('%s with a stride longer than its rows is lossless', (format) => {
    const [width, height] = [37, 11];
    const stride = width * 4 + 20;
    const bytes = new Random(8).bytes(stride * height);
    const swap = format.startsWith('B') ? [2, 1, 0, 3] : [0, 1, 2, 3];
    const expected = new Uint8Array(width * height * 4);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        swap.forEach((from, to) => (expected[(y * width + x) * 4 + to] = bytes[y * stride + x * 4 + from]!));
        if (format.endsWith('X')) expected[(y * width + x) * 4 + 3] = 255;
      }
    }
    for (const effort of EFFORTS) {
      const read = reference.readPng(encode(bytes, width, height, effort, { format, stride }));
      expect(read.colourType).toBe(format.endsWith('X') ? 2 : 6);
      expect(same(read.pixels, expected)).toBe(true);
    }
  });

  test('colours under alpha 0 are kept', () => {
    const pixels = makePixels('noise', 60, 40, 6, false);
    for (let i = 3; i < pixels.length; i += 4) pixels[i] = 0;
    expect(same(reference.readPng(encode(pixels, 60, 40, 'balanced')).pixels, pixels)).toBe(true);
  });

  test('chunks come in order, tagged sRGB, and large images in several IDATs', () => {
    const small = encode(makePixels('photo', 5, 5, 1, true), 5, 5, 'balanced');
    expect(reference.readPng(small).chunks).toEqual(['IHDR', 'sRGB', 'IDAT', 'IEND']);
    const flat = encode(makePixels('flat', 50, 50, 1, true), 50, 50, 'balanced');
    expect(reference.readPng(flat).chunks).toEqual(['IHDR', 'sRGB', 'PLTE', 'IDAT', 'IEND']);
    const large = encode(makePixels('photo', 600, 600, 1, true), 600, 600, 'balanced');
    expect(reference.readPng(large).chunks.filter((type) => type === 'IDAT').length).toBe(3);
  });

  test('chunks that are given stand in place of sRGB, before the palette', () => {
    const mark = memory.mark();
    const pixels = makePixels('flat', 50, 50, 1, true);
    const image = { format: 'RGBA', width: 50, height: 50, address: put(pixels), stride: 200 } as const;
    const chunks = [
      { type: 'gAMA', data: Uint8Array.of(0, 0, 177, 143) },
      { type: 'tIME', data: Uint8Array.of(7, 234, 1, 2, 3, 4, 5) },
    ];
    const file = encodePng(instance, image, { effort: 'balanced', chunks }).toBytes();
    memory.release(mark);
    expect(pngcheck(file)).toBeUndefined();
    expect(reference.readPng(file).chunks).toEqual(['IHDR', 'gAMA', 'tIME', 'PLTE', 'IDAT', 'IEND']);
  });

  test('a profile of RGB colours is left out of a grey image', () => {
    const profile = { type: 'iCCP', data: Uint8Array.of(65, 0, 0) };
    const pixels = makePixels('flat', 9, 9, 1, true);
    pixels.forEach((_, i) => (pixels[i] = i % 4 === 3 ? 255 : (i >> 2) * 3));
    const image = { format: 'RGBA', width: 9, height: 9, stride: 36 } as const;
    const mark = memory.mark();
    const file = encodePng(instance, { ...image, address: put(pixels) }, { effort: 'balanced', chunks: [profile] });
    expect(reference.readPng(file.toBytes()).chunks).toEqual(['IHDR', 'sRGB', 'IDAT', 'IEND']);
    memory.release(mark);
  });

  test('a file has the same bytes when the sink is emptied on the way', () => {
    const pixels = makePixels('noise', 1200, 900, 5, false);
    const image = { format: 'RGBA', width: 1200, height: 900, stride: 4800 } as const;
    const spilled = encodePixels(instance, pixels, image, 'speed', 0);
    expect(same(spilled, encodePixels(instance, pixels, image, 'speed', 8 << 20))).toBe(true);
    expect(same(reference.readPng(spilled).pixels, pixels)).toBe(true);
  });

  test('a second photo has no trace of the first and needs no more memory', () => {
    const pixels = makePixels('text', 640, 480, 1, true);
    const first = encode(pixels, 640, 480, 'balanced');
    encode(makePixels('noise', 640, 480, 2, false), 640, 480, 'balanced');
    const bytes = memory.byteLength;
    expect(same(encode(pixels, 640, 480, 'balanced'), first)).toBe(true);
    expect(memory.byteLength).toBe(bytes);
  });

  test.each(EFFORTS)('a picture of one colour, except for a row, is small at %s', (effort) => {
    const pixels = new Uint8Array(640 * 480 * 4).fill(255);
    for (let i = 200 * 640 * 4; i < 201 * 640 * 4; i++) if ((i & 3) < 3) pixels[i] = (i * 7) & 255;
    expect(encode(pixels, 640, 480, effort).length).toBeLessThan(7000);
  });

  test.each(GOLDEN_PNGS)('$content $width×$height at $effort has the golden bytes', (golden) => {
    expect(createHash('sha256').update(goldenPng(instance, golden)).digest('hex')).toBe(golden.sha256);
  });
});
