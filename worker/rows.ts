/**
 * One photo shared by several workers: each develops some of its rows. A JPEG's take two steps, for the codes depend on
 * all of them; a PNG's are compressed at once, and a last step says what comes before and behind them.
 */
import { filePart, type FilePart } from './blob.ts';
import { planarToRgba } from './color/color.ts';
import { frameSize } from './frame/frame-facts.ts';
import { closeFrame, type Frame } from './frame/frame.ts';
import { codePart, encodePart, tokenisePart, type PartPlace, type TokenisedPart } from './jpeg/parts.ts';
import { isPlanar, type ReadFrame } from './frame/image.ts';
import { readFrame } from './frame/read.ts';
import type { KernelInstance } from './memory/kernels.ts';
import { exif } from './metadata/exif.ts';
import { iccProfile } from './metadata/icc.ts';
import { pngChunks } from './metadata/png-chunks.ts';
import type { DevelopSettings } from './options.ts';
import { head } from './png/encode.ts';
import { encodePiece, tail } from './png/pieces.ts';
import { RGB_LAYOUT } from './png/reduce.ts';
import type { PieceCheck } from './png/zlib-stream.ts';

/** Rows of a photo on their way to its file, and how long they took to read and to encode, in milliseconds. */
export type DevelopedRows = {
  part: TokenisedPart;
  colorSpace: PredefinedColorSpace;
  timings: { read: number; encode: number };
};

/** Bytes of a file, and the milliseconds they took to encode. */
export type CodedRows = { bytes: FilePart; encode: number };

/** Bytes of a file made at once, and the milliseconds that they took to read and to encode. */
export type EncodedRows = { bytes: FilePart; timings: { read: number; encode: number } };

/** The first step, for a frame that holds these rows alone, which is closed as soon as it is read. */
export async function developRows(
  instance: KernelInstance,
  frame: Frame,
  settings: DevelopSettings,
): Promise<DevelopedRows> {
  const { image, colorSpace, read, now } = await readRows(instance, frame);
  const part = tokenisePart(instance, image, settings);
  instance.memory.reset();
  return { part, colorSpace, timings: { read, encode: performance.now() - now } };
}

/**
 * Both steps at once, where the codes are known beforehand: effort 'speed'. The frame is closed as soon as it is read.
 */
export async function encodeRows(
  instance: KernelInstance,
  frame: Frame,
  place: Omit<PartPlace, 'counts'>,
  settings: DevelopSettings,
): Promise<EncodedRows> {
  const { image, colorSpace, read, now } = await readRows(instance, frame);
  const { type, metadata } = settings;
  const size = { width: image.width, height: place.height };
  const block = metadata ? exif(metadata, { type, ...size, colorSpace, thumbnail: undefined }) : undefined;
  const profile = iccProfile(colorSpace);
  const sink = encodePart(instance, image, place, { ...settings, exif: block, profile });
  const bytes = filePart(sink.parts(), type, settings.workers);
  instance.memory.reset();
  return { bytes, timings: { read, encode: performance.now() - now } };
}

/** The second step: the rows' bytes in the file. */
export function codeRows(
  instance: KernelInstance,
  { part, colorSpace }: DevelopedRows,
  place: PartPlace,
  settings: DevelopSettings,
): CodedRows {
  const started = performance.now();
  instance.memory.reset();
  const { type, metadata } = settings;
  const { width } = part.frame;
  const block = metadata
    ? exif(metadata, { type, width, height: place.height, colorSpace, thumbnail: undefined })
    : undefined;
  const profile = iccProfile(colorSpace);
  const sink = codePart(instance, part, place, { ...settings, exif: block, profile });
  const bytes = filePart(sink.parts(), type, settings.workers);
  instance.memory.reset();
  return { bytes, encode: performance.now() - started };
}

/** What stands before the rows of a part, and where in the photo it is. */
export type PngPlace = { above: number; first: boolean; last: boolean };

/** Rows as complete IDAT chunks, what their checksum depends on, and how long they took in milliseconds. */
export type CompressedRows = {
  bytes: FilePart;
  check: PieceCheck;
  colorSpace: PredefinedColorSpace;
  timings: { read: number; encode: number };
};

/**
 * Compresses rows of an opaque frame that holds them and `above` rows above them; it is closed as soon as it is read.
 */
export async function compressRows(
  instance: KernelInstance,
  frame: Frame,
  { above, first, last }: PngPlace,
  { type, effort, workers }: DevelopSettings,
): Promise<CompressedRows> {
  const { image, colorSpace, read, now } = await readRows(instance, frame);
  const packed = isPlanar(image) ? planarToRgba(instance, image) : image;
  const { address, stride, height } = packed;
  const rows = { ...packed, address: address + above * stride, height: height - above };
  const { parts, ...check } = encodePiece(instance, rows, { effort, layout: RGB_LAYOUT, first, last });
  const bytes = filePart(parts, type, workers);
  instance.memory.reset();
  return { bytes, check, colorSpace, timings: { read, encode: performance.now() - now } };
}

/** What comes before and behind the rows of a PNG. */
export function framePng(
  checks: readonly PieceCheck[],
  size: { width: number; height: number },
  colorSpace: PredefinedColorSpace,
  { type, metadata }: DevelopSettings,
): { head: Uint8Array<ArrayBuffer>; tail: Uint8Array<ArrayBuffer> } {
  const block = metadata ? exif(metadata, { type, ...size, colorSpace, thumbnail: undefined }) : undefined;
  const chunks = pngChunks(metadata || undefined, block, iccProfile(colorSpace));
  return { head: concatenate(head(size, RGB_LAYOUT, chunks)), tail: concatenate(tail(checks)) };
}

/** A part's pixels in empty memory, the milliseconds that took, and the time when they were there. */
async function readRows({ memory }: KernelInstance, frame: Frame): Promise<ReadFrame & { read: number; now: number }> {
  memory.reset();
  memory.reserve(frameSize(frame).bytes);
  const started = performance.now();
  const source = await readFrame(memory, frame);
  closeFrame(frame);
  const now = performance.now();
  return { ...source, read: now - started, now };
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
