// @module-tag slow
/** How long a side may be: what readers open, in every way a photo can be made. */
import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { beforeEach, describe, expect, test } from 'vitest';
import { loadKernels, type JpegOptions } from '../../src/kernels.ts';
import { planGeometry } from '../../worker/scale/geometry.ts';
import { encodeJpeg } from '../../worker/jpeg/encode.ts';
import { codePart, encodePart, tokenisePart } from '../../worker/jpeg/parts.ts';
import { encodeSmall } from '../../worker/jpeg/effort-size.ts';
import { MAX_SIDE } from '../../worker/limits.ts';
import { load } from '../helpers/images.ts';
import { judgeByDjpeg } from '../helpers/jpeg-judge.ts';
import { hasJudge } from '../helpers/judges.ts';
import { loadTestKernels } from '../helpers/kernels.ts';
import { pngcheck } from '../helpers/png-judge.ts';
import { type Pixels } from '../helpers/scene.ts';

const instance = await loadTestKernels();
const kernels = await loadKernels(await readFile(new URL('../../build/kernels.wasm', import.meta.url)));
beforeEach(() => instance.memory.reset());

const LIMIT = 65500;
const PNG_LIMIT = 1_000_000;
const WAYS: Record<string, JpegOptions> = {
  speed: { effort: 'speed' },
  balanced: { effort: 'balanced' },
  size: { effort: 'size' },
  maxBytes: { maxBytes: 400_000 },
  '4:4:4': { chromaSubsampling: '4:4:4' },
};
const SETTINGS = { quality: 0.9, chromaSubsampling: '4:2:0', effort: 'balanced' } as const;

/** A slow gradient along the longer side, so that a column out of its place shows. */
function long(width: number, height: number): Pixels {
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let i = 0; i < width * height; i++) {
    const along = width > height ? (i % width) / width : i / (width * height);
    data[i * 4] = along * 255;
    data[i * 4 + 1] = 255 - along * 255;
  }
  return { data, width, height };
}

describe.each(Object.entries(WAYS))('JPEG, %s', (_, options) => {
  test.each([
    [LIMIT, 1],
    [LIMIT, 16],
    [1, LIMIT],
    [16, LIMIT],
    [LIMIT, 9],
  ])('%i × %i is opened by djpeg and sharp', async (width, height) => {
    const pixels = long(width, height);
    const jpeg = kernels.encodeJpeg(pixels, options);
    judgeByDjpeg(jpeg, pixels);
    const { data, info } = await sharp(jpeg, { failOn: 'warning' }).raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height]).toEqual([width, height]);
    for (const i of [0, Math.floor(data.length / 9) * 3, data.length - 3]) {
      expect(Math.abs(data[i]! - pixels.data[(i / 3) * 4]!)).toBeLessThan(12);
    }
  });

  test.each([LIMIT + 1, 65535, 65536, 70000, 116505])(
    'a side of %i throws a RangeError, as width and as height',
    (side) => {
      for (const pixels of [long(side, 2), long(2, side)]) {
        expect(() => kernels.encodeJpeg(pixels, options)).toThrow(RangeError);
        expect(() => kernels.encodeJpeg(pixels, options)).toThrow(`at most ${LIMIT}`);
      }
      // The kernels work on.
      expect(kernels.encodeJpeg(long(8, 8), { quality: 0.5 }).length).toBeGreaterThan(0);
    },
  );
});

test.each([LIMIT + 1, 65536, 116505])('every encoder refuses a JPEG of %i pixels a side', (side) => {
  for (const pixels of [long(side, 1), long(1, side)]) {
    instance.memory.reset();
    const image = load(instance, pixels);
    expect(() => encodeJpeg(instance, image, SETTINGS)).toThrow(RangeError);
    expect(() => encodeSmall(instance, image, SETTINGS)).toThrow(RangeError);
  }
});

test('parts cannot add up to a longer side', () => {
  const rows = Math.ceil((LIMIT + 1) / 16);
  const place = { firstRow: 0, rows, height: LIMIT + 1 };
  const image = load(instance, long(16, 16));
  expect(() => encodePart(instance, image, place, SETTINGS)).toThrow(RangeError);
  const part = tokenisePart(instance, image, SETTINGS);
  expect(() => codePart(instance, part, { ...place, counts: part.counts }, {})).toThrow(RangeError);
  expect(() => codePart(instance, part, { ...place, height: LIMIT, counts: part.counts }, {})).not.toThrow();
});

test('planGeometry throws for such a side, with and without scaling', () => {
  const tiny = { width: 2, height: 2 };
  for (const side of [LIMIT + 1, 65536, 116505]) {
    for (const size of [
      { width: side, height: 2 },
      { width: 2, height: side },
    ]) {
      expect(() => planGeometry(size, size, { fit: 'cover', type: 'image/jpeg' })).toThrow(`at most ${LIMIT}`);
      expect(planGeometry(size, size, { fit: 'cover', type: 'image/png' })).toMatchObject(size);
      const both = { imageWidth: size.width, imageHeight: size.height, fit: 'fill' } as const;
      expect(() => planGeometry(tiny, tiny, { ...both, type: 'image/jpeg' })).toThrow(`at most ${LIMIT}`);
    }
    const wide = { width: side, height: 3 };
    expect(() => planGeometry(wide, wide, { imageHeight: 3, fit: 'cover', type: 'image/jpeg' })).toThrow('imageHeight');
    expect(planGeometry(wide, wide, { imageWidth: 100, fit: 'cover', type: 'image/jpeg' }).width).toBe(100);
  }
});

describe('PNG', () => {
  test.each([
    [PNG_LIMIT, 1],
    [1, PNG_LIMIT],
    [65536, 3],
  ])('%i × %i is lossless in pngcheck and sharp', async (width, height) => {
    const pixels = long(width, height);
    for (const effort of ['speed', 'balanced', 'size'] as const) {
      const png = kernels.encodePng(pixels, { effort });
      if (hasJudge('pngcheck')) expect(pngcheck(png)).toBeUndefined();
      const read = sharp(png, { limitInputPixels: false }).ensureAlpha().raw();
      expect(Buffer.compare(await read.toBuffer(), Buffer.from(pixels.data.buffer))).toBe(0);
    }
  });

  test('a longer side throws a RangeError, as width and as height', () => {
    for (const pixels of [long(PNG_LIMIT + 1, 1), long(1, PNG_LIMIT + 1)]) {
      expect(() => kernels.encodePng(pixels)).toThrow(RangeError);
      expect(() => kernels.encodePng(pixels)).toThrow(`at most ${PNG_LIMIT}`);
    }
  });
});

test('resize() makes pixels of every size that a file can hold', () => {
  expect(MAX_SIDE).toEqual({ 'image/jpeg': LIMIT, 'image/png': PNG_LIMIT });
  const { data, width, height } = kernels.resize(long(50, 2), { width: 116505, height: 3 });
  expect([width, height, data.length]).toEqual([116505, 3, 116505 * 3 * 4]);
  expect([data[0]! < 6, data[(width - 1) * 4]! > 240]).toEqual([true, true]);
  expect(kernels.resize(long(116505, 2), { width: 50, height: 2, fit: 'fill' }).data[49 * 4]!).toBeGreaterThan(240);
  expect(() => kernels.resize(long(8, 8), { width: PNG_LIMIT + 1, height: 1 })).toThrow(RangeError);
  expect(() => kernels.resize(long(2, 300), { width: 100_000 })).toThrow('options.imageWidth of 100000');
});
