import ExifReader from 'exifreader';
import { inflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { exif, type PhotoFacts } from '../../../worker/metadata/exif.ts';
import { resolveMetadata } from '../../../worker/metadata/photo-metadata.ts';
import { pngChunks } from '../../../worker/metadata/png-chunks.ts';

const MAX = 0xffffffff;
const day = (text: string): Date => new Date(text);

const facts: PhotoFacts = { type: 'image/jpeg', width: 1, height: 1, colorSpace: 'srgb', thumbnail: undefined };
/** An Exif block's tags, read behind JPEG's signature. */
const tags = (metadata: Parameters<typeof exif>[0]) => {
  const block = exif(metadata, facts);
  const size = block.length + 8;
  const head = [0xff, 0xd8, 0xff, 0xe1, size >> 8, size & 255, 0x45, 0x78, 0x69, 0x66, 0, 0];
  return ExifReader.load(Uint8Array.from([...head, ...block, 0xff, 0xd9]).buffer) as unknown as Record<
    string,
    { value: unknown } | undefined
  >;
};

describe('limits', () => {
  test.each<[string, number, number, number]>([
    ['exposureTime', 1e-9, MAX, 0.5],
    ['fNumber', 1e-3, MAX, 0.5],
    ['photographicSensitivity', 1, MAX, 1],
    ['exposureBiasValue', -1000, 1000, 0.001],
    ['focalLength', 1e-3, MAX, 0.5],
    ['subjectDistance', 1e-9, MAX - 1, 0.5],
    ['gps.latitude', -90, 90, 0.001],
    ['gps.longitude', -180, 180, 0.001],
    ['gps.altitude', -1e6, 1e9, 1],
    ['gps.accuracy', 0, 1e9, 1],
    ['gps.heading', 0, 360, 0.001],
    ['gps.speed', 0, 1e9, 1],
  ])('of %s are %d and %d', (path, min, max, step) => {
    const [group, name] = path.split('.') as [string, string | undefined];
    const resolve = (value: number) =>
      resolveMetadata(name ? { gps: { latitude: 0, longitude: 0, [name]: value } } : { [group]: value });
    const kept = (value: number) => (name ? { gps: { [name]: value } } : { [group]: value });
    for (const value of [min, max]) expect(resolve(value)).toMatchObject(kept(value));
    for (const value of [min > 0 ? min * 0.999 : min - step, max + step]) {
      expect(() => resolve(value)).toThrow(RangeError);
    }
  });

  test('allow Infinity for the distance of the subject only', () => {
    expect(resolveMetadata({ subjectDistance: Infinity })).toEqual({ subjectDistance: Infinity });
    expect(() => resolveMetadata({ focalLength: Infinity })).toThrow(RangeError);
  });

  test('are named in errors, as numbers or as whole numbers', () => {
    expect(() => resolveMetadata({ fNumber: 0 })).toThrow('metadata.fNumber must be from 0.001 to 4294967295, not 0.');
    expect(() => resolveMetadata({ photographicSensitivity: 1.5 })).toThrow('must be a whole number from 1 to');
  });

  test('of dates leave a day of margin in the years 1 to 9999', () => {
    for (const dateTime of [day('0001-01-02T00:00Z'), day('9999-12-30T00:00Z')]) {
      expect(resolveMetadata({ dateTime })).toEqual({ dateTime });
    }
    for (const dateTime of [day('0001-01-01T23:59:59.999Z'), day('9999-12-30T00:00:00.001Z')]) {
      expect(() => resolveMetadata({ dateTime })).toThrow(RangeError);
    }
  });

  test('of offsets are a day less a minute, of texts 32 KiB together', () => {
    for (const offsetTime of ['+23:59', '-23:59', '+00:00'])
      expect(resolveMetadata({ offsetTime })).toEqual({ offsetTime });
    expect(() => resolveMetadata({ offsetTime: '-24:00' })).toThrow(RangeError);
    const texts = { make: 'x'.repeat(32767), artist: 'y' };
    expect(resolveMetadata(texts)).toEqual(texts);
    expect(() => resolveMetadata({ ...texts, model: 'z' })).toThrow(RangeError);
  });
});

describe('numbers in Exif', () => {
  test.each([
    [0.5, [1, 2]],
    [-2 / 3, [-2, 3]],
    [1 / 0x7fffffff, [1, 0x7fffffff]],
    [1 / 0x80000000, [0, 1]],
    [0, [0, 1]],
  ])('an exposure bias of %d is %o', (exposureBiasValue, fraction) => {
    expect(tags({ exposureBiasValue })['ExposureBiasValue']?.value).toEqual(fraction);
  });

  test.each([
    [1, undefined],
    [65535, undefined],
    [65536, 65536],
    [MAX, MAX],
  ])('ISO %d is written in 16 bits, and as ISOSpeed %s when it is larger', (iso, speed) => {
    const found = tags({ photographicSensitivity: iso });
    expect(found['ISOSpeedRatings']?.value).toBe(Math.min(iso, 65535));
    expect(found['ISOSpeed']?.value).toBe(speed);
  });
});

test.each([
  ['auto', false, 0],
  ['manual', true, 1],
] as const)('%s exposure and white balance, flash fired: %s', (mode, flash, value) => {
  const found = tags({ exposureMode: mode, whiteBalance: mode, flash });
  expect(['ExposureMode', 'WhiteBalance', 'Flash'].map((name) => found[name]?.value)).toEqual([value, value, value]);
});

test.each([
  [-0.5, 1, [1, 2]],
  [0, 0, [0, 1]],
  [430.5, 0, [861, 2]],
])('an altitude of %d m has the reference %i: below sea level is 1', (altitude, below, fraction) => {
  const found = tags({ gps: { latitude: 0, longitude: 0, altitude } });
  expect(Number(String(found['GPSAltitudeRef']?.value))).toBe(below);
  expect(found['GPSAltitude']?.value).toEqual(fraction);
});

test('a PNG without a profile has an sRGB chunk with perceptual intent', () => {
  expect(pngChunks(undefined, undefined, undefined)).toEqual([{ type: 'sRGB', data: Uint8Array.of(0) }]);
});

test.each([1, 65534, 65535, 65536, 131070, 131071])(
  'a profile of %i bytes is stored in as few blocks as hold it',
  (size) => {
    const profile = Uint8Array.from({ length: size }, (_, i) => i % 251);
    const [chunk] = pngChunks(undefined, undefined, profile);
    const stream = chunk!.data.subarray('Display P3'.length + 2);
    expect(Buffer.compare(inflateSync(stream), profile)).toBe(0);
    expect(stream.length).toBe(2 + size + 5 * Math.ceil(size / 65535) + 4);
  },
);
