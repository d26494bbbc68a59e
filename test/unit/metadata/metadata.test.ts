import ExifReader from 'exifreader';
import fc from 'fast-check';
import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { loadKernels, type Image } from '../../../src/kernels.ts';
import { iccProfile } from '../../../worker/metadata/icc.ts';
import type { PhotoMetadata } from '../../../worker/metadata/photo-metadata.ts';
import { jpegSegments } from '../../../worker/metadata/jpeg-segments.ts';
import { resolveOptions } from '../../../worker/options.ts';
import { FULL_METADATA, GOLDEN_METADATA, metadataBytes } from '../../helpers/golden-metadata.ts';
import { sha256 } from '../../helpers/golden-jpeg.ts';
import { djpeg, exiftool, hasJudge, pngcheck } from '../../helpers/judges.ts';
import { drawn, noise, scene } from '../../helpers/scene.ts';

const kernels = await loadKernels(await readFile(new URL('../../../build/kernels.wasm', import.meta.url)));
const JUDGES = ['exiftool', 'pngcheck', 'djpeg'] as const;
const judged = test.extend<{ judges: void }>({
  judges: [
    async ({ skip }, use) => {
      const missing = JUDGES.filter((name) => !hasJudge(name));
      skip(missing.length > 0, `not installed: ${missing.join(', ')}`);
      await use();
    },
    { auto: true },
  ],
});
const KINDS = ['jpeg', 'png'] as const;
type Kind = (typeof KINDS)[number];

function write(kind: Kind, image: Image, metadata: PhotoMetadata | false | undefined): Uint8Array<ArrayBuffer> {
  return kind === 'jpeg' ? kernels.encodeJpeg(image, { metadata }) : kernels.encodePng(image, { metadata });
}

/** A file whose checkers have no complaint, and what exiftool reads in it. */
function judge(kind: Kind, metadata: PhotoMetadata | false | undefined, image: Image = scene(240, 180)) {
  const file = write(kind, image, metadata);
  if (kind === 'jpeg') djpeg(file);
  else pngcheck(file);
  const tags = exiftool(file);
  expect([tags['ExifTool:Validate'], tags['ExifTool:Warning'], tags['ExifTool:Error']]).toEqual([
    '0 0 0',
    undefined,
    undefined,
  ]);
  return { file, tags };
}

describe('Exif', () => {
  judged.each(KINDS)('every value is read back by exiftool from a %s', (kind) => {
    expect(judge(kind, FULL_METADATA).tags).toMatchObject({
      'IFD0:ImageDescription': 'One line\nand another',
      'IFD0:Make': 'Łódź Cameras',
      'IFD0:Model': 'M "1"',
      'IFD0:Orientation': 1,
      'IFD0:Software': 'Motordrive 0.1.0',
      'IFD0:ModifyDate': '2026:03:01 05:45:00',
      'IFD0:Artist': 'Änne 写真',
      'IFD0:Copyright': '© 2026 Änne',
      'ExifIFD:ExifVersion': '0232',
      'ExifIFD:DateTimeOriginal': '2026:03:01 04:15:59',
      'ExifIFD:SubSecTimeOriginal': '007',
      'ExifIFD:OffsetTimeOriginal': '+05:45',
      'ExifIFD:SubSecTime': 500,
      'ExifIFD:OffsetTime': '+05:45',
      'ExifIFD:ExposureTime': expect.closeTo(1 / 30, 9),
      'ExifIFD:FNumber': 2.8,
      'ExifIFD:ISO': 400,
      'ExifIFD:ExposureCompensation': expect.closeTo(-2 / 3, 9),
      'ExifIFD:ExposureMode': 1,
      'ExifIFD:WhiteBalance': 0,
      'ExifIFD:Flash': 1,
      'ExifIFD:FocalLength': 4.25,
      'ExifIFD:SubjectDistance': 1.5,
      'ExifIFD:ColorSpace': 1,
      'ExifIFD:ExifImageWidth': 240,
      'ExifIFD:ExifImageHeight': 180,
      'Composite:GPSLatitude': expect.closeTo(-33.8567844, 7),
      'Composite:GPSLongitude': expect.closeTo(-151.2152967, 7),
      'Composite:GPSAltitude': -430.5,
      'GPS:GPSHPositioningError': 4.5,
      'GPS:GPSTrack': 271.5,
      'GPS:GPSSpeed': 5.4,
      'Composite:GPSDateTime': '2026:02:28 22:30:58.25Z',
    });
  });

  judged.each(KINDS)('a %s of which little is known has what Exif requires, and no position', (kind) => {
    const { tags } = judge(kind, {});
    expect(tags).toMatchObject({
      'IFD0:Orientation': 1,
      'ExifIFD:ExifImageWidth': 240,
      'ExifIFD:ExifImageHeight': 180,
    });
    expect(
      Object.keys(tags).filter((name) => /GPS|Date|Make|Software|Thumb/.test(name.replace(/^(File|System):.*/, ''))),
    ).toEqual([]);
  });

  judged.each(KINDS)('without metadata a %s has none', (kind) => {
    for (const none of [false, undefined] as const) {
      const { tags } = judge(kind, none);
      expect(
        Object.keys(tags).filter((name) => /^(IFD|Exif|GPS|PNG-pHYs|ICC)/.test(name) && !name.startsWith('ExifTool')),
      ).toEqual([]);
    }
    expect(write(kind, scene(50, 40), false)).toEqual(write(kind, scene(50, 40), undefined));
  });

  test.each([
    ['1965-03-04T05:06:07.089Z', '-03:30', '1965:03:04 01:36:07', '089'],
    ['2026-01-01T00:00:00Z', '+05:45', '2026:01:01 05:45:00', '000'],
    ['2026-01-01T00:00:00Z', '-00:30', '2025:12:31 23:30:00', '000'],
    ['0001-01-02T00:00:00Z', '-12:00', '0001:01:01 12:00:00', '000'],
    ['2024-02-29T12:00:00.999Z', '+14:00', '2024:03:01 02:00:00', '999'],
  ])('%s at %s is %s', (instant, offsetTime, local, fraction) => {
    const file = write('jpeg', scene(16, 16), { dateTimeOriginal: new Date(instant), offsetTime });
    const { DateTimeOriginal, SubSecTimeOriginal, OffsetTimeOriginal } = ExifReader.load(file.buffer);
    expect([DateTimeOriginal, SubSecTimeOriginal, OffsetTimeOriginal].map((tag) => tag?.description)).toEqual([
      local,
      fraction,
      offsetTime,
    ]);
  });

  test('without an offset the time zone is that of the host, and the moment is the same', () => {
    for (const instant of ['2026-07-01T12:00:00Z', '2026-01-01T12:00:00Z', '1930-01-01T12:00:00Z']) {
      const file = write('png', scene(16, 16), { dateTimeOriginal: new Date(instant) });
      const { DateTimeOriginal, OffsetTimeOriginal } = ExifReader.load(file.buffer);
      const [day, time] = DateTimeOriginal!.description.split(' ');
      const told = `${day!.replaceAll(':', '-')}T${time!}${OffsetTimeOriginal!.description}`;
      expect(Date.parse(told)).toBe(Date.parse(instant));
    }
  });

  test('numbers of any size are stored to a billionth, positions to a centimetre', () => {
    const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
    const shots = fc.record({
      exposureTime: fc.oneof(
        number(1e-5, 4000),
        fc.integer({ min: 1, max: 32000 }).map((n) => 1 / n),
      ),
      subjectDistance: fc.oneof(number(1e-3, 1e6), fc.constant(Infinity)),
      exposureBiasValue: number(-5, 5),
      photographicSensitivity: fc.integer({ min: 1, max: 3_000_000 }),
      gps: fc.record({ latitude: number(-90, 90), longitude: number(-180, 180), altitude: number(-11000, 1e6) }),
    });
    const image = scene(8, 8);
    fc.assert(
      fc.property(shots, fc.constantFrom(...KINDS), (shot, kind) => {
        const { exif, gps } = ExifReader.load(write(kind, image, shot).buffer, { expanded: true });
        const ratio = (tag: { value: unknown } | undefined): number => {
          const [p, q] = tag!.value as [number, number];
          return p === 0xffffffff ? Infinity : p / q;
        };
        const near = (value: number, wanted: number, bound: number): void => {
          if (value !== wanted) expect(Math.abs(value - wanted)).toBeLessThanOrEqual(bound);
        };
        near(ratio(exif!.ExposureTime), shot.exposureTime, shot.exposureTime * 1e-5);
        near(ratio(exif!.SubjectDistance), shot.subjectDistance, shot.subjectDistance * 1e-6);
        near(ratio(exif!.ExposureBiasValue), shot.exposureBiasValue, 1e-8);
        const iso = exif as Record<string, { value: unknown } | undefined>;
        expect(iso['ISOSpeed']?.value ?? iso['ISOSpeedRatings']?.value).toBe(shot.photographicSensitivity);
        near(gps!.Latitude!, shot.gps.latitude, 1e-7);
        near(gps!.Longitude!, shot.gps.longitude, 1e-7);
        near(gps!.Altitude!, shot.gps.altitude, Math.abs(shot.gps.altitude) * 1e-8 + 1e-9);
      }),
      { numRuns: 300, seed: 3 },
    );
  });

  judged('an empty string leaves a field out; control characters pass', () => {
    for (const kind of KINDS) {
      const { tags } = judge(kind, { make: '', software: '', artist: 'a\x01b', model: 'M' });
      expect([tags['IFD0:Make'], tags['IFD0:Software'], tags['IFD0:Model']]).toEqual([undefined, undefined, 'M']);
    }
  });

  judged.each(KINDS)('the longest text fits a %s beside the largest thumbnail', (kind) => {
    const long = { imageDescription: 'é'.repeat(16384), thumbnail: true };
    const { tags } = judge(kind, long, noise(640, 480, 1, true));
    expect(String(tags['IFD0:ImageDescription']).length).toBe(16384);
    expect(tags['IFD1:ThumbnailLength']).toBeGreaterThan(5000);
  });
});

describe('segments and chunks', () => {
  test('have the same bytes in every engine', async () => {
    expect(await sha256(metadataBytes())).toBe(GOLDEN_METADATA);
  });

  judged.each(KINDS)('are written whole around a %s of one pixel', (kind) => {
    const image: Image = { ...scene(1, 1), colorSpace: 'display-p3' };
    const { tags } = judge(kind, { imageDescription: 'x'.repeat(32768), thumbnail: true }, image);
    expect(String(tags['IFD0:ImageDescription']).length).toBe(32768);
  });

  test('a profile takes as many segments as it needs, Exif no more than one', async () => {
    const profile = new Uint8Array(100_000).fill(7);
    const segments = jpegSegments(undefined, profile);
    const lengths = [65535, 100_000 - 65519 + 16];
    expect([...segments.subarray(0, 4)]).toEqual([0xff, 0xe2, 0xff, 0xff]);
    expect([...segments.subarray(16, 18)]).toEqual([1, 2]);
    expect([...segments.subarray(65537, 65541)]).toEqual([0xff, 0xe2, lengths[1]! >> 8, lengths[1]! & 255]);
    expect(segments.length).toBe(lengths[0]! + lengths[1]! + 4);
    expect(jpegSegments(new Uint8Array(65527), undefined).length).toBe(65537);
    expect(() => jpegSegments(new Uint8Array(65528), undefined)).toThrow(RangeError);
  });
});

describe('thumbnail', () => {
  test.each([
    [1600, 900, 160, 90],
    [300, 1200, 30, 120],
    [100, 50, 100, 50],
    [4000, 2, 160, 1],
  ])('of %i × %i pixels is %i × %i', async (width, height, thumbWidth, thumbHeight) => {
    const image = drawn(width, height, (x, y) => [(x * 255) / width, (y * 255) / height, 200 - (x * 90) / width, 255]);
    for (const kind of KINDS) {
      const file = write(kind, image, { thumbnail: true });
      const { Thumbnail } = ExifReader.load(file.buffer);
      const jpeg = Buffer.from(Thumbnail!.image as ArrayBuffer);
      // No application segment: a quantisation table comes first.
      expect([...jpeg.subarray(0, 4)]).toEqual([0xff, 0xd8, 0xff, 0xdb]);
      const { data, info } = await sharp(jpeg).raw().toBuffer({ resolveWithObject: true });
      expect([info.width, info.height]).toEqual([thumbWidth, thumbHeight]);
      const wanted = await sharp(file).resize(thumbWidth, thumbHeight, { fit: 'fill' }).removeAlpha().raw().toBuffer();
      const error = data.reduce((sum, byte, i) => sum + Math.abs(byte - wanted[i]!), 0) / data.length;
      expect(error).toBeLessThan(3);
    }
  });
});

describe('Display P3', () => {
  /** The profile's matrix from the chromaticities of its definition. */
  test('has the primaries of P3 under D65, adapted to D50', () => {
    const profile = iccProfile('display-p3')!;
    const view = new DataView(profile.buffer);
    const columns = [0, 1, 2].map((i) => {
      const at = view.getUint32(128 + 4 + 12 * (4 + i) + 4);
      return [8, 12, 16].map((offset) => view.getInt32(at + offset));
    });
    const chad = view.getUint32(128 + 4 + 12 * 3 + 4);
    const adapt = Array.from({ length: 9 }, (_, i) => view.getInt32(chad + 8 + 4 * i) / 65536);
    const xyz = (x: number, y: number): number[] => [x / y, 1, (1 - x - y) / y];
    const adapted = (v: number[]): number[] =>
      [0, 3, 6].map((r) => v.reduce((sum, c, i) => sum + c * adapt[r + i]!, 0));
    const [white, ...sum] = [adapted(xyz(0.3127, 0.329)), ...columns];
    for (let i = 0; i < 3; i++) {
      expect(white![i]).toBeCloseTo([0xf6d6, 0x10000, 0xd32d][i]! / 65536, 4);
      expect(sum.reduce((all, column) => all + column[i]!, 0)).toBe([0xf6d6, 0x10000, 0xd32d][i]);
    }
    [xyz(0.68, 0.32), xyz(0.265, 0.69), xyz(0.15, 0.06)].forEach((primary, i) => {
      const share = (v: number[]): number[] => v.map((part) => part / (v[0]! + v[1]! + v[2]!));
      const [wanted, got] = [share(adapted(primary)), share(columns[i]!)];
      got.forEach((part, axis) => expect(part).toBeCloseTo(wanted[axis]!, 4));
    });
  });

  judged.each(KINDS)('a %s keeps its pixels and carries the profile, with metadata or without', async (kind) => {
    for (const metadata of [undefined, false, FULL_METADATA] as const) {
      const image: Image = { ...scene(240, 180), colorSpace: 'display-p3' };
      const { file, tags } = judge(kind, metadata, image);
      expect(tags).toMatchObject({
        'ICC_Profile:ProfileDescription': 'Display P3',
        'ICC-header:ColorSpaceData': 'RGB ',
      });
      if (metadata) expect(tags['ExifIFD:ColorSpace']).toBe(0xffff);
      const { icc } = await sharp(file).metadata();
      expect(Buffer.from(iccProfile('display-p3')!).equals(icc!)).toBe(true);
    }
  });

  judged('a grey JPEG has one component and no profile, as it means the same', () => {
    const grey = drawn(64, 48, (x, y) => [x * 4, x * 4, x * 4, 255].map((v, c) => (c < 3 ? (v + y) & 255 : v)));
    const { tags } = judge('jpeg', FULL_METADATA, { ...grey, colorSpace: 'display-p3' });
    expect([tags['File:ColorComponents'], tags['ICC_Profile:ProfileDescription']]).toEqual([1, undefined]);
  });

  test('is shown by sharp in the colours of the standard', async () => {
    const colours = [200, 60, 40, 255, 60, 180, 90, 255, 30, 80, 160, 255, 128, 128, 128, 255];
    const image: Image = { data: Uint8Array.from(colours), width: 4, height: 1, colorSpace: 'display-p3' };
    const shown = await sharp(write('png', image, undefined))
      .toColourspace('srgb')
      .raw()
      .toBuffer();
    const wanted = [];
    for (let i = 0; i < 16; i += 4) wanted.push(...p3ToSrgb(colours.slice(i, i + 3)));
    for (const [i, byte] of shown.entries()) expect(Math.abs(byte - wanted[i]!)).toBeLessThanOrEqual(1);
  });

  test('is kept when a photo is resized and red eyes are corrected', () => {
    const image: Image = { ...scene(32, 32), colorSpace: 'display-p3' };
    expect(kernels.resize(image, { width: 16 }).colorSpace).toBe('display-p3');
    expect(kernels.reduceRedEye(image).image.colorSpace).toBe('display-p3');
    expect('colorSpace' in kernels.resize(scene(8, 8), { width: 4 })).toBe(false);
  });
});

/** By the definition of CSS Color 4, 10.4: linear light, Display P3 → XYZ → sRGB. */
function p3ToSrgb(rgb: number[]): number[] {
  const linear = rgb.map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
  const matrix = [1.2249401, -0.2249402, 0, -0.0420569, 1.0420571, 0, -0.0196376, -0.0786507, 1.0982884];
  return [0, 3, 6].map((r) => {
    const v = Math.min(
      1,
      Math.max(
        0,
        linear.reduce((sum, c, i) => sum + c * matrix[r + i]!, 0),
      ),
    );
    return Math.round(255 * (v <= 0.0031308 ? 12.92 * v : 1.055 * v ** (1 / 2.4) - 0.055));
  });
}

describe('metadata that is refused', () => {
  test.each<[unknown, string, string]>([
    [null, 'TypeError', 'metadata'],
    [true, 'TypeError', 'metadata'],
    ['exif', 'TypeError', 'metadata'],
    [{ make: 5 }, 'TypeError', 'make'],
    [{ make: 'a\0b' }, 'RangeError', 'make'],
    [{ imageDescription: 'x'.repeat(32769) }, 'RangeError', '32768'],
    [{ artist: '写'.repeat(8000), copyright: '写'.repeat(8000) }, 'RangeError', '48000'],
    [{ dateTimeOriginal: 0 }, 'TypeError', 'dateTimeOriginal'],
    [{ dateTimeOriginal: new Date(NaN) }, 'TypeError', 'dateTimeOriginal'],
    [{ dateTime: new Date(8.64e15) }, 'RangeError', 'dateTime'],
    [{ dateTime: new Date(-8.64e15) }, 'RangeError', 'dateTime'],
    [{ offsetTime: 345 }, 'TypeError', 'offsetTime'],
    [{ offsetTime: '+5:45' }, 'RangeError', 'offsetTime'],
    [{ offsetTime: '+24:00' }, 'RangeError', 'offsetTime'],
    [{ offsetTime: 'Z' }, 'RangeError', 'offsetTime'],
    [{ exposureTime: '1/30' }, 'TypeError', 'exposureTime'],
    [{ exposureTime: 0 }, 'RangeError', 'exposureTime'],
    [{ exposureTime: Infinity }, 'RangeError', 'exposureTime'],
    [{ fNumber: NaN }, 'TypeError', 'fNumber'],
    [{ photographicSensitivity: 100.5 }, 'RangeError', 'photographicSensitivity'],
    [{ exposureBiasValue: -1e9 }, 'RangeError', 'exposureBiasValue'],
    [{ subjectDistance: -1 }, 'RangeError', 'subjectDistance'],
    [{ whiteBalance: 1 }, 'TypeError', 'whiteBalance'],
    [{ flash: 1 }, 'TypeError', 'flash'],
    [{ thumbnail: 'yes' }, 'TypeError', 'thumbnail'],
    [{ gps: 5 }, 'TypeError', 'gps'],
    [{ gps: {} }, 'TypeError', 'gps.latitude'],
    [{ gps: { latitude: 91, longitude: 0 } }, 'RangeError', 'gps.latitude'],
    [{ gps: { latitude: 0, longitude: -181 } }, 'RangeError', 'gps.longitude'],
    [{ gps: { latitude: 0, longitude: 0, altitude: 'high' } }, 'TypeError', 'gps.altitude'],
    [{ gps: { latitude: 0, longitude: 0, heading: 361 } }, 'RangeError', 'gps.heading'],
    [{ gps: { latitude: 0, longitude: 0, timestamp: 0 } }, 'TypeError', 'gps.timestamp'],
  ])('%o', (metadata, name, word) => {
    const attempt = (): unknown => resolveOptions({ metadata: metadata as PhotoMetadata });
    expect(attempt).toThrow(name === 'TypeError' ? TypeError : RangeError);
    expect(attempt).toThrow(word);
  });

  test('unknown members of a position are left out', () => {
    const coords = { latitude: 0, longitude: 180, altitude: null, accuracy: 10, heading: NaN, speed: null };
    const { metadata } = resolveOptions({ metadata: { gps: coords } });
    expect(metadata).toEqual({ gps: { latitude: 0, longitude: 180, accuracy: 10 } });
  });
});
