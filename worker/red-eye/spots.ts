import { readSpot, SPOT_BYTES, type Spot as FoundSpot } from '../../build/records.js';
import type { KernelInstance } from '../memory/kernels.ts';
import type { Box, Picture } from './picture.ts';

/** Pictures with more pixels are searched from half size on: pupils in them are 4 pixels or larger. */
const FULL_SIZE_PIXELS = 2_000_000;

/** Centre and surround, half sides in pixels of a level; the first on the finest level only. */
const WINDOWS = [
  [1, 3],
  [2, 6],
  [3, 8],
] as const;

/**
 * Side of a tile, how many rows of them are searched at once, and rows around them that are needed: half a surround and
 * a closing.
 */
const TILE = 16;
const BAND_TILES = 8;
const HALO = 16;

/**
 * How far, in pixels of a level, a change may make or undo spots: a tile that is marked no longer, its neighbour, whose
 * redness is not computed then, and half a surround, a closing and a neighbouring peak.
 */
const REACH = 3 * TILE;
/**
 * What is searched again about a change: what may make or undo the spots within reach of it, whole tiles and groups of
 * eight pixels.
 */
const AGAIN = 7 * TILE;

/** Spots of a level at most: one with more is red all over. */
const MAX_SPOTS = 8192;

/**
 * A red spot with skin about it; place from the picture's centre and radius in 256ths of a pixel, contrast in 1024ths.
 */
export type Spot = FoundSpot & { level: number };

/** What was done: searches, tiles and spots of the last one, circles fitted and candidates described in all of them. */
export type SearchCounts = { searches: number; tiles: number; spots: number; circles: number; candidates: number };

export function noCounts(): SearchCounts {
  return { searches: 0, tiles: 0, spots: 0, circles: 0, candidates: 0 };
}

/** Red spots of all sizes with skin about them. With `changes` only the tiles about those are searched. */
export function findSpots(
  { kernels, memory }: KernelInstance,
  picture: Picture,
  counts: SearchCounts,
  changes?: Box[],
): Spot[] {
  const { address, levels } = picture;
  const { width, height } = levels[0]!;
  const finest = width * height > FULL_SIZE_PIXELS ? 1 : 0;
  const rows = BAND_TILES * TILE + 2 * HALO;
  const widest = levels[finest]!.width;
  const mark = memory.mark();
  const found = memory.alloc(MAX_SPOTS * SPOT_BYTES);
  const map = memory.alloc(widest * rows + 64);
  const closed = memory.alloc(widest * rows);
  const table = memory.alloc((widest + 16) * (rows + 1) * 2 + 64);
  const contrasts = memory.alloc((widest + 16) * rows * 2 + 256);
  const row = memory.alloc((widest + 16) * 4);
  const base = tilesOf(levels[0]!);
  let flags = memory.alloc(base.across * base.down);
  const near = memory.alloc(base.across * base.down);
  counts.tiles = kernels.flagRed(address, flags, base.across, base.down);
  const spots: Spot[] = [];
  for (let level = 0; level < levels.length && counts.tiles > 0; level++) {
    const { width, height } = levels[level]!;
    const { across, down } = tilesOf(levels[level]!);
    if (level > 0) {
      const above = tilesOf(levels[level - 1]!);
      const pooled = memory.alloc(((above.across + 1) >> 1) * ((above.down + 1) >> 1));
      kernels.poolFlags(flags, pooled, above.across, above.down);
      flags = pooled;
    }
    if (level < finest || Math.min(width, height) < TILE) continue;
    const release = memory.mark();
    const marks = changes ? memory.alloc(across * down) : flags;
    if (changes)
      copyNear(memory.bytes(flags, across * down), memory.bytes(marks, across * down), across, level, changes);
    kernels.spreadFlags(marks, near, across, down);
    const marked = memory.bytes(marks, across * down);
    const isMarked = (tile: number) => marked.subarray(tile * across, (tile + 1) * across).some((flag) => flag);
    let count = 0;
    for (let tile = 0; tile < down;) {
      if (!isMarked(tile)) {
        tile++;
        continue;
      }
      const top = tile * TILE;
      while (tile < down && tile * TILE < top + BAND_TILES * TILE && isMarked(tile)) tile++;
      const bottom = Math.min(tile * TILE, height);
      const first = Math.max(top - HALO, 0);
      const last = Math.min(bottom + HALO, height);
      kernels.rednessMap(address, level, near, map, row, first, last);
      kernels.close5x5(map, closed, width, last - first);
      kernels.summedArea(map, table, width, last - first);
      for (const [k, K] of WINDOWS) {
        if (k === 1 && level > finest) continue;
        count += kernels.findCandidates({
          picture: address,
          level,
          map,
          table,
          marks,
          scratch: contrasts,
          dst: found + count * SPOT_BYTES,
          first,
          last,
          top,
          bottom,
          k,
          K,
          capacity: MAX_SPOTS - count,
        });
      }
    }
    for (let i = 0; i < count; i++) {
      const { x, y, radius, contrast } = memory.read(found + i * SPOT_BYTES, readSpot);
      spots.push({ level, x, y, radius, contrast });
    }
    memory.release(release);
  }
  memory.release(mark);
  counts.spots = spots.length;
  return spots;
}

/**
 * The spots of a picture that was changed: what {@link findSpots} would find, of the spots it had before and a search
 * about the changes.
 */
export function renewSpots(
  instance: KernelInstance,
  picture: Picture,
  counts: SearchCounts,
  spots: Spot[],
  changes: Box[],
): Spot[] {
  const { width, height } = picture.levels[0]!;
  const isNear = ({ level, x, y }: Spot): boolean => {
    const reach = REACH << level;
    const [column, row] = [x / 256 + width / 2, y / 256 + height / 2];
    return changes.some(
      ({ left, top, right, bottom }) =>
        column >= left - reach && column < right + reach && row >= top - reach && row < bottom + reach,
    );
  };
  const renewed = findSpots(instance, picture, counts, changes).filter(isNear);
  return [...spots.filter((spot) => !isNear(spot)), ...renewed];
}

/** Copies the flags of the tiles about changes; the others become 0. */
function copyNear(flags: Uint8Array, dst: Uint8Array, across: number, level: number, changes: Box[]): void {
  dst.fill(0);
  const tileOf = (place: number): number => Math.max((place >> level) >> 4, 0);
  for (const { left, top, right, bottom } of changes) {
    const reach = AGAIN << level;
    for (let y = tileOf(top - reach); y <= tileOf(bottom + reach) && y * across < flags.length; y++) {
      const from = y * across + tileOf(left - reach);
      const to = y * across + Math.min(tileOf(right + reach) + 1, across);
      if (from < to) dst.set(flags.subarray(from, to), from);
    }
  }
}

function tilesOf({ width, height }: { width: number; height: number }): { across: number; down: number } {
  return { across: Math.ceil(width / TILE), down: Math.ceil(height / TILE) };
}
