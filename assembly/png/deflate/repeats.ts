/**
 * Matches where much repeats, as in text and flat areas: the nearest bytes with the same hash of four, and a byte later
 * if the match there is longer. Positions count from the start of the stream, modulo 2^32. A stale entry does no harm:
 * whatever is found is compared byte by byte.
 */

import { LONGEST, WINDOW } from './format';
import { SHORT_BITS, SHORT_HEADS } from './layout';
import { listMatch } from './matches';

/** Bytes that are hashed: shorter matches are not found. */
const LEAST: i32 = 4;

/** A match of so many bytes is taken without a look at the next. */
const SURE: i32 = 32;

/** Positions at either end of a match that later ones may find. */
const REMEMBERED: usize = 16;

/** After so many positions in vain, as a power of two, every second is passed over, and so on. */
const PATIENCE: i32 = 6;

function headOf(scratch: usize, bytes: u32): usize {
  return scratch + (((bytes * 0x9e3779b1) >> (32 - SHORT_BITS)) << 2);
}

/** Length of what the bytes at `cursor` and `cursor - distance` have in common, at least four, up to `longest`. */
function extend(cursor: usize, distance: usize, longest: i32): i32 {
  let length = LEAST;
  while (length < longest) {
    const differ = load<u64>(cursor - distance + length) ^ load<u64>(cursor + length);
    if (differ) return min(length + <i32>(ctz(differ) >> 3), longest);
    length += 8;
  }
  return longest;
}

/** The distance to the last position that began with the same four bytes, or 0. Remembers this one. */
function nearest(scratch: usize, cursor: usize, known: usize, origin: usize): u32 {
  const bytes = load<u32>(cursor);
  const head = headOf(scratch, bytes);
  const position = <u32>(cursor - origin);
  const distance = position - load<u32>(head, SHORT_HEADS);
  store<u32>(head, position, SHORT_HEADS);
  return distance - 1 < min<u32>(<u32>(cursor - known), WINDOW) && load<u32>(cursor - distance) === bytes
    ? distance
    : 0;
}

function remember(scratch: usize, from: usize, to: usize, origin: usize): void {
  for (; from < to; from++) store<u32>(headOf(scratch, load<u32>(from)), <u32>(from - origin), SHORT_HEADS);
}

/**
 * Appends matches among the bytes from `cursor` to `end` to those of the block. Bytes from `known` on may be matched.
 */
export function listRepeats(scratch: usize, cursor: usize, end: usize, known: usize, origin: usize): void {
  let misses = 0;
  while (cursor + LEAST <= end) {
    let distance = nearest(scratch, cursor, known, origin);
    if (!distance) {
      cursor += 1 + (misses++ >> PATIENCE);
      continue;
    }
    misses = 0;
    let length = extend(cursor, distance, <i32>(end - cursor));
    while (length < SURE && cursor + 1 + LEAST <= end) {
      const later = nearest(scratch, cursor + 1, known, origin);
      const laterLength = later ? extend(cursor + 1, later, <i32>(end - cursor - 1)) : 0;
      if (laterLength <= length) break;
      length = laterLength;
      distance = later;
      cursor++;
    }
    const after = cursor + length;
    remember(scratch, cursor + 1, min(cursor + REMEMBERED, after), origin);
    remember(scratch, max(cursor + REMEMBERED, after - REMEMBERED), after, origin);
    while (cursor < after) {
      // No piece is shorter than three bytes.
      const left = <i32>(after - cursor);
      const piece = left > LONGEST + 2 ? LONGEST : left > LONGEST ? LONGEST - 2 : left;
      listMatch(scratch, cursor, piece, distance);
      cursor += piece;
    }
  }
}
