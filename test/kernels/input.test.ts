/** Whatever the kernels are given, they answer, with what was asked for or an error of its kind, and work on. */
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { loadKernels, type Image, type JpegOptions, type Kernels, type ResizeOptions } from '../../src/kernels.ts';
import { resolveOptions, type DevelopOptions } from '../../worker/options.ts';
import { noise, scene } from '../helpers/scene.ts';

const wasm = await readFile(new URL('../../build/kernels.wasm', import.meta.url));
const kernels = await loadKernels(wasm);
const good = scene(20, 14);

type Call = (kernels: Kernels, image: Image) => unknown;
const CALLS: Record<string, Call> = {
  encodeJpeg: (k, image) => k.encodeJpeg(image),
  'encodeJpeg size': (k, image) => k.encodeJpeg(image, { effort: 'size' }),
  encodePng: (k, image) => k.encodePng(image),
  resize: (k, image) => k.resize(image, { width: 10, height: 10 }),
  reduceRedEye: (k, image) => k.reduceRedEye(image),
};

/** What all calls give for a good image. */
const answers = (): string => JSON.stringify(Object.values(CALLS).map((call) => call(kernels, good)));
const expected = answers();

function detached(): Image {
  const image = scene(20, 14);
  structuredClone(image.data.buffer, { transfer: [image.data.buffer] });
  return image;
}

const bytes = (length: number): Uint8Array<ArrayBuffer> => new Uint8Array(length);
const BAD_IMAGES: [string, unknown, 'TypeError' | 'RangeError'][] = [
  ['null', null, 'TypeError'],
  ['undefined', undefined, 'TypeError'],
  ['a number', 5, 'TypeError'],
  ['a string', 'image', 'TypeError'],
  ['nothing in it', {}, 'TypeError'],
  ['no data', { width: 2, height: 2 }, 'TypeError'],
  ['null for data', { data: null, width: 2, height: 2 }, 'TypeError'],
  ['an array for data', { data: new Array(16).fill(0), width: 2, height: 2 }, 'TypeError'],
  ['what looks like bytes', { data: { BYTES_PER_ELEMENT: 1, length: 16 }, width: 2, height: 2 }, 'TypeError'],
  ['a buffer for data', { data: new ArrayBuffer(16), width: 2, height: 2 }, 'TypeError'],
  ['a DataView', { data: new DataView(new ArrayBuffer(16)), width: 2, height: 2 }, 'TypeError'],
  ['words', { data: new Uint16Array(16), width: 2, height: 2 }, 'TypeError'],
  ['floats', { data: new Float32Array(16), width: 2, height: 2 }, 'TypeError'],
  ['a detached buffer', detached(), 'RangeError'],
  ['too little data', { data: bytes(15), width: 2, height: 2 }, 'RangeError'],
  ['too much data', { data: bytes(17), width: 2, height: 2 }, 'RangeError'],
  ['no width', { data: bytes(16), height: 2 }, 'TypeError'],
  ['a width of 0', { data: bytes(0), width: 0, height: 2 }, 'RangeError'],
  ['a height of 0', { data: bytes(0), width: 2, height: 0 }, 'RangeError'],
  ['a negative width', { data: bytes(16), width: -2, height: -2 }, 'RangeError'],
  ['half a pixel', { data: bytes(16), width: 1.5, height: 2 }, 'RangeError'],
  ['NaN', { data: bytes(16), width: NaN, height: 2 }, 'RangeError'],
  ['Infinity', { data: bytes(16), width: Infinity, height: 2 }, 'RangeError'],
  ['a string for width', { data: bytes(16), width: '2', height: 2 }, 'TypeError'],
  ['null for height', { data: bytes(16), width: 2, height: null }, 'TypeError'],
  ['2^31 wide', { data: bytes(16), width: 2 ** 31, height: 2 }, 'RangeError'],
  ['2^53 wide', { data: bytes(16), width: 2 ** 53, height: 2 ** 53 }, 'RangeError'],
  ['a foreign colour space', { data: bytes(16), width: 2, height: 2, colorSpace: 'rec2020' }, 'TypeError'],
  ['a number for colour space', { data: bytes(16), width: 2, height: 2, colorSpace: 3 }, 'TypeError'],
];

describe.each(Object.entries(CALLS))('%s', (_, call) => {
  test.each(BAD_IMAGES)('throws an error that names the member for %s, and works afterwards', (_, image, name) => {
    const error = thrown(() => call(kernels, image as Image));
    expect(error.name).toBe(name);
    expect(error.message).toMatch(/^image/);
    expect(answers()).toBe(expected);
  });

  test.each([
    [1, 1],
    [1, 2],
    [3, 1],
    [17, 15],
    [255, 1],
    [1, 257],
  ])('accepts %i × %i and does not change it', (width, height) => {
    const image = noise(width, height, 7, false);
    const before = image.data.slice();
    expect(call(kernels, image)).toBeDefined();
    expect(image.data).toEqual(before);
  });

  test('accepts bytes in the middle of a buffer', () => {
    const around = new Uint8Array(good.data.length + 9);
    around.set(good.data, 5);
    const data = around.subarray(5, 5 + good.data.length);
    expect(JSON.stringify(call(kernels, { ...good, data }))).toBe(JSON.stringify(call(kernels, good)));
  });

  test('throws a RangeError when memory does not suffice, and works afterwards', () => {
    const image = { data: new Uint8Array(20_000 * 14_000 * 4), width: 20_000, height: 14_000 };
    const error = thrown(() => call(kernels, image));
    expect(error).toBeInstanceOf(RangeError);
    expect(error.message).toContain('MiB of working memory');
    expect(answers()).toBe(expected);
  });

  test('works when a getter of the image calls the same kernels', () => {
    for (const member of ['data', 'width', 'height', 'colorSpace'] as const) {
      let reads = 0;
      const image = Object.defineProperty({ ...good, colorSpace: 'srgb' as const }, member, {
        get: () => {
          reads++;
          kernels.encodePng(noise(90, 80, 3));
          return member === 'colorSpace' ? 'srgb' : good[member];
        },
      });
      const given = { ...good, colorSpace: 'srgb' as const };
      expect(JSON.stringify(call(kernels, image))).toBe(JSON.stringify(call(kernels, given)));
      expect(reads).toBe(1);
    }
  });
});

const NUMBERS = [NaN, '5', null, {}, true];
const WRONG: [keyof DevelopOptions, readonly unknown[], readonly unknown[]][] = [
  ['imageWidth', NUMBERS, [0, -1, -Infinity, Infinity, 65501, 65536, 1e9]],
  ['imageHeight', NUMBERS, [0, -0.4, Infinity, 65501, 65536]],
  ['quality', NUMBERS, [-0.01, 1.01, Infinity]],
  ['maxBytes', NUMBERS, [0, -1, 0.5, 1e300]],
  ['workers', NUMBERS, [0, 1.5]],
  ['fit', ['', 'COVER', 1, null], []],
  ['kernel', ['', 'nearest', null], []],
  ['type', ['', 'image/webp', 'jpeg', null], []],
  ['effort', ['', 'fast', 0, null], []],
  ['chromaSubsampling', ['420', null], []],
  ['background', ['', 'red', '#12', '#1234567', '#ggg', 0, null], []],
  ['mirror', [0, 'yes', null], []],
  ['linear', [1, null], []],
  ['redEyeReduction', [1, null], []],
  ['measureSharpness', [1, null], []],
  ['metadata', [null, true, 'none', 5], []],
  ['signal', [null, {}, 5], []],
];

describe('options', () => {
  test.each(WRONG)('%s', (name, kinds, values) => {
    for (const [given, error] of [
      ...kinds.map((value) => [value, TypeError] as const),
      ...values.map((value) => [value, RangeError] as const),
    ]) {
      const refused = thrown(() => resolveOptions({ [name]: given }));
      expect([given, refused]).toEqual([given, expect.any(error)]);
      expect(refused.message).toContain(`options.${name} `);
    }
    expect(resolveOptions({ [name]: undefined })).toEqual(resolveOptions());
  });

  test.each([
    [{ imageWidth: 65500 }, { imageWidth: 65500 }],
    [{ imageWidth: 65500.49 }, { imageWidth: 65500 }],
    [{ imageHeight: 0.2 }, { imageHeight: 1 }],
    [{ imageHeight: 1_000_000, type: 'image/png' as const }, { imageHeight: 1_000_000 }],
    [{ quality: 0 }, { quality: 0 }],
    [{ maxBytes: Infinity }, { maxBytes: Infinity }],
    [{ workers: Infinity }, { workers: Infinity }],
  ])('%o is accepted', (options, settings) => {
    expect(resolveOptions(options)).toMatchObject(settings);
  });

  test.each([null, 5, 'fast', true])('%o throws a TypeError', (options) => {
    expect(() => resolveOptions(options as unknown as DevelopOptions)).toThrow(TypeError);
  });

  test('each option is read once', () => {
    const reads: string[] = [];
    resolveOptions(
      new Proxy<DevelopOptions>(
        {},
        { get: (_, name) => (reads.push(String(name)), name === 'metadata' ? false : undefined) },
      ),
    );
    expect(reads.length).toBe(new Set(reads).size);
    for (const [name] of WRONG) expect(reads).toContain(name);
  });

  test('a getter of an option may call the same kernels', () => {
    const call = (options: JpegOptions): string => JSON.stringify(kernels.encodeJpeg(good, options));
    for (const name of ['quality', 'effort', 'maxBytes', 'metadata', 'chromaSubsampling'] as const) {
      const options = Object.defineProperty({}, name, { get: () => void kernels.encodePng(noise(90, 80, 3)) });
      expect(call(options)).toBe(call({}));
    }
    const size = {
      height: 9,
      get width() {
        return kernels.encodePng(good).length > 0 ? 12 : 0;
      },
    };
    expect(kernels.resize(good, size)).toEqual(kernels.resize(good, { width: 12, height: 9 }));
  });

  test.each([
    [{ width: 0 }, RangeError],
    [{ width: '9' }, TypeError],
    [{ width: NaN }, TypeError],
    [{ height: -3 }, RangeError],
    [{ height: Infinity }, RangeError],
    [{ width: 5, fit: 'inside' }, TypeError],
    [null, TypeError],
    [undefined, TypeError],
    [7, TypeError],
  ])('resize(image, %o) throws', (options, error) => {
    expect(() => kernels.resize(good, options as ResizeOptions)).toThrow(error);
    expect(answers()).toBe(expected);
  });

  test.each([null, 'fast', 3])('encodeJpeg(image, %o) throws a TypeError', (options) => {
    expect(() => kernels.encodeJpeg(good, options as unknown as JpegOptions)).toThrow(TypeError);
    expect(() => kernels.encodePng(good, options as unknown as JpegOptions)).toThrow(TypeError);
  });
});

function thrown(run: () => unknown): Error {
  try {
    run();
  } catch (error) {
    return error as Error;
  }
  throw new Error('Nothing was thrown.');
}
