/** The list of matches that a block is made of. */

import { MATCHES, MATCH_COUNT, MATCH_END } from './layout';

/** Appends a match to those of the block. */
export function listMatch(scratch: usize, at: usize, length: i32, distance: i32): void {
  const count = load<i32>(scratch, MATCH_COUNT);
  const entry = scratch + MATCHES + (count << 3);
  store<u32>(entry, <u32>at - load<u32>(scratch, MATCH_END));
  store<u16>(entry, length, 4);
  store<u16>(entry, distance, 6);
  store<i32>(scratch, count + 1, MATCH_COUNT);
  store<u32>(scratch, <u32>at + length, MATCH_END);
}
