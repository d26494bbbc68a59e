/** Colour space and metadata as chunks of a PNG (third edition, W3C 2025, clause 11.3), to stand before the pixels. */
import { adler32, ZLIB_HEADER } from './zlib.ts';
import { uint32 } from './big-endian.ts';
import type { PhotoMetadata } from './photo-metadata.ts';

/** A chunk without its length and its CRC. */
export type PngChunk = { type: string; data: Uint8Array };

/** Pixels are sRGB, to be shown as pictures are (11.3.2.5). */
export const SRGB_CHUNK: PngChunk = { type: 'sRGB', data: Uint8Array.of(0) };

/** Keywords that the standard gives to texts (table 17). */
const KEYWORDS = {
  imageDescription: 'Description',
  artist: 'Author',
  copyright: 'Copyright',
  software: 'Software',
} as const;

/** PNG dates from 1995: readers report an earlier time of change as an error. Exif holds it all the same. */
const FIRST_YEAR = 1995;

/** What tEXt may hold: printing characters of Latin-1 and line feeds (11.3.3.2). */
const LATIN_1 = /^[\n\x20-\x7e\xa1-\xff]*$/;
/** Bytes of a stored block at most (RFC 1951, 3.2.4). */
const MAX_STORED = 65535;

/** sRGB, or iCCP where there is a profile; pHYs, eXIf, tIME and texts where there is metadata. */
export function pngChunks(
  metadata: PhotoMetadata | undefined,
  exif: Uint8Array | undefined,
  profile: Uint8Array | undefined,
): PngChunk[] {
  const chunks = [profile ? { type: 'iCCP', data: embedded('Display P3', profile) } : SRGB_CHUNK];
  if (!metadata) return chunks;
  chunks.push({ type: 'pHYs', data: Uint8Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0) }); // square pixels of no known size
  if (exif) chunks.push({ type: 'eXIf', data: exif });
  if (metadata.dateTime && metadata.dateTime.getUTCFullYear() >= FIRST_YEAR) {
    chunks.push({ type: 'tIME', data: time(metadata.dateTime) });
  }
  for (const [member, keyword] of Object.entries(KEYWORDS)) {
    const text = metadata[member as keyof typeof KEYWORDS];
    if (text) chunks.push(textual(keyword, text));
  }
  return chunks;
}

/** iCCP (11.3.2.3): a name, compression method 0, a zlib stream (RFC 1950) of stored blocks (RFC 1951, 3.2.4). */
function embedded(name: string, profile: Uint8Array): Uint8Array {
  const bytes = [...latin1(name), 0, 0, ...ZLIB_HEADER];
  for (let at = 0; at < profile.length; at += MAX_STORED) {
    const block = profile.subarray(at, at + MAX_STORED);
    const size = block.length;
    bytes.push(at + size === profile.length ? 1 : 0, size & 255, size >> 8, ~size & 255, (~size >> 8) & 255);
    for (const byte of block) bytes.push(byte);
  }
  return Uint8Array.from([...bytes, ...uint32(adler32(profile))]);
}

/** tIME (11.3.4.1): UTC. */
function time(date: Date): Uint8Array {
  const year = date.getUTCFullYear();
  const day = [date.getUTCMonth() + 1, date.getUTCDate()];
  return Uint8Array.of(year >> 8, year & 255, ...day, date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds());
}

/** tEXt, or iTXt without compression and language for what Latin-1 lacks (11.3.3). */
function textual(keyword: string, text: string): PngChunk {
  const key = latin1(keyword);
  if (LATIN_1.test(text)) return { type: 'tEXt', data: Uint8Array.from([...key, 0, ...latin1(text)]) };
  return { type: 'iTXt', data: Uint8Array.from([...key, 0, 0, 0, 0, 0, ...new TextEncoder().encode(text)]) };
}

function latin1(text: string): number[] {
  return [...text].map((letter) => letter.charCodeAt(0));
}
