/**
 * Weights of the separable resampling filters.
 *
 * Output sample i of `count` lies at source position `start + (i + 0.5) × scale`, `scale = length / count`, in a
 * coordinate where sample j covers j to j + 1. Its weights are the kernel, widened by max(1, scale), at the distances
 * to the sample centres j + 0.5; samples outside the picture are dropped and the rest is renormalised. A position
 * outside the picture is moved to its edge. An axis that keeps its scale and lies on whole samples is copied, whatever
 * the kernel.
 *
 * Only additions, multiplications, divisions and rounding are used, which IEEE 754 defines to the bit, so every engine
 * computes the same weights. `Math.sin` would not do.
 */

import type { ResampleKernel } from '../options.ts';

/** A kernel is zero at and outside `radius` (but the box, which holds -0.5 and not 0.5). */
type KernelShape = { radius: number; at: (x: number) => number };

const SHAPES: Record<ResampleKernel, KernelShape> = {
  box: { radius: 0.5, at: (x) => (x >= -0.5 && x < 0.5 ? 1 : 0) },
  bilinear: { radius: 1, at: (x) => Math.max(0, 1 - Math.abs(x)) },
  mitchell: { radius: 2, at: mitchell },
  lanczos3: { radius: 3, at: lanczos3 },
};

/** Fraction bits of the weights: 1.99 still fits 16 bits, and a 32-bit sum of samples of 16 bits does not overflow. */
const WEIGHT_BITS = 14;

/** Fixed-point weights of all outputs along one axis. */
export type AxisWeights = {
  /** Number of outputs. */
  readonly count: number;
  /** The first source sample that any output uses. */
  readonly origin: number;
  /** Number of source samples from `origin` that are used. */
  readonly extent: number;
  /** Weights for each output. */
  readonly window: number;
  /** For each output its first sample, counted from `origin`; all even, and never falling, or never rising. */
  readonly first: Int32Array<ArrayBuffer>;
  /** `count` × `window` weights; 14 fraction bits, those of an output sum to exactly one. */
  readonly weights: Int16Array<ArrayBuffer>;
};

/** Where an axis is cut and how many outputs it gets. */
export type AxisCut = {
  /** Where the cut starts, in source samples; any real number. */
  start: number;
  /** Length of the cut in source samples, more than 0. */
  length: number;
  /** Source samples of the whole picture along this axis. */
  limit: number;
  /** Outputs along this axis. */
  count: number;
};

/** Whether the outputs are source samples as they are. */
export function isCopy({ start, length, limit, count }: AxisCut): boolean {
  return length === count && Number.isInteger(start) && start >= 0 && start + length <= limit;
}

/** The weights that were computed last: one frame after the other asks for the same. */
const cache = new Map<string, AxisWeights>();

/** As many axes as a planar image has. */
const CACHED = 4;

/** The weights along one axis, computed or remembered; not to be changed. */
export function axisWeights(kernel: ResampleKernel, cut: AxisCut): AxisWeights {
  const key = [kernel, cut.start, cut.length, cut.limit, cut.count].join();
  const weights = cache.get(key) ?? computeWeights(kernel, cut);
  cache.delete(key);
  cache.set(key, weights);
  if (cache.size > CACHED) cache.delete(cache.keys().next().value!);
  return weights;
}

/**
 * Computes the weights along one axis. Kernels take samples in pairs: windows start at even samples, counted from the
 * first one used, and hold an even number of weights.
 */
function computeWeights(kernel: ResampleKernel, cut: AxisCut): AxisWeights {
  const { count, limit } = cut;
  const shape = isCopy(cut) ? SHAPES.box : SHAPES[kernel];
  const scale = cut.length / count;
  const stretch = Math.max(1, scale);
  const radius = shape.radius * stretch;

  const firsts = new Int32Array(count);
  const lasts = new Int32Array(count);
  const positions = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const position = Math.min(Math.max(cut.start + (i + 0.5) * scale, 0), limit);
    const from = position - radius - 0.5;
    const to = position + radius - 0.5;
    let first = Math.max(0, Math.min(Math.ceil(from), limit - 1));
    let last = Math.min(limit - 1, Math.max(Math.floor(to), first));
    // At whole ratios samples lie where the kernel ends, and weigh nothing.
    const isEnd = (j: number): boolean => first < last && shape.at((j + 0.5 - position) / stretch) === 0;
    if (first === from && isEnd(first)) first++;
    if (last === to && isEnd(last)) last--;
    positions[i] = position;
    firsts[i] = first;
    lasts[i] = last;
  }
  const origin = firsts[0]!;
  const extent = lasts[count - 1]! + 1 - origin;
  let window = 0;
  const first = firsts.map((sample) => {
    const offset = sample - origin;
    return offset - (offset % 2);
  });
  for (let i = 0; i < count; i++) window = Math.max(window, lasts[i]! + 1 - origin - first[i]!);
  window = Math.ceil(window / 2) * 2;

  const exact = new Float64Array(count * window);
  for (let i = 0; i < count; i++) {
    const base = i * window - origin - first[i]!;
    let sum = 0;
    for (let j = firsts[i]!; j <= lasts[i]!; j++)
      sum += exact[base + j] = shape.at((j + 0.5 - positions[i]!) / stretch);
    if (sum === 0) sum = exact[base + firsts[i]!] = 1;
    for (let j = firsts[i]!; j <= lasts[i]!; j++) exact[base + j]! /= sum;
  }
  return { count, origin, extent, window, first, weights: quantized(exact, window) };
}

/** The same outputs, the last one first. */
export function reversed(axis: AxisWeights): AxisWeights {
  const { count, window } = axis;
  const weights = new Int16Array(axis.weights.length);
  for (let i = 0; i < count; i++) {
    weights.set(axis.weights.subarray(i * window, (i + 1) * window), (count - 1 - i) * window);
  }
  return { ...axis, first: axis.first.slice().reverse(), weights };
}

/** Rounds each row of weights to integers that sum to one, handing every rounding error on to the next weight. */
function quantized(exact: Float64Array, window: number): Int16Array<ArrayBuffer> {
  const weights = new Int16Array(exact.length);
  let error = 0;
  for (let i = 0; i < exact.length; i++) {
    if (i % window === 0) error = 0;
    const wanted = exact[i]! * 2 ** WEIGHT_BITS + error;
    // A weight of zero stays one, so that padding and copies remain exact.
    const weight = exact[i] === 0 ? 0 : Math.round(wanted);
    weights[i] = weight;
    error = wanted - weight;
  }
  return weights;
}

/** Mitchell and Netravali, "Reconstruction filters in computer graphics" (1988), B = C = 1/3. */
function mitchell(x: number): number {
  const d = Math.abs(x);
  if (d < 1) return ((7 * d - 12) * d * d + 16 / 3) / 6;
  if (d < 2) return (((-7 / 3) * d + 12) * d * d - 20 * d + 32 / 3) / 6;
  return 0;
}

/** sinc(x) × sinc(x / 3) for |x| < 3, else 0; sin(3y) = 3 sin(y) - 4 sin(y)^3 spares one of the sines. */
function lanczos3(x: number): number {
  if (x === 0) return 1;
  if (x <= -3 || x >= 3) return 0;
  const angle = Math.PI * x;
  const sine = sinPi(x / 3);
  const square = sine * sine;
  return (3 * square * (3 - 4 * square)) / (angle * angle);
}

/** sin(πx) for |x| <= 1 by its Taylor polynomial to x^15, off by less than 1e-11. */
function sinPi(x: number): number {
  const y = Math.PI * (x > 0.5 ? 1 - x : x < -0.5 ? -1 - x : x);
  const s = y * y;
  let sum = -1 / 1307674368000; // 15!
  sum = sum * s + 1 / 6227020800; // 13!
  sum = sum * s - 1 / 39916800;
  sum = sum * s + 1 / 362880;
  sum = sum * s - 1 / 5040;
  sum = sum * s + 1 / 120;
  sum = sum * s - 1 / 6;
  return y + y * s * sum;
}

const groups = new WeakMap<AxisWeights, Int32Array<ArrayBuffer>>();

/** The weights in groups of four outputs, pair by pair; kept with the weights. */
export function groupedWeights(axis: AxisWeights): Int32Array<ArrayBuffer> {
  const known = groups.get(axis);
  if (known) return known;
  const pairs = axis.window / 2;
  const words = new Int32Array(Math.ceil(axis.count / 4) * 4 * pairs);
  for (let x = 0; x < axis.count; x++) {
    const group = (x >> 2) * 4 * pairs + (x & 3);
    for (let k = 0; k < pairs; k++) words[group + 4 * k] = weightPair(axis, x, k);
  }
  groups.set(axis, words);
  return words;
}

/** The weights 2 `k` and 2 `k` + 1 of an output as one word. */
export function weightPair({ window, weights }: AxisWeights, output: number, k: number): number {
  const at = output * window + 2 * k;
  return (weights[at]! & 0xffff) | (weights[at + 1]! << 16);
}
