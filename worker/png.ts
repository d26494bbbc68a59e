/**
 * PNG (third edition, W3C 2025) from pixels in linear memory: RGB where the image is opaque, else RGBA, 8 bits a sample,
 * not interlaced, tagged as sRGB. Rows are packed and filtered a few at a time into a window; a full window is compressed
 * into one IDAT chunk.
 */

import type { PackedImage } from './image.ts';
import type { KernelInstance } from './kernels.ts';
import type { Effort } from './options.ts';
import { Sink } from './sink.ts';

/** What an encoder of PNG is told. */
export type PngOptions = {
  effort: Effort;
  /** Bytes of linear memory that the output may fill before it is copied out. Default: half of the samples, at most 8 MiB. */
  outputBytes?: number;
};

/** How far matches are looked for, and with which filters: see the kernels `deflate` and `filterRows`. Alone, Paeth does best. */
type Search = { filters: number; step: number; runs: number };

const SEARCHES: Record<Effort, Search> = {
  speed: { filters: 0b11000, step: 64, runs: 45 },
  balanced: { filters: 0b11111, step: 16, runs: 0 },
  size: { filters: 0b11111, step: 16, runs: 0 },
};

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const COLOUR_TYPE_RGB = 2;
const COLOUR_TYPE_RGBA = 6;
const PERCEPTUAL = 0;

/** Deflate with a window of 32 KiB, and the check bits that make it a multiple of 31 (RFC 1950, 2.2). */
const ZLIB_HEADER = Uint8Array.of(0x78, 0x01);
const ADLER32_START = 1;

/** Bytes before the new ones that matches may refer to (RFC 1951, 2). */
const HISTORY = 32768;
/** Filtered bytes that are compressed at a time; a row may be larger. */
const WINDOW = 1 << 20;
/** Packed bytes that are filtered at a time, so that they stay in the cache; a row may be larger. */
const STRIP = 1 << 16;
/** Zeros before every packed row: its left neighbours. */
const LEAD = 16;
const MAX_OUTPUT = 8 << 20;
const CRC32_TABLES = 16 * 1024;

/** Length, type and CRC of a chunk. */
const CHUNK_FRAME = 12;

/**
 * Encodes an image of 1 to 65535 pixels a side. Working memory is taken from the stack before work starts and is the
 * caller's to release, with the output in it; beside the output it does not grow with the number of rows.
 * @throws RangeError or OperationError where memory does not suffice.
 */
export function encodePng(
  { kernels, memory }: KernelInstance,
  image: PackedImage,
  { effort, outputBytes }: PngOptions,
): Sink {
  const { width, height } = image;
  const hasAlpha = image.format === 'RGBA' || image.format === 'BGRA';
  const keepAlpha = hasAlpha && !kernels.isOpaque(image.address, width, height, image.stride);
  const bytesPerPixel = keepAlpha ? 4 : 3;
  const rowBytes = width * bytesPerPixel;
  const filteredRow = 1 + rowBytes;
  const search = SEARCHES[effort];

  const pitch = Math.ceil((LEAD + rowBytes) / 16) * 16;
  const stripRows = Math.min(height, Math.max(1, Math.floor(STRIP / pitch)));
  const windowRows = Math.min(height, Math.max(1, Math.floor(WINDOW / filteredRow)));
  const chunkBound = CHUNK_FRAME + ZLIB_HEADER.length + kernels.deflateBound(windowRows * filteredRow) + 4;
  const tables = memory.alloc(CRC32_TABLES);
  const scratch = memory.alloc(kernels.deflateScratch());
  const packed = memory.alloc((1 + stripRows) * pitch);
  const fresh = memory.alloc(HISTORY + windowRows * filteredRow) + HISTORY;
  const sink = new Sink(
    memory,
    Math.max(64, chunkBound + (outputBytes ?? Math.min(MAX_OUTPUT, (rowBytes * height) >>> 1))),
  );

  kernels.crc32Tables(tables);
  kernels.deflateStart(scratch);
  memory.bytes(packed, (1 + stripRows) * pitch).fill(0);

  const writeChunk = (type: string, fill: (data: number) => number, bound: number): void => {
    const address = sink.room(CHUNK_FRAME + bound);
    memory.bytes(address + 4, 4).set([...type].map((letter) => letter.charCodeAt(0)));
    const length = fill(address + 8);
    putUint32(address, length);
    putUint32(address + 8 + length, kernels.crc32(address + 4, tables, 4 + length, 0));
    sink.advance(CHUNK_FRAME + length);
  };
  const putUint32 = (address: number, value: number): void => {
    memory.bytes(address, 4).set([value >>> 24, value >>> 16, value >>> 8, value]);
  };
  const writeBytes = (type: string, bytes: Uint8Array): void => {
    writeChunk(type, (data) => (memory.bytes(data, bytes.length).set(bytes), bytes.length), bytes.length);
  };

  sink.write(SIGNATURE);
  writeBytes('IHDR', header(width, height, keepAlpha ? COLOUR_TYPE_RGBA : COLOUR_TYPE_RGB));
  writeBytes('sRGB', Uint8Array.of(PERCEPTUAL));

  const pack = packer(kernels, image, keepAlpha);
  const firstRow = packed + LEAD + pitch;
  let adler = ADLER32_START;
  let position = 0;
  let history = 0;
  for (let top = 0; top < height; top += windowRows) {
    const rows = Math.min(windowRows, height - top);
    for (let y = 0; y < rows; y += stripRows) {
      const count = Math.min(stripRows, rows - y);
      pack(top + y, count, firstRow, pitch);
      kernels.filterRows(firstRow, fresh + y * filteredRow, rowBytes, count, pitch, bytesPerPixel, search.filters, search.step);
      kernels.copyRows(firstRow + (count - 1) * pitch, firstRow - pitch, rowBytes, 1, 0, 0);
    }
    const length = rows * filteredRow;
    const final = top + rows === height;
    adler = kernels.adler32(fresh, length, adler);
    const compress = (data: number): number => {
      const lead = top === 0 ? ZLIB_HEADER.length : 0;
      memory.bytes(data, lead).set(ZLIB_HEADER.subarray(0, lead));
      const { deflate } = kernels;
      const at = data + lead;
      const bytes = deflate(fresh, at, scratch, length, history, position, search.runs, final ? 1 : 0);
      if (final) putUint32(at + bytes, adler);
      return lead + bytes + (final ? 4 : 0);
    };
    writeChunk('IDAT', compress, chunkBound - CHUNK_FRAME);
    position += length;
    history = Math.min(HISTORY, history + length);
    memory.bytes(fresh - HISTORY, HISTORY + length).copyWithin(HISTORY - history, HISTORY + length - history);
  }
  writeBytes('IEND', new Uint8Array(0));
  return sink;
}

/** IHDR (clause 11.2.1): 8 bits a sample, the one compression and filter method there is, no interlace. */
function header(width: number, height: number, colourType: number): Uint8Array {
  const bytes = new Uint8Array(13);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  bytes.set([8, colourType, 0, 0, 0], 8);
  return bytes;
}

/** Packs `count` rows from row `y` to the address, `pitch` bytes apart. */
function packer(
  kernels: KernelInstance['kernels'],
  { address, stride, width, format }: PackedImage,
  keepAlpha: boolean,
): (y: number, count: number, to: number, pitch: number) => void {
  const swapped = format === 'BGRA' || format === 'BGRX';
  if (keepAlpha && !swapped) {
    return (y, count, to, pitch) => kernels.copyRows(address + y * stride, to, 4 * width, count, stride, pitch);
  }
  const kernel = keepAlpha ? kernels.bgraToRgba : swapped ? kernels.bgraToRgb : kernels.rgbaToRgb;
  return (y, count, to, pitch) => kernel(address + y * stride, to, width, count, stride, pitch);
}
