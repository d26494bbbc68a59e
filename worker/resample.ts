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

/** No ring is larger, unless it has but a few rows; windows that do not fit are summed in parts. */
const MAX_RING_BYTES = 8388608;
const LEAST_SLOTS = 8;

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
  const { memory } = instance;
  const mark = memory.mark();
  try {
    const { columns, rows, transposed } = resampling;
    const run = plan(instance, source, target, resampling, kind);
    const fill = run.slots < run.needed ? sumInParts : filterRing;
    for (const strip of run.strips) {
      run.held = { from: 0, to: 0 };
      for (let y = 0; y < rows.count; y += 4) {
        if (!fill(run, strip, y)) return false;
        const [right, down] = transposed ? [y, strip.first] : [strip.first, y];
        run.steps.store(
          run.block - strip.origin * kind.channels * 8,
          run.tables.offsets + strip.first * 4,
          run.tables.columnWeights + strip.first * columns.window * 2,
          target.address + down * target.stride + right * kind.bytes,
          strip.count,
          Math.min(4, rows.count - y),
        );
      }
    }
    return true;
  } finally {
    memory.release(mark);
  }
}

/** A planned run: sizes and addresses. */
type Run = {
  instance: KernelInstance;
  kind: SampleKind;
  rows: AxisWeights;
  strips: Strip[];
  steps: Steps;
  /** The first source sample that is used. */
  corner: number;
  sourceStride: number;
  /** Row pairs that the ring holds, and those that a block needs. */
  slots: number;
  needed: number;
  ring: number;
  slotStride: number;
  block: number;
  tables: Tables;
  /** Sums and weights of a window that the ring cannot hold. */
  sums: number;
  partWeights: number;
  /** Row pairs that are in the ring. */
  held: Pairs;
};

/** Row pairs of the source, counted from the first used. */
type Pairs = { from: number; to: number };

function plan(instance: KernelInstance, source: Plane, target: Plane, resampling: Resampling, kind: SampleKind): Run {
  const { memory } = instance;
  const { columns, rows } = resampling;
  const { channels } = kind;
  const needed = pairsNeeded(rows);
  const strips = stripsOf(columns, RING_BYTES / (needed * channels * 4));
  const width = Math.max(...strips.map(({ extent }) => extent));
  const slotStride = (channels * width + SLACK) * 4;
  const slots = Math.min(needed, Math.max(LEAST_SLOTS, Math.floor(MAX_RING_BYTES / slotStride)));
  const inParts = slots < needed;
  return {
    instance,
    kind,
    rows,
    strips,
    corner: source.address + rows.origin * source.stride + columns.origin * kind.bytes,
    sourceStride: source.stride,
    slots,
    needed,
    slotStride,
    ring: memory.alloc(slots * slotStride),
    block: memory.alloc((channels * (width + columns.window) + SLACK) * 8),
    steps: kind.steps(instance, resampling, width, target.stride),
    tables: allocTables(memory, resampling, channels, slots, slotStride),
    sums: inParts ? memory.alloc((channels * width + SLACK) * 16) : 0,
    partWeights: inParts ? memory.alloc(slots * 16) : 0,
    held: { from: 0, to: 0 },
  };
}

/** Loads what the ring lacks for the four rows from `y`, and filters it to a block. */
function filterRing(run: Run, strip: Strip, y: number): boolean {
  const { instance, rows, ring, slots, slotStride, tables } = run;
  const wanted = pairsOf(rows, y);
  const pairs = rows.window / 2;
  for (let pair = wanted.from; pair < wanted.to; pair++) {
    const held = pair >= run.held.from && pair < run.held.to;
    if (!held && !loadPair(run, strip, pair, ring + (pair % slots) * slotStride)) return false;
  }
  run.held = wanted;
  const starts = tables.starts + y * 4;
  const weights = tables.rowWeights + y * pairs * 4;
  const count = samplesOf(run, strip);
  instance.kernels.filterColumns(ring, starts, weights, run.block, count, slots, slotStride, pairs, 0, 0);
  return true;
}

/** Sums the windows of the four rows from `y` part by part. */
function sumInParts(run: Run, strip: Strip, y: number): boolean {
  const { instance, rows, ring, slots, slotStride, partWeights } = run;
  const { memory, kernels } = instance;
  const wanted = pairsOf(rows, y);
  const count = samplesOf(run, strip);
  const starts = run.tables.starts; // of no use here: made zeros
  memory.words(starts, 4).fill(0);
  for (let from = wanted.from; from < wanted.to; from += slots) {
    const pairs = Math.min(slots, wanted.to - from);
    const words = memory.words(partWeights, 4 * pairs).fill(0);
    for (let k = 0; k < pairs; k++) {
      if (!loadPair(run, strip, from + k, ring + k * slotStride)) return false;
      for (let row = 0; row < 4 && y + row < rows.count; row++) {
        const at = from + k - rows.first[y + row]! / 2;
        if (at >= 0 && at < rows.window / 2) words[row * pairs + k] = weightPair(rows, y + row, at);
      }
    }
    const stage = (from > wanted.from ? 1 : 0) | (from + slots < wanted.to ? 2 : 0);
    kernels.filterColumns(ring, starts, partWeights, run.block, count, slots, slotStride, pairs, run.sums, stage);
  }
  return true;
}

function loadPair({ corner, kind, rows, sourceStride, steps }: Run, strip: Strip, pair: number, slot: number): boolean {
  const rowA = corner + strip.origin * kind.bytes + 2 * pair * sourceStride;
  const rowB = 2 * pair + 1 < rows.extent ? rowA + sourceStride : rowA;
  return steps.load(rowA, rowB, slot, strip.extent);
}

/** Samples of a row of a strip: pixels are filtered in pairs. */
function samplesOf({ kind }: Run, { extent }: Strip): number {
  return (extent + (extent % 2)) * kind.channels;
}

/** Row pairs that the block of four rows from `y` needs. */
function pairsOf({ count, first, window, extent }: AxisWeights, y: number): Pairs {
  const last = Math.min(y + 3, count - 1);
  const from = Math.min(first[y]!, first[last]!);
  const to = Math.min(Math.max(first[y]!, first[last]!) + window, extent);
  return { from: from / 2, to: Math.ceil(to / 2) };
}

/** Row pairs that the neediest block needs. */
function pairsNeeded(rows: AxisWeights): number {
  let slots = 0;
  for (let y = 0; y < rows.count; y += 4) {
    const { from, to } = pairsOf(rows, y);
    slots = Math.max(slots, to - from);
  }
  return slots;
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
  const grouped = groupedWeights(columns);
  const tables = {
    starts: memory.alloc(rowCount * 4),
    rowWeights: memory.alloc(rowCount * rows.window * 2),
    offsets: memory.alloc(Math.ceil(columns.count / 4) * 16),
    columnWeights: memory.alloc(grouped.byteLength),
  };
  const starts = memory.words(tables.starts, rowCount).fill(0);
  const offsets = memory.words(tables.offsets, Math.ceil(columns.count / 4) * 4);
  offsets.fill(columns.first[columns.count - 1]! * channels * 8);
  rows.first.forEach((first, y) => (starts[y] = ((first / 2) % slots) * slotStride));
  columns.first.forEach((first, x) => (offsets[x] = first * channels * 8));
  const { weights } = rows;
  const rowWeights = memory.bytes(tables.rowWeights, rowCount * rows.window * 2).fill(0, weights.byteLength);
  rowWeights.set(new Uint8Array(weights.buffer, weights.byteOffset, weights.byteLength));
  memory.words(tables.columnWeights, grouped.length).set(grouped);
  return tables;
}

const groups = new WeakMap<AxisWeights, Int32Array<ArrayBuffer>>();

/** The weights in groups of four outputs, pair by pair; kept with the weights. */
function groupedWeights(axis: AxisWeights): Int32Array<ArrayBuffer> {
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
function weightPair({ window, weights }: AxisWeights, output: number, k: number): number {
  const at = output * window + 2 * k;
  return (weights[at]! & 0xffff) | (weights[at + 1]! << 16);
}
