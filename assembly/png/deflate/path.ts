/**
 * The cheapest way through some bytes, in literals and matches: the shortest path in a graph whose nodes are the
 * positions, found from the end. What a symbol costs follows from how often the last path took it, so a path is found
 * several times over. The costs of steps are in 64ths of a bit.
 */

import { DISTANCES, END_OF_BLOCK, LITERALS, LONGEST, SHORTEST } from './format';
import {
  BLOCK_COUNTS,
  COSTS,
  COUNT_BYTES,
  DISTANCE_COSTS,
  FIRST_CANDIDATES,
  LENGTH_COSTS,
  LITERAL_COSTS,
  PARSED_COUNTS,
  STEPS,
} from './layout';
import { increment } from './count';
import { listMatch } from './matches';
import { distanceExtra, distanceSymbol, lengthExtra, lengthSymbol, symbolOf } from './symbols';

/** More than any path costs, and so little that nothing overflows. */
const NEVER: i32 = 1 << 29;

/** A bit, in the unit of costs. */
const BIT: i32 = 64;

/** Times that the path is found. */
const PASSES: i32 = 2;

/** The codes of a block, in its header: bits for every symbol used, and for the rest. */
const HEADER_SYMBOL: i32 = 3;
const HEADER_BASE: i32 = 120;

/** Binary digits of logarithms behind the point: what a block of 49152 symbols costs is right to a bit. */
const DIGITS: i32 = 16;

/** Binary logarithm of a count above 0, in 65536ths: squaring doubles it, so that its digits come one by one. */
function logarithm(count: u32): u32 {
  const power = 31 - clz(count);
  let mantissa = (<u64>count) << (31 - power);
  let digits: u32 = power;
  for (let i = 0; i < DIGITS; i++) {
    mantissa = (mantissa * mantissa) >> 31;
    const digit = <u32>(mantissa >> 32);
    mantissa >>= digit;
    digits = (digits << 1) | digit;
  }
  return digits;
}

/**
 * Bits of a symbol of so many in a code of its own, in 65536ths: its share's logarithm, but no code has less than one
 * bit.
 */
function codeLength(count: u32, whole: u32): u32 {
  return max(1 << DIGITS, whole - logarithm(count));
}

/**
 * Costs before any path is known: nothing, so that the first path takes literals alone, and the second what is cheaper
 * than they.
 */
export function firstCosts(scratch: usize): void {
  memory.fill(scratch + LITERAL_COSTS, 0, DISTANCE_COSTS + 32 * 4 - LITERAL_COSTS);
  for (let length = 0; length < SHORTEST; length++) store<u32>(scratch + (length << 2), NEVER, LENGTH_COSTS);
}

/** Where the counts of distances begin among those of all symbols. */
const DISTANCES_AT: usize = <usize>LITERALS * 4;

function totalOf(counts: usize, symbols: i32): u32 {
  let total: u32 = 0;
  for (let symbol = 0; symbol < symbols; symbol++) total += load<u32>(counts + (symbol << 2));
  return total;
}

/** What a symbol costs that was taken so often; a symbol that was not as if it had been half a time. */
function costOf(count: u32, whole: u32): i32 {
  const length = count ? codeLength(count, whole) : whole + (1 << DIGITS);
  return <i32>((length * BIT) >> DIGITS);
}

/** Takes the costs from the counts of the last path. */
function noteCosts(scratch: usize): void {
  const counts = scratch + PARSED_COUNTS;
  const all = logarithm(totalOf(counts, LITERALS));
  for (let byte = 0; byte < 256; byte++) {
    store<u32>(scratch + (byte << 2), costOf(load<u32>(counts + (byte << 2)), all), LITERAL_COSTS);
  }
  for (let length = SHORTEST; length <= LONGEST; length++) {
    const symbol = lengthSymbol(length);
    const cost = costOf(load<u32>(counts + ((257 + symbol) << 2)), all) + lengthExtra(symbol) * BIT;
    store<u32>(scratch + (length << 2), cost, LENGTH_COSTS);
  }
  const matches = logarithm(max(1, totalOf(counts + DISTANCES_AT, DISTANCES)));
  for (let symbol = 0; symbol < DISTANCES; symbol++) {
    const cost = costOf(load<u32>(counts + DISTANCES_AT + (symbol << 2)), matches) + distanceExtra(symbol) * BIT;
    store<u32>(scratch + (symbol << 2), cost, DISTANCE_COSTS);
  }
}

/** Finds the cheapest steps through `length` bytes at `src`, from the candidates of each. */
function findSteps(scratch: usize, src: usize, length: i32): void {
  const costs = scratch + COSTS;
  let best: u32 = 0;
  store<u32>(costs + (length << 2), 0);
  for (let i = length - 1; i >= 0; i--) {
    best += load<u32>(scratch + ((<usize>load<u8>(src + i)) << 2), LITERAL_COSTS);
    let step: u32 = 0;
    let entry: usize = load<u32>(scratch + (i << 2), FIRST_CANDIDATES);
    const last: usize = load<u32>(scratch + (i << 2), FIRST_CANDIDATES + 4);
    for (; entry < last; entry += 4) {
      const match = load<u32>(entry);
      const byDistance = load<u32>(scratch + (symbolOf(match & 0xffff) << 2), DISTANCE_COSTS);
      const longest = match >> 16;
      const cost =
        load<u32>(costs + ((i + longest) << 2)) + load<u32>(scratch + (longest << 2), LENGTH_COSTS) + byDistance;
      const taken = -i32(cost < best);
      best ^= (best ^ cost) & taken;
      step ^= (step ^ match) & taken;
      // A byte less may let the next match begin.
      const less = max(longest - 1, SHORTEST);
      const lessCost =
        load<u32>(costs + ((i + less) << 2)) + load<u32>(scratch + (less << 2), LENGTH_COSTS) + byDistance;
      const lessTaken = -i32(lessCost < best);
      best ^= (best ^ lessCost) & lessTaken;
      step ^= (step ^ ((less << 16) | (match & 0xffff))) & lessTaken;
    }
    store<u32>(costs + (i << 2), best);
    store<u32>(scratch + (i << 2), step, STEPS);
  }
}

/** Counts the symbols of the steps, and the end of block that may follow. */
function countSteps(scratch: usize, src: usize, length: i32): void {
  const counts = scratch + PARSED_COUNTS;
  memory.fill(counts, 0, COUNT_BYTES);
  let i = 0;
  while (i < length) {
    const step = load<u32>(scratch + (i << 2), STEPS);
    if (step) {
      increment(counts + ((257 + lengthSymbol(step >> 16)) << 2));
      increment(counts + DISTANCES_AT + (distanceSymbol(step & 0xffff) << 2));
      i += step >> 16;
    } else {
      increment(counts + ((<usize>load<u8>(src + i)) << 2));
      i++;
    }
  }
  increment(counts + (END_OF_BLOCK << 2));
}

/** Leaves the steps of the cheapest path through `length` bytes at `src`, and the counts of their symbols. */
export function choosePath(scratch: usize, src: usize, length: i32): void {
  for (let pass = 0; pass < PASSES; pass++) {
    findSteps(scratch, src, length);
    countSteps(scratch, src, length);
    noteCosts(scratch);
  }
}

/** What some symbols cost with codes of their own, in 65536ths of a bit. */
function codedCost(counts: usize, symbols: i32): u64 {
  const all = logarithm(max(1, totalOf(counts, symbols)));
  let cost: u64 = 0;
  for (let symbol = 0; symbol < symbols; symbol++) {
    const count = load<u32>(counts + (symbol << 2));
    if (count) cost += <u64>count * codeLength(count, all) + (HEADER_SYMBOL << DIGITS);
  }
  return cost;
}

function blockCost(counts: usize): u64 {
  return codedCost(counts, LITERALS) + codedCost(counts + DISTANCES_AT, DISTANCES) + (HEADER_BASE << DIGITS);
}

/** Whether what was parsed is cheaper as the start of a block than as a part of the block before it. */
export function splitPays(scratch: usize): bool {
  const block = scratch + BLOCK_COUNTS;
  const apart = blockCost(block) + blockCost(scratch + PARSED_COUNTS);
  addCounts(scratch);
  const together = blockCost(block);
  for (let at: usize = 0; at < COUNT_BYTES; at += 16) {
    v128.store(block + at, i32x4.sub(v128.load(block + at), v128.load(scratch + at, PARSED_COUNTS)));
  }
  return apart < together;
}

function addCounts(scratch: usize): void {
  for (let at: usize = 0; at < COUNT_BYTES; at += 16) {
    const sum = i32x4.add(v128.load(scratch + at, BLOCK_COUNTS), v128.load(scratch + at, PARSED_COUNTS));
    v128.store(scratch + at, sum, BLOCK_COUNTS);
  }
}

/** Appends the steps through `length` bytes at `src` to the block. */
export function takePath(scratch: usize, src: usize, length: i32): void {
  addCounts(scratch);
  let i = 0;
  while (i < length) {
    const step = load<u32>(scratch + (i << 2), STEPS);
    if (step) listMatch(scratch, src + i, step >> 16, step & 0xffff);
    i += step ? step >> 16 : 1;
  }
}

/** Forgets the symbols counted. */
export function startCounts(scratch: usize): void {
  memory.fill(scratch + BLOCK_COUNTS, 0, COUNT_BYTES);
}
