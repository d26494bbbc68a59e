import type { PackedImage } from '../image.ts';
import type { KernelInstance } from '../kernels.ts';
import type { Effort } from '../options.ts';
import { Sink } from '../sink.ts';
import { CHUNK_FRAME, GREY_ALPHA, RGB, RGBA } from './chunks.ts';
import type { PngLayout } from './reduce.ts';
import { bytesPerRow, filterDistance, packedBytes, packer } from './rows.ts';

/** Indices and samples of few bits are no quantities that a neighbour foretells (clause 12.7). */
const UNFILTERED = 0b00001;

/** Deflate with a window of 32 KiB, and the check bits that make it a multiple of 31 (RFC 1950, 2.2). */
const ZLIB_HEADER = Uint8Array.of(0x78, 0x01);
const ADLER32_START = 1;

/** Bytes before the new ones that matches may refer to (RFC 1951, 2). */
const HISTORY = 32768;
/** Filtered bytes that are compressed at a time; a row may be larger. */
const WINDOW = 1 << 19;
/** The same where filters are tried: what suits one part of a picture may not suit the next. */
const TRIAL_WINDOW = 1 << 17;
/** Packed bytes that are filtered at a time, so that they stay in the cache; a row may be larger. */
const STRIP = 1 << 15;
/** Zeros before every packed row: its left neighbours. */
const LEAD = 16;
const CRC32_TABLES = 16 * 1024;

/** How filters and matches are chosen: see the kernels `filterRows` and `deflate`. */
type Search = { filters: number; step: number; matches: number; trials: number[]; window: number };

/** Filters that may do better for a window than the choice of every row by itself, as they keep equal channels equal: Sub, and Up. */
const TRIALS = [0b00010, 0b00100];

/** What the kernel `deflate` looks for where little repeats. */
const LITERALS_ALONE = 0;
const NEAR_RUNS = 1;
const ALL_MATCHES = 2;

const SEARCHES: Record<Effort, Search> = {
  speed: { filters: 0b11000, step: 64, matches: LITERALS_ALONE, trials: [], window: WINDOW },
  balanced: { filters: 0b11111, step: 16, matches: NEAR_RUNS, trials: [], window: WINDOW },
  size: { filters: 0b11111, step: 16, matches: ALL_MATCHES, trials: TRIALS, window: TRIAL_WINDOW },
};

/** How a piece of the stream ends, as the kernel `deflate` has it. */
const OPEN = 0;
const ENDS = 1;
const FLUSHES = 2;

/** Where a run of rows stands in the zlib stream of its image. */
export type Place = {
  /** It starts the stream: the header comes before it. */
  first: boolean;
  /** It ends the stream. */
  last: boolean;
  /** It is the whole stream: the checksum of RFC 1950 ends it. */
  whole: boolean;
};

/** What the rows became. */
export type Written = { adler32: number; filteredBytes: number };

/**
 * Makes IDAT chunks of the rows of an image. All memory is taken when this is called, the sink's among it; nothing is
 * written to the sink before `write` is called. Where the rows do not start the stream, the row above them lies one stride before them.
 */
export function prepareImageData(
  instance: KernelInstance,
  image: PackedImage,
  layout: PngLayout,
  effort: Effort,
  outputBytes: number,
): { sink: Sink; write: (place: Place) => Written } {
  const { kernels, memory } = instance;
  const { width, height } = image;
  const rowBytes = bytesPerRow(layout, width);
  const bpp = filterDistance(layout);
  const filteredRow = 1 + rowBytes;
  const { filters, step, matches, trials, window } = searchFor(layout, effort);

  const pitch = Math.ceil((LEAD + packedBytes(layout, width)) / 16) * 16;
  const stripRows = Math.min(height, Math.max(1, Math.floor(STRIP / pitch)));
  const windowRows = Math.min(height, Math.max(1, Math.floor(window / filteredRow)));
  const chunkBound = CHUNK_FRAME + ZLIB_HEADER.length + kernels.deflateBound(windowRows * filteredRow) + 4;
  const tables = memory.alloc(CRC32_TABLES);
  const scratchBytes = kernels.deflateScratch();
  const scratch = memory.alloc(scratchBytes);
  const before = trials.length > 0 ? memory.alloc(scratchBytes) : scratch;
  const packed = memory.alloc((1 + stripRows) * pitch);
  const fresh = memory.alloc(HISTORY + windowRows * filteredRow) + HISTORY;
  const pack = packer(instance, image, layout);
  const sink = new Sink(memory, Math.max(64, chunkBound + outputBytes));

  kernels.crc32Tables(tables);
  kernels.deflateStart(scratch);
  memory.bytes(packed, (1 + stripRows) * pitch).fill(0);
  const firstRow = packed + LEAD + pitch;
  /** What packing to bits leaves behind the rows would else be the left neighbours of the next. */
  const clearLeads = (count: number): void => {
    if (layout.bitDepth === 8) return;
    for (let y = 0; y < count; y++) memory.bytes(firstRow + y * pitch + rowBytes, pitch - LEAD - rowBytes).fill(0);
  };

  const filterWindow = (top: number, rows: number, allowed: number): void => {
    for (let y = 0; y < rows; y += stripRows) {
      const count = Math.min(stripRows, rows - y);
      pack(top + y, count, firstRow, pitch);
      clearLeads(count);
      kernels.filterRows(firstRow, fresh + y * filteredRow, rowBytes, count, pitch, bpp, allowed, step);
      kernels.copyRows(firstRow + (count - 1) * pitch, firstRow - pitch, rowBytes, 1, 0, 0);
    }
  };
  const packRowAbove = (y: number): void => {
    pack(y - 1, 1, firstRow, pitch);
    clearLeads(1);
    kernels.copyRows(firstRow, firstRow - pitch, rowBytes, 1, 0, 0);
  };

  const write = ({ first, last, whole }: Place): Written => {
    let adler = ADLER32_START;
    let position = 0;
    let history = 0;
    if (!first) packRowAbove(0);
    for (let top = 0; top < height; top += windowRows) {
      const rows = Math.min(windowRows, height - top);
      const length = rows * filteredRow;
      const complete = top + rows === height;
      const ending = !complete ? OPEN : last ? ENDS : FLUSHES;
      const address = sink.room(chunkBound);
      const lead = first && top === 0 ? ZLIB_HEADER : ZLIB_HEADER.subarray(0, 0);
      memory.bytes(address + 8, lead.length).set(lead);
      const compress = (allowed: number, count: number): number => {
        filterWindow(top, count, allowed);
        const bytes = count * filteredRow;
        return kernels.deflate(fresh, address + 8 + lead.length, scratch, bytes, history, position, matches, ending);
      };
      const rewind = (): void => {
        kernels.copyRows(before, scratch, scratchBytes, 1, 0, 0);
        if (first && top === 0) memory.bytes(firstRow - pitch, rowBytes).fill(0);
        else packRowAbove(top);
      };
      let best = filters;
      // The upper half of a window tells as well as the whole which filters suit it.
      if (trials.length > 0) {
        kernels.copyRows(scratch, before, scratchBytes, 1, 0, 0);
        let least = Infinity;
        for (const allowed of [filters, ...trials]) {
          const tried = compress(allowed, (rows + 1) >> 1);
          if (tried < least) [best, least] = [allowed, tried];
          rewind();
        }
      }
      let bytes = lead.length + compress(best, rows);
      adler = kernels.adler32(fresh, length, adler) >>> 0;
      if (whole && complete) {
        putUint32(instance, address + 8 + bytes, adler);
        bytes += 4;
      }
      putUint32(instance, address, bytes);
      memory.bytes(address + 4, 4).set([0x49, 0x44, 0x41, 0x54]); // IDAT
      putUint32(instance, address + 8 + bytes, kernels.crc32(address + 4, tables, 4 + bytes, 0));
      sink.advance(CHUNK_FRAME + bytes);
      position += length;
      history = Math.min(HISTORY, history + length);
      if (!complete) {
        memory.bytes(fresh - HISTORY, HISTORY + length).copyWithin(HISTORY - history, HISTORY + length - history);
      }
    }
    return { adler32: adler, filteredBytes: position };
  };
  return { sink, write };
}

function searchFor({ colourType, bitDepth, colours }: PngLayout, effort: Effort): Search {
  const search = SEARCHES[effort];
  if (bitDepth < 8 || (colours.length > 0 && colours.length <= FLAT_COLOURS))
    return { ...search, filters: UNFILTERED, matches: ALL_MATCHES, trials: [] };
  if (colourType === RGB || colourType === RGBA || colourType === GREY_ALPHA) return search;
  return { ...search, matches: ALL_MATCHES };
}

/** A palette of so few colours at most is of flat areas; a larger one may be of gradients. */
const FLAT_COLOURS = 64;

function putUint32({ memory }: KernelInstance, address: number, value: number): void {
  memory.bytes(address, 4).set([value >>> 24, value >>> 16, value >>> 8, value]);
}
