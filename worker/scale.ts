/**
 * Scaling: resamples a rectangle of an image with a separable filter, row by row, through a ring of 16-bit rows.
 *
 * Either axis can come first. Vertical first, the ring holds source rows and every output row is one call of each filter;
 * horizontal first, the ring holds source rows that are filtered already. The cheaper order is taken: mostly vertical
 * first to shrink, horizontal first to enlarge. The ring is as high as the vertical filter: some rows for each row of the
 * target, however high the picture is.
 */

import type { PackedImage, Plane, PlanarImage, Rect } from './image.ts';
import type { KernelExports, KernelInstance } from './kernels.ts';
import type { KernelMemory } from './memory.ts';
import type { ResampleKernel } from './options.ts';
import { axisWeights, isCopy, type AxisCut, type AxisWeights } from './resample-weights.ts';

/** A plane that knows its size in samples. */
export type SizedPlane = Plane & { width: number; height: number };

/** Guard bits of the values between the two filters, and of premultiplied ones. */
const GUARD_BITS = 7;

/** Samples that rows of scratch hold beyond their length: kernels work on whole vectors. */
const SLACK = 32;

/** Time of one tap of the horizontal filter, in taps of the vertical one. */
const HORIZONTAL_COST = 1.5;

/**
 * Resamples the rectangle `crop` of `image` into `target`, which is of the same format and may be part of a larger picture.
 * Alpha is weighted right: transparent pixels lend no colour. The fourth byte of RGBX and BGRX comes out as 255, or as it
 * was where nothing had to be resampled.
 *
 * The definition is that of `resample-weights.ts` on the stored (gamma-encoded) values, with one rounding; the outcome is
 * at most one level off, and rarely. Scratch is taken from the instance's memory before any kernel runs, and given back.
 * @throws RangeError when memory would pass its maximum.
 */
export function scalePacked(
  instance: KernelInstance,
  image: PackedImage,
  crop: Rect,
  target: PackedImage,
  kernel: ResampleKernel,
): void {
  if (copied(instance.memory, image, crop, target, 4)) return;
  const mark = instance.memory.mark();
  try {
    const job = plan(instance, image, crop, target, kernel, 4);
    const hasAlpha = image.format === 'RGBA' || image.format === 'BGRA';
    const opaque = run(job, packedSteps(instance.kernels, job, hasAlpha ? 0 : OPAQUE));
    // A translucent pixel turned up: start over with alpha.
    if (!opaque) run(job, alphaSteps(instance.kernels, job));
  } finally {
    instance.memory.release(mark);
  }
}

/**
 * Resamples the rectangle `crop` of a plane of 8-bit samples into `target`, as {@link scalePacked} does. The rectangle may
 * reach past the plane, as that of a chroma plane can.
 * @throws RangeError when memory would pass its maximum.
 */
export function scalePlane(
  instance: KernelInstance,
  source: SizedPlane,
  crop: Rect,
  target: SizedPlane,
  kernel: ResampleKernel,
): void {
  if (copied(instance.memory, source, crop, target, 1)) return;
  const mark = instance.memory.mark();
  try {
    const job = plan(instance, source, crop, target, kernel, 1);
    run(job, planeSteps(instance.kernels, job));
  } finally {
    instance.memory.release(mark);
  }
}

/**
 * Resamples the rectangle `crop` (in luma samples) of a 4:2:0 image into `target`, an I420 image. Chroma is sited as in
 * JFIF, in the centre of its four luma samples, so the chroma planes are cut at half the rectangle.
 * @throws RangeError when memory would pass its maximum.
 */
export function scalePlanar(
  instance: KernelInstance,
  image: PlanarImage,
  crop: Rect,
  target: PlanarImage,
  kernel: ResampleKernel,
): void {
  const { memory } = instance;
  const mark = memory.mark();
  try {
    const planes = sizedPlanes(image, image.format === 'NV12' ? deinterleaved(instance, image) : image.planes);
    const targets = sizedPlanes(target, target.planes);
    // Two luma samples a chroma sample; that of an odd side's last column reaches half a sample past the cut.
    const chromaCrop = {
      x: crop.x / 2,
      y: crop.y / 2,
      width: (crop.width * targets[1]!.width) / target.width,
      height: (crop.height * targets[1]!.height) / target.height,
    };
    planes.forEach((plane, i) => scalePlane(instance, plane, i === 0 ? crop : chromaCrop, targets[i]!, kernel));
  } finally {
    memory.release(mark);
  }
}

/** The planes Y, U and V of a 4:2:0 image with their sizes. */
function sizedPlanes({ width, height }: { width: number; height: number }, planes: readonly Plane[]): SizedPlane[] {
  const chroma = { width: Math.ceil(width / 2), height: Math.ceil(height / 2) };
  return planes.map((plane, i) => ({ ...plane, ...(i === 0 ? { width, height } : chroma) }));
}

/** The planes of an NV12 image as those of I420; the chroma planes lie on the stack. */
function deinterleaved({ kernels, memory }: KernelInstance, image: PlanarImage): Plane[] {
  const stride = Math.ceil(image.width / 2);
  const height = Math.ceil(image.height / 2);
  const u = { address: memory.alloc(stride * height), stride };
  const v = { address: memory.alloc(stride * height), stride };
  const [y, uv] = image.planes;
  kernels.deinterleaveUv(uv!.address, u.address, v.address, stride, height, uv!.stride, stride);
  return [y!, u, v];
}

/** Copies the rectangle row by row when every output is a source sample as it is. */
function copied(memory: KernelMemory, source: SizedPlane, crop: Rect, target: SizedPlane, channels: number): boolean {
  if (!isCopy(columnsOf(source, crop, target)) || !isCopy(rowsOf(source, crop, target))) return false;
  const bytes = memory.bytes(0, memory.byteLength);
  let from = source.address + crop.y * source.stride + crop.x * channels;
  for (let row = 0, to = target.address; row < target.height; row++, from += source.stride, to += target.stride) {
    bytes.copyWithin(to, from, from + target.width * channels);
  }
  return true;
}

function columnsOf(source: SizedPlane, crop: Rect, target: SizedPlane): AxisCut {
  return { start: crop.x, length: crop.width, limit: source.width, count: target.width };
}

function rowsOf(source: SizedPlane, crop: Rect, target: SizedPlane): AxisCut {
  return { start: crop.y, length: crop.height, limit: source.height, count: target.height };
}

/** Addresses, sizes and weights of one run. */
type Job = {
  columns: AxisWeights;
  rows: AxisWeights;
  verticalFirst: boolean;
  /** Where the first source sample that is used lies. */
  source: number;
  sourceStride: number;
  target: number;
  targetStride: number;
  /** Samples of a row of the ring. */
  length: number;
  ring: number;
  slots: number;
  slotStride: number;
  /** Words for every output row, one for each slot of the ring. */
  rowWeights: number;
  columnOffsets: number;
  columnWeights: number;
  /** Rows of 16-bit samples between the steps, as long as the longest of them. */
  scratch: [number, number];
};

/** Chooses the order, takes all memory of the run and writes the weights. */
function plan(
  { memory }: KernelInstance,
  source: SizedPlane,
  crop: Rect,
  target: SizedPlane,
  kernel: ResampleKernel,
  channels: 1 | 4,
): Job {
  const unit = channels === 4 ? 2 : 8; // weights that the horizontal filter takes in one go
  const columns = axisWeights(kernel, columnsOf(source, crop, target), channels === 4 ? 2 : 1, unit);
  const rows = axisWeights(kernel, rowsOf(source, crop, target), 2, 2);
  const horizontal = columns.window * columns.count * HORIZONTAL_COST;
  const verticalFirst =
    rows.count * (rows.window * columns.extent + horizontal) <
    rows.extent * horizontal + rows.count * rows.window * columns.count;

  const length = channels * (verticalFirst ? columns.extent : columns.count);
  const slots = rows.window / 2;
  const slotStride = (length + SLACK) * 4;
  const scratchBytes = (channels * (Math.max(columns.extent, columns.count) + columns.window) + SLACK) * 2;
  const ring = memory.alloc(slots * slotStride);
  const scratch: Job['scratch'] = [memory.alloc(scratchBytes), memory.alloc(scratchBytes)];
  const rowWeights = memory.alloc(rows.count * slots * 4);
  const groups = Math.ceil(columns.count / 4);
  const columnOffsets = memory.alloc(groups * 16);
  const columnWeights = memory.alloc(groups * 4 * columns.window * 2);
  writeRowWeights(rows, memory.words(rowWeights, rows.count * slots));
  writeColumnOffsets(columns, channels, memory.words(columnOffsets, groups * 4));
  writeColumnWeights(columns, unit, memory.words(columnWeights, groups * 2 * columns.window));
  return {
    columns,
    rows,
    verticalFirst,
    source: source.address + rows.origin * source.stride + columns.origin * channels,
    sourceStride: source.stride,
    target: target.address,
    targetStride: target.stride,
    length,
    ring,
    slots,
    slotStride,
    rowWeights,
    columnOffsets,
    columnWeights,
    scratch,
  };
}

/** One word for each slot of the ring: the weights of the row pair that lies there when the row is made. */
function writeRowWeights({ count, window, first, weights }: AxisWeights, words: Int32Array): void {
  const slots = window / 2;
  for (let y = 0; y < count; y++) {
    for (let k = 0; k < slots; k++) {
      const at = y * window + 2 * k;
      words[y * slots + ((first[y]! / 2 + k) % slots)] = word(weights[at]!, weights[at + 1]!);
    }
  }
}

function writeColumnOffsets({ first }: AxisWeights, channels: number, words: Int32Array): void {
  words.fill(0);
  first.forEach((sample, x) => (words[x] = sample * channels * 2));
}

/** Groups of four outputs, interleaved by units of `unit` weights. */
function writeColumnWeights({ count, window, weights }: AxisWeights, unit: number, words: Int32Array): void {
  words.fill(0);
  const width = unit / 2; // words in a unit
  for (let x = 0; x < count; x++) {
    const group = (x >> 2) * 2 * window + (x & 3) * width;
    for (let i = 0; i < window / 2; i++) {
      const at = x * window + 2 * i;
      words[group + Math.floor(i / width) * 4 * width + (i % width)] = word(weights[at]!, weights[at + 1]!);
    }
  }
}

function word(low: number, high: number): number {
  return (low & 0xffff) | (high << 16);
}

/** What differs between packed pixels, packed pixels with alpha, and planes. Each returns false to give up. */
type Steps = {
  /** Turns two source rows into the row pair at `slot`. */
  load: (rowA: number, rowB: number, slot: number) => boolean;
  /** Makes a target row with the ring's weights at `weights`. */
  store: (weights: number, target: number) => void;
};

function run(job: Job, steps: Steps): boolean {
  const { rows, slots } = job;
  const pairs = Math.ceil(rows.extent / 2);
  let loaded = 0;
  for (let y = 0; y < rows.count; y++) {
    const end = Math.min(rows.first[y]! / 2 + slots, pairs);
    for (; loaded < end; loaded++) {
      const rowA = job.source + 2 * loaded * job.sourceStride;
      const rowB = 2 * loaded + 1 < rows.extent ? rowA + job.sourceStride : rowA;
      if (!steps.load(rowA, rowB, job.ring + (loaded % slots) * job.slotStride)) return false;
    }
    steps.store(job.rowWeights + y * slots * 4, job.target + y * job.targetStride);
  }
  return true;
}

/** The alpha byte of a pixel as a little-endian word. */
const OPAQUE = 0xff << 24;

/** Pixels taken as opaque ones; `mask` is or-ed to them. Gives up at a pixel that is not. */
function packedSteps(kernels: KernelExports, job: Job, mask: number): Steps {
  const { columns, rows, length, ring, slots, slotStride, columnOffsets, columnWeights } = job;
  const [a, b] = job.scratch;
  const isOpaque = (all: number) => (all & OPAQUE) === OPAQUE;
  const pairs = columns.window / 2;
  if (job.verticalFirst) {
    return {
      load: (rowA, rowB, slot) => isOpaque(kernels.pairPixelRows(rowA, rowB, slot, columns.extent, mask)),
      store: (weights, target) => {
        kernels.filterColumns(ring, weights, a, length, slots, slotStride, rows.bits - GUARD_BITS);
        kernels.filterPixelsToBytes(
          a,
          columnOffsets,
          columnWeights,
          target,
          columns.count,
          pairs,
          columns.bits + GUARD_BITS,
        );
      },
    };
  }
  const shift = columns.bits - GUARD_BITS;
  return {
    load: (rowA, rowB, slot) => {
      const all =
        kernels.spreadPixels(rowA, a, columns.extent, mask) & kernels.spreadPixels(rowB, b, columns.extent, mask);
      kernels.filterPixelsToRowPair(a, b, columnOffsets, columnWeights, slot, columns.count, pairs, shift);
      return isOpaque(all);
    },
    store: (weights, target) =>
      kernels.filterColumnsToBytes(ring, weights, target, length, slots, slotStride, rows.bits + GUARD_BITS),
  };
}

/** Pixels with alpha, filtered premultiplied. */
function alphaSteps(kernels: KernelExports, job: Job): Steps {
  const { columns, rows, length, ring, slots, slotStride, columnOffsets, columnWeights } = job;
  const [a, b] = job.scratch;
  const pairs = columns.window / 2;
  const premultiply = (rowA: number, rowB: number) => {
    kernels.premultiplyPixels(rowA, a, columns.extent);
    kernels.premultiplyPixels(rowB, b, columns.extent);
  };
  if (job.verticalFirst) {
    return {
      load: (rowA, rowB, slot) => {
        premultiply(rowA, rowB);
        kernels.pairWideRows(a, b, slot, length);
        return true;
      },
      store: (weights, target) => {
        kernels.filterColumns(ring, weights, a, length, slots, slotStride, rows.bits);
        kernels.filterPixels(a, columnOffsets, columnWeights, b, columns.count, pairs, columns.bits);
        kernels.unpremultiplyPixels(b, target, columns.count);
      },
    };
  }
  return {
    load: (rowA, rowB, slot) => {
      premultiply(rowA, rowB);
      kernels.filterPixelsToRowPair(a, b, columnOffsets, columnWeights, slot, columns.count, pairs, columns.bits);
      return true;
    },
    store: (weights, target) => {
      kernels.filterColumns(ring, weights, a, length, slots, slotStride, rows.bits);
      kernels.unpremultiplyPixels(a, target, columns.count);
    },
  };
}

/** Samples of one plane. */
function planeSteps(kernels: KernelExports, job: Job): Steps {
  const { columns, rows, length, ring, slots, slotStride, columnOffsets, columnWeights } = job;
  const [a, b] = job.scratch;
  const octets = columns.window / 8;
  if (job.verticalFirst) {
    return {
      load: (rowA, rowB, slot) => {
        kernels.pairSampleRows(rowA, rowB, slot, columns.extent);
        return true;
      },
      store: (weights, target) => {
        const shift = columns.bits + GUARD_BITS;
        kernels.filterColumns(ring, weights, a, length, slots, slotStride, rows.bits - GUARD_BITS);
        kernels.filterSamplesToBytes(a, columnOffsets, columnWeights, target, columns.count, octets, shift);
      },
    };
  }
  return {
    load: (rowA, rowB, slot) => {
      const shift = columns.bits - GUARD_BITS;
      kernels.spreadSamples(rowA, a, columns.extent);
      kernels.spreadSamples(rowB, b, columns.extent);
      kernels.filterSamplesToRowPair(a, b, columnOffsets, columnWeights, slot, columns.count, octets, shift);
      return true;
    },
    store: (weights, target) =>
      kernels.filterColumnsToBytes(ring, weights, target, length, slots, slotStride, rows.bits + GUARD_BITS),
  };
}
