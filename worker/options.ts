/**
 * The contract between page and worker: option types, defaults and their validation. Every option is checked here and
 * nowhere else; those of metadata in a file of their own.
 */

import { MAX_SIDE } from './limits.ts';
import { resolveMetadata, type PhotoMetadata } from './metadata/photo-metadata.ts';

/** How a frame of another aspect ratio meets `imageWidth` × `imageHeight`; named as CSS `object-fit`. */
export type Fit = 'cover' | 'contain' | 'fill';

/** Resampling kernels, by their names in the literature. */
export type ResampleKernel = 'box' | 'bilinear' | 'mitchell' | 'lanczos3';

/** MIME types of a photo. */
export type PhotoType = 'image/jpeg' | 'image/png';

/** How much time the encoder takes to save bytes. */
export type Effort = 'speed' | 'balanced' | 'size';

/** Chroma subsampling of a JPEG, in J:a:b notation. */
export type ChromaSubsampling = '4:2:0' | '4:2:2' | '4:4:4';

/** How a frame becomes a photo. Every member may be left out. */
export type DevelopOptions = {
  /**
   * Width of the photo in pixels, at most 65500 for a JPEG and 1,000,000 for a PNG; fractions are rounded. With one
   * side given the other follows the aspect ratio.
   */
  imageWidth?: number | undefined;
  /** Height of the photo in pixels; see `imageWidth`. */
  imageHeight?: number | undefined;
  /** Find red pupils and correct them. Default false. */
  redEyeReduction?: boolean | undefined;
  /**
   * What happens when both sides are given and the aspect ratio differs: `cover` (default) crops the frame centrally,
   * `contain` adds bars, `fill` distorts.
   */
  fit?: Fit | undefined;
  /** Colour of the bars that `contain` adds, as `#rgb` or `#rrggbb`. Default black. */
  background?: string | undefined;
  /** Swaps left and right, as a mirror does. Default false. */
  mirror?: boolean | undefined;
  /** Resampling kernel. Default `lanczos3`. */
  kernel?: ResampleKernel | undefined;
  /**
   * Resamples linear light instead of the stored values: fine light patterns keep their brightness, at the cost of
   * time. The dark line of `lanczos3` beside hard edges then shows more in the shadows; `mitchell` has hardly any.
   * Default false, as browsers do.
   */
  linear?: boolean | undefined;
  /** MIME type of the photo. Default `image/jpeg`. */
  type?: PhotoType | undefined;
  /** JPEG quality from 0 to 1, on the scale of IJG and of `canvas.toBlob()`. Default 0.92. PNG ignores it. */
  quality?: number | undefined;
  /**
   * The most bytes that a JPEG may have. The quality is then the best that fits, and `quality` is ignored. The photo
   * keeps its size in pixels, and the file is baseline, also at effort `size`. A photo that cannot be made so small
   * rejects with a RangeError that names the smallest size it can have.
   */
  maxBytes?: number | undefined;
  /** How much time the encoder takes to save bytes: `speed` the least, `balanced` (default), `size` the most. */
  effort?: Effort | undefined;
  /** Chroma subsampling of a JPEG. Default `4:2:0`. */
  chromaSubsampling?: ChromaSubsampling | undefined;
  /**
   * Metadata to write beside what Motordrive knows by itself: see {@link PhotoMetadata}. `false` writes none at all.
   * The colour profile of a Display P3 photo is always written, because it says what the pixels mean.
   */
  metadata?: PhotoMetadata | false | undefined;
  /**
   * How many workers may share this photo. Default 1. More than one shortens the wait for a large photo that keeps the
   * frame's size: a JPEG, which then has restart markers and the same bytes however many workers made it, or the PNG of
   * an opaque VideoFrame. In a burst every worker has a photo of its own.
   */
  workers?: number | undefined;
  /**
   * Measures how sharp the frame is, for `Photo.sharpness`: the mean square of its luma's Laplacian. A larger value is
   * sharper, among frames of one size that show the same thing. Default false; shots of a burst always have it.
   */
  measureSharpness?: boolean | undefined;
  /** Aborts the work: the promise rejects with the signal's reason at once, and the frame is closed. */
  signal?: AbortSignal | undefined;
};

/** Red, green and blue from 0 to 255. */
export type Colour = readonly [red: number, green: number, blue: number];

/** Options with all defaults filled in, except for the two sides. */
export type DevelopSettings = {
  imageWidth: number | undefined;
  imageHeight: number | undefined;
  redEyeReduction: boolean;
  fit: Fit;
  background: Colour;
  mirror: boolean;
  kernel: ResampleKernel;
  linear: boolean;
  type: PhotoType;
  quality: number;
  maxBytes: number | undefined;
  effort: Effort;
  chromaSubsampling: ChromaSubsampling;
  metadata: PhotoMetadata | false;
  workers: number;
  measureSharpness: boolean;
};

const FITS: readonly Fit[] = ['cover', 'contain', 'fill'];
const KERNELS: readonly ResampleKernel[] = ['box', 'bilinear', 'mitchell', 'lanczos3'];
const TYPES: readonly PhotoType[] = ['image/jpeg', 'image/png'];
const EFFORTS: readonly Effort[] = ['speed', 'balanced', 'size'];
const SUBSAMPLINGS: readonly ChromaSubsampling[] = ['4:2:0', '4:2:2', '4:4:4'];

/**
 * Checks the options and fills in the defaults.
 * @throws TypeError for a value of the wrong kind, RangeError for one outside its limits; the message names the option.
 */
export function resolveOptions(options: DevelopOptions = {}): DevelopSettings {
  assertOptions(options);
  // Each member is read once: a getter may give something else the next time.
  const { imageWidth, imageHeight, redEyeReduction, fit, background, mirror, kernel, linear, quality } = options;
  const { effort, chromaSubsampling, metadata, workers, measureSharpness, signal } = options;
  const type = oneOf('type', options.type, TYPES, 'image/jpeg');
  const maxBytes = count('maxBytes', options.maxBytes, 1, undefined);
  if (signal !== undefined && typeof signal?.aborted !== 'boolean') {
    throw new TypeError('options.signal must be an AbortSignal.');
  }
  if (maxBytes !== undefined && type !== 'image/jpeg') {
    throw new TypeError(`options.maxBytes needs a type with a quality, not ${type}.`);
  }
  return {
    imageWidth: side('imageWidth', imageWidth, type),
    imageHeight: side('imageHeight', imageHeight, type),
    redEyeReduction: flag('redEyeReduction', redEyeReduction, false),
    fit: oneOf('fit', fit, FITS, 'cover'),
    background: colour('background', background, [0, 0, 0]),
    mirror: flag('mirror', mirror, false),
    kernel: oneOf('kernel', kernel, KERNELS, 'lanczos3'),
    linear: flag('linear', linear, false),
    type,
    quality: fraction('quality', quality, 0.92),
    maxBytes,
    effort: oneOf('effort', effort, EFFORTS, 'balanced'),
    chromaSubsampling: oneOf('chromaSubsampling', chromaSubsampling, SUBSAMPLINGS, '4:2:0'),
    metadata: metadata === false ? false : resolveMetadata(metadata),
    workers: count('workers', workers, 1, 1),
    measureSharpness: flag('measureSharpness', measureSharpness, false),
  };
}

/** @throws TypeError for a value that is no object. */
export function assertOptions(options: unknown): asserts options is object {
  if (options === null || (typeof options !== 'object' && typeof options !== 'function')) {
    throw new TypeError('options must be an object.');
  }
}

/** Checks a width or height in pixels and rounds it; `undefined` stays. */
function side(name: string, value: unknown, type: PhotoType): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || Number.isNaN(value)) throw new TypeError(`options.${name} must be a number.`);
  const rounded = Math.round(value);
  if (value <= 0 || rounded > MAX_SIDE[type]) {
    throw new RangeError(`options.${name} must be from 1 to ${MAX_SIDE[type]} for ${type}, not ${value}.`);
  }
  return Math.max(1, rounded);
}

/** Checks a count of at least `least`; `undefined` becomes the default. */
export function count<D>(name: string, value: unknown, least: number, fallback: D): number | D {
  if (value === undefined) return fallback;
  if (typeof value !== 'number' || Number.isNaN(value)) throw new TypeError(`options.${name} must be a number.`);
  if (value < least || (value !== Infinity && !Number.isSafeInteger(value))) {
    throw new RangeError(`options.${name} must be a whole number of at least ${least}, not ${value}.`);
  }
  return value;
}

/** Checks a number above 0, Infinity included; `undefined` becomes the default. */
export function positive(name: string, value: unknown, fallback: number): number {
  if (value === undefined) return fallback;
  if (typeof value !== 'number' || Number.isNaN(value)) throw new TypeError(`options.${name} must be a number.`);
  if (value <= 0) throw new RangeError(`options.${name} must be above 0, not ${value}.`);
  return value;
}

function fraction(name: string, value: unknown, fallback: number): number {
  if (value === undefined) return fallback;
  if (typeof value !== 'number' || Number.isNaN(value)) throw new TypeError(`options.${name} must be a number.`);
  if (value < 0 || value > 1) throw new RangeError(`options.${name} must be from 0 to 1, not ${value}.`);
  return value;
}

function flag(name: string, value: unknown, fallback: boolean): boolean {
  if (value === undefined) return fallback;
  if (typeof value !== 'boolean') throw new TypeError(`options.${name} must be a boolean.`);
  return value;
}

function colour(name: string, value: unknown, fallback: Colour): Colour {
  if (value === undefined) return fallback;
  if (typeof value !== 'string') throw new TypeError(`options.${name} must be a string.`);
  const digits = /^#(?:([0-9a-f])([0-9a-f])([0-9a-f])|([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2}))$/i.exec(value);
  if (!digits) throw new TypeError(`options.${name} must be '#rgb' or '#rrggbb', not '${value}'.`);
  const [red, green, blue] = digits.slice(1).filter((digit) => digit !== undefined);
  const channel = (hex: string): number => Number.parseInt(hex.length === 1 ? hex + hex : hex, 16);
  return [channel(red!), channel(green!), channel(blue!)];
}

function oneOf<T extends string>(name: string, value: unknown, allowed: readonly T[], fallback: T): T {
  if (value === undefined) return fallback;
  if (!allowed.includes(value as T)) {
    throw new TypeError(`options.${name} must be ${allowed.map((v) => `'${v}'`).join(' or ')}, not ${String(value)}.`);
  }
  return value as T;
}
