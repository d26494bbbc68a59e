/**
 * Exif 2.32 (CIPA DC-008-2019): a big-endian TIFF structure of IFD0, the Exif IFD, a GPS IFD where a position is given
 * and IFD1 where there is a thumbnail. An IFD is a count, entries of 12 bytes in the order of their tags, the offset of
 * the next IFD, and the values that do not fit their entry.
 */
import { uint32 } from './big-endian.ts';
import type { PhotoType } from '../options.ts';
import { MAX_RATIONAL, offsetMinutes, type GpsMetadata, type PhotoMetadata } from './photo-metadata.ts';

/** What is known of the photo beside its metadata. */
export type PhotoFacts = {
  type: PhotoType;
  width: number;
  height: number;
  colorSpace: PredefinedColorSpace;
  /** A baseline JPEG without application segments. */
  thumbnail: Uint8Array | undefined;
};

/** A field; `bytes` hold `count` values of its type. */
type Field = { tag: number; type: number; count: number; bytes: ArrayLike<number> };

const BYTE = 1;
const ASCII = 2;
const SHORT = 3;
const LONG = 4;
const RATIONAL = 5;
const UNDEFINED = 7;
const SRATIONAL = 10;

const EXIF_IFD = 0x8769;
const GPS_IFD = 0x8825;
const HEADER_BYTES = 8;
const INCHES = 2;
/** Pixels an inch where nobody knows; Exif asks for a number (4.6.4). */
const UNKNOWN_RESOLUTION = 72;
const ARC_SECOND_PARTS = 10_000;
const SRGB = 1;
const UNCALIBRATED = 0xffff;

/** The TIFF structure, as PNG's eXIf holds it and as JPEG's APP1 does behind its signature. */
export function exif(metadata: PhotoMetadata, facts: PhotoFacts): Uint8Array<ArrayBuffer> {
  const { thumbnail } = facts;
  const shot = shotFields(metadata, facts);
  const gps = metadata.gps ? gpsFields(metadata.gps) : [];
  const image = (shotAt: number, gpsAt: number): Field[] => [
    ...imageFields(metadata),
    long(EXIF_IFD, shotAt),
    ...(metadata.gps ? [long(GPS_IFD, gpsAt)] : []),
  ];
  const shotAt = HEADER_BYTES + sizeOf(image(0, 0));
  const gpsAt = shotAt + sizeOf(shot);
  const previewAt = gpsAt + (metadata.gps ? sizeOf(gps) : 0);
  const preview = (at: number): Field[] => previewFields(at, thumbnail?.length ?? 0);
  const thumbnailAt = previewAt + (thumbnail ? sizeOf(preview(0)) : 0);

  const block = new Uint8Array(thumbnailAt + (thumbnail?.length ?? 0));
  block.set([0x4d, 0x4d, 0, 42, 0, 0, 0, HEADER_BYTES]);
  writeIfd(block, HEADER_BYTES, image(shotAt, gpsAt), thumbnail ? previewAt : 0);
  writeIfd(block, shotAt, shot);
  if (metadata.gps) writeIfd(block, gpsAt, gps);
  if (thumbnail) {
    writeIfd(block, previewAt, preview(thumbnailAt));
    block.set(thumbnail, thumbnailAt);
  }
  return block;
}

/** IFD0 (table 4) without its pointers. */
function imageFields({
  imageDescription,
  make,
  model,
  software,
  dateTime,
  offsetTime,
  artist,
  copyright,
}: PhotoMetadata) {
  return [
    ...ascii(0x010e, imageDescription),
    ...ascii(0x010f, make),
    ...ascii(0x0110, model),
    short(0x0112, 1), // Orientation: upright
    ...resolution(),
    ...ascii(0x0131, software),
    ...ascii(0x0132, dateTime && local(dateTime, offsetTime).date),
    ...ascii(0x013b, artist),
    short(0x0213, 1), // YCbCrPositioning: centred
    ...ascii(0x8298, copyright),
  ];
}

/** The Exif IFD (tables 7 and 8). */
function shotFields(metadata: PhotoMetadata, { type, width, height, colorSpace }: PhotoFacts): Field[] {
  const { dateTime, dateTimeOriginal, offsetTime, photographicSensitivity: iso, exposureMode, whiteBalance } = metadata;
  const made = dateTime && local(dateTime, offsetTime);
  const taken = dateTimeOriginal && local(dateTimeOriginal, offsetTime);
  return [
    ...rational(0x829a, metadata.exposureTime),
    ...rational(0x829d, metadata.fNumber),
    ...(iso === undefined ? [] : [short(0x8827, Math.min(iso, 0xffff))]),
    // SensitivityType and ISOSpeed, for a number that is too large.
    ...(iso !== undefined && iso > 0xffff ? [short(0x8830, 3), long(0x8833, iso)] : []),
    undefinedBytes(0x9000, [0x30, 0x32, 0x33, 0x32]), // ExifVersion 2.32
    ...ascii(0x9003, taken?.date),
    ...ascii(0x9010, made?.offset),
    ...ascii(0x9011, taken?.offset),
    undefinedBytes(0x9101, type === 'image/jpeg' ? [1, 2, 3, 0] : [4, 5, 6, 0]), // ComponentsConfiguration: YCbCr, RGB
    ...signedRational(0x9204, metadata.exposureBiasValue),
    ...rational(0x9206, metadata.subjectDistance),
    ...(metadata.flash === undefined ? [] : [short(0x9209, metadata.flash ? 1 : 0)]),
    ...rational(0x920a, metadata.focalLength),
    ...ascii(0x9290, made?.subSeconds),
    ...ascii(0x9291, taken?.subSeconds),
    undefinedBytes(0xa000, [0x30, 0x31, 0x30, 0x30]), // FlashpixVersion 1.0
    short(0xa001, colorSpace === 'srgb' ? SRGB : UNCALIBRATED),
    long(0xa002, width),
    long(0xa003, height),
    ...(exposureMode ? [short(0xa402, exposureMode === 'manual' ? 1 : 0)] : []),
    ...(whiteBalance ? [short(0xa403, whiteBalance === 'manual' ? 1 : 0)] : []),
  ];
}

/** The GPS IFD (table 15); its times are UTC. */
function gpsFields({ latitude, longitude, altitude, accuracy, heading, speed, timestamp }: GpsMetadata): Field[] {
  const degrees = (tag: number, value: number, letters: string): Field[] => [
    ...ascii(tag, value < 0 ? letters[1] : letters[0]),
    { tag: tag + 1, type: RATIONAL, count: 3, bytes: sexagesimal(Math.abs(value)) },
  ];
  const [day, time] = timestamp?.toISOString().split('T') ?? [];
  const [hours, minutes, seconds] = time?.slice(0, -1).split(':').map(Number) ?? [];
  const clock = [hours!, 1, minutes!, 1, Math.round(seconds! * 1000), 1000].flatMap(uint32);
  return [
    { tag: 0x0000, type: BYTE, count: 4, bytes: [2, 3, 0, 0] }, // GPSVersionID
    ...degrees(0x0001, latitude, 'NS'),
    ...degrees(0x0003, longitude, 'EW'),
    ...(typeof altitude === 'number'
      ? [{ tag: 0x0005, type: BYTE, count: 1, bytes: [altitude < 0 ? 1 : 0] }, ...rational(0x0006, Math.abs(altitude))]
      : []),
    ...(timestamp ? [{ tag: 0x0007, type: RATIONAL, count: 3, bytes: clock }] : []),
    ...(typeof speed === 'number' ? [...ascii(0x000c, 'K'), ...rational(0x000d, speed * 3.6)] : []),
    ...(typeof heading === 'number' ? [...ascii(0x000e, 'T'), ...rational(0x000f, heading)] : []),
    ...ascii(0x0012, 'WGS-84'),
    ...ascii(0x001d, day?.replaceAll('-', ':')),
    ...rational(0x001f, accuracy ?? undefined),
  ];
}

/** IFD1, which describes the thumbnail (4.6.2 B). */
function previewFields(at: number, bytes: number): Field[] {
  return [short(0x0103, 6), ...resolution(), long(0x0201, at), long(0x0202, bytes)];
}

function resolution(): Field[] {
  return [...rational(0x011a, UNKNOWN_RESOLUTION), ...rational(0x011b, UNKNOWN_RESOLUTION), short(0x0128, INCHES)];
}

/** An instant as Exif tells it: local time, its fraction, and its offset from UTC. */
function local(date: Date, offsetTime: string | undefined): { date: string; subSeconds: string; offset: string } {
  const minutes = offsetMinutes(offsetTime ?? '') ?? -Math.round(date.getTimezoneOffset());
  const [day, time] = new Date(date.getTime() + minutes * 60_000).toISOString().slice(0, -1).split('T');
  const [clock, subSeconds] = time!.split('.');
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  const size = Math.abs(minutes);
  const offset = `${minutes < 0 ? '-' : '+'}${two(size / 60)}:${two(size % 60)}`;
  return { date: `${day!.replaceAll('-', ':')} ${clock!}`, subSeconds: subSeconds!, offset };
}

/** Degrees, minutes and seconds, the last to a ten-thousandth: 3 mm on the ground. */
function sexagesimal(degrees: number): number[] {
  const parts = Math.round(degrees * 3600 * ARC_SECOND_PARTS);
  const minutes = Math.floor(parts / (60 * ARC_SECOND_PARTS));
  const seconds = parts % (60 * ARC_SECOND_PARTS);
  return [Math.floor(minutes / 60), 1, minutes % 60, 1, seconds, ARC_SECOND_PARTS].flatMap(uint32);
}

/**
 * The simplest fraction within a billionth of the number: the first of its continued fraction's convergents that is.
 * What Exif calls infinite has the largest numerator.
 */
function fraction(value: number, limit: number): [number, number] {
  if (value === Infinity) return [MAX_RATIONAL, 1];
  let [p0, q0, p, q] = [1, 0, Math.floor(value), 1];
  // Denominators grow at least as Fibonacci's numbers: the 48th is past every limit.
  for (let rest = value - p; Math.abs(p / q - value) > value * 1e-9;) {
    const next = Math.floor(1 / rest);
    const [p2, q2] = [next * p + p0, next * q + q0];
    if (p2 > limit || q2 > limit) break;
    [p0, q0, p, q] = [p, q, p2, q2];
    rest = 1 / rest - next;
  }
  return [p, q];
}

/** Texts are UTF-8, as readers expect by now although the type is called ASCII; an empty one is left out. */
function ascii(tag: number, text: string | undefined): Field[] {
  if (!text) return [];
  const bytes = new TextEncoder().encode(`${text}\0`);
  return [{ tag, type: ASCII, count: bytes.length, bytes }];
}

function short(tag: number, value: number): Field {
  return { tag, type: SHORT, count: 1, bytes: [value >> 8, value & 255] };
}

function long(tag: number, value: number): Field {
  return { tag, type: LONG, count: 1, bytes: uint32(value) };
}

function undefinedBytes(tag: number, bytes: number[]): Field {
  return { tag, type: UNDEFINED, count: bytes.length, bytes };
}

function rational(tag: number, value: number | undefined): Field[] {
  if (value === undefined) return [];
  return [{ tag, type: RATIONAL, count: 1, bytes: fraction(value, MAX_RATIONAL).flatMap(uint32) }];
}

function signedRational(tag: number, value: number | undefined): Field[] {
  if (value === undefined) return [];
  const [p, q] = fraction(Math.abs(value), 0x7fffffff);
  return [{ tag, type: SRATIONAL, count: 1, bytes: [...uint32(value < 0 ? -p : p), ...uint32(q)] }];
}

/** Bytes of an IFD and its values; values begin at even offsets (TIFF 6.0). */
function sizeOf(fields: readonly Field[]): number {
  return fields.reduce((sum, { bytes }) => sum + 12 + (bytes.length > 4 ? bytes.length + (bytes.length & 1) : 0), 6);
}

function writeIfd(block: Uint8Array, at: number, fields: readonly Field[], next = 0): void {
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
  let values = at + 6 + 12 * fields.length;
  view.setUint16(at, fields.length);
  fields.forEach(({ tag, type, count, bytes }, i) => {
    const entry = at + 2 + 12 * i;
    view.setUint16(entry, tag);
    view.setUint16(entry + 2, type);
    view.setUint32(entry + 4, count);
    if (bytes.length <= 4) return block.set(bytes, entry + 8);
    view.setUint32(entry + 8, values);
    block.set(bytes, values);
    values += bytes.length + (bytes.length & 1);
  });
  view.setUint32(at + 2 + 12 * fields.length, next);
}
