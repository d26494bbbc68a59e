/** The marker segments before and between the coded data (T.81 Annex B, T.871). */
import { assertSides } from '../limits.ts';
import type { HuffmanTable } from './huffman.ts';
import { ZIGZAG } from './tables.ts';

/** Luminance DC, luminance AC and, where there is colour, chrominance DC, chrominance AC. */
export type HuffmanTables = readonly HuffmanTable[];

/** What a frame header tells. */
export type FrameHeader = {
  width: number;
  height: number;
  /** Sampling factors of luma, across and down; chroma has 1. */
  across: number;
  down: number;
  /** Luminance and, where there is colour, chrominance, row-major. */
  quantisers: readonly (readonly number[])[];
  /** MCUs between restart markers, 0 for none (B.2.4.4). */
  restartInterval: number;
};

/** End of image. */
export const EOI = new Uint8Array([0xff, 0xd9]);

/**
 * SOI, APP0 (JFIF), DQT, SOF0, DHT, DRI, SOS of a baseline image in one interleaved scan. `segments` go behind APP0.
 */
export function baselineHeader(
  frame: FrameHeader,
  tables: HuffmanTables,
  segments: Uint8Array = new Uint8Array(0),
): Uint8Array {
  return new Uint8Array([
    ...[0xff, 0xd8],
    ...JFIF,
    ...segments,
    ...quantisationSegments(frame),
    ...frameSegment(0xc0, frame),
    ...tables
      .slice(0, frame.quantisers.length * 2)
      .flatMap((table, t) => huffmanSegment(((t & 1) << 4) | (t >> 1), table)),
    ...(frame.restartInterval > 0 ? segment(0xdd, [frame.restartInterval >> 8, frame.restartInterval & 255]) : []),
    ...segment(0xda, [...(hasColour(frame) ? [3, 1, 0x00, 2, 0x11, 3, 0x11] : [1, 1, 0x00]), 0, 63, 0]),
  ]);
}

/** A marker segment; its length counts itself (B.1.1.4). */
export function segment(marker: number, body: readonly number[]): number[] {
  return [0xff, marker, (body.length + 2) >> 8, (body.length + 2) & 255, ...body];
}

/** Version 1.1, square pixels, no thumbnail (T.871 10.1). */
export const JFIF: readonly number[] = segment(0xe0, [0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0]);

/** DQT (B.2.4.1), one for each table. */
export function quantisationSegments({ quantisers }: FrameHeader): number[] {
  return quantisers.flatMap((table, t) => segment(0xdb, [t, ...ZIGZAG.map((i) => table[i]!)]));
}

/**
 * SOFn (B.2.2): `marker` says which process.
 * @throws RangeError for a side that is too long: the last chance, also for parts, which do not know the whole before
 */
export function frameSegment(marker: number, frame: FrameHeader): number[] {
  const { width, height, across, down } = frame;
  assertSides('image/jpeg', width, height);
  const size = [height >> 8, height & 255, width >> 8, width & 255];
  const components = hasColour(frame) ? [3, 1, (across << 4) | down, 0, 2, 0x11, 1, 3, 0x11, 1] : [1, 1, 0x11, 0];
  return segment(marker, [8, ...size, ...components]);
}

/** Whether the frame has chrominance: without it there is one table. */
function hasColour({ quantisers }: FrameHeader): boolean {
  return quantisers.length > 1;
}

/** DHT (B.2.4.2). `destination`: class in the high four bits, table in the low ones. */
export function huffmanSegment(destination: number, { counts, symbols }: HuffmanTable): number[] {
  return segment(0xc4, [destination, ...counts, ...symbols]);
}
