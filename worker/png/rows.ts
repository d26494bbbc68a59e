import type { PackedImage } from '../frame/image.ts';
import type { KernelInstance } from '../memory/kernels.ts';
import { GREY, GREY_ALPHA, INDEXED, RGBA } from './chunks.ts';
import { alwaysSet, inOrder, type PngLayout } from './reduce.ts';

/** Bytes of a row without its filter type. */
export function bytesPerRow({ colourType, bitDepth }: PngLayout, width: number): number {
  return Math.ceil((width * samplesPerPixel(colourType) * bitDepth) / 8);
}

/** Bytes from a byte to the one that filters take for its left neighbour (clause 9.2). */
export function filterDistance({ colourType }: PngLayout): number {
  return samplesPerPixel(colourType);
}

/**
 * Writes `count` rows of the image from row `y` on (-1: the row above it) to an address, `pitch` bytes apart, as a PNG
 * holds them.
 */
export type Packer = (y: number, count: number, to: number, pitch: number) => void;

/** Bytes that a packer may write from the start of a row on: samples are bytes before they are packed into bits. */
export function packedBytes(layout: PngLayout, width: number): number {
  return Math.max(bytesPerRow(layout, width), layout.bitDepth < 8 ? width : 0);
}

/** Chooses the kernels for a layout; may take memory for a table from the stack. */
export function packer({ kernels, memory }: KernelInstance, image: PackedImage, layout: PngLayout): Packer {
  const { address, stride, width, format } = image;
  const { colourType, bitDepth, colours } = layout;
  const at = (y: number): number => address + y * stride;
  const swapped = format === 'BGRA' || format === 'BGRX';
  if (colourType === INDEXED) {
    const table = memory.alloc(kernels.colourTableBytes());
    const list = memory.alloc(256 * 4);
    memory.words(list, colours.length).set(colours.map((colour) => inOrder(image, colour)));
    kernels.tabulateColours(list, table, colours.length);
    return (y, count, to, pitch) => {
      kernels.indexColours(at(y), to, table, width, count, stride, pitch, alwaysSet(image));
      if (bitDepth < 8) kernels.packSamples(to, width, count, pitch, bitDepth);
    };
  }
  if (colourType === GREY || colourType === GREY_ALPHA) {
    return (y, count, to, pitch) => {
      kernels.greyOf(at(y), to, width, count, stride, pitch, colourType === GREY_ALPHA ? 1 : 0);
      if (bitDepth < 8) kernels.packSamples(to, width, count, pitch, bitDepth);
    };
  }
  if (colourType === RGBA && !swapped) {
    return (y, count, to, pitch) => kernels.copyRows(at(y), to, 4 * width, count, stride, pitch);
  }
  const kernel = colourType === RGBA ? kernels.bgraToRgba : swapped ? kernels.bgraToRgb : kernels.rgbaToRgb;
  return (y, count, to, pitch) => kernel(at(y), to, width, count, stride, pitch);
}

function samplesPerPixel(colourType: PngLayout['colourType']): number {
  return { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }[colourType];
}
