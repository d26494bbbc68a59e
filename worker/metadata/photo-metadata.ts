/**
 * What a photo says of itself, named as in Exif 2.32 (CIPA DC-008-2019), and the checks of it. Options are checked here
 * once; the writers beside this file rely on it.
 */

/** Where a photo was taken, on WGS 84. The members of a `GeolocationCoordinates` fit: null is unknown. */
export type GpsMetadata = {
  /** Degrees, north positive. */
  latitude: number;
  /** Degrees, east positive. */
  longitude: number;
  /** Metres above sea level; negative below. */
  altitude?: number | null | undefined;
  /** Radius in metres within which the position lies. */
  accuracy?: number | null | undefined;
  /**
   * Direction of movement in degrees, 0 to 360, clockwise from true north; NaN is unknown, as it is while standing
   * still.
   */
  heading?: number | null | undefined;
  /** Metres a second. */
  speed?: number | null | undefined;
  /** When the position was measured. */
  timestamp?: Date | null | undefined;
};

/**
 * Metadata of a photo. Members that are given replace what Motordrive knows by itself; an empty string leaves a field
 * out. Texts are stored as UTF-8, must not contain NUL characters, and take at most 32 KiB together. Position is
 * written only when it is given here.
 */
export type PhotoMetadata = {
  /** When the picture was taken. Default: when the frame was captured, or `develop()` called. */
  dateTimeOriginal?: Date | undefined;
  /** When the file was made. Default: now. */
  dateTime?: Date | undefined;
  /** Offset of local time from UTC, such as '+05:45', for both times. Default: the host's offset at each of them. */
  offsetTime?: string | undefined;
  /** Manufacturer of the camera. Default: from the track's label. */
  make?: string | undefined;
  /** Model of the camera. Default: from the track's label. */
  model?: string | undefined;
  /** What wrote the file. Default: Motordrive and its version. */
  software?: string | undefined;
  /** Who took the picture. */
  artist?: string | undefined;
  /** Whose copyright it is. */
  copyright?: string | undefined;
  /** What the picture shows. */
  imageDescription?: string | undefined;
  /** Seconds. Default: the track's setting. */
  exposureTime?: number | undefined;
  /** Aperture as an f-number. */
  fNumber?: number | undefined;
  /** ISO speed, a whole number. Default: the track's setting. */
  photographicSensitivity?: number | undefined;
  /** Exposure compensation in EV. Default: the track's setting. */
  exposureBiasValue?: number | undefined;
  /** Who chose the exposure. Default: the track's setting. */
  exposureMode?: 'auto' | 'manual' | undefined;
  /** Who chose the white balance. Default: the track's setting. */
  whiteBalance?: 'auto' | 'manual' | undefined;
  /** Whether a flash or torch lit the scene. Default: the track's torch, where it has one. */
  flash?: boolean | undefined;
  /** Millimetres. */
  focalLength?: number | undefined;
  /** Metres, Infinity included. Default: the track's focus distance. */
  subjectDistance?: number | undefined;
  /** Where the picture was taken; see {@link GpsMetadata}. */
  gps?: GpsMetadata | undefined;
  /** Whether a thumbnail of at most 160 × 120 pixels is embedded. Default false. */
  thumbnail?: boolean | undefined;
};

/** The largest numerator and denominator of an Exif RATIONAL. */
export const MAX_RATIONAL = 0xffffffff;

/** All texts together, in bytes: with a thumbnail they have to fit one JPEG segment of 64 KiB. */
const MAX_TEXT = 32768;
/** Four digits of the year are all that Exif has; a day of margin lets every offset pass. */
const EARLIEST = Date.parse('0001-01-02T00:00Z');
const LATEST = Date.parse('9999-12-30T00:00Z');

const MAX_OFFSET_MINUTES = 23 * 60 + 59;

const TEXTS = ['make', 'model', 'software', 'artist', 'copyright', 'imageDescription'] as const;

/** Least and greatest value; `whole` where fractions are refused, `endless` where Infinity is a value. */
type Range = { min: number; max: number; whole?: true; endless?: true };

const NUMBERS: Partial<Record<keyof PhotoMetadata, Range>> = {
  exposureTime: { min: 1e-9, max: MAX_RATIONAL },
  fNumber: { min: 1e-3, max: MAX_RATIONAL },
  photographicSensitivity: { min: 1, max: MAX_RATIONAL, whole: true },
  exposureBiasValue: { min: -1000, max: 1000 },
  focalLength: { min: 1e-3, max: MAX_RATIONAL },
  subjectDistance: { min: 1e-9, max: MAX_RATIONAL - 1, endless: true },
};

const POSITION: Record<Exclude<keyof GpsMetadata, 'timestamp'>, Range> = {
  latitude: { min: -90, max: 90 },
  longitude: { min: -180, max: 180 },
  altitude: { min: -1e6, max: 1e9 },
  accuracy: { min: 0, max: 1e9 },
  heading: { min: 0, max: 360 },
  speed: { min: 0, max: 1e9 },
};

/**
 * Checks metadata and copies the members that say something.
 * @throws TypeError for a value of the wrong kind, RangeError for one outside its limits; the message names the option.
 */
export function resolveMetadata(value: unknown): PhotoMetadata {
  if (value === undefined) return {};
  const given = dictionary('metadata', value) as PhotoMetadata;
  const resolved: Record<string, unknown> = {};
  const keep = (name: keyof PhotoMetadata, check: (name: string, value: unknown) => unknown): void => {
    const member = given[name];
    if (member !== undefined) resolved[name] = check(`metadata.${name}`, member);
  };
  for (const name of TEXTS) keep(name, text);
  for (const [name, range] of Object.entries(NUMBERS)) {
    keep(name as keyof PhotoMetadata, (path, member) => number(path, member, range));
  }
  keep('offsetTime', offset);
  keep('dateTimeOriginal', date);
  keep('dateTime', date);
  keep('exposureMode', autoOrManual);
  keep('whiteBalance', autoOrManual);
  keep('flash', flag);
  keep('thumbnail', flag);
  keep('gps', position);
  const texts = TEXTS.map((name) => resolved[name] as string | undefined);
  const bytes = texts.reduce((sum, each) => sum + new TextEncoder().encode(each).length, 0);
  if (bytes > MAX_TEXT) {
    throw new RangeError(`options.metadata must hold at most ${MAX_TEXT} bytes of text, not ${bytes}.`);
  }
  return resolved;
}

/** The minutes that an Exif offset such as '-03:30' tells, or undefined for what is none. */
export function offsetMinutes(offsetTime: string): number | undefined {
  const match = /^([+-])(\d\d):([0-5]\d)$/.exec(offsetTime);
  if (!match) return undefined;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  return minutes > MAX_OFFSET_MINUTES ? undefined : match[1] === '-' ? -minutes : minutes;
}

function position(name: string, value: unknown): GpsMetadata {
  const given = dictionary(name, value) as GpsMetadata;
  const resolved: Record<string, unknown> = {};
  for (const [key, range] of Object.entries(POSITION)) {
    const member = given[key as keyof GpsMetadata];
    const unknown = member === null || member === undefined || (key === 'heading' && Number.isNaN(member));
    const required = key === 'latitude' || key === 'longitude';
    if (required || !unknown) resolved[key] = number(`${name}.${key}`, member, range);
  }
  const { timestamp } = given;
  if (timestamp !== null && timestamp !== undefined) resolved['timestamp'] = date(`${name}.timestamp`, timestamp);
  return resolved as GpsMetadata;
}

function dictionary(name: string, value: unknown): object {
  if (typeof value !== 'object' || value === null) throw new TypeError(`options.${name} must be an object.`);
  return value;
}

function text(name: string, value: unknown): string {
  if (typeof value !== 'string') throw new TypeError(`options.${name} must be a string.`);
  if (value.includes('\0')) throw new RangeError(`options.${name} must not contain NUL characters.`);
  return value;
}

function number(name: string, value: unknown, { min, max, whole, endless }: Range): number {
  if (typeof value !== 'number' || Number.isNaN(value)) throw new TypeError(`options.${name} must be a number.`);
  if (endless && value === Infinity) return value;
  if (value < min || value > max || (whole && !Number.isInteger(value))) {
    const kind = whole ? 'a whole number ' : '';
    throw new RangeError(`options.${name} must be ${kind}from ${min} to ${max}, not ${value}.`);
  }
  return value;
}

function date(name: string, value: unknown): Date {
  const time = value instanceof Date ? value.getTime() : NaN;
  if (Number.isNaN(time)) throw new TypeError(`options.${name} must be a valid Date.`);
  if (time < EARLIEST || time > LATEST) throw new RangeError(`options.${name} must lie in the years 1 to 9999.`);
  return new Date(time);
}

function offset(name: string, value: unknown): string {
  if (typeof value !== 'string') throw new TypeError(`options.${name} must be a string.`);
  if (offsetMinutes(value) === undefined) {
    throw new RangeError(`options.${name} must be an offset such as '+05:45', not '${value}'.`);
  }
  return value;
}

function flag(name: string, value: unknown): boolean {
  if (typeof value !== 'boolean') throw new TypeError(`options.${name} must be a boolean.`);
  return value;
}

function autoOrManual(name: string, value: unknown): string {
  if (value !== 'auto' && value !== 'manual') {
    throw new TypeError(`options.${name} must be 'auto' or 'manual', not ${String(value)}.`);
  }
  return value;
}
