/** Chunks of a PNG that are small enough to be made in TypeScript (PNG third edition, clauses 5 and 11). */

/** Reference: clause 5.2. */
export const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** Length, type and CRC of a chunk. */
export const CHUNK_FRAME = 12;

/** Colour types (clause 11.2.1). */
export const GREY = 0;
export const RGB = 2;
export const INDEXED = 3;
export const GREY_ALPHA = 4;
export const RGBA = 6;

/** One of the colour types. */
export type ColourType = typeof GREY | typeof RGB | typeof INDEXED | typeof GREY_ALPHA | typeof RGBA;

/** A complete chunk: length, type of four letters, data and CRC. */
export function chunk(type: string, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(CHUNK_FRAME + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  for (let i = 0; i < 4; i++) bytes[4 + i] = type.charCodeAt(i);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}

/** IHDR (clause 11.2.1): the one compression and filter method there is, no interlace. */
export function header(
  width: number,
  height: number,
  bitDepth: number,
  colourType: ColourType,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(13);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  bytes.set([bitDepth, colourType, 0, 0, 0], 8);
  return chunk('IHDR', bytes);
}

/** PLTE and, where a colour is not opaque, tRNS (clauses 11.2.2 and 11.3.1.1) for colours 0xAABBGGRR. */
export function palette(colours: readonly number[]): Uint8Array<ArrayBuffer>[] {
  const rgb = Uint8Array.from(colours.flatMap((colour) => [colour, colour >>> 8, colour >>> 16]));
  const alpha = Uint8Array.from(colours, (colour) => colour >>> 24);
  const seen = alpha.findLastIndex((value) => value < 255) + 1;
  return seen > 0 ? [chunk('PLTE', rgb), chunk('tRNS', alpha.subarray(0, seen))] : [chunk('PLTE', rgb)];
}

/** IEND (clause 11.2.5). */
export function end(): Uint8Array<ArrayBuffer> {
  return chunk('IEND', new Uint8Array(0));
}

/** CRC-32 bit by bit (annex D), for the few bytes of these chunks. */
function crc32(bytes: Uint8Array): number {
  let register = 0xffffffff;
  for (const byte of bytes) {
    register ^= byte;
    for (let bit = 0; bit < 8; bit++) register = (register >>> 1) ^ (register & 1 ? 0xedb88320 : 0);
  }
  return ~register >>> 0;
}
