import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { planarToRgba } from '../../../worker/color/color.ts';
import type { PlanarImage } from '../../../worker/frame/image.ts';
import { encodeJpeg } from '../../../worker/jpeg/encode.ts';
import { encodeSmall, type SmallJpegSettings } from '../../../worker/jpeg/effort-size.ts';
import { goldenSmallJpegs, makeGoldenSmallJpeg } from '../../helpers/golden-small-jpeg.ts';
import { sha256 } from '../../helpers/golden-jpeg.ts';
import { load, psnrRgb } from '../../helpers/images.ts';
import { JPEG_SIZES, judgeByDjpeg, judgeJpeg } from '../../helpers/jpeg-judge.ts';
import { loadTestKernels } from '../../helpers/kernels.ts';
import { drawn, noise, scene, type Pixels } from '../../helpers/scene.ts';
import { decodeCoefficients } from '../../reference/jpeg/progressive.ts';

const instance = await loadTestKernels();
const { memory } = instance;
beforeEach(() => memory.reset());

const DEFAULTS: SmallJpegSettings = { quality: 0.9, chromaSubsampling: '4:2:0' };

function encode(pixels: Pixels, settings: Partial<SmallJpegSettings> = {}): Uint8Array<ArrayBuffer> {
  memory.reset();
  return encodeSmall(instance, load(instance, pixels), { ...DEFAULTS, ...settings }).toBytes();
}

describe('files', () => {
  test.each(JPEG_SIZES)('%i × %i decodes without a warning, in every subsampling', async (width, height) => {
    for (const chromaSubsampling of ['4:2:0', '4:2:2', '4:4:4'] as const) {
      const pixels = scene(width, height);
      const jpeg = encode(pixels, { chromaSubsampling, quality: 0.95 });
      const decoded = await judgeJpeg(jpeg);
      expect([decoded.width, decoded.height, decoded.channels]).toEqual([width, height, 3]);
      if (width * height > 64) expect(psnrRgb(pixels.data, decoded.data)).toBeGreaterThan(29);
      const file = decodeCoefficients(jpeg);
      expect(file.marker).toBe(0xc2);
      const [luma] = file.components;
      expect([luma!.h, luma!.v]).toEqual({ '4:2:0': [2, 2], '4:2:2': [2, 1], '4:4:4': [1, 1] }[chromaSubsampling]);
    }
  });

  test('any size, quality and content decodes, and higher quality is closer to the original', async () => {
    const contents: ((w: number, h: number) => Pixels)[] = [
      (w, h) => noise(w, h, 3),
      (w, h) => noise(w, h, 4, false),
      (w, h) => drawn(w, h, (x, y) => ((x ^ y) & 1 ? [255, 255, 255, 255] : [0, 0, 0, 255])),
      (w, h) => drawn(w, h, (x, y) => (((x >> 3) ^ (y >> 3)) & 1 ? [255, 0, 255, 255] : [0, 255, 0, 255])),
      (w, h) => drawn(w, h, (x) => (x & 1 ? [255, 0, 0, 255] : [0, 0, 255, 255])),
      (w, h) => drawn(w, h, () => [255, 0, 0, 255]),
      (w, h) => scene(w, h),
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 90 }),
        fc.integer({ min: 1, max: 90 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.constantFrom(...contents),
        fc.constantFrom('4:2:0' as const, '4:2:2' as const, '4:4:4' as const),
        async (width, height, quality, content, chromaSubsampling) => {
          const jpeg = encode(content(width, height), { quality, chromaSubsampling });
          decodeCoefficients(jpeg);
          const decoded = await judgeJpeg(jpeg);
          expect([decoded.width, decoded.height]).toEqual([width, height]);
        },
      ),
      { numRuns: 60, seed: 7 },
    );
    const pixels = scene(200, 150);
    let before = { length: 0, psnr: 0 };
    for (const quality of [0, 0.25, 0.5, 0.75, 0.9, 0.97, 1]) {
      const jpeg = encode(pixels, { quality, chromaSubsampling: '4:4:4' });
      const psnr = psnrRgb(pixels.data, (await judgeJpeg(jpeg)).data);
      expect(jpeg.length).toBeGreaterThan(before.length);
      expect(psnr).toBeGreaterThan(before.psnr);
      before = { length: jpeg.length, psnr };
    }
    expect(before.psnr).toBeGreaterThan(45);
  });

  test('a file is smaller than with optimal Huffman tables alone, at the same error', async () => {
    const pixels = scene(640, 400);
    const small = encode(pixels, { quality: 0.8 });
    const error = psnrRgb(pixels.data, (await judgeJpeg(small)).data);
    memory.reset();
    const plain = encodeJpeg(instance, load(instance, pixels), {
      ...DEFAULTS,
      effort: 'balanced',
      quality: 0.8,
    }).toBytes();
    const plainError = psnrRgb(pixels.data, (await judgeJpeg(plain)).data);
    expect(small.length).toBeLessThan(plain.length);
    expect(error).toBeGreaterThan(plainError - 1);
  });

  test('a picture without colour has one component', async () => {
    for (const [width, height] of [
      [1, 1],
      [40, 25],
      [129, 64],
    ] as const) {
      const pixels = drawn(width, height, (x, y) => [x + y, x + y, x + y, 255]);
      const jpeg = encode(pixels);
      const { data } = await judgeJpeg(jpeg);
      expect(data.length).toBe(width * height * 3);
      expect(psnrRgb(pixels.data, data)).toBeGreaterThan(38);
      expect(decodeCoefficients(jpeg).components.length).toBe(1);
    }
  });

  test('transparency becomes white', async () => {
    const pixels = drawn(20, 20, (x) => [0, 0, 0, x < 10 ? 0 : 255]);
    const { data } = await judgeJpeg(encode(pixels, { quality: 1 }));
    expect(data[0]).toBeGreaterThan(252);
    expect(data[19 * 3]).toBeLessThan(4);
  });

  test('metadata stands behind the JFIF segment', () => {
    const exif = new Uint8Array([77, 77, 0, 42]);
    const jpeg = encode(scene(20, 20), { exif });
    const app1 = jpeg.subarray(20, 34);
    expect(app1[0]).toBe(0xff);
    expect(app1[1]).toBe(0xe1);
    expect([...app1.subarray(10)]).toEqual([...exif]);
  });

  test('all orders of channels and any stride give the same file', () => {
    const pixels = scene(61, 43);
    const expected = encode(pixels);
    for (const format of ['RGBA', 'BGRA', 'RGBX', 'BGRX'] as const) {
      memory.reset();
      expect(encodeSmall(instance, load(instance, pixels, format, 20), DEFAULTS).toBytes()).toEqual(expected);
    }
  });

  test('noise at quality 1 is complete although the sink overflows', () => {
    const sink = encodeSmall(instance, load(instance, noise(300, 300, 4)), { ...DEFAULTS, quality: 1 });
    expect(sink.parts().length).toBeGreaterThan(1);
    expect(sink.toBytes().length).toBe(sink.byteLength);
    decodeCoefficients(sink.toBytes());
    judgeByDjpeg(sink.toBytes());
  });

  test('a picture too large for the memory throws', async () => {
    const little = await loadTestKernels(1 << 20);
    expect(() => encodeSmall(little, load(little, scene(400, 400)), DEFAULTS)).toThrow(RangeError);
  });

  test.each(goldenSmallJpegs)('golden: $name', async (golden) => {
    expect(await sha256(makeGoldenSmallJpeg(instance, golden))).toBe(golden.sha256);
  });
});

test.each([
  ['I420', 'bt601', true],
  ['I420', 'bt709', false],
  ['NV12', 'bt601', false],
] as const)('%s %s full range %s: planes become the picture they show', async (format, matrix, fullRange) => {
  for (const [width, height] of [
    [96, 64],
    [101, 37],
    [1, 1],
  ] as const) {
    for (const chromaSubsampling of ['4:2:0', '4:2:2', '4:4:4'] as const) {
      memory.reset();
      const image = gradient(format, width, height, { matrix, fullRange });
      const shown = planarToRgba(instance, image);
      const rgba = memory.bytes(shown.address, width * height * 4).slice();
      const jpeg = encodeSmall(instance, image, { quality: 1, chromaSubsampling }).toBytes();
      expect(psnrRgb(rgba, (await judgeJpeg(jpeg)).data)).toBeGreaterThan(36);
    }
  }
});

function gradient(format: 'I420' | 'NV12', width: number, height: number, colour: PlanarImage['colour']): PlanarImage {
  const [halfWidth, halfHeight] = [(width + 1) >> 1, (height + 1) >> 1];
  const luma = memory.alloc(width * height);
  const chroma = memory.alloc(halfWidth * halfHeight * 2);
  memory.bytes(luma, width * height).forEach((_, i, plane) => (plane[i] = 60 + (i % width) + Math.floor(i / width)));
  const interleaved = format === 'NV12';
  const samples = memory.bytes(chroma, halfWidth * halfHeight * 2);
  for (let i = 0; i < halfWidth * halfHeight; i++) {
    samples[interleaved ? i * 2 : i] = 118 + ((i % halfWidth) >> 1);
    samples[interleaved ? i * 2 + 1 : i + halfWidth * halfHeight] = 140 - (Math.floor(i / halfWidth) >> 1);
  }
  const planes = interleaved
    ? [{ address: chroma, stride: halfWidth * 2 }]
    : [0, 1].map((i) => ({ address: chroma + i * halfWidth * halfHeight, stride: halfWidth }));
  return { format, width, height, planes: [{ address: luma, stride: width }, ...planes], colour };
}
