import type { PackedImage } from '../frame/image.ts';
import type { KernelInstance } from '../memory/kernels.ts';
import type { Effort } from '../options.ts';
import { Sink } from '../memory/sink.ts';
import { CHUNK_FRAME, GREY_ALPHA, RGB, RGBA } from './chunks.ts';
import type { PngLayout } from './reduce.ts';
import { bytesPerRow, filterDistance, packedBytes, packer } from './rows.ts';

/** Deflate with a window of 32 KiB, and the check bits that make it a multiple of 31 (RFC 1950, 2.2). */
const ZLIB_HEADER = Uint8Array.of(0x78, 0x01);
const ADLER32_START = 1;

/** Bytes before the new ones that matches may refer to (RFC 1951, 2). */
const HISTORY = 32768;
/** Bytes behind the new ones that the kernel `deflate` hashes with them. */
const HASHED = 8;
/** Filtered bytes that are compressed at a time; a row may be larger. */
const WINDOW = 1 << 19;
/** The same where filters are tried: what suits one part of a picture may not suit the next. */
const TRIAL_WINDOW = 1 << 17;
/** Filtered bytes on which filters are tried; a row may be larger. */
const SAMPLE = 1 << 14;
/** Packed bytes that are filtered at a time, so that they stay in the cache; a row may be larger. */
const STRIP = 1 << 15;
/** Zeros before every packed row: its left neighbours. Rows of bits have none, but are not filtered either. */
const LEAD = 16;
const CRC32_TABLES = 16 * 1024;

/** How the kernel `filterRows` chooses filters. */
type Choice = { filters: number; step: number; measure: number };

/** What the kernel `deflate` looks for. */
const LITERALS_ALONE = 0;
const NEAR_RUNS = 1;
const REPEATS = 2;
const CHEAPEST = 3;

const BY_MAGNITUDE = 0;
const BY_COST = 1;

/** How filters and matches are chosen. Of several choices of filters a sample of every window takes the best. */
type Search = { choices: Choice[]; matches: number; window: number };

const ANY_FILTER: Choice = { filters: 0b11111, step: 16, measure: BY_MAGNITUDE };
/** Indices and samples of few bits are no quantities that a neighbour foretells (clause 12.7). */
const UNFILTERED: Choice = { filters: 0b00001, step: 16, measure: BY_MAGNITUDE };

const SEARCHES: Record<Effort, Search> = {
  speed: { choices: [{ filters: 0b11000, step: 64, measure: BY_MAGNITUDE }], matches: LITERALS_ALONE, window: WINDOW },
  balanced: { choices: [{ ...ANY_FILTER, step: 32 }], matches: NEAR_RUNS, window: WINDOW },
  size: {
    choices: [
      ANY_FILTER,
      { ...ANY_FILTER, measure: BY_COST },
      // Alone, they keep equal channels equal: Sub, and Up.
      { ...ANY_FILTER, filters: 0b00010 },
      { ...ANY_FILTER, filters: 0b00100 },
    ],
    matches: CHEAPEST,
    window: TRIAL_WINDOW,
  },
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
  const { choices, matches, window } = searchFor(layout, effort);

  const pitch = Math.ceil((LEAD + packedBytes(layout, width)) / 16) * 16;
  const stripRows = Math.min(height, Math.max(1, Math.floor(STRIP / pitch)));
  const windowRows = Math.min(height, Math.max(1, Math.floor(window / filteredRow)));
  const sampleRows = Math.min(windowRows, Math.max(1, Math.floor(SAMPLE / filteredRow)));
  const chunkBound = CHUNK_FRAME + ZLIB_HEADER.length + kernels.deflateBound(windowRows * filteredRow) + 4;
  const tables = memory.alloc(CRC32_TABLES);
  const scratch = memory.alloc(kernels.deflateScratch());
  const trialScratch = choices.length > 1 ? memory.alloc(kernels.deflateScratch()) : scratch;
  const packed = memory.alloc((1 + stripRows) * pitch);
  const fresh = memory.alloc(HISTORY + windowRows * filteredRow + HASHED) + HISTORY;
  const pack = packer(instance, image, layout);
  const sink = new Sink(memory, Math.max(64, chunkBound + outputBytes));

  kernels.crc32Tables(tables);
  kernels.deflateStart(scratch);
  memory.bytes(packed, (1 + stripRows) * pitch).fill(0);
  const firstRow = packed + LEAD + pitch;

  /** Filters rows from `top` on to the start of the window; the row above them is packed. */
  const filterWindow = (top: number, rows: number, { filters, step, measure }: Choice): void => {
    for (let y = 0; y < rows; y += stripRows) {
      const count = Math.min(stripRows, rows - y);
      pack(top + y, count, firstRow, pitch);
      kernels.filterRows(firstRow, fresh + y * filteredRow, rowBytes, count, pitch, bpp, filters, step, measure);
      kernels.copyRows(firstRow + (count - 1) * pitch, firstRow - pitch, rowBytes, 1, 0, 0);
    }
  };
  const packRowAbove = (y: number): void => {
    pack(y - 1, 1, firstRow, pitch);
    kernels.copyRows(firstRow, firstRow - pitch, rowBytes, 1, 0, 0);
  };

  /**
   * Compresses what was filtered, the next bytes of a stream of which `known` bytes come before. What memory held behind them must not change
   * a photo's bytes.
   */
  const deflate = (
    dst: number,
    stream: number,
    length: number,
    known: number,
    position: number,
    ending: number,
  ): number => {
    memory.bytes(fresh + length, HASHED).fill(0);
    return kernels.deflate(fresh, dst, stream, length, known, position, matches, ending);
  };

  /** The choice of filters that makes rows in the middle of a window smallest; `dst` has room for a window. */
  const choose = (top: number, rows: number, dst: number, startsImage: boolean): Choice => {
    if (choices.length === 1) return choices[0]!;
    const count = Math.min(sampleRows, rows);
    const from = top + ((rows - count) >> 1);
    const packAbove = (y: number): void => {
      if (y === 0 && startsImage) memory.bytes(firstRow - pitch, rowBytes).fill(0);
      else packRowAbove(y);
    };
    let best = choices[0]!;
    let least = Infinity;
    for (const choice of choices) {
      packAbove(from);
      filterWindow(from, count, choice);
      kernels.deflateStart(trialScratch);
      const bytes = deflate(dst, trialScratch, count * filteredRow, 0, 0, ENDS);
      if (bytes < least) [best, least] = [choice, bytes];
    }
    packAbove(top);
    return best;
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
      filterWindow(top, rows, choose(top, rows, address, first));
      const lead = first && top === 0 ? ZLIB_HEADER : ZLIB_HEADER.subarray(0, 0);
      memory.bytes(address + 8, lead.length).set(lead);
      const compressed = address + 8 + lead.length;
      let bytes = lead.length + deflate(compressed, scratch, length, history, position, ending);
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
  const matches = Math.max(search.matches, REPEATS);
  if (bitDepth < 8 || (colours.length > 0 && colours.length <= FLAT_COLOURS))
    return { ...search, choices: [UNFILTERED], matches };
  if (colourType === RGB || colourType === RGBA || colourType === GREY_ALPHA) return search;
  return { ...search, matches };
}

/** A palette of so few colours at most is of flat areas; a larger one may be of gradients. */
const FLAT_COLOURS = 64;

function putUint32({ memory }: KernelInstance, address: number, value: number): void {
  memory.bytes(address, 4).set([value >>> 24, value >>> 16, value >>> 8, value]);
}
