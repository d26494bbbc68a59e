/** How often each symbol occurs in a block. */

import {
  END_OF_BLOCK,
  MATCH_COUNT,
  LITERAL_COUNTS,
  DISTANCE_COUNTS,
  BYTE_COUNTS,
  LITERAL_LENGTHS,
  MATCHES,
} from './layout';
import { distanceSymbol, lengthSymbol } from './symbols';

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
