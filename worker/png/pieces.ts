/**
 * One PNG from several workers: each compresses rows of its own, with the row above them at hand for the filters, and
 * ends at a full byte; the compressed rows in turn are one zlib stream (RFC 1950), whose checksum follows from theirs.
 */

import type { PackedImage } from '../frame/image.ts';
import type { KernelInstance } from '../memory/kernels.ts';
import { uint32 } from '../metadata/big-endian.ts';
import type { PngChunk } from '../metadata/png-chunks.ts';
import type { Effort } from '../options.ts';
import { chunk, end } from './chunks.ts';
import { defaultOutput, head } from './encode.ts';
import { IdatWriter } from './idat.ts';
import type { PngLayout } from './reduce.ts';
import { ADLER32_START, combineAdler32 } from '../metadata/zlib.ts';
import type { PieceCheck } from './zlib-stream.ts';

/** Some rows of a photo, compressed: plain data, to be posted or transferred. */
export type PngPiece = PieceCheck & {
  /** Complete IDAT chunks. */
  parts: Uint8Array<ArrayBuffer>[];
};

/** Rows that are compressed apart from the others. */
export type PieceOptions = {
  effort: Effort;
  /** The layout of the whole photo. */
  layout: PngLayout;
  /** They are the first rows of the photo. Else the row above them lies one stride before them in memory. */
  first: boolean;
  /** They are the last. */
  last: boolean;
};

/**
 * Compresses rows of a photo: `image` is these rows alone. Memory as in `encodePng`; the piece's last part is a view
 * that lives until the next alloc.
 * @throws RangeError or OperationError where memory does not suffice.
 */
export function encodePiece(
  instance: KernelInstance,
  image: PackedImage,
  { effort, layout, first, last }: PieceOptions,
): PngPiece {
  const outputBytes = defaultOutput(layout, image.width, image.height);
  const writer = new IdatWriter(instance, image, layout, { first, last, whole: false }, { effort, outputBytes });
  const check = writer.write();
  return { parts: writer.sink.parts(), ...check };
}

/** The parts of the file, in order, from all pieces of a photo from top to bottom. Needs no kernels. */
export function joinPng(
  size: { width: number; height: number },
  layout: PngLayout,
  pieces: readonly PngPiece[],
  chunks?: readonly PngChunk[],
): Uint8Array[] {
  return [...head(size, layout, chunks), ...pieces.flatMap(({ parts }) => parts), ...tail(pieces)];
}

/** What comes behind all pieces of a photo, from top to bottom. */
export function tail(pieces: readonly PieceCheck[]): Uint8Array[] {
  const join = (sum: number, piece: PieceCheck): number => combineAdler32(sum, piece.adler32, piece.filteredBytes);
  return [chunk('IDAT', Uint8Array.from(uint32(pieces.reduce(join, ADLER32_START)))), end()];
}
