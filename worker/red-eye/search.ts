import type { KernelInstance } from '../kernels.ts';
import type { Picture } from './picture.ts';

/** Pictures with more pixels are searched from half size on: pupils in them are 4 pixels or larger. */
const FULL_SIZE_PIXELS = 2_000_000;

/** Centre and surround, half sides in pixels of a level; the first on the finest level only. */
const WINDOWS = [
  [1, 3],
  [2, 6],
  [3, 8],
] as const;

/** Side of a tile, how many rows of them are searched at once, and rows around them that are needed: half a surround and a closing. */
const TILE = 16;
const BAND_TILES = 8;
const HALO = 16;

/** Spots that are kept, and those with most contrast of them that are looked at: more are only found where everything is spotted with red. */
const MAX_SPOTS = 8192;
const MAX_LOOKED_AT = 1024;
/** Words of a spot as the kernel writes it: x, y and radius in 256ths of a pixel, contrast. */
const SPOT_WORDS = 4;

/** A candidate in pixels of the picture, with its features' log-odds in 256ths. */
export type Candidate = { x: number; y: number; radius: number; logit: number; features: Int16Array };

/** What a search did. */
export type SearchCounts = { tiles: number; spots: number; circles: number; candidates: number };

/** All places that pass the cascade, a pupil mostly more than once. Scratch is taken from the memory's stack and given back. */
export function searchRedEyes(
  instance: KernelInstance,
  picture: Picture,
  counts: SearchCounts = { tiles: 0, spots: 0, circles: 0, candidates: 0 },
): Candidate[] {
  const { kernels, memory } = instance;
  const mark = memory.mark();
  const spots = findSpots(instance, picture, counts);
  const eye = memory.alloc(32);
  const features = memory.alloc(256);
  const scratch = memory.alloc(5120);
  const circle = memory.words(eye, 3);
  const featureCount = kernels.redEyeFeatures.value;
  const featureBytes = memory.bytes(features, featureCount * 2);
  const candidates: Candidate[] = [];
  for (let i = 0; i < spots.length; i += SPOT_WORDS) {
    circle.set(spots.subarray(i, i + 3));
    if (!kernels.refineCircle(picture.address, eye, scratch)) continue;
    counts.circles++;
    if (!kernels.describeEye(picture.address, eye, features, scratch)) continue;
    counts.candidates++;
    candidates.push({
      x: circle[0]! / 256,
      y: circle[1]! / 256,
      radius: circle[2]! / 256,
      logit: kernels.classifyEye(features),
      features: new Int16Array(featureBytes.buffer, featureBytes.byteOffset, featureCount).slice(),
    });
  }
  memory.release(mark);
  return candidates;
}

/** Red spots of all sizes with skin about them, as the kernel writes them. */
function findSpots({ kernels, memory }: KernelInstance, picture: Picture, counts: SearchCounts): Int32Array {
  const { address, levels } = picture;
  const { width, height } = levels[0]!;
  const finest = width * height > FULL_SIZE_PIXELS ? 1 : 0;
  const rows = BAND_TILES * TILE + 2 * HALO;
  const widest = levels[finest]!.width;
  const found = memory.alloc(MAX_SPOTS * SPOT_WORDS * 4);
  const mark = memory.mark();
  const map = memory.alloc(widest * rows + 64);
  const closed = memory.alloc(widest * rows);
  const table = memory.alloc((widest + 16) * (rows + 1) * 2 + 64);
  const contrasts = memory.alloc((widest + 16) * rows * 2 + 256);
  const row = memory.alloc((widest + 16) * 4);
  const tilesOf = ({ width, height }: { width: number; height: number }) => ({
    across: Math.ceil(width / TILE),
    down: Math.ceil(height / TILE),
  });
  const base = tilesOf(levels[0]!);
  let flags = memory.alloc(base.across * base.down);
  const near = memory.alloc(base.across * base.down);
  counts.tiles = kernels.flagRed(address, flags, base.across, base.down);
  let count = 0;
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
    kernels.spreadFlags(flags, near, across, down);
    const marked = memory.bytes(flags, across * down);
    const isMarked = (tile: number) => marked.subarray(tile * across, (tile + 1) * across).some((flag) => flag);
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
        const to = found + count * SPOT_WORDS * 4;
        const room = MAX_SPOTS - count;
        count += kernels.findCandidates(
          ...([address, level, map, table, flags, contrasts, to, first, last, top, bottom, k, K, room] as const),
        );
      }
    }
  }
  memory.release(mark);
  counts.spots = count;
  return strongest(memory.words(found, count * SPOT_WORDS).slice());
}

/** Those with most contrast, in their order, where there are more than are looked at. */
function strongest(spots: Int32Array): Int32Array {
  const count = spots.length / SPOT_WORDS;
  if (count <= MAX_LOOKED_AT) return spots;
  const contrastOf = (spot: number): number => spots[spot * SPOT_WORDS + SPOT_WORDS - 1]!;
  const order = Array.from({ length: count }, (_, i) => i).sort((a, b) => contrastOf(b) - contrastOf(a) || a - b);
  const kept = new Int32Array(MAX_LOOKED_AT * SPOT_WORDS);
  order
    .slice(0, MAX_LOOKED_AT)
    .sort((a, b) => a - b)
    .forEach((spot, i) => kept.set(spots.subarray(spot * SPOT_WORDS, (spot + 1) * SPOT_WORDS), i * SPOT_WORDS));
  return kept;
}
