/**
 * Resampling as it is defined: separable, in float64, on gamma-encoded values or on light, the kernel widened by
 * max(1, scale), samples outside the picture dropped and the rest renormalised, one rounding at the end.
 */

import type { Rect } from '../../../worker/frame/image.ts';
import type { Orientation } from '../../../worker/frame/orientation.ts';
import type { ResampleKernel } from '../../../worker/options.ts';

/** Interleaved 8-bit samples without padding; four channels are RGBA with straight alpha. */
export type Samples = { data: Uint8Array; width: number; height: number; channels: 1 | 4 };

const sinc = (x: number) => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));

/** The kernels as their authors wrote them. */
const KERNELS: Record<ResampleKernel, [radius: number, value: (x: number) => number]> = {
  box: [0.5, (x) => (x >= -0.5 && x < 0.5 ? 1 : 0)],
  bilinear: [1, (x) => (Math.abs(x) < 1 ? 1 - Math.abs(x) : 0)],
  mitchell: [2, (x) => cubic(Math.abs(x), 1 / 3, 1 / 3)],
  lanczos3: [3, (x) => (Math.abs(x) < 3 ? sinc(x) * sinc(x / 3) : 0)],
};

function cubic(x: number, b: number, c: number): number {
  if (x < 1) return ((12 - 9 * b - 6 * c) * x ** 3 + (-18 + 12 * b + 6 * c) * x ** 2 + (6 - 2 * b)) / 6;
  if (x < 2) return ((-b - 6 * c) * x ** 3 + (6 * b + 30 * c) * x ** 2 + (-12 * b - 48 * c) * x + (8 * b + 24 * c)) / 6;
  return 0;
}

/** The taps of every output along one axis: pairs of source index and weight. */
export function taps(kernel: ResampleKernel, start: number, length: number, limit: number, count: number) {
  const scale = length / count;
  const stretch = Math.max(1, scale);
  const copies = scale === 1 && Number.isInteger(start);
  const [radius, value] = KERNELS[copies ? 'box' : kernel];
  return Array.from({ length: count }, (_, i) => {
    const position = Math.min(Math.max(start + (i + 0.5) * scale, 0), limit);
    const found: [index: number, weight: number][] = [];
    const from = Math.max(0, Math.floor(position - radius * stretch) - 1);
    const to = Math.min(limit - 1, Math.ceil(position + radius * stretch) + 1);
    for (let j = from; j <= to; j++) {
      const weight = value((j + 0.5 - position) / stretch);
      if (weight !== 0) found.push([j, weight]);
    }
    if (found.length === 0) found.push([Math.min(limit - 1, Math.floor(position)), 1]);
    const sum = found.reduce((total, [, weight]) => total + weight, 0);
    return found.map(([index, weight]) => [index, weight / sum] as const);
  });
}

/** Resamples `crop` of the samples to `width` × `height`. */
export function resample(
  source: Samples,
  crop: Rect,
  { width, height }: { width: number; height: number },
  kernel: ResampleKernel,
  linear = false,
): Uint8Array {
  const { channels } = source;
  const columns = taps(kernel, crop.x, crop.width, source.width, width);
  const rows = taps(kernel, crop.y, crop.height, source.height, height);
  const premultiplied = channels === 4 ? premultiply(source.data, linear) : Float64Array.from(source.data);

  const narrow = new Float64Array(width * source.height * channels);
  for (let y = 0; y < source.height; y++) {
    columns.forEach((column, x) => {
      for (const [index, weight] of column) {
        const to = (y * width + x) * channels;
        const from = (y * source.width + index) * channels;
        for (let c = 0; c < channels; c++) narrow[to + c]! += weight * premultiplied[from + c]!;
      }
    });
  }

  const small = new Float64Array(width * height * channels);
  rows.forEach((row, y) => {
    for (const [index, weight] of row) {
      const to = y * width * channels;
      const from = index * width * channels;
      for (let i = 0; i < width * channels; i++) small[to + i]! += weight * narrow[from + i]!;
    }
  });
  return channels === 4 ? unpremultiply(small, linear) : Uint8Array.from(small, rounded);
}

const rounded = (value: number) => Math.min(255, Math.max(0, Math.round(value)));

/** IEC 61966-2-1, on 0..255. */
const toLight = (code: number) => (code <= 0.04045 * 255 ? code / 12.92 : 255 * ((code / 255 + 0.055) / 1.055) ** 2.4);
const toCode = (light: number) =>
  light <= 0.0031308 * 255 ? light * 12.92 : 255 * (1.055 * (light / 255) ** (1 / 2.4) - 0.055);

function premultiply(data: Uint8Array, linear: boolean): Float64Array {
  return Float64Array.from(data, (value, i) =>
    i % 4 === 3 ? value : ((linear ? toLight(value) : value) * data[i | 3]!) / 255,
  );
}

function unpremultiply(values: Float64Array, linear: boolean): Uint8Array {
  return Uint8Array.from(values, (value, i) => {
    const alpha = values[i | 3]!;
    if (rounded(alpha) === 0) return 0;
    if (i % 4 === 3) return rounded(alpha);
    const straight = (value * 255) / alpha;
    return rounded(linear ? toCode(Math.max(0, straight)) : straight);
  });
}

/** A stored picture as it is seen: axes exchanged, then left and right, top and bottom. */
export function oriented({ data, width, height, channels }: Samples, orientation: Orientation): Samples {
  const [w, h] = orientation.transposed ? [height, width] : [width, height];
  const out = new Uint8Array(data.length);
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      const column = orientation.mirroredX ? w - 1 - x : x;
      const row = orientation.mirroredY ? h - 1 - y : y;
      const from = orientation.transposed ? column * width + row : row * width + column;
      for (let c = 0; c < channels; c++) out[(y * w + x) * channels + c] = data[from * channels + c]!;
    }
  }
  return { data: out, width: w, height: h, channels };
}
