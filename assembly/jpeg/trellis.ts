/**
 * Rate-distortion optimised quantisation of AC coefficients: of all the ways to round a block, the one of least
 * rate + λ · distortion, found by dynamic programming over its nonzero coefficients (a trellis; Crouse and Ramchandran, 1997).
 *
 * A coefficient keeps its nearest level, or takes the next lower one where that has a shorter magnitude (2, 4, 8, …), or,
 * at level 1, becomes 0. Rates are in 1/256 bit, distortions in squared quantiser steps, so λ is in bits for a squared step. The eye sees errors less
 * where the block is busy: λ = strength / (calm + mean squared AC coefficient).
 *
 * A quantiser is 64 × { u16 threshold, u16 reciprocal } as two arrays: 4 · q, the least magnitude that rounds to 1, and
 * 2^16 / q: coefficients are multiplied by 8.
 */

const THRESHOLDS: usize = 0;
const RECIPROCALS: usize = 128;

/** Fields of a node of the trellis, i32 each: zigzag position, cost up to here, zeroing up to here, node before, level. */
const NODE: usize = 20;
const COST: usize = 4;
const ZEROED: usize = 8;
const BEFORE: usize = 12;
const LEVEL: usize = 16;

/** Cost of an error of `error` / 256 steps; at most 1.5 steps. */
function distortion(error: i32, lambda: u32): i32 {
  return <i32>((<u32>(error * error) * lambda) >> 16);
}

/** Set of the coefficients whose magnitude reaches the threshold. */
function reaching(coefs: usize, thresholds: usize): u64 {
  let set: u64 = 0;
  for (let k: usize = 0; k < 4; k++) {
    const at = k << 5;
    const a = i16x8.ge_s(i16x8.abs(v128.load(coefs + at)), v128.load(thresholds + at));
    const b = i16x8.ge_s(i16x8.abs(v128.load(coefs + at, 16)), v128.load(thresholds + at, 16));
    set |= (<u64>(<u32>i8x16.bitmask(i8x16.narrow_i16x8_s(a, b)))) << (k << 4);
  }
  return set;
}

/** Sum of the squares of 64 coefficients: by Parseval's theorem at most 2^26. */
function energy(coefs: usize): i32 {
  let sum = i32x4.splat(0);
  for (let k: usize = 0; k < 128; k += 16) {
    const c = v128.load(coefs + k);
    sum = i32x4.add(sum, i32x4.dot_i16x8_s(c, c));
  }
  return (
    i32x4.extract_lane(sum, 0) + i32x4.extract_lane(sum, 1) + i32x4.extract_lane(sum, 2) + i32x4.extract_lane(sum, 3)
  );
}

/**
 * Quantises `count` blocks at `src` (64 × i16 each, times 8, zigzag order) to `dst`, which may be `src`. DC is rounded to the nearest level. Writes to
 * `masks` (u64 for each block) which coefficients are not 0. `rates` has a u32 for each run 0 to 62 and size 0 to 15, at
 * run << 4 | size, magnitude bits and ZRL codes included; the one for run 0, size 0 is EOB. `scratch`: 64 × 20 bytes.
 */
export function quantiseBlocks(
  src: usize,
  dst: usize,
  masks: usize,
  quantiser: usize,
  rates: usize,
  scratch: usize,
  count: i32,
  strength: u32,
  calm: u32,
): void {
  const eob = load<i32>(rates);
  for (let b = 0; b < count; b++) {
    const dc = <i32>load<i16>(src);
    const dcReciprocal = <i32>load<u16>(quantiser, RECIPROCALS);
    let set = reaching(src, quantiser + THRESHOLDS) & ~1;
    let kept: u64 = 0;

    // The start: nothing coded yet, at position 0.
    let node = scratch;
    store<u64>(node, 0);
    store<i32>(node, 0, ZEROED);
    let first = scratch; // the earliest node that may come before: levels of 2 and more cannot be skipped
    if (set !== 0) {
      const lambda = strength / (calm + <u32>((energy(src) - dc * dc) >> 6));
      while (set !== 0) {
        const k = <i32>ctz(set);
        set &= set - 1;
        const c = abs(<i32>load<i16>(src + (k << 1)));
        const x = (c * <i32>load<u16>(quantiser + (k << 1), RECIPROCALS)) >> 11; // 1/256 step
        const level = max((x + 128) >> 8, 1);
        const size = 32 - clz(level);
        const exact = distortion(x - (level << 8), lambda);
        const shorter = level > 1 && (level & (level - 1)) === 0 ? size - 1 : 0;
        const lower = shorter !== 0 ? distortion(x - ((level - 1) << 8), lambda) : 0;
        let best = i32.MAX_VALUE;
        let bestLevel = 0;
        let before = node;
        const zeroed = load<i32>(node, ZEROED);
        for (let j = node; j >= first; j -= NODE) {
          const base = load<i32>(j, COST) + zeroed - load<i32>(j, ZEROED);
          const row = rates + <usize>((k - load<i32>(j) - 1) << 6);
          const cost = base + load<i32>(row + (size << 2)) + exact;
          if (cost < best) {
            best = cost;
            bestLevel = level;
            before = j;
          }
          if (shorter !== 0) {
            const less = base + load<i32>(row + (shorter << 2)) + lower;
            if (less < best) {
              best = less;
              bestLevel = level - 1;
              before = j;
            }
          }
        }
        node += NODE;
        store<i32>(node, k);
        store<i32>(node, best, COST);
        store<i32>(node, <i32>before, BEFORE);
        store<i32>(node, bestLevel, LEVEL);
        if (level === 1) {
          store<i32>(node, zeroed + distortion(x, lambda), ZEROED);
        } else {
          store<i32>(node, zeroed, ZEROED);
          first = node;
        }
      }
      // The best last coefficient.
      let best = i32.MAX_VALUE;
      let last = node;
      const zeroed = load<i32>(node, ZEROED);
      for (let j = node; j >= first; j -= NODE) {
        const cost = load<i32>(j, COST) + zeroed - load<i32>(j, ZEROED) + (load<i32>(j) === 63 ? 0 : eob);
        if (cost < best) {
          best = cost;
          last = j;
        }
      }
      // Signs, before the block is overwritten.
      for (let j = last; j !== scratch; j = <usize>load<i32>(j, BEFORE)) {
        const k = load<i32>(j);
        kept |= (<u64>1) << k;
        if (load<i16>(src + (k << 1)) < 0) store<i32>(j, -load<i32>(j, LEVEL), LEVEL);
      }
      node = last;
    }
    for (let k: usize = 0; k < 128; k += 16) v128.store(dst + k, i32x4.splat(0));
    for (let j = node; j !== scratch; j = <usize>load<i32>(j, BEFORE)) {
      store<i16>(dst + (load<i32>(j) << 1), load<i32>(j, LEVEL));
    }
    const magnitude = (abs(dc) * dcReciprocal + (1 << 18)) >> 19;
    store<i16>(dst, dc < 0 ? -magnitude : magnitude);
    store<u64>(masks, kept | (magnitude !== 0 ? 1 : 0));
    src += 128;
    dst += 128;
    masks += 8;
  }
}

/** Counts the run and size symbols of sequential AC coding (F.1.2.2) of `count` blocks in 256 × u32. */
export function countRuns(coefs: usize, masks: usize, counts: usize, count: i32): void {
  for (let b = 0; b < count; b++) {
    let set = load<u64>(masks) & ~1;
    let last = 0;
    while (set !== 0) {
      const k = <i32>ctz(set);
      set &= set - 1;
      let run = k - last - 1;
      last = k;
      for (; run >= 16; run -= 16) tally(counts + (0xf0 << 2));
      const size = 32 - clz(abs(<i32>load<i16>(coefs + (k << 1))));
      tally(counts + (((run << 4) | size) << 2));
    }
    if (last < 63) tally(counts);
    coefs += 128;
    masks += 8;
  }
}

function tally(counter: usize): void {
  store<u32>(counter, load<u32>(counter) + 1);
}
