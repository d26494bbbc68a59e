/** How often each symbol occurs in a block. */

import { END_OF_BLOCK } from './format';
import {
  MATCH_COUNT,
  LITERAL_COUNTS,
  DISTANCE_COUNTS,
  BYTE_COUNTS,
  LITERAL_LENGTHS,
  MATCHES,
  PAIR_COUNTS,
} from './layout';
import { distanceSymbol, lengthSymbol } from './symbols';

/** Counts of pairs and their sums over a row or a column stay below 65536 in blocks of at most so many bytes. */
export const PAIRED_CAPACITY: usize = 131070;

/** Counts the literals from `start` to `end`, of which there are at most {@link PAIRED_CAPACITY}, two at a time. */
export function countPairs(scratch: usize, start: usize, end: usize): void {
  const pairs = scratch + PAIR_COUNTS;
  memory.fill(pairs, 0, 65536 * 2);
  let cursor = start;
  for (; cursor + 8 <= end; cursor += 8) {
    const eight = load<u64>(cursor);
    increment16(pairs + ((<usize>(eight << 1)) & 0x1fffe));
    increment16(pairs + ((<usize>(eight >> 15)) & 0x1fffe));
    increment16(pairs + ((<usize>(eight >> 31)) & 0x1fffe));
    increment16(pairs + ((<usize>(eight >> 47)) & 0x1fffe));
  }
  memory.fill(scratch + LITERAL_COUNTS, 0, LITERAL_LENGTHS - LITERAL_COUNTS);
  // Rows of 512 bytes: the second byte of the pairs. Columns, eight a step: the first.
  for (let row: usize = 0; row < 256; row++) {
    const counts = pairs + (row << 9);
    let sums = i32x4.splat(0);
    for (let at: usize = 0; at < 512; at += 16) {
      const eight = v128.load(counts + at);
      sums = i32x4.add(sums, i32x4.extadd_pairwise_i16x8_u(eight));
      v128.store(scratch + at, i16x8.add(v128.load(scratch + at, BYTE_COUNTS), eight), BYTE_COUNTS);
    }
    store<u32>(
      scratch + (row << 2),
      i32x4.extract_lane(sums, 0) +
        i32x4.extract_lane(sums, 1) +
        i32x4.extract_lane(sums, 2) +
        i32x4.extract_lane(sums, 3),
      LITERAL_COUNTS,
    );
  }
  for (let byte: usize = 0; byte < 256; byte++) {
    const count = scratch + LITERAL_COUNTS + (byte << 2);
    store<u32>(count, load<u32>(count) + load<u16>(scratch + (byte << 1), BYTE_COUNTS));
  }
  for (; cursor < end; cursor++) increment(scratch + LITERAL_COUNTS + ((<usize>load<u8>(cursor)) << 2));
  store<u32>(scratch, 1, LITERAL_COUNTS + END_OF_BLOCK * 4);
}

function increment16(count: usize): void {
  store<u16>(count, load<u16>(count) + 1);
}

/** Counts the literals from `start` to `end`, the matches among them and the end of block. */
export function countSymbols(scratch: usize, start: usize, end: usize): void {
  memory.fill(scratch + LITERAL_COUNTS, 0, LITERAL_LENGTHS - LITERAL_COUNTS);
  const matches = load<i32>(scratch, MATCH_COUNT);
  let cursor = start;
  for (let i = 0; i < matches; i++) {
    const entry = scratch + MATCHES + (i << 3);
    const run: usize = load<u32>(entry);
    const length: i32 = load<u16>(entry, 4);
    countBytes(scratch, cursor, cursor + run);
    cursor += run + length;
    increment(scratch + LITERAL_COUNTS + ((257 + lengthSymbol(length)) << 2));
    increment(scratch + DISTANCE_COUNTS + (distanceSymbol(load<u16>(entry, 6)) << 2));
  }
  countBytes(scratch, cursor, end);
  for (let at: usize = 0; at < 1024; at += 16) {
    const counts = i32x4.add(
      i32x4.add(v128.load(scratch + at, LITERAL_COUNTS), v128.load(scratch + at, BYTE_COUNTS)),
      i32x4.add(v128.load(scratch + at, BYTE_COUNTS + 1024), v128.load(scratch + at, BYTE_COUNTS + 2048)),
    );
    v128.store(scratch + at, counts, LITERAL_COUNTS);
  }
  store<u32>(scratch, 1, LITERAL_COUNTS + END_OF_BLOCK * 4);
}

function countBytes(scratch: usize, cursor: usize, end: usize): void {
  for (; cursor + 8 <= end; cursor += 8) {
    const low = load<u32>(cursor);
    const high = load<u32>(cursor, 4);
    increment(scratch + LITERAL_COUNTS + ((low & 255) << 2));
    increment(scratch + BYTE_COUNTS + (((low >> 8) & 255) << 2));
    increment(scratch + BYTE_COUNTS + 1024 + (((low >> 16) & 255) << 2));
    increment(scratch + BYTE_COUNTS + 2048 + ((low >> 24) << 2));
    increment(scratch + LITERAL_COUNTS + ((high & 255) << 2));
    increment(scratch + BYTE_COUNTS + (((high >> 8) & 255) << 2));
    increment(scratch + BYTE_COUNTS + 1024 + (((high >> 16) & 255) << 2));
    increment(scratch + BYTE_COUNTS + 2048 + ((high >> 24) << 2));
  }
  for (; cursor < end; cursor++) increment(scratch + LITERAL_COUNTS + ((<usize>load<u8>(cursor)) << 2));
}

/** Adds one to a count. */
export function increment(count: usize): void {
  store<u32>(count, load<u32>(count) + 1);
}
