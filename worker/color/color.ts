import type { PackedImage, PlanarImage, Rect, YuvColour } from '../frame/image.ts';
import type { KernelExports, KernelInstance } from '../memory/kernels.ts';
import type { Colour } from '../options.ts';

/** Luma coefficients of red and blue (ITU-T H.273 table 4). */
const LUMA = { bt601: { kr: 0.299, kb: 0.114 }, bt709: { kr: 0.2126, kb: 0.0722 } };

/** Luma coefficients of red, green and blue. */
export function lumaCoefficients({ matrix }: YuvColour): { kr: number; kg: number; kb: number } {
  const { kr, kb } = LUMA[matrix];
  return { kr, kg: 1 - kr - kb, kb };
}

/** What a range's codes mean: the code of black, and the factors to full range. */
export function rangeOf({ fullRange }: YuvColour): { zero: number; lumaGain: number; chromaGain: number } {
  return fullRange
    ? { zero: 0, lumaGain: fixed(1), chromaGain: fixed(1) }
    : { zero: 16, lumaGain: fixed(255 / 219), chromaGain: fixed(255 / 224) };
}

/** The codes of Y, Cb and Cr that stand for an sRGB colour. */
export function codesOf([red, green, blue]: Colour, { matrix, fullRange }: YuvColour): [number, number, number] {
  const { kr, kb } = LUMA[matrix];
  const luma = kr * red + (1 - kr - kb) * green + kb * blue;
  const [zero, lumaRange, chromaRange] = fullRange ? [0, 255, 255] : [16, 219, 224];
  const chroma = (difference: number, k: number): number =>
    Math.min(255, Math.round(128 + ((difference / (2 - 2 * k)) * chromaRange) / 255));
  return [Math.round(zero + (luma * lumaRange) / 255), chroma(blue - luma, kb), chroma(red - luma, kr)];
}

/**
 * Converts 4:2:0 planes to opaque RGBA on the memory's stack, as browsers show them: chroma repeated, straight to sRGB.
 */
export function planarToRgba({ kernels, memory }: KernelInstance, image: PlanarImage): PackedImage {
  const { width, height } = image;
  const stride = width * 4;
  const address = memory.alloc(stride * height);
  rgbaConverter(kernels, image)({ x: 0, y: 0, width, height }, address, stride);
  return { format: 'RGBA', width, height, address, stride };
}

/**
 * Converts rectangles of 4:2:0 planes as {@link planarToRgba} does the whole. A rectangle begins at an even column and,
 * unless it is one row, at an even row.
 */
export function rgbaConverter(
  kernels: KernelExports,
  { planes, colour, format }: PlanarImage,
): (rect: Rect, address: number, stride: number) => void {
  const luma = planes[0]!;
  const u = planes[1]!;
  const interleaved = format === 'NV12';
  const v = interleaved ? { address: u.address + 1, stride: u.stride } : planes[2]!;
  const step = interleaved ? 2 : 1;
  const { kr, kg, kb } = lumaCoefficients(colour);
  const chroma = colour.fullRange ? 1 : 255 / 224;
  const { zero, lumaGain } = rangeOf(colour);
  const factors = [
    2 * (1 - kr) * chroma,
    ((2 * (1 - kb) * kb) / kg) * chroma,
    ((2 * (1 - kr) * kr) / kg) * chroma,
    2 * (1 - kb) * chroma,
  ].map(fixed) as [number, number, number, number];
  return ({ x, y, width, height }, address, stride) => {
    const at = (y >> 1) * u.stride + (x >> 1) * step;
    kernels.yuv420ToRgba(
      luma.address + y * luma.stride + x,
      u.address + at,
      v.address + at,
      address,
      width,
      height,
      luma.stride,
      u.stride,
      step,
      stride,
      zero,
      lumaGain,
      ...factors,
    );
  };
}

/** 2^14 fixed point. */
function fixed(value: number): number {
  return Math.round(value * 16384);
}
