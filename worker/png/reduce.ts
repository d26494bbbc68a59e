import type { PackedImage } from '../frame/image.ts';
import type { KernelInstance } from '../memory/kernels.ts';
import { GREY, GREY_ALPHA, INDEXED, RGB, RGBA, type ColourType } from './chunks.ts';

/** How a PNG holds its pixels. Plain data: it can be posted to another worker. */
export type PngLayout = {
  colourType: ColourType;
  /** Bits of a sample or an index: 1, 2, 4 or 8. */
  bitDepth: number;
  /** The palette: colours 0xAABBGGRR, in the order of their indices. Empty without one. */
  colours: number[];
};

/** What any opaque picture fits into. */
export const RGB_LAYOUT: PngLayout = { colourType: RGB, bitDepth: 8, colours: [] };

/** RGB, or RGBA where a pixel is not opaque. */
export function plainLayout(instance: KernelInstance, image: PackedImage): PngLayout {
  return { colourType: isOpaque(instance, image) ? RGB : RGBA, bitDepth: 8, colours: [] };
}

/**
 * The smallest layout that holds the pixels exactly, colours under alpha 0 included. A photograph is recognised within
 * its first few hundred pixels.
 */
export function reducedLayout(instance: KernelInstance, image: PackedImage): PngLayout {
  const { kernels } = instance;
  const { address, width, height, stride } = image;
  const colours = collectColours(instance, image);
  const isGrey = kernels.hasEqualChannels(address, width, height, stride) === 1;
  if (!colours) {
    const plain = plainLayout(instance, image);
    return isGrey ? { ...plain, colourType: plain.colourType === RGBA ? GREY_ALPHA : GREY } : plain;
  }
  const opaque = colours.every((colour) => colour >>> 24 === 255);
  const indexDepth = [1, 2, 4, 8].find((depth) => colours.length <= 1 << depth)!;
  const greyDepth = [1, 2, 4, 8].find((depth) => {
    const step = 255 / ((1 << depth) - 1);
    return colours.every((colour) => (colour & 255) % step === 0);
  })!;
  if (isGrey && opaque && greyDepth <= indexDepth) return { colourType: GREY, bitDepth: greyDepth, colours: [] };
  const plainBytes = isGrey ? (opaque ? 1 : 2) : opaque ? 3 : 4;
  const paletteBytes = 12 + 3 * colours.length + (opaque ? 0 : 12 + colours.length);
  // Half of what is saved before compression is taken to be left after it.
  if ((width * height * (plainBytes - indexDepth / 8)) / 2 > paletteBytes) {
    return { colourType: INDEXED, bitDepth: indexDepth, colours };
  }
  if (isGrey) return { colourType: opaque ? GREY : GREY_ALPHA, bitDepth: 8, colours: [] };
  return { colourType: opaque ? RGB : RGBA, bitDepth: 8, colours: [] };
}

/** What is OR-ed into pixels whose fourth byte has no meaning. */
export function alwaysSet({ format }: PackedImage): number {
  return format === 'RGBX' || format === 'BGRX' ? 0xff000000 | 0 : 0;
}

/** Colours as 0xAABBGGRR from pixels, and back: red and blue trade places where the format has blue first. */
export function inOrder({ format }: PackedImage, colour: number): number {
  if (format === 'RGBA' || format === 'RGBX') return colour >>> 0;
  return ((colour & 0xff00ff00) | ((colour >>> 16) & 0xff) | ((colour & 0xff) << 16)) >>> 0;
}

function isOpaque({ kernels }: KernelInstance, { format, address, width, height, stride }: PackedImage): boolean {
  return format === 'RGBX' || format === 'BGRX' || kernels.isOpaque(address, width, height, stride) === 1;
}

/** The colours of the image, unless they are more than 256. */
function collectColours({ kernels, memory }: KernelInstance, image: PackedImage): number[] | undefined {
  const mark = memory.mark();
  const found = memory.alloc(256 * 4);
  const table = memory.alloc(kernels.colourTableBytes());
  const { address, width, height, stride } = image;
  const count = kernels.collectColours(address, found, table, width, height, stride, alwaysSet(image));
  const colours = Array.from(memory.words(found, Math.max(0, count)), (colour) => inOrder(image, colour));
  memory.release(mark);
  return count < 0 ? undefined : colours;
}
