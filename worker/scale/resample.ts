/**
 * The engine of scaling: runs a separable filter over a picture, whatever its samples are.
 *
 * The vertical filter comes first. It reads a ring of 16-bit row pairs and makes a block of four to sixteen rows at a
 * time, from which the horizontal filter makes as many rows of the target, or of its columns. A wide picture is cut
 * into strips, so that the ring stays in the cache: scratch memory grows with the filter, not with the picture.
 */

import type { Plane } from '../frame/image.ts';
import type { KernelInstance } from '../memory/kernels.ts';
import { pairsOf, planRun, type Run, type Strip } from './plan.ts';
import { weightPair } from './weights.ts';
import type { Resampling, SampleKind } from './sample-kind.ts';

/**
 * Resamples `sources` into `targets`: one picture, or the planes of one. Takes scratch from the instance's memory
 * before any kernel runs, and gives it back.
 * @returns false when the steps gave up; the targets' content is undefined then.
 * @throws RangeError when memory would pass its maximum.
 */
export function resample(
  instance: KernelInstance,
  sources: readonly Plane[],
  targets: readonly Plane[],
  resampling: Resampling,
  kind: SampleKind,
): boolean {
  const { memory } = instance;
  const mark = memory.mark();
  try {
    const { columns, rows, transposed } = resampling;
    const run = planRun(instance, sources, targets, resampling, kind);
    const fill = run.slots < run.needed ? sumInParts : filterRing;
    for (const strip of run.strips) {
      run.held = { from: 0, to: 0 };
      for (let y = 0; y < rows.count; y += run.step) {
        if (!fill(run, strip, y)) return false;
        run.steps.store(
          run.block - strip.origin * run.blockBytes,
          run.tables.offsets + strip.first * 4,
          run.tables.columnWeights + strip.first * columns.window * 2,
          transposed ? y : strip.first,
          transposed ? strip.first : y,
          strip.count,
          Math.min(run.step, rows.count - y),
        );
      }
    }
    return true;
  } finally {
    memory.release(mark);
  }
}

/** Loads what the ring lacks for the rows from `y` on, and filters it to a block. */
function filterRing(run: Run, strip: Strip, y: number): boolean {
  const { rows, ring, slots, slotStride, tables, step } = run;
  const wanted = pairsOf(rows, y, step);
  for (let pair = wanted.from; pair < wanted.to; pair++) {
    const held = pair >= run.held.from && pair < run.held.to;
    if (!held && !loadPair(run, strip, pair, ring + (pair % slots) * slotStride)) return false;
  }
  run.held = wanted;
  const pairs = rows.window / 2;
  for (const { row, plane, block } of lanesOf(run, y)) {
    filterFour(run, strip, plane, tables.starts + row * 4, tables.rowWeights + row * pairs * 4, block, pairs, 0);
  }
  return true;
}

/** Sums the windows of the rows from `y` on part by part. */
function sumInParts(run: Run, strip: Strip, y: number): boolean {
  const { rows, ring, slots, slotStride, partWeights, instance } = run;
  const { memory } = instance;
  const { starts } = run.tables; // of no use here: made zeros
  memory.words(starts, 4).fill(0);
  for (const { row: first, plane, block } of lanesOf(run, y)) {
    const wanted = pairsOf(rows, first, 4);
    for (let from = wanted.from; from < wanted.to; from += slots) {
      const pairs = Math.min(slots, wanted.to - from);
      const words = memory.words(partWeights, 4 * pairs).fill(0);
      for (let k = 0; k < pairs; k++) {
        if (!loadPair(run, strip, from + k, ring + k * slotStride)) return false;
        for (let row = 0; row < 4 && first + row < rows.count; row++) {
          const at = from + k - rows.first[first + row]! / 2;
          if (at >= 0 && at < rows.window / 2) words[row * pairs + k] = weightPair(rows, first + row, at);
        }
      }
      const stage = (from > wanted.from ? 1 : 0) | (from + slots < wanted.to ? 2 : 0);
      filterFour(run, strip, plane, starts, partWeights, block, pairs, stage);
    }
  }
  return true;
}

/** The fours of rows from `y` on that exist, of every plane, and where they go in the block. */
function lanesOf({ rows, kind, block, step }: Run, y: number): { row: number; plane: number; block: number }[] {
  const lanes = [];
  for (let lane = 0; lane < kind.lanes; lane++) {
    const lanesEach = kind.lanes / kind.planes;
    const down = (lane % lanesEach) * 4;
    if (down >= step || y + down >= rows.count) continue;
    lanes.push({ row: y + down, plane: Math.floor(lane / lanesEach), block: block + lane * 16 });
  }
  return lanes;
}

/** Filters four rows of one plane in the ring to their words of the block. */
function filterFour(
  { instance, kind, ring, planeBytes, slots, slotStride, sums }: Run,
  { extent }: Strip,
  plane: number,
  starts: number,
  weights: number,
  block: number,
  pairs: number,
  stage: number,
): void {
  instance.kernels.filterColumns({
    ring: ring + plane * planeBytes,
    starts,
    weights,
    block,
    count: (extent + (extent % 2)) * kind.channels, // pixels are filtered in pairs
    slots,
    slotStride,
    pairs,
    pitch: kind.lanes * 16,
    sums,
    stage,
  });
}

function loadPair({ origin, rows, steps }: Run, strip: Strip, pair: number, slot: number): boolean {
  const upper = rows.origin + 2 * pair;
  const lower = 2 * pair + 1 < rows.extent ? upper + 1 : upper;
  return steps.load(origin + strip.origin, upper, lower, slot, strip.extent);
}
