import { beforeEach, describe, expect, test } from 'vitest';
import sharp from 'sharp';
import type { PixelImage, PlanarImage } from '../../../worker/frame/image.ts';
import { PIECE_BOUND, Coder } from '../../../worker/jpeg/coder.ts';
import { optimalTable } from '../../../worker/jpeg/huffman.ts';
import { quantisationTables, TYPICAL_TABLES, ZIGZAG } from '../../../worker/jpeg/tables.ts';
import { encodeJpeg, type JpegSettings } from '../../../worker/jpeg/encode.ts';
import { codePart, encodePart, PART_ROWS, tokenisePart } from '../../../worker/jpeg/parts.ts';
import { TokenStore } from '../../../worker/jpeg/tokens.ts';
import { Sink } from '../../../worker/memory/sink.ts';
import { goldenJpegs, makeGoldenJpeg, sha256 } from '../../helpers/golden-jpeg.ts';
import { load, psnrRgb } from '../../helpers/images.ts';
import { JPEG_SIZES, judgeByDjpeg, judgeJpeg, withoutDjpeg } from '../../helpers/jpeg-judge.ts';
import { cjpeg, djpeg } from '../../helpers/judges.ts';
import { loadTestKernels } from '../../helpers/kernels.ts';
import { same } from '../../helpers/png-judge.ts';
import { Random } from '../../helpers/random.ts';
import { drawn, noise, scene, type Pixels } from '../../helpers/scene.ts';
import { rgbToYcc, toByte } from '../../reference/color/color.ts';
import { blockBits, fdct8x8, huffmanCodes, packBits } from '../../reference/jpeg/jpeg.ts';

const instance = await loadTestKernels();
const { kernels, memory } = instance;
beforeEach(() => memory.reset());

const DEFAULTS: JpegSettings = { quality: 0.9, chromaSubsampling: '4:2:0', effort: 'balanced' };

function encode(pixels: Pixels, settings: Partial<JpegSettings> = {}): Uint8Array<ArrayBuffer> {
  memory.reset();
  return encodeJpeg(instance, load(instance, pixels), { ...DEFAULTS, ...settings }).toBytes();
}

describe('stages', () => {
  test('DCT and quantisation are within a thousandth of a step of the definition', () => {
    const random = new Random(2);
    const [table] = quantisationTables(1);
    const blocks = 40;
    const [src, reciprocals, components] = [memory.alloc(64), memory.alloc(256), memory.alloc(16)];
    const [coefs, records, wide] = [memory.alloc(3 * 128), memory.alloc(3 * 80), memory.alloc(3 * 128)];
    memory.bytes(components, 3).set([0, 1, 2]);
    new Int16Array(memory.memory.buffer, reciprocals, 128).fill(4096); // a step of 1
    let off = 0;
    for (let b = 0; b < blocks; b++) {
      const samples = Array.from({ length: 64 }, (_, i) =>
        b < 2 ? ((i ^ (i >> 3)) & 1) * 255 : b < 20 ? random.below(256) : 100 + random.below(24),
      );
      memory.bytes(src, 64).set(samples);
      // One MCU of 4:4:4 whose three blocks are the same.
      const planes = { y: src, cb: src, cr: src, yStride: 8, chromaStride: 8 };
      kernels.transformMcuRow({ ...planes, coefs, mcus: 1, grey: 0, across: 1, down: 1 });
      kernels.quantiseBlocks(coefs, components, reciprocals, records, wide, 3, 3);
      const got = quantised(records, wide);
      expect(quantised(records + 80, wide + 128)).toEqual(got);
      expect(quantised(records + 160, wide + 256)).toEqual(got);
      const set = new BigUint64Array(memory.bytes(records + 64, 8).slice().buffer)[0]!;
      const want = fdct8x8(samples);
      got.forEach((value, k) => {
        expect(Math.abs(value - want[ZIGZAG[k]!]!)).toBeLessThan(0.85);
        if (value !== Math.round(want[ZIGZAG[k]!]!)) off++;
        expect((set >> BigInt(k)) & 1n).toBe(k === 0 || value === 0 ? 0n : 1n);
      });
    }
    expect(off / (blocks * 64)).toBeLessThan(0.15);
    expect(table).toEqual(new Array(64).fill(1));
  });

  test('entropy coding equals the plain coder over several calls, for sparse, full and extreme blocks', () => {
    const random = new Random(9);
    const count = 60;
    const blocks = Array.from({ length: count }, (_, b) =>
      Array.from({ length: 64 }, (_, k) => {
        const range = k === 0 ? 2047 : b % 4 === 0 ? 130 : 1023;
        if (b % 3 === 0 && random.below(20) > 0) return 0;
        if (b % 3 === 1 && k !== 0 && k !== 63) return 0;
        return random.below(2) ? random.below(range) : -random.below(range);
      }),
    );
    blocks.forEach((block, b) => (block[0] = b % 2 ? 1000 : -1000));
    const coder = new Coder(instance);
    const components = memory.alloc(16);
    memory.bytes(components, 3).set([0, 1, 2]);
    const source = { components, count: 6, perMcu: 3 };
    const sinks = [new Sink(memory, PIECE_BOUND), new Sink(memory, PIECE_BOUND)] as const;
    const area = { records: memory.alloc(6 * 80), wide: memory.alloc(6 * 128) };
    const load = (from: number): void =>
      blocks.slice(from, from + 6).forEach((block, i) => quantise(block, area.records + i * 80, area.wide + i * 128));
    coder.start(TYPICAL_TABLES);
    for (let b = 0; b < count; b += 6) {
      load(b);
      coder.encodeBlocks(area, source, sinks[0]);
    }
    coder.flush(sinks[0]);
    const tokens = new TokenStore(instance, source);
    for (let b = 0; b < count; b += 6) {
      load(b);
      tokens.add(area);
    }
    coder.start(TYPICAL_TABLES);
    coder.encode(tokens, sinks[1]);
    coder.flush(sinks[1]);
    const codes = TYPICAL_TABLES.map(({ counts, symbols }) => huffmanCodes(counts, symbols));
    const predictors = [0, 0, 0];
    let bits = '';
    blocks.forEach((block, b) => {
      const component = b % 3;
      const table = component === 0 ? 0 : 2;
      bits += blockBits(block, predictors[component]!, codes[table]!, codes[table + 1]!);
      predictors[component] = block[0]!;
    });
    for (const sink of sinks) expect([...sink.toBytes()]).toEqual(packBits(bits));
  });

  test.each([
    ['two symbols', [5, 0, 3]],
    ['one symbol', [0, 0, 9]],
    ['Fibonacci counts, which want 30 bits', fibonacci(30)],
    ['256 equal counts', new Array<number>(256).fill(4)],
  ])('optimal tables: %s', (_, frequencies) => {
    const { counts, symbols } = optimalTable(frequencies);
    const used = frequencies.filter((count) => count > 0).length;
    expect(symbols.length).toBe(used);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(used);
    const kraft = counts.reduce((sum, count, i) => sum + count * 2 ** -(i + 1), 0);
    expect(kraft).toBeLessThan(1); // room for the reserved code
    const lengths = new Map([...huffmanCodes(counts, symbols)].map(([symbol, code]) => [symbol, code.length]));
    const order = symbols.map((symbol) => frequencies[symbol]!);
    expect(order).toEqual([...order].sort((a, b) => b - a));
    expect(Math.max(...lengths.values())).toBeLessThanOrEqual(16);
  });
});

describe('files', () => {
  test.each(JPEG_SIZES)(
    '%i × %i decodes without a warning in djpeg and sharp, in every subsampling',
    async (width, height) => {
      for (const chromaSubsampling of ['4:2:0', '4:2:2', '4:4:4'] as const) {
        const pixels = scene(width, height);
        const jpeg = encode(pixels, { chromaSubsampling, quality: 0.95 });
        const { data, ...size } = await judgeJpeg(jpeg, 3);
        expect(size).toMatchObject({ width, height, channels: 3 });
        // Chroma of a few noisy pixels averages to anything.
        if (width * height > 64) expect(psnrRgb(pixels.data, data)).toBeGreaterThan(30);
        expect(lumaSampling(jpeg)).toBe({ '4:2:0': 0x22, '4:2:2': 0x21, '4:4:4': 0x11 }[chromaSubsampling]);
      }
    },
  );

  test('4000 × 3000 decodes', async () => {
    const { width, height } = await judgeJpeg(encode(scene(4000, 3000)));
    expect([width, height]).toEqual([4000, 3000]);
  });

  test.each([0, 0.01, 0.25, 0.5, 0.75, 0.9, 0.95, 1])(
    'quality %d works for noise, checkerboards and saturated colours',
    async (quality) => {
      const contents: Pixels[] = [
        noise(70, 50, 3),
        drawn(64, 64, (x, y) => ((x ^ y) & 1 ? [255, 255, 255, 255] : [0, 0, 0, 255])),
        drawn(64, 64, (x, y) => (((x >> 3) ^ (y >> 3)) & 1 ? [255, 0, 255, 255] : [0, 255, 0, 255])),
        drawn(40, 40, () => [255, 0, 0, 255]),
        drawn(40, 40, (x) => (x & 1 ? [255, 0, 0, 255] : [0, 0, 255, 255])),
      ];
      for (const pixels of contents) {
        for (const effort of ['speed', 'balanced'] as const) {
          const jpeg = encode(pixels, { quality, effort, chromaSubsampling: '4:4:4' });
          const { data, ...size } = await judgeJpeg(jpeg);
          if (quality === 1) expect(psnrRgb(pixels.data, data)).toBeGreaterThan(45);
          expect(size).toMatchObject({ width: pixels.width, height: pixels.height, channels: 3 });
        }
      }
    },
  );

  test('a photo is as good and as small as that of libjpeg-turbo with the same tables', async ({ skip }) => {
    skip(Boolean(withoutDjpeg), withoutDjpeg);
    const pixels = scene(640, 400);
    for (const [sampling, chromaSubsampling] of [
      ['2x2', '4:2:0'],
      ['2x1', '4:2:2'],
      ['1x1', '4:4:4'],
    ] as const) {
      for (const quality of [0.5, 0.75, 0.9, 1]) {
        const ours = encode(pixels, { quality, chromaSubsampling, effort: 'speed' });
        const theirs = cjpeg(pixels.data, 640, 400, quality * 100, sampling);
        const [a, b] = [djpeg(ours), djpeg(theirs)].map((ppm) =>
          psnrRgb(pixels.data, ppm.subarray(ppm.length - 640 * 400 * 3)),
        );
        expect(Math.abs(a! - b!)).toBeLessThan(0.1);
        expect(ours.length / theirs.length).toBeLessThan(1.002);
        expect(ours.length / theirs.length).toBeGreaterThan(0.985);
      }
    }
  });

  test('optimal tables make the file smaller and change no pixel', async () => {
    const pixels = scene(300, 200);
    const [speed, balanced] = [encode(pixels, { effort: 'speed' }), encode(pixels, { effort: 'balanced' })];
    expect(balanced.length).toBeLessThan(speed.length);
    expect(same(await sharp(balanced).raw().toBuffer(), await sharp(speed).raw().toBuffer())).toBe(true);
  });

  test('a photo without colour has one component and the same luma', async () => {
    const grey = drawn(45, 31, (x, y) => [x * 5, x * 5, x * 5, 255 - (y === 40 ? 1 : 0)]);
    for (const effort of ['speed', 'balanced'] as const) {
      const jpeg = encode(grey, { effort, quality: 1 });
      const { data, width, height, channels } = await judgeJpeg(jpeg, 1);
      expect([width, height]).toEqual([45, 31]);
      for (let i = 0; i < 45 * 31; i++) expect(Math.abs(data[i * channels]! - grey.data[i * 4]!)).toBeLessThan(3);
    }
    const tinted = encode(drawn(45, 31, (x, y) => [x, x, x === 44 && y === 30 ? x + 9 : x, 255]));
    expect((await sharp(tinted).metadata()).channels).toBe(3);
  });

  test.each([
    ['a scene', () => scene(640, 400)],
    ['a scene of few rows', () => scene(300, 40)],
    ['noise', () => noise(200, 120, 8)],
    ['without colour', () => drawn(160, 160, (x, y) => new Array<number>(4).fill((x * x + y * 3) & 255))],
  ] as const)('maxBytes: %s fills its budget and never passes it', async (_, make) => {
    const pixels = make();
    const [finest, coarsest] = [encode(pixels, { quality: 1 }), encode(pixels, { quality: 0.01 })];
    let last = 0;
    for (const part of [0.02, 0.1, 0.25, 0.4, 0.6, 0.8, 0.97]) {
      const maxBytes = Math.round(coarsest.length + (finest.length - coarsest.length) * part);
      const jpeg = encode(pixels, { maxBytes });
      expect(jpeg.length).toBeLessThanOrEqual(maxBytes);
      expect(jpeg.length).toBeGreaterThan(maxBytes * 0.97);
      const decoded = await sharp(jpeg, { failOn: 'warning' }).toColourspace('srgb').removeAlpha().raw().toBuffer();
      const psnr = psnrRgb(pixels.data, decoded);
      expect(psnr).toBeGreaterThan(last - 0.1);
      last = psnr;
    }
    expect(encode(pixels, { maxBytes: 1e9 })).toEqual(finest);
  });

  test('maxBytes that no quality reaches throws an error that names the smallest size', () => {
    const pixels = noise(100, 100, 3);
    const smallest = Number(
      /smallest JPEG of this photo has (\d+) bytes/.exec(failure(() => encode(pixels, { maxBytes: 300 })))?.[1],
    );
    expect(smallest).toBeGreaterThan(300);
    expect(encode(pixels, { maxBytes: smallest }).length).toBe(smallest);
    expect(() => encode(pixels, { maxBytes: smallest - 1 })).toThrow(RangeError);
  });

  test('restart markers stand behind every row of MCUs, count to 7 and change no pixel', async () => {
    const pixels = scene(200, 300);
    for (const chromaSubsampling of ['4:2:0', '4:4:4'] as const) {
      for (const effort of ['speed', 'balanced'] as const) {
        const jpeg = encode(pixels, { effort, chromaSubsampling, restarts: true });
        const { data } = await judgeJpeg(jpeg);
        const rows = Math.ceil(300 / (chromaSubsampling === '4:2:0' ? 16 : 8));
        const markers = [...jpeg.keys()].filter((i) => jpeg[i] === 0xff && (jpeg[i + 1]! & 0xf8) === 0xd0);
        expect(markers.map((at) => jpeg[at + 1]! & 7)).toEqual(Array.from({ length: rows - 1 }, (_, row) => row & 7));
        const plain = encode(pixels, { effort, chromaSubsampling });
        expect(same(data, await sharp(plain).raw().toBuffer())).toBe(true);
      }
    }
  });

  test.each([1, 2, 3, 7])('%i parts, one after the other, have the bytes of the file with restart markers', (parts) => {
    const pixels = scene(150, 241);
    for (const chromaSubsampling of ['4:2:0', '4:2:2', '4:4:4'] as const) {
      for (const effort of ['speed', 'balanced'] as const) {
        const settings: JpegSettings = { ...DEFAULTS, chromaSubsampling, effort, restarts: true };
        const whole = encode(pixels, settings);
        const high = chromaSubsampling === '4:2:0' ? 16 : 8;
        const each = Math.ceil(241 / parts / PART_ROWS) * PART_ROWS;
        const from = Array.from({ length: Math.ceil(241 / each) }, (_, i) => i * each);
        const rows = Math.ceil(241 / high);
        const part = (y: number): PixelImage => {
          memory.reset();
          const height = Math.min(each, 241 - y);
          const data = pixels.data.slice(y * 150 * 4, (y + height) * 150 * 4);
          return load(instance, { data, width: 150, height });
        };
        const place = (y: number) => ({ firstRow: y / high, rows, height: 241 });
        const atOnce = (): Buffer[] =>
          from.map((y) => Buffer.from(encodePart(instance, part(y), place(y), settings).toBytes()));
        const inTwoSteps = (): Buffer[] => {
          const tokenised = from.map((y) => tokenisePart(instance, part(y), settings));
          const counts = tokenised[0]!.counts.map((_, i) => tokenised.reduce((sum, one) => sum + one.counts[i]!, 0));
          return tokenised.map((one, i) => {
            memory.reset();
            return Buffer.from(codePart(instance, one, { ...place(from[i]!), counts }, settings).toBytes());
          });
        };
        const coded = effort === 'speed' ? atOnce() : inTwoSteps();
        expect(Buffer.concat(coded).equals(whole)).toBe(true);
      }
    }
  });

  test('transparency becomes white', async () => {
    const pixels = drawn(20, 20, (x) => [0, 0, 0, x < 10 ? 0 : 255]);
    const rgb = await sharp(encode(pixels, { chromaSubsampling: '4:4:4', quality: 1 }))
      .raw()
      .toBuffer();
    expect(rgb[0]).toBeGreaterThan(253);
    expect(rgb[19 * 3]).toBeLessThan(3);
  });

  test('all orders of channels and any stride give the same file', () => {
    const pixels = scene(61, 43);
    const expected = encode(pixels);
    for (const format of ['RGBA', 'BGRA', 'RGBX', 'BGRX'] as const) {
      memory.reset();
      expect(encodeJpeg(instance, load(instance, pixels, format, 20), DEFAULTS).toBytes()).toEqual(expected);
    }
  });

  test('a file has the same bytes when the sink overflows', () => {
    // Noise at quality 1 takes far more than the half byte a pixel that the sink provides for.
    const pixels = noise(300, 900, 4);
    memory.reset();
    const sink = encodeJpeg(instance, load(instance, pixels), { ...DEFAULTS, quality: 1, effort: 'speed' });
    expect(sink.parts().length).toBeGreaterThan(1);
    const whole = sink.toBytes();
    expect(whole.length).toBe(sink.byteLength);
    judgeByDjpeg(whole);
  });

  test.each(goldenJpegs)('golden: $name', async (golden) => {
    expect(await sha256(makeGoldenJpeg(instance, golden))).toBe(golden.sha256);
  });
});

describe('from camera planes', () => {
  test.each([
    ['I420', 'bt601', true],
    ['I420', 'bt601', false],
    ['I420', 'bt709', false],
    ['NV12', 'bt601', false],
    ['NV12', 'bt709', true],
  ] as const)('%s %s full range %s looks like the picture it was made of', async (format, matrix, fullRange) => {
    for (const [width, height] of [
      [64, 48],
      [101, 37],
      [1, 1],
    ] as const) {
      memory.reset();
      const pixels = drawn(width, height, (x, y) => [40 + x, 200 - x - y, 90 + y * 2, 255]);
      const image = toPlanes(pixels, format, { matrix, fullRange });
      for (const chromaSubsampling of ['4:2:0', '4:4:4'] as const) {
        const jpeg = encodeJpeg(instance, image, { ...DEFAULTS, quality: 1, chromaSubsampling }).toBytes();
        expect(psnrRgb(pixels.data, (await judgeJpeg(jpeg)).data)).toBeGreaterThan(36);
      }
    }
  });
});

/** The coefficients of a record in zigzag order, large ones from their exact values. */
function quantised(record: number, wide: number): number[] {
  const exact = new Int16Array(memory.memory.buffer, wide, 64);
  const ac = new Int8Array(memory.memory.buffer, record, 64);
  const dc = new Int16Array(memory.memory.buffer, record + 72, 1);
  return Array.from(ac, (value, k) =>
    k === 0 ? dc[0]! : value === 127 || value === -128 ? exact[transposed(k)]! : value,
  );
}

/** Writes the record of a block given in zigzag order. */
function quantise(block: number[], record: number, wide: number): void {
  block.forEach((value, k) => {
    new Int8Array(memory.memory.buffer, record, 64)[k] = k === 0 ? 0 : Math.max(-128, Math.min(127, value));
    new Int16Array(memory.memory.buffer, wide, 64)[transposed(k)] = value;
  });
  new Int16Array(memory.memory.buffer, record + 72, 1)[0] = block[0]!;
  const set = block.reduce((bits, value, k) => (k === 0 || value === 0 ? bits : bits | (1n << BigInt(k))), 0n);
  new BigUint64Array(memory.memory.buffer, record + 64, 1)[0] = set;
}

function transposed(k: number): number {
  return (ZIGZAG[k]! & 7) * 8 + (ZIGZAG[k]! >> 3);
}

function toPlanes(
  { data, width, height }: Pixels,
  format: 'I420' | 'NV12',
  colour: PlanarImage['colour'],
): PlanarImage {
  const chromaWidth = (width + 1) >> 1;
  const chromaHeight = (height + 1) >> 1;
  const luma = memory.alloc(width * height);
  const chroma = memory.alloc(chromaWidth * chromaHeight * 2);
  const code = (value: number, zero: number, range: number): number =>
    toByte(colour.fullRange ? value : zero + ((value - (zero === 16 ? 0 : zero)) * range) / 255);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 4;
      const [l, cb, cr] = rgbToYcc(data[at]!, data[at + 1]!, data[at + 2]!, colour.matrix);
      memory.bytes(luma + y * width + x, 1)[0] = code(l, 16, 219);
      const i = (y >> 1) * chromaWidth + (x >> 1);
      const [u, v] = format === 'NV12' ? [i * 2, i * 2 + 1] : [i, chromaWidth * chromaHeight + i];
      memory.bytes(chroma + u, 1)[0] = code(cb, 128, 224);
      memory.bytes(chroma + v, 1)[0] = code(cr, 128, 224);
    }
  }
  const planes = [
    { address: luma, stride: width },
    ...(format === 'NV12'
      ? [{ address: chroma, stride: chromaWidth * 2 }]
      : [
          { address: chroma, stride: chromaWidth },
          { address: chroma + chromaWidth * chromaHeight, stride: chromaWidth },
        ]),
  ];
  return { format, width, height, planes, colour };
}

/** Sampling factors of the first component in SOF0 (B.2.2). */
function lumaSampling(jpeg: Uint8Array): number | undefined {
  return jpeg[jpeg.findIndex((byte, i) => byte === 0xff && jpeg[i + 1] === 0xc0) + 11];
}

function failure(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return String(error);
  }
  return '';
}

function fibonacci(count: number): number[] {
  const numbers = [1, 1];
  while (numbers.length < count) numbers.push(numbers.at(-1)! + numbers.at(-2)!);
  return numbers;
}
