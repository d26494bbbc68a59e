/**
 * The cheapest way through the bytes of a block, in literals and matches, at the prices that the codes of the block before
 * would have asked: the shortest path in a graph whose nodes are the positions, found from the end.
 */

import {
  COSTS,
  DISTANCE_LENGTHS,
  DISTANCE_PRICES,
  DISTANCES,
  LENGTH_PRICES,
  LITERAL_LENGTHS,
  LITERAL_PRICES,
  MATCHES,
  MATCH_COUNT,
  MATCH_END,
  STEPS,
} from './layout';
import { distanceExtra, lengthExtra, lengthSymbol } from './symbols';

const LONGEST: i32 = 258;

/** More than any way costs, and so little that nothing overflows. */
const NEVER: u32 = 1 << 30;

/** What symbols are taken to cost that the last block did not have. */
const UNSEEN_LITERAL: i32 = 13;
const UNSEEN_LENGTH: i32 = 12;
const UNSEEN_DISTANCE: i32 = 10;

/** Prices before any block is known: literals of five bits, short matches a little dearer than one. */
export function firstPrices(scratch: usize): void {
  memory.fill(scratch + LITERAL_PRICES, 5, 256);
  for (let length = 0; length <= LONGEST; length++) {
    const bits = length < 3 ? NEVER : <u32>(6 + lengthExtra(lengthSymbol(length)));
    store<u32>(scratch + (length << 2), bits, LENGTH_PRICES);
  }
  for (let symbol = 0; symbol < DISTANCES; symbol++) {
    store<u8>(scratch + symbol, 5 + distanceExtra(symbol), DISTANCE_PRICES);
  }
}

/** Takes the code lengths of the block that was just made as prices. */
export function notePrices(scratch: usize): void {
  for (let byte = 0; byte < 256; byte++) {
    const bits: i32 = load<u8>(scratch + byte, LITERAL_LENGTHS);
    store<u8>(scratch + byte, bits ? bits : UNSEEN_LITERAL, LITERAL_PRICES);
  }
  for (let length = 3; length <= LONGEST; length++) {
    const symbol = lengthSymbol(length);
    const bits: i32 = load<u8>(scratch + 257 + symbol, LITERAL_LENGTHS);
    store<u32>(scratch + (length << 2), (bits ? bits : UNSEEN_LENGTH) + lengthExtra(symbol), LENGTH_PRICES);
  }
  for (let symbol = 0; symbol < DISTANCES; symbol++) {
    const bits: i32 = load<u8>(scratch + symbol, DISTANCE_LENGTHS);
    store<u8>(scratch + symbol, (bits ? bits : UNSEEN_DISTANCE) + distanceExtra(symbol), DISTANCE_PRICES);
  }
}

/**
 * Chooses between the literal and the match found at every position of the `length` bytes at `src`, past which no match is
 * followed, and lists the matches.
 */
export function choosePath(scratch: usize, src: usize, length: i32): void {
  const steps = scratch + STEPS;
  const costs = scratch + COSTS;
  let cost: u32 = 0;
  store<u32>(costs + (length << 2), 0);
  for (let i = length - 1; i >= 0; i--) {
    const match = load<u32>(steps + (i << 2));
    const matchLength = min(min(match >> 16, <u32>LONGEST), <u32>(length - i));
    // The symbol of the distance (see distanceSymbol), without its branches; no match has distance 0 and length 0.
    const value = (match & 0xffff) - 1;
    const power = 31 - clz(value | 1);
    const symbol = (power << 1) + ((value >> (power - i32(power > 0))) & 1);
    const byMatch =
      load<u32>(costs + ((i + matchLength) << 2)) +
      load<u32>(scratch + (matchLength << 2), LENGTH_PRICES) +
      load<u8>(scratch + (symbol & 31), DISTANCE_PRICES);
    const byLiteral = cost + load<u8>(scratch + load<u8>(src + i), LITERAL_PRICES);
    const matched = -i32(byMatch < byLiteral);
    cost = byLiteral ^ ((byLiteral ^ byMatch) & matched);
    store<u32>(costs + (i << 2), cost);
    store<u32>(steps + (i << 2), ((matchLength << 16) | (match & 0xffff)) & matched);
  }
  listMatches(scratch, src, length);
}

/** Follows the steps chosen from the first position on, and appends the matches to those of the block. */
function listMatches(scratch: usize, src: usize, length: i32): void {
  const steps = scratch + STEPS;
  let i = 0;
  while (i < length) {
    const step = load<u32>(steps + (i << 2));
    if (step) listMatch(scratch, src + i, step >> 16, step & 0xffff);
    i += step ? step >> 16 : 1;
  }
}

/** Appends a match to those of the block. */
function listMatch(scratch: usize, at: usize, length: i32, distance: i32): void {
  const count = load<i32>(scratch, MATCH_COUNT);
  const entry = scratch + MATCHES + (count << 3);
  store<u32>(entry, <u32>at - load<u32>(scratch, MATCH_END));
  store<u16>(entry, length, 4);
  store<u16>(entry, distance, 6);
  store<i32>(scratch, count + 1, MATCH_COUNT);
  store<u32>(scratch, <u32>at + length, MATCH_END);
}

/** Takes the match that was noted for position `index`, of the bytes at `at`, and returns what follows it. */
export function takeMatch(scratch: usize, at: usize, index: i32): usize {
  const step = load<u32>(scratch + STEPS + (index << 2));
  const end = at + (step >> 16);
  while (at < end) {
    // No piece is shorter than three bytes.
    const left = <i32>(end - at);
    const length = left > LONGEST + 2 ? LONGEST : left > LONGEST ? LONGEST - 2 : left;
    listMatch(scratch, at, length, step & 0xffff);
    at += length;
  }
  return end;
}
