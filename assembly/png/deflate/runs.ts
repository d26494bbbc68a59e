/**
 * Runs: bytes that equal those one or three before them, as equal channels and equal pixels of a filtered photograph
 * make them. Their matches have the cheapest distances, and comparing whole vectors finds them without a table.
 */

import { LONGEST } from './format';
import {
  DISTANCE_PRICES,
  LENGTH_PRICES,
  LITERAL_PRICES,
  MATCHES,
  MATCH_CAPACITY,
  MATCH_COUNT,
  MATCH_END,
} from './layout';
import { distanceSymbol } from './symbols';

/** Distance of equal channels, and of equal pixels. */
const CHANNEL: i32 = 1;
const PIXEL: i32 = 3;

/** Of the 64 positions that are compared at a time the last two cannot be known to begin three equal bytes. */
const STEP: i32 = 62;

/** A run of so many bytes is worth its bits whatever its literals cost. */
const SURE: i32 = 16;

/** Bit i: the byte at `cursor + i` equals the one `distance` before it. */
function equals(cursor: usize, distance: usize): u64 {
  const first = i8x16.bitmask(i8x16.eq(v128.load(cursor), v128.load(cursor - distance)));
  const second = i8x16.bitmask(i8x16.eq(v128.load(cursor, 16), v128.load(cursor - distance, 16)));
  const third = i8x16.bitmask(i8x16.eq(v128.load(cursor, 32), v128.load(cursor - distance, 32)));
  const fourth = i8x16.bitmask(i8x16.eq(v128.load(cursor, 48), v128.load(cursor - distance, 48)));
  return (<u64>(<u32>(first | (second << 16)))) | ((<u64>(<u32>(third | (fourth << 16)))) << 32);
}

/** Whether a run is cheaper than its literals, by the prices of the block before. */
function pays(scratch: usize, cursor: usize, length: i32, distance: i32): bool {
  if (length >= SURE) return true;
  let bits = load<i32>(scratch + (length << 2), LENGTH_PRICES);
  bits += load<u8>(scratch + distanceSymbol(distance), DISTANCE_PRICES);
  for (let i = 0; i < length; i++) bits -= load<u8>(scratch + load<u8>(cursor + i), LITERAL_PRICES);
  return bits < 0;
}

/**
 * Appends the runs that pay among the bytes from `start` to `end` to the matches of the block. Bytes from `known` on
 * count.
 */
export function listRuns(scratch: usize, start: usize, end: usize, known: usize): void {
  let count = load<i32>(scratch, MATCH_COUNT);
  let matchEnd: usize = load<u32>(scratch, MATCH_END);
  let cursor = max(start, known + PIXEL);
  while (cursor + 64 <= end && count + 32 <= MATCH_CAPACITY) {
    const channels = equals(cursor, CHANNEL);
    const pixels = equals(cursor, PIXEL);
    let starts = (channels & (channels >> 1) & (channels >> 2)) | (pixels & (pixels >> 1) & (pixels >> 2));
    let next = STEP;
    while (starts) {
      const at = <i32>ctz(starts);
      const byChannel = <i32>ctz(~(channels >> at));
      const byPixel = <i32>ctz(~(pixels >> at));
      const distance = byPixel > byChannel ? PIXEL : CHANNEL;
      let length = max(byChannel, byPixel);
      const from = cursor + at;
      if (at + length === 64) {
        const longest = min(LONGEST, <i32>(end - from));
        while (length < longest && load<u8>(from + length) === load<u8>(from + length - distance)) length++;
      }
      let after = at + 1;
      if (pays(scratch, from, length, distance)) {
        const entry = scratch + (count++ << 3);
        store<u32>(entry, <u32>(from - matchEnd), MATCHES);
        store<u16>(entry, length, MATCHES + 4);
        store<u16>(entry, distance, MATCHES + 6);
        matchEnd = from + length;
        after = at + length;
      }
      if (after >= STEP) {
        next = after;
        break;
      }
      starts &= (<u64>-1) << after;
    }
    cursor += next;
  }
  store<i32>(scratch, count, MATCH_COUNT);
  store<u32>(scratch, <u32>matchEnd, MATCH_END);
}
