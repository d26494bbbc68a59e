import { describe, expect, test } from 'vitest';
import { encodePixels } from '../../helpers/golden-png.ts';
import { loadTestKernels } from '../../helpers/kernels.ts';
import { judge } from '../../helpers/png-judge.ts';
import { Random } from '../../helpers/random.ts';
import * as reference from '../../reference/png/png.ts';
import type { PackedImage } from '../../../worker/frame/image.ts';

const instance = await loadTestKernels();
const { kernels, memory } = instance;
const CANARY = 0xa5;

function put(bytes: Uint8Array): number {
  const address = memory.alloc(bytes.length);
  memory.bytes(address, bytes.length).set(bytes);
  return address;
}

/** Pixels drawn at random from colours 0xAABBGGRR, each used at least once where there is room. */
function draw(colours: readonly number[], width: number, height: number): Uint8Array {
  const random = new Random(colours.length);
  const pixels = new Uint8Array(width * height * 4);
  const words = new Uint32Array(pixels.buffer);
  for (let i = 0; i < words.length; i++) words[i] = colours[i < colours.length ? i : random.below(colours.length)]!;
  return pixels;
}

const encode = (pixels: Uint8Array, width: number, height: number, format: PackedImage['format'] = 'RGBA') =>
  encodePixels(instance, pixels, { format, width, height, stride: width * 4 }, 'balanced');

const greys = (levels: readonly number[]) => levels.map((level) => (0xff000000 | (level * 0x010101)) >>> 0);
const many = (count: number, alpha = 255) =>
  Array.from({ length: count }, (_, i) => ((alpha << 24) | (i * 0x010307 + 0x123)) >>> 0);

describe('the layout is the smallest that holds the pixels', () => {
  test.each([
    ['black and white', greys([0, 255]), 0, 1],
    ['black alone', greys([0]), 0, 1],
    ['thirds of grey', greys([0, 85, 170, 255]), 0, 2],
    ['seventeenths of grey', greys([0, 17, 34, 204, 255]), 0, 4],
    ['any greys', greys(Array.from({ length: 256 }, (_, i) => i)), 0, 8],
    ['two odd greys', greys([3, 200]), 3, 1],
    ['two colours', many(2), 3, 1],
    ['three colours', many(3), 3, 2],
    ['16 colours', many(16), 3, 4],
    ['17 colours', many(17), 3, 8],
    ['256 colours', many(256), 3, 8],
    ['257 colours', many(257), 2, 8],
    ['257 colours that one can see through', many(257, 128), 6, 8],
    ['colours under alpha 0', many(5, 0), 3, 4],
    ['greys with alpha', Array.from({ length: 300 }, (_, i) => (i << 24) | ((i >> 1) * 0x010101)), 4, 8],
  ])('%s', async (_, colours, colourType, bitDepth) => {
    for (const [width, height] of [
      [61, 67],
      [64, 64],
    ] as const) {
      const pixels = draw(
        colours.map((colour) => colour >>> 0),
        width,
        height,
      );
      const read = await judge(encode(pixels, width, height), pixels, width, height);
      expect([read.colourType, read.bitDepth]).toEqual([colourType, bitDepth]);
    }
  });

  test('a palette that costs more than it saves is left out', () => {
    const read = reference.readPng(encode(draw(many(64), 8, 8), 8, 8));
    expect(read.colourType).toBe(2);
  });

  test.each([
    ['colours', many(64), 12, 17, 2],
    ['colours', many(64), 41, 5, 3],
    ['translucent colours', many(64, 200), 6, 31, 6],
    ['translucent colours', many(64, 200), 11, 17, 3],
    ['two odd greys', greys([3, 200]), 41, 1, 0],
    ['two odd greys', greys([3, 200]), 6, 7, 3],
  ])('a palette of %s must save twice what it costs: %#', (_, colours, width, height, colourType) => {
    expect(reference.readPng(encode(draw(colours, width, height), width, height)).colourType).toBe(colourType);
  });

  test.each(['BGRA', 'BGRX', 'RGBX'] as const)('%s keeps its colours in a palette', (format) => {
    const pixels = draw(many(9, 200), 40, 41);
    const expected = pixels.slice();
    for (let i = 0; i < expected.length; i += 4) {
      if (format.startsWith('B')) [expected[i], expected[i + 2]] = [pixels[i + 2]!, pixels[i]!];
      if (format.endsWith('X')) expected[i + 3] = 255;
    }
    const read = reference.readPng(encode(pixels, 40, 41, format));
    expect(read.colourType).toBe(3);
    expect([...read.pixels]).toEqual([...expected]);
  });
});

describe('repeats at speed', () => {
  /** Noise of `colours` that comes again every 50 pixels; how large it becomes for each pixel. */
  const bytesPerPixel = (colours: readonly number[]) => {
    const [width, height] = [500, 60];
    const noise = new Uint32Array(draw(colours, 50, 2 * height).buffer).subarray(50 * height);
    const tiles = Uint32Array.from(
      { length: width * height },
      (_, i) => noise[Math.floor(i / width) * 50 + ((i % width) % 50)]!,
    );
    const pixels = new Uint8Array(tiles.buffer, tiles.byteOffset, tiles.byteLength);
    const file = encodePixels(instance, pixels, { format: 'RGBA', width, height, stride: width * 4 }, 'speed');
    const { colourType, bitDepth } = reference.readPng(file);
    return { colourType, bitDepth, size: file.length / (width * height) };
  };

  test.each([
    ['greys', greys(Array.from({ length: 256 }, (_, i) => i)), 0, 8],
    ['few greys', greys([0, 17, 34, 204, 255]), 0, 4],
    ['a palette', many(20), 3, 8],
    ['a large palette', many(200), 3, 8],
  ])('are found in %s', (_, colours, colourType, bitDepth) => {
    const made = bytesPerPixel(colours);
    expect(made).toMatchObject({ colourType, bitDepth });
    expect(made.size).toBeLessThan(0.25);
  });

  test.each([
    ['colours', many(257), 2],
    ['translucent colours', many(257, 128), 6],
    ['greys with alpha', Array.from({ length: 300 }, (_, i) => ((i << 24) | ((i >> 1) * 0x010101)) >>> 0), 4],
  ])('are not looked for in %s', (_, colours, colourType) => {
    const made = bytesPerPixel(colours);
    expect(made.colourType).toBe(colourType);
    expect(made.size).toBeGreaterThan(0.8);
  });
});

describe('kernels', () => {
  test.each([1, 2, 255, 256, 257])(
    'collectColours finds %i colours in order, and indexColours finds each again',
    (count) => {
      const mark = memory.mark();
      const [width, height] = [19, 31];
      const pixels = draw(many(count), width, height);
      const src = put(pixels);
      const found = put(new Uint8Array(1024 + 16).fill(CANARY));
      const table = put(new Uint8Array(kernels.colourTableBytes()));
      const collected = kernels.collectColours(src, found, table, width, height, width * 4, 0);
      expect([...memory.bytes(found + 1024, 16)]).toEqual(Array(16).fill(CANARY));
      if (count > 256) expect(collected).toBe(-1);
      else {
        const seen = [...new Set(new Uint32Array(pixels.buffer))];
        expect(Array.from(memory.words(found, collected), (colour) => colour >>> 0)).toEqual(seen);
        const dst = put(new Uint8Array(width * height));
        kernels.tabulateColours(found, table, collected);
        kernels.indexColours(src, dst, table, width, height, width * 4, width, 0);
        const expected = Array.from(new Uint32Array(pixels.buffer), (colour) => seen.indexOf(colour));
        expect([...memory.bytes(dst, width * height)]).toEqual(expected);
      }
      memory.release(mark);
    },
  );

  test.each([3, 4])('filters by cost equal the reference where bytes repeat, %i bytes a pixel', (bpp) => {
    const mark = memory.mark();
    const random = new Random(bpp);
    const [rowBytes, pitch, height] = [48, 64, 600];
    const rows = Array.from({ length: height }, () => {
      const period = 1 + random.below(4);
      const pattern = random.bytes(period).map((value) => value & 31);
      const glitch = random.below(rowBytes);
      return Uint8Array.from({ length: rowBytes }, (_, i) => pattern[(i + (i > glitch ? 1 : 0)) % period]!);
    });
    const packed = put(new Uint8Array((height + 1) * pitch + 16));
    rows.forEach((row, y) => memory.bytes(packed + (y + 1) * pitch + 16, rowBytes).set(row));
    const dst = put(new Uint8Array(height * (1 + rowBytes)));
    for (const filters of [0b00011, 0b00101, 0b11111]) {
      const source = { rows: packed + pitch + 16, rowBytes, height, pitch, bpp };
      kernels.filterRows({ ...source, dst, filters, step: 16, measure: 1 });
      const types = rows.map((_, y) => memory.bytes(dst + y * (1 + rowBytes), 1)[0]);
      expect(types).toEqual(rows.map((row, y) => reference.cheapestFilter(filters, row, rows[y - 1], bpp)));
    }
    memory.release(mark);
  });

  test.each([1, 2, 4].flatMap((depth) => [1, 7, 8, 9, 17].map((width) => ({ depth, width }))))(
    'packSamples packs $width samples of $depth bits from the left',
    ({ depth, width }) => {
      const mark = memory.mark();
      const samples = new Random(width).bytes(width * 2);
      const rows = put(samples);
      kernels.packSamples(rows, width, 2, width, depth);
      for (let y = 0; y < 2; y++) {
        const bits = [...samples.subarray(y * width, (y + 1) * width)]
          .map((sample) => (sample & ((1 << depth) - 1)).toString(2).padStart(depth, '0'))
          .join('');
        const expected = bits.match(/.{1,8}/g)!.map((byte) => parseInt(byte.padEnd(8, '0'), 2));
        const untouched = samples.subarray(y * width + expected.length, (y + 1) * width);
        expect([...memory.bytes(rows + y * width, width)]).toEqual([...expected, ...untouched]);
      }
      memory.release(mark);
    },
  );
});
