/** What symbols cost in the block before, in bits: a first guess at what they will cost. */

import { DISTANCES, LONGEST, SHORTEST } from './format';
import { DISTANCE_LENGTHS, DISTANCE_PRICES, LENGTH_PRICES, LITERAL_LENGTHS, LITERAL_PRICES } from './layout';
import { distanceExtra, lengthExtra, lengthSymbol } from './symbols';

/** What symbols are taken to cost that the last block did not have. */
const UNSEEN_LITERAL: i32 = 13;
const UNSEEN_LENGTH: i32 = 12;
const UNSEEN_DISTANCE: i32 = 10;

/** Prices before any block is known: literals of five bits, short matches a little dearer than one. */
export function firstPrices(scratch: usize): void {
  memory.fill(scratch + LITERAL_PRICES, 5, 256);
  for (let length = SHORTEST; length <= LONGEST; length++) {
    store<u32>(scratch + (length << 2), 6 + lengthExtra(lengthSymbol(length)), LENGTH_PRICES);
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
  for (let length = SHORTEST; length <= LONGEST; length++) {
    const symbol = lengthSymbol(length);
    const bits: i32 = load<u8>(scratch + 257 + symbol, LITERAL_LENGTHS);
    store<u32>(scratch + (length << 2), (bits ? bits : UNSEEN_LENGTH) + lengthExtra(symbol), LENGTH_PRICES);
  }
  for (let symbol = 0; symbol < DISTANCES; symbol++) {
    const bits: i32 = load<u8>(scratch + symbol, DISTANCE_LENGTHS);
    store<u8>(scratch + symbol, (bits ? bits : UNSEEN_DISTANCE) + distanceExtra(symbol), DISTANCE_PRICES);
  }
}
