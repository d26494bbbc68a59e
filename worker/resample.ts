/**
 * The engine of scaling: runs a separable filter over a picture, whatever its samples are.
 *
 * The vertical filter comes first. It reads a ring of 16-bit row pairs and makes a block of four rows at a time, from
 * which the horizontal filter makes four rows of the target, or four of its columns. A wide picture is cut into strips, so
 * that the ring stays in the cache: scratch memory grows with the filter, not with the picture.
 */

import type { Plane } from './image.ts';
import type { KernelInstance } from './kernels.ts';
import type { KernelMemory } from './memory.ts';
import type { AxisWeights } from './resample-weights.ts';

/** Samples that rows of scratch hold beyond their length: kernels work on whole vectors. */
const SLACK = 64;

/** Bytes of a strip's ring: a part of the second-level cache. */
const RING_BYTES = 524288;

/** A strip is at least so many windows wide, so that what neighbours both need is little. */
const WINDOWS = 8;

/** Weights along both axes of the source, and how the outputs lie in the target. */
export type Resampling = {
  columns: AxisWeights;
  rows: AxisWeights;
  /** Whether outputs of one source row make a column of the target. */
  transposed: boolean;
};

/** Samples of one kind: what is filtered and how it gets in and out. */
export type SampleKind = {
  /** Bytes of a pixel in the source and in the target. */
  bytes: number;
  /** Channels that are filtered. */
  channels: number;
  /** Makes the two steps; may allocate scratch for rows of `width` source pixels and for four rows of outputs. */
  steps: (instance: KernelInstance, resampling: Resampling, width: number, targetStride: number) => Steps;
};

/** First and last step of a run. */
export type Steps = {
  /** Turns two source rows of `width` pixels into the row pair at `slot`; returns false to give up. */
  load: (rowA: number, rowB: number, slot: number, width: number) => boolean;
  /** Filters a block to `count` outputs of `rows` (1 to 4) rows; `offsets` and `weights` are those of the first output. */
  store: (block: number, offsets: number, weights: number, target: number, count: number, rows: number) => void;
};

/**
 * Resamples `source` into `target`. Takes scratch from the instance's memory before any kernel runs, and gives it back.
 * @returns false when the steps gave up; the target's content is undefined then.
 * @throws RangeError when memory would pass its maximum.
 */
export function resample(
  instance: KernelInstance,
  source: Plane,
  target: Plane,
  resampling: Resampling,
  kind: SampleKind,
): boolean {
  const { kernels, memory } = instance;
  const mark = memory.mark();
  try {
    const { columns, rows, transposed } = resampling;
    const ring = ringOf(rows);
    const strips = stripsOf(columns, RING_BYTES / (ring.slots * kind.channels * 4));
    const width = Math.max(...strips.map(({ extent }) => extent));
    const slotStride = (kind.channels * width + SLACK) * 4;
    const slots = memory.alloc(ring.slots * slotStride);
    const block = memory.alloc((kind.channels * (width + columns.window) + SLACK) * 8);
    const steps = kind.steps(instance, resampling, width, target.stride);
    const tables = allocTables(memory, resampling, kind.channels, ring.slots, slotStride);

    const corner = source.address + rows.origin * source.stride + columns.origin * kind.bytes;
    const pairs = rows.window / 2;
    for (const { first, count, origin, extent } of strips) {
      const top = corner + origin * kind.bytes;
      let held = { from: 0, to: 0 };
      for (let y = 0; y < rows.count; y += 4) {
        const wanted = pairsOf(rows, y);
        for (let pair = wanted.from; pair < wanted.to; pair++) {
          if (pair >= held.from && pair < held.to) continue;
          const rowA = top + 2 * pair * source.stride;
          const rowB = 2 * pair + 1 < rows.extent ? rowA + source.stride : rowA;
          if (!steps.load(rowA, rowB, slots + (pair % ring.slots) * slotStride, extent)) return false;
        }
        held = wanted;
        kernels.filterColumns(
          slots,
          tables.starts + y * 4,
          tables.rowWeights + y * pairs * 4,
          block,
          (extent + (extent % 2)) * kind.channels,
          ring.slots,
          slotStride,
          pairs,
        );
        const [right, down] = transposed ? [y, first] : [first, y];
        steps.store(
          block - origin * kind.channels * 8,
          tables.offsets + first * 4,
          tables.columnWeights + first * columns.window * 2,
          target.address + down * target.stride + right * kind.bytes,
          count,
          Math.min(4, rows.count - y),
        );
      }
    }
    return true;
  } finally {
    memory.release(mark);
  }
}

/** Row pairs that the block of four rows from `y` needs. */
function pairsOf({ count, first, window, extent }: AxisWeights, y: number): { from: number; to: number } {
  const last = Math.min(y + 3, count - 1);
  const from = Math.min(first[y]!, first[last]!);
  const to = Math.min(Math.max(first[y]!, first[last]!) + window, extent);
  return { from: from / 2, to: Math.ceil(to / 2) };
}

/** Row pairs that the ring has to hold. */
function ringOf(rows: AxisWeights): { slots: number } {
  let slots = 0;
  for (let y = 0; y < rows.count; y += 4) {
    const { from, to } = pairsOf(rows, y);
    slots = Math.max(slots, to - from);
  }
  return { slots };
}

/** Outputs `first` to `first + count` along a row, and the source columns they are made of, counted from the first used. */
type Strip = { first: number; count: number; origin: number; extent: number };

/** Cuts the columns into strips of about `width` source columns; all but the last have a multiple of four outputs. */
function stripsOf({ count, first, window, extent }: AxisWeights, width: number): Strip[] {
  const number = Math.ceil(extent / Math.max(width, WINDOWS * window));
  const step = Math.ceil(count / number / 4) * 4;
  const strips: Strip[] = [];
  for (let from = 0; from < count; from += step) {
    const outputs = Math.min(step, count - from);
    const ends = [first[from]!, first[from + outputs - 1]!];
    const origin = Math.min(...ends);
    strips.push({ first: from, count: outputs, origin, extent: Math.min(Math.max(...ends) + window, extent) - origin });
  }
  return strips;
}

/** Addresses of what the kernels look up; see `vertical.ts` and `horizontal.ts` of the kernels. */
type Tables = { starts: number; rowWeights: number; offsets: number; columnWeights: number };

function allocTables(
  memory: KernelMemory,
  { columns, rows }: Resampling,
  channels: number,
  slots: number,
  slotStride: number,
): Tables {
  const rowCount = Math.ceil(rows.count / 4) * 4;
  const columnCount = Math.ceil(columns.count / 4) * 4;
  const rowPairs = rows.window / 2;
  const columnPairs = columns.window / 2;
  const tables = {
    starts: memory.alloc(rowCount * 4),
    rowWeights: memory.alloc(rowCount * rowPairs * 4),
    offsets: memory.alloc(columnCount * 4),
    columnWeights: memory.alloc(columnCount * columnPairs * 4),
  };

  const starts = memory.words(tables.starts, rowCount).fill(0);
  const rowWeights = memory.words(tables.rowWeights, rowCount * rowPairs).fill(0);
  for (let y = 0; y < rows.count; y++) {
    starts[y] = ((rows.first[y]! / 2) % slots) * slotStride;
    for (let k = 0; k < rowPairs; k++) rowWeights[y * rowPairs + k] = weightPair(rows, y, k);
  }
  const offsets = memory.words(tables.offsets, columnCount);
  const columnWeights = memory.words(tables.columnWeights, columnCount * columnPairs).fill(0);
  for (let x = 0; x < columnCount; x++) {
    offsets[x] = columns.first[Math.min(x, columns.count - 1)]! * channels * 8;
    if (x >= columns.count) continue;
    const group = (x >> 2) * 4 * columnPairs + (x & 3);
    for (let k = 0; k < columnPairs; k++) columnWeights[group + 4 * k] = weightPair(columns, x, k);
  }
  return tables;
}

/** The weights 2 `k` and 2 `k` + 1 of an output as one word. */
function weightPair({ window, weights }: AxisWeights, output: number, k: number): number {
  const at = output * window + 2 * k;
  return (weights[at]! & 0xffff) | (weights[at + 1]! << 16);
}
