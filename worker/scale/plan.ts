/** Plans a run of the scaling engine: how much it does at once, and what lies where in its scratch memory. */

import type { Plane } from '../frame/image.ts';
import type { KernelInstance } from '../memory/kernels.ts';
import type { KernelMemory } from '../memory/memory.ts';
import { groupedWeights, type AxisWeights } from './weights.ts';
import type { Resampling, SampleKind, Steps } from './sample-kind.ts';

/** Samples that rows of scratch hold beyond their length: kernels work on whole vectors. */
const SLACK = 64;

/** Bytes of a strip's ring: a part of the second-level cache. */
const RING_BYTES = 524288;

/** No ring is larger, unless it has only a few rows; windows that do not fit are summed in parts. */
const MAX_RING_BYTES = 8388608;
const LEAST_SLOTS = 8;

/** How many windows wide a strip is at least, so that neighbours share few columns. */
const WINDOWS = 8;

/** A planned run: sizes and addresses. */
export type Run = {
  instance: KernelInstance;
  kind: SampleKind;
  rows: AxisWeights;
  strips: Strip[];
  steps: Steps;
  /** The first source column that is used. */
  origin: number;
  /** Rows of the target, or columns, that are made at once. */
  step: number;
  /** Row pairs that the ring holds, and those that a block needs. */
  slots: number;
  needed: number;
  ring: number;
  slotStride: number;
  /** Bytes from a plane's row pair to the next plane's, in one slot. */
  planeBytes: number;
  block: number;
  /** Bytes of the block for one source column. */
  blockBytes: number;
  tables: Tables;
  /** Sums and weights of a window that the ring cannot hold. */
  sums: number;
  partWeights: number;
  /** Row pairs that are in the ring. */
  held: Pairs;
};

/** Row pairs of the source, counted from the first used. */
type Pairs = { from: number; to: number };

/** Plans the run and allocates its scratch. */
export function planRun(
  instance: KernelInstance,
  sources: readonly Plane[],
  targets: readonly Plane[],
  resampling: Resampling,
  kind: SampleKind,
): Run {
  const { memory } = instance;
  const { columns, rows } = resampling;
  const { channels, lanes, planes } = kind;
  const samples = channels * planes;
  const step = rowsAtOnce(resampling, kind);
  const needed = pairsNeeded(rows, step);
  const strips = stripsOf(columns, RING_BYTES / (needed * samples * 4));
  const width = Math.max(...strips.map(({ extent }) => extent));
  const planeBytes = (channels * width + SLACK) * 4;
  const slotStride = planes * planeBytes;
  const slots = Math.min(needed, Math.max(LEAST_SLOTS, Math.floor(MAX_RING_BYTES / slotStride)));
  const inParts = slots < needed;
  const blockBytes = channels * lanes * 8;
  return {
    instance,
    kind,
    rows,
    strips,
    origin: columns.origin,
    step,
    slots,
    needed,
    slotStride,
    planeBytes,
    ring: memory.alloc(slots * slotStride),
    blockBytes,
    block: memory.alloc((width + columns.window) * blockBytes + SLACK * lanes * 8),
    steps: kind.steps({ instance, resampling, sources, targets, width, planeBytes }),
    tables: allocTables(memory, resampling, blockBytes, slots, slotStride),
    sums: inParts ? memory.alloc((channels * width + SLACK) * 16) : 0,
    partWeights: inParts ? memory.alloc(slots * 16) : 0,
    held: { from: 0, to: 0 },
  };
}

/** As many rows as a block has room for, or fewer, so that a ring of the narrowest strip stays in the cache. */
function rowsAtOnce({ columns, rows }: Resampling, { lanes, planes, channels }: SampleKind): number {
  const width = Math.min(columns.extent, WINDOWS * columns.window);
  let step = (4 * lanes) / planes;
  while (step > 4 && pairsNeeded(rows, step) * width * channels * planes * 4 > RING_BYTES) step /= 2;
  return step;
}

/** Row pairs that `step` outputs from `y` on need. */
export function pairsOf({ count, first, window, extent }: AxisWeights, y: number, step: number): Pairs {
  const last = Math.min(y + step, count) - 1;
  const from = Math.min(first[y]!, first[last]!);
  const to = Math.min(Math.max(first[y]!, first[last]!) + window, extent);
  return { from: from / 2, to: Math.ceil(to / 2) };
}

/** Row pairs that the neediest `step` outputs need. */
function pairsNeeded(rows: AxisWeights, step: number): number {
  let slots = 0;
  for (let y = 0; y < rows.count; y += step) {
    const { from, to } = pairsOf(rows, y, step);
    slots = Math.max(slots, to - from);
  }
  return slots;
}

/**
 * Outputs `first` to `first + count` along a row, and the source columns they are made of, counted from the first used.
 */
export type Strip = { first: number; count: number; origin: number; extent: number };

/** Cuts the columns into strips of about `width` source columns; all but the last have a multiple of eight outputs. */
function stripsOf({ count, first, window, extent }: AxisWeights, width: number): Strip[] {
  const number = Math.ceil(extent / Math.max(width, WINDOWS * window));
  const step = Math.ceil(count / number / 8) * 8;
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
  blockBytes: number,
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
  offsets.fill(columns.first[columns.count - 1]! * blockBytes);
  rows.first.forEach((first, y) => (starts[y] = ((first / 2) % slots) * slotStride));
  columns.first.forEach((first, x) => (offsets[x] = first * blockBytes));
  const { weights } = rows;
  const rowWeights = memory.bytes(tables.rowWeights, rowCount * rows.window * 2).fill(0, weights.byteLength);
  rowWeights.set(new Uint8Array(weights.buffer, weights.byteOffset, weights.byteLength));
  memory.words(tables.columnWeights, grouped.length).set(grouped);
  return tables;
}
