/**
 * Cases of the fuzzer: plain data, so that one can be sent to another process, shrunk, printed and pasted into a test.
 */
import fc from 'fast-check';
import type { PackedImage, PlanarImage, YuvColour } from '../../worker/frame/image.ts';
import type { DevelopOptions } from '../../worker/options.ts';
import { ALPHAS, CONTENTS, type Alpha, type Content } from './content.ts';

export type Case = {
  /** Size of what is visible, as it is stored. */
  width: number;
  height: number;
  content: Content;
  seed: number;
  /** Of pixels with alpha. */
  alpha: Alpha;
  format: PackedImage['format'] | PlanarImage['format'];
  /** Of planes. */
  colour: YuvColour;
  /** Planes are filled with any codes, instead of those of colours. */
  anyCodes: boolean;
  colorSpace: PredefinedColorSpace;
  /** Stored samples around the visible ones. Above and on the left their number is even. */
  margin: { left: number; top: number; right: number; bottom: number };
  /** Pixels, or samples of planes, between the rows. */
  gap: number;
  rotation: 0 | 90 | 180 | 270;
  flip: boolean;
  /** Size at which the upright picture is to be shown, where its pixels are not square. */
  display: { width: number; height: number } | undefined;
  /** How they are wrong, if they are, is for `dueError` to say. */
  options: DevelopOptions;
};

const FORMATS = ['I420', 'NV12', 'I420', 'NV12', 'I420', 'NV12', 'RGBA', 'BGRA', 'RGBX', 'BGRX', 'RGBA'] as const;

/** The most pixels that a case may have before or after scaling. */
const MOST_PIXELS = 150_000;

const sides = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 64 }) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 300 }) },
  { weight: 1, arbitrary: fc.constantFrom(1, 2, 7, 8, 9, 15, 16, 17, 31, 32, 33, 48, 63, 64, 65) },
);

/** Strips up to the longest side that readers of JPEG open, and a little further. */
const strips = fc.record({ length: fc.integer({ min: 1, max: 65_503 }), other: fc.integer({ min: 1, max: 3 }) });

const common = fc.record({ width: sides, height: sides });
const sizes = fc.oneof(
  { weight: 150, arbitrary: common },
  { weight: 1, arbitrary: strips.map(({ length, other }) => ({ width: length, height: other })) },
  { weight: 1, arbitrary: strips.map(({ length, other }) => ({ width: other, height: length })) },
);

const even = fc.oneof(
  { withCrossShrink: true },
  { weight: 2, arbitrary: fc.constant(0) },
  fc.constantFrom(2, 4, 6, 16),
);
const few = fc.oneof(
  { withCrossShrink: true },
  { weight: 2, arbitrary: fc.constant(0) },
  fc.integer({ min: 0, max: 17 }),
);

/** Most photos leave an option out. */
function sometimes<T>(arbitrary: fc.Arbitrary<T>, weight = 1): fc.Arbitrary<T | undefined> {
  return fc.oneof({ withCrossShrink: true }, { weight: 3, arbitrary: fc.constant(undefined) }, { weight, arbitrary });
}

const wantedSides = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 1, max: 120 }) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 600 }) },
  { weight: 1, arbitrary: fc.double({ min: 0.01, max: 99, noNaN: true }) },
);

const texts = fc.string({ unit: 'grapheme', maxLength: 40 }).map((text) => text.replaceAll('\0', ''));

const dates = fc.date({ min: new Date('1995-01-02T00:00Z'), max: new Date('2100-01-01T00:00Z'), noInvalidDate: true });

/** Numbers of Exif, which are rational. */
const numbers = (min: number, max: number): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true });

const metadata = fc.record(
  {
    dateTimeOriginal: dates,
    dateTime: dates,
    offsetTime: fc.constantFrom('+00:00', '+05:45', '-03:30'),
    make: texts,
    model: texts,
    artist: texts,
    imageDescription: texts,
    exposureTime: numbers(1e-4, 60),
    fNumber: numbers(0.7, 64),
    photographicSensitivity: fc.integer({ min: 1, max: 1_000_000 }),
    exposureBiasValue: numbers(-10, 10),
    flash: fc.boolean(),
    focalLength: numbers(1, 2000),
    subjectDistance: fc.oneof(numbers(0.01, 1000), fc.constant(Infinity)),
    gps: fc.record(
      {
        latitude: numbers(-90, 90),
        longitude: numbers(-180, 180),
        altitude: numbers(-100, 9000),
        heading: numbers(0, 359),
        timestamp: dates,
      },
      { requiredKeys: ['latitude', 'longitude'] },
    ),
    thumbnail: fc.boolean(),
  },
  { requiredKeys: ['dateTime', 'dateTimeOriginal', 'offsetTime'] },
);

const options: fc.Arbitrary<DevelopOptions> = fc.record({
  type: fc.constantFrom(undefined, 'image/jpeg', 'image/jpeg', 'image/png'),
  quality: sometimes(fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true })), 4),
  effort: fc.constantFrom(undefined, 'speed', 'balanced', 'size'),
  maxBytes: sometimes(fc.oneof(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 300, max: 100_000 }))),
  chromaSubsampling: fc.constantFrom(undefined, '4:2:0', '4:2:2', '4:4:4'),
  imageWidth: sometimes(wantedSides),
  imageHeight: sometimes(wantedSides),
  fit: sometimes(fc.constantFrom('cover', 'contain', 'fill'), 3),
  background: sometimes(fc.constantFrom('#fff', '#0a7', '#ff0000', '#123456')),
  mirror: sometimes(fc.boolean()),
  kernel: sometimes(fc.constantFrom('box', 'bilinear', 'mitchell', 'lanczos3'), 3),
  linear: sometimes(fc.boolean()),
  redEyeReduction: sometimes(fc.boolean()),
  measureSharpness: sometimes(fc.boolean()),
  metadata: sometimes(fc.oneof(metadata, fc.constant(false as const))),
  workers: sometimes(fc.integer({ min: 1, max: 4 })),
});

/** Options that are wrong, one at a time. */
const wrongOptions = fc.constantFrom(
  { quality: 1.5 },
  { quality: -1 },
  { quality: Number.NaN },
  { quality: '0.9' },
  { imageWidth: 0 },
  { imageWidth: 1_000_001 },
  { type: 'image/jpeg', imageWidth: 65_501, imageHeight: 1 },
  { imageHeight: -3 },
  { imageHeight: '7' },
  { maxBytes: 0 },
  { maxBytes: 99.5 },
  { type: 'image/png', maxBytes: 500 },
  { workers: 0 },
  { workers: 1.5 },
  { type: 'image/webp' },
  { effort: 'best' },
  { kernel: 'sinc' },
  { fit: 'none' },
  { background: 'red' },
  { mirror: 1 },
  { linear: 'yes' },
  { redEyeReduction: null },
  { chromaSubsampling: '4:1:1' },
  { metadata: 7 },
  { metadata: { make: 'a\0b' } },
  { metadata: { fNumber: 0 } },
  { metadata: { gps: { latitude: 91, longitude: 0 } } },
) as fc.Arbitrary<DevelopOptions>;

/** All cases. Photographs only where some are at hand; strips take seconds each. */
export function cases({ photographs = false, withStrips = true } = {}): fc.Arbitrary<Case> {
  return fc
    .record({
      size: withStrips ? sizes : common,
      content: fc.constantFrom(...CONTENTS.filter((content) => photographs || content !== 'photograph')),
      seed: fc.nat(9999),
      alpha: fc.constantFrom(...ALPHAS),
      format: fc.constantFrom(...FORMATS),
      colour: fc.record({ matrix: fc.constantFrom('bt601', 'bt709'), fullRange: fc.boolean() }),
      anyCodes: fc.boolean(),
      colorSpace: fc.constantFrom('srgb', 'srgb', 'srgb', 'display-p3'),
      margin: fc.record({ left: even, top: even, right: few, bottom: few }),
      gap: few,
      rotation: fc.constantFrom(0, 0, 0, 90, 180, 270),
      flip: fc.constantFrom(false, false, false, true),
      display: sometimes(fc.record({ width: sides, height: sides })),
      options,
      wrong: fc.oneof({ weight: 50, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: wrongOptions }),
    })
    .map(({ size, wrong, ...rest }) => {
      const { maxBytes, ...without } = rest.options;
      const fitting = without.type === 'image/png' ? without : { ...without, maxBytes };
      return tidy({ ...size, ...rest, options: { ...fitting, ...wrong } });
    })
    .filter((given) => pixelsOf(given) <= MOST_PIXELS);
}

/** Without what has no meaning in a case, so that the smallest one says only what matters. */
function tidy({ options: all, ...rest }: Case): Case {
  const given = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as DevelopOptions;
  const planar = isPlanarFormat(rest.format);
  return {
    ...rest,
    alpha: rest.format === 'RGBA' || rest.format === 'BGRA' ? rest.alpha : 'opaque',
    anyCodes: planar && rest.anyCodes,
    options: given,
  };
}

export function isPlanarFormat(format: Case['format']): format is PlanarImage['format'] {
  return format === 'I420' || format === 'NV12';
}

/** The upright size at which a frame is shown. */
export function displayOf({ display, width, height, rotation }: Case): { width: number; height: number } {
  return display ?? (rotation % 180 === 0 ? { width, height } : { width: height, height: width });
}

/** Pixels of the frame or of its photo, whichever are more; as far as options that may be wrong allow to say. */
function pixelsOf(given: Case): number {
  const { width, height } = displayOf(given);
  const [across, down] = [given.options.imageWidth, given.options.imageHeight].map((side) =>
    typeof side === 'number' && side > 0 && side < 70_000 ? Math.ceil(side) : undefined,
  );
  const high = down ?? (across === undefined ? height : (across * height) / width);
  const wide = across ?? (down === undefined ? width : (down * width) / height);
  // What is longer is refused whatever the type.
  const photo = Math.max(wide, high) > 1_000_000 ? 0 : wide * high;
  return Math.max(given.width * given.height, photo);
}
