/**
 * Rate-distortion optimised quantisation: of all the ways to round a block, the one of least rate + λ · distortion,
 * found by dynamic programming over its nonzero coefficients (a trellis; Crouse and Ramchandran, 1997).
 *
 * An AC coefficient keeps its nearest level, or takes the next lower one where that has fewer magnitude bits (1 for 2,
 * 3 for 4, …), or, at level 1, becomes 0. A DC coefficient takes the level below or above it. Rates are in 1/256 bit,
 * distortions in squared quantiser steps. The eye sees errors less where a block is busy, so λ = strength / (calm +
 * mean of its squared AC coefficients), in 1/256 bit for a squared step; strength / calm is at most 29127, so that
 * products fit 32 bits.
 *
 * Coefficients come multiplied by 8, at most 8191 in magnitude.
 */

/**
 * Fields of a node of the trellis, i32 each: zigzag position, cost up to here, zeroing up to here, node before, level.
 */
const NODE: usize = 20;
const COST: usize = 4;
const ZEROED: usize = 8;
const BEFORE: usize = 12;
const LEVEL: usize = 16;

/**
 * Fields of a block's DC, i32 each: the level below it, the costs of the errors of this and the next level, the path to
 * them.
 */
const EXACT: usize = 4;
const PATH: usize = 12;

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

/** Magnitude of the coefficient at position `k` in 1/256 step. */
function inSteps(coefs: usize, reciprocals: usize, k: usize): i32 {
  return (abs(<i32>load<i16>(coefs + (k << 1))) * <i32>load<u16>(reciprocals + (k << 1))) >> 11;
}

/** The cheapest level of a coefficient that has a scan of its own; `rates`: u32 for each size. */
function aloneLevel(x: i32, rates: usize, lambda: u32): i32 {
  const nearest = max((x + 128) >> 8, 1);
  const size = 32 - clz(nearest);
  let level = nearest;
  let best = load<i32>(rates + (size << 2)) + distortion(x - (nearest << 8), lambda);
  if ((nearest & (nearest - 1)) === 0) {
    const lower = load<i32>(rates + ((size - 1) << 2)) + distortion(x - ((nearest - 1) << 8), lambda);
    if (lower < best) level--;
  }
  return level;
}

/** What {@link optimiseBlocks} takes. */
@unmanaged
class OptimiseBlocks {
  /** Blocks of 64 × i16, times 8, in zigzag order. */
  src: usize;
  /** Where their levels go; may be `src`. */
  dst: usize;
  /** Where a u64 for each block goes: which levels are not 0. */
  masks: usize;
  /** 64 × u16 in zigzag order for a quantiser step q: 4 · q, the least magnitude that rounds to 1. */
  thresholds: usize;
  /** 64 × u16: 2^16 / q. */
  reciprocals: usize;
  /**
   * Rates of coefficients 3 to 63, magnitude bits and ZRL codes included: u32 for each run 0 to 60 and size 0 to 15, at
   * run << 4 | size.
   */
  rates: usize;
  /** Rates of coefficients 1 and 2, which have scans of their own: u32 for each size 0 to 15. */
  rates1: usize;
  rates2: usize;
  /** Rate of ending a block. */
  end: i32;
  /** Rate of a block whose coefficients 3 to 63 are all 0. */
  empty: i32;
  /** 64 × 20 bytes. */
  scratch: usize;
  /** 16 bytes for each block, for {@link optimiseDc}. */
  dcs: usize;
  count: i32;
  strength: u32;
  calm: u32;
}

/** Quantises `count` blocks. DC is rounded to the nearest level. */
export function optimiseBlocks(record: OptimiseBlocks): void {
  let src = record.src;
  let dst = record.dst;
  let masks = record.masks;
  const thresholds = record.thresholds;
  const reciprocals = record.reciprocals;
  const rates = record.rates;
  const rates1 = record.rates1;
  const rates2 = record.rates2;
  const end = record.end;
  const empty = record.empty;
  const scratch = record.scratch;
  let dcs = record.dcs;
  const count = record.count;
  const strength = record.strength;
  const calm = record.calm;
  // The start: nothing coded yet; the band begins behind position 2.
  store<i32>(scratch, 2);
  store<i32>(scratch, 0, COST);
  store<i32>(scratch, 0, ZEROED);
  for (let b = 0; b < count; b++) {
    const dc = <i32>load<i16>(src);
    let set = reaching(src, thresholds) & ~1;
    let kept: u64 = 0;
    let alone1 = 0;
    let alone2 = 0;
    let node = scratch;
    const lambda = strength / (calm + <u32>((energy(src) - dc * dc) >> 6));
    if (set !== 0) {
      if (set & 2) {
        alone1 = aloneLevel(inSteps(src, reciprocals, 1), rates1, lambda);
        if (alone1 !== 0) kept |= 2;
        if (load<i16>(src, 2) < 0) alone1 = -alone1;
      }
      if (set & 4) {
        alone2 = aloneLevel(inSteps(src, reciprocals, 2), rates2, lambda);
        if (alone2 !== 0) kept |= 4;
        if (load<i16>(src, 4) < 0) alone2 = -alone2;
      }
      set &= ~7;
      let first = scratch; // the earliest node that may come before: levels of 2 and more are not skipped
      let zeroed = 0;
      for (; set !== 0; set &= set - 1) {
        const k = <i32>ctz(set);
        const x = inSteps(src, reciprocals, k);
        const level = max((x + 128) >> 8, 1);
        const size = 32 - clz(level);
        const exact = distortion(x - (level << 8), lambda);
        const shorter = level > 1 && (level & (level - 1)) === 0;
        const lower = shorter ? distortion(x - ((level - 1) << 8), lambda) : 0;
        let best = i32.MAX_VALUE;
        let bestLevel = 0;
        let before = node;
        for (let j = node; j >= first; j -= NODE) {
          const base = load<i32>(j, COST) + zeroed - load<i32>(j, ZEROED);
          const rate = rates + <usize>((k - load<i32>(j) - 1) << 6) + (size << 2);
          const cost = base + load<i32>(rate) + exact;
          if (cost < best) {
            best = cost;
            bestLevel = level;
            before = j;
          }
          if (shorter) {
            const less = base + load<i32>(rate - 4) + lower;
            if (less < best) {
              best = less;
              bestLevel = level - 1;
              before = j;
            }
          }
        }
        node += NODE;
        if (level === 1) zeroed += distortion(x, lambda);
        else first = node;
        store<i32>(node, k);
        store<i32>(node, best, COST);
        store<i32>(node, zeroed, ZEROED);
        store<i32>(node, <i32>before, BEFORE);
        store<i32>(node, bestLevel, LEVEL);
      }
      // The best last coefficient.
      let best = i32.MAX_VALUE;
      let last = node;
      for (let j = node; j >= first; j -= NODE) {
        const rate = j === scratch ? empty : load<i32>(j) === 63 ? 0 : end;
        const cost = load<i32>(j, COST) + zeroed - load<i32>(j, ZEROED) + rate;
        if (cost < best) {
          best = cost;
          last = j;
        }
      }
      // Signs, before the block is overwritten.
      node = last;
      for (let j = node; j !== scratch; j = <usize>load<i32>(j, BEFORE)) {
        const k = load<i32>(j);
        kept |= (<u64>1) << k;
        if (load<i16>(src + (k << 1)) < 0) store<i32>(j, -load<i32>(j, LEVEL), LEVEL);
      }
    }
    for (let k: usize = 0; k < 128; k += 16) v128.store(dst + k, i32x4.splat(0));
    const reciprocal = <i32>load<u16>(reciprocals);
    const dcSteps = dc < 0 ? -((-dc * reciprocal) >> 11) : (dc * reciprocal) >> 11;
    const below = dcSteps >> 8;
    const excess = dcSteps & 255;
    store<i32>(dcs, below);
    store<i32>(dcs, distortion(excess, lambda), EXACT);
    store<i32>(dcs, distortion(256 - excess, lambda), EXACT + 4);
    const dcLevel = (dcSteps + 128) >> 8;
    if (dcLevel !== 0) kept |= 1;
    store<i16>(dst, dcLevel);
    store<i16>(dst, alone1, 2);
    store<i16>(dst, alone2, 4);
    for (let j = node; j !== scratch; j = <usize>load<i32>(j, BEFORE)) {
      store<i16>(dst + (load<i32>(j) << 1), load<i32>(j, LEVEL));
    }
    store<u64>(masks, kept);
    src += 128;
    dst += 128;
    masks += 8;
    dcs += 16;
  }
}

/** Cost of a DC difference. */
function differenceRate(rates: usize, difference: i32): i32 {
  return load<i32>(rates + ((32 - clz(abs(difference))) << 2));
}

/**
 * Chooses the DC levels of a row of `count` blocks, each the one below or above its coefficient, from what {@link
 * optimiseBlocks} wrote to `dcs`; puts them in `coefs` and `masks`. `rates`: u32 for each size of a difference
 * (F.1.2.1), bits included. `predictor`: the DC level before the row, i32; after it, the row's last.
 */
export function optimiseDc(coefs: usize, masks: usize, dcs: usize, rates: usize, predictor: usize, count: i32): void {
  let before0 = load<i32>(predictor);
  let before1 = before0;
  let cost0 = 0;
  let cost1 = 0;
  for (let b = 0; b < count; b++) {
    const below = load<i32>(dcs);
    const above = below + 1;
    const a0 = cost0 + differenceRate(rates, below - before0);
    const a1 = cost1 + differenceRate(rates, below - before1);
    const b0 = cost0 + differenceRate(rates, above - before0);
    const b1 = cost1 + differenceRate(rates, above - before1);
    // The path to each: bit 0 for the level below, bit 1 for the one above.
    store<i32>(dcs, (a1 < a0 ? 1 : 0) | (b1 < b0 ? 2 : 0), PATH);
    cost0 = min(a0, a1) + load<i32>(dcs, EXACT);
    cost1 = min(b0, b1) + load<i32>(dcs, EXACT + 4);
    before0 = below;
    before1 = above;
    dcs += 16;
  }
  let up = cost1 < cost0 ? 1 : 0;
  store<i32>(predictor, before0 + up);
  for (let b = count - 1; b >= 0; b--) {
    dcs -= 16;
    const level = load<i32>(dcs) + up;
    store<i16>(coefs + (b << 7), level);
    store<u8>(masks + (b << 3), ((<i32>load<u8>(masks + (b << 3))) & 0xfe) | (level !== 0 ? 1 : 0));
    up = (load<i32>(dcs, PATH) >> up) & 1;
  }
}
