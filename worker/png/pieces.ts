/**
 * One PNG from several workers: each compresses rows of its own, with the row above them at hand for the filters, and ends at
 * a full byte; the compressed rows in turn are one zlib stream (RFC 1950), whose checksum follows from theirs.
 */

import type { PackedImage } from '../frame/image.ts';
import type { KernelInstance } from '../memory/kernels.ts';
import type { PngChunk } from '../metadata/png-chunks.ts';
import type { Effort } from '../options.ts';
import { chunk, end } from './chunks.ts';
import { defaultOutput, head } from './encode.ts';
import { IdatWriter } from './idat.ts';
import type { PngLayout } from './reduce.ts';
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

const ADLER32_MODULUS = 65521;

/**
 * Compresses rows of a photo: `image` is these rows alone. Memory as in `encodePng`; the piece's last part is a view that
 * lives until the next alloc.
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
  const adler32 = pieces.reduce((sum, piece) => combineAdler32(sum, piece.adler32, piece.filteredBytes), 1);
  const checksum = new Uint8Array(4);
  new DataView(checksum.buffer).setUint32(0, adler32);
  return [chunk('IDAT', checksum), end()];
}

/**
 * Adler-32 of two runs of bytes in turn. A is one plus the sum of all bytes; B is the sum of all A, so every byte of the
 * second run meets the first's A in place of the one that it started from.
 */
export function combineAdler32(first: number, second: number, secondBytes: number): number {
  const a1 = first & 0xffff;
  const a = (a1 + (second & 0xffff) + ADLER32_MODULUS - 1) % ADLER32_MODULUS;
  const gained = ((secondBytes % ADLER32_MODULUS) * (a1 + ADLER32_MODULUS - 1)) % ADLER32_MODULUS;
  const b = ((first >>> 16) + (second >>> 16) + gained) % ADLER32_MODULUS;
  return b * 65536 + a;
}
