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

/** The code of black, and the codes that luma and chroma reach over. */
const codeRange = ({ fullRange }: YuvColour): { zero: number; luma: number; chroma: number } =>
  fullRange ? { zero: 0, luma: 255, chroma: 255 } : { zero: 16, luma: 219, chroma: 224 };

/** What a range's codes mean: the code of black, and the factors to full range. */
export function rangeOf(colour: YuvColour): { zero: number; lumaGain: number; chromaGain: number } {
  const { zero, luma, chroma } = codeRange(colour);
  return { zero, lumaGain: fixed(255 / luma), chromaGain: fixed(255 / chroma) };
}

/** What V adds to red, U and V take from green, and U adds to blue, when `gain` brings them to full range. */
export function chromaShares(colour: YuvColour, gain: number): { vr: number; ug: number; vg: number; ub: number } {
  const { kr, kg, kb } = lumaCoefficients(colour);
  const [red, blue] = [2 * (1 - kr), 2 * (1 - kb)];
  return { vr: red * gain, ug: ((blue * kb) / kg) * gain, vg: ((red * kr) / kg) * gain, ub: blue * gain };
}

/** The codes of Y, Cb and Cr that stand for an sRGB colour. */
export function codesOf([red, green, blue]: Colour, colour: YuvColour): [number, number, number] {
  const { kr, kg, kb } = lumaCoefficients(colour);
  const range = codeRange(colour);
  const luma = kr * red + kg * green + kb * blue;
  const chroma = (difference: number, k: number): number =>
    Math.min(255, Math.round(128 + ((difference / (2 - 2 * k)) * range.chroma) / 255));
  return [Math.round(range.zero + (luma * range.luma) / 255), chroma(blue - luma, kb), chroma(red - luma, kr)];
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
  const { zero, lumaGain } = rangeOf(colour);
  const { vr, ug, vg, ub } = chromaShares(colour, 255 / codeRange(colour).chroma);
  const factors = { vr: fixed(vr), ug: fixed(ug), vg: fixed(vg), ub: fixed(ub) };
  return ({ x, y, width, height }, address, stride) => {
    const at = (y >> 1) * u.stride + (x >> 1) * step;
    kernels.yuv420ToRgba({
      srcY: luma.address + y * luma.stride + x,
      srcU: u.address + at,
      srcV: v.address + at,
      dst: address,
      width,
      height,
      yStride: luma.stride,
      chromaStride: u.stride,
      chromaStep: step,
      dstStride: stride,
      zero,
      gain: lumaGain,
      vr: factors.vr,
      ug: factors.ug,
      vg: factors.vg,
      ub: factors.ub,
    });
  };
}

/** 2^14 fixed point. */
function fixed(value: number): number {
  return Math.round(value * 16384);
}
