/**
 * A JPEG in parts: rows of MCUs of one photo that different workers turn into tokens, then code with tables for the
 * whole. Restart markers make the rows independent, so the parts, one behind the other, are the file that {@link
 * encodeJpeg} writes with `restarts`.
 */
import type { PixelImage } from '../frame/image.ts';
import type { KernelInstance } from '../memory/kernels.ts';
import { jpegSegments } from '../metadata/jpeg-segments.ts';
import type { ChromaSubsampling } from '../options.ts';
import { Sink } from '../memory/sink.ts';
import { BlockSource } from './blocks.ts';
import { PIECE_BOUND, Coder } from './coder.ts';
import type { JpegSettings } from './encode.ts';
import { baselineHeader, EOI, type FrameHeader } from './header.ts';
import { addRows } from './scan.ts';
import { SAMPLING } from './strips.ts';
import { optimalTables } from './statistics.ts';
import { quantisationTables, TYPICAL_TABLES } from './tables.ts';
import { TokenStore } from './tokens.ts';

/** A part before its codes are known. It owns its memory. */
export type TokenisedPart = {
  /** u32 each, see assembly/jpeg/tokens.ts. */
  tokens: Uint32Array<ArrayBuffer>;
  /** Tokens of each row of MCUs. */
  rows: number[];
  /** How often each symbol occurs; those of all parts are to be added up. */
  counts: Int32Array<ArrayBuffer>;
  /** Of this part alone. */
  frame: FrameHeader;
};

/** A part's place in its photo, and what the whole is. */
export type PartPlace = {
  /** The part's first row of MCUs, and how many there are in all. */
  firstRow: number;
  rows: number;
  /** Height of the photo in pixels. */
  height: number;
  /** Symbols of all parts. */
  counts: Int32Array<ArrayBuffer>;
};

/** Pixel rows of a row of MCUs. */
export function mcuHeight(subsampling: ChromaSubsampling): number {
  return 8 * SAMPLING[subsampling][1];
}

/** Pixel rows that a part's height is a multiple of, unless it is the last, in every subsampling. */
export const PART_ROWS = 16;

/** Turns a part's pixels into tokens. */
export function tokenisePart(instance: KernelInstance, image: PixelImage, settings: JpegSettings): TokenisedPart {
  const blocks = openBlocks(instance, image, settings);
  const tokens = new TokenStore(instance, blocks);
  addRows(tokens, blocks, true);
  return {
    tokens: new Uint32Array(instance.memory.words(tokens.address, tokens.count).slice().buffer),
    rows: tokens.rows.map(({ count }) => count),
    counts: tokens.counts(),
    frame: blocks.frame(true),
  };
}

/**
 * Codes a part with the best tables for all. The first one begins with the file's header, the last one ends with its
 * end marker.
 */
export function codePart(
  instance: KernelInstance,
  part: TokenisedPart,
  place: PartPlace,
  { exif, profile }: Pick<JpegSettings, 'exif' | 'profile'>,
): Sink {
  const { memory } = instance;
  const tables = optimalTables(place.counts);
  const coder = new Coder(instance);
  let address = memory.alloc(part.tokens.byteLength);
  memory.words(address, part.tokens.length).set(part.tokens);
  const sink = new Sink(memory, PIECE_BOUND + part.tokens.length);
  if (place.firstRow === 0) {
    const segments = jpegSegments(exif, profile);
    sink.write(baselineHeader({ ...part.frame, height: place.height }, tables, segments));
  }
  coder.start(tables);
  part.rows.forEach((count, i) => {
    const row = place.firstRow + i;
    coder.encode({ address, count }, sink);
    address += count * 4;
    endRow(coder, sink, row, place.rows);
  });
  return sink;
}

/** Codes a part at once with the typical tables of Annex K. */
export function encodePart(
  instance: KernelInstance,
  image: PixelImage,
  place: Omit<PartPlace, 'counts'>,
  settings: JpegSettings,
): Sink {
  const blocks = openBlocks(instance, image, settings);
  const coder = new Coder(instance);
  const sink = new Sink(instance.memory, PIECE_BOUND + (image.width * image.height) / 2);
  if (place.firstRow === 0) {
    const segments = jpegSegments(settings.exif, settings.profile);
    sink.write(baselineHeader({ ...blocks.frame(true), height: place.height }, TYPICAL_TABLES, segments));
  }
  coder.start(TYPICAL_TABLES);
  for (let i = 0; i < blocks.rows; i++) {
    coder.encodeBlocks(blocks.load(i), blocks, sink);
    endRow(coder, sink, place.firstRow + i, place.rows);
  }
  return sink;
}

/** A part's blocks. Parts have all three components: one alone cannot know that the whole is grey. */
function openBlocks(instance: KernelInstance, image: PixelImage, settings: JpegSettings): BlockSource {
  const blocks = new BlockSource(instance, image, settings.chromaSubsampling, { colour: true });
  blocks.quantiseBy(quantisationTables(settings.quality));
  return blocks;
}

/** A marker behind a row of MCUs: of restart, or of the end behind the last one. */
function endRow(coder: Coder, sink: Sink, row: number, rows: number): void {
  if (row + 1 < rows) coder.restart(sink, row);
  else {
    coder.flush(sink);
    sink.write(EOI);
  }
}
