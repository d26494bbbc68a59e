/**
 * PNG (third edition, W3C 2025) from pixels in linear memory, not interlaced, tagged as sRGB: in the smallest layout
 * that holds the pixels exactly. Rows are packed and filtered a few at a time into a window; a full window is
 * compressed into one IDAT chunk.
 */

import type { PackedImage } from '../frame/image.ts';
import type { KernelInstance } from '../memory/kernels.ts';
import type { Effort } from '../options.ts';
import { assertSides } from '../limits.ts';
import type { Sink } from '../memory/sink.ts';
import { SRGB_CHUNK, type PngChunk } from '../metadata/png-chunks.ts';
import { chunk, end, GREY, GREY_ALPHA, header, palette, SIGNATURE } from './chunks.ts';
import { IdatWriter } from './idat.ts';
import { reducedLayout, type PngLayout } from './reduce.ts';
import { bytesPerRow } from './rows.ts';

/** The options of the PNG encoder. */
export type PngOptions = {
  effort: Effort;
  /** Chunks between IHDR and PLTE or IDAT. Default: sRGB. */
  chunks?: readonly PngChunk[] | undefined;
  /**
   * Bytes of linear memory that the output may fill before it is copied out. Default: half of the samples, at most 8
   * MiB.
   */
  outputBytes?: number;
};

const MAX_OUTPUT = 8 << 20;

/**
 * Encodes an image. Working memory is taken from the stack before work starts and is the
 * caller's to release, with the output in it; beside the output it does not grow with the number of rows.
 * @throws RangeError when a side is too long; RangeError or OperationError where memory does not suffice.
 */
export function encodePng(
  instance: KernelInstance,
  image: PackedImage,
  { effort, chunks, outputBytes: given }: PngOptions,
): Sink {
  assertSides('image/png', image.width, image.height);
  const layout = reducedLayout(instance, image);
  const outputBytes = given ?? defaultOutput(layout, image.width, image.height);
  const place = { first: true, last: true, whole: true };
  const writer = new IdatWriter(instance, image, layout, place, { effort, outputBytes });
  const { sink } = writer;
  for (const bytes of head(image, layout, chunks)) sink.write(bytes);
  writer.write();
  sink.write(end());
  return sink;
}

/** All that comes before the image data. */
export function head(
  { width, height }: { width: number; height: number },
  { bitDepth, colourType, colours }: PngLayout,
  chunks: readonly PngChunk[] = [SRGB_CHUNK],
): Uint8Array[] {
  const grey = colourType === GREY || colourType === GREY_ALPHA;
  // A profile of RGB colours does not fit a grey image, which means the same without it.
  const fitting = chunks.map((each) => (grey && each.type === 'iCCP' ? SRGB_CHUNK : each));
  const first = [
    SIGNATURE,
    header(width, height, bitDepth, colourType),
    ...fitting.map(({ type, data }) => chunk(type, data)),
  ];
  return colours.length > 0 ? [...first, ...palette(colours)] : first;
}

/** Half of the samples, at most 8 MiB. */
export function defaultOutput(layout: PngLayout, width: number, height: number): number {
  return Math.min(MAX_OUTPUT, (bytesPerRow(layout, width) * height) >>> 1);
}
