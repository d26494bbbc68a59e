/**
 * Finding matches (RFC 1951, 4). The last position of every hash of three and of seven bytes is remembered, so that each
 * position meets the nearest bytes that begin like it, and the nearest that go on so. Positions count from the start
 * of the stream, modulo 2^32, so the tables stay right when the window moves. A stale entry does no harm: whatever
 * is found is compared byte by byte.
 */

import { LONG_BITS, LONG_HEADS, SHORT_BITS, SHORT_HEADS, STEPS, WINDOW } from './layout';

/** Inside a match of so many bytes every position goes on with it, and none is looked up. */
const LASTING: i32 = 40;

/** A match of so many bytes is taken without a thought. */
const SURE: i32 = 258;

/** The most bytes of a match that is found; the format cuts it into pieces of at most 258. */
const LONGEST: i32 = 65535;

/** What a byte of a match is taken to save, in bits, when two matches are compared. */
const BYTE_GAIN: i32 = 4;

/** A run whose period divides 12, as pixels of 1, 2, 3 or 4 bytes make it, shows at this distance. */
const RUN_PERIOD: usize = 12;

/** Where the last position with the hash of the three lowest bytes is kept. */
function shortHead(scratch: usize, bytes: u64): usize {
  return scratch + ((<usize>((((<u32>bytes) << 8) * 0x9e3779b1) >> (32 - SHORT_BITS))) << 2);
}

/** Length of what the bytes at `cursor` and `cursor - distance` have in common, up to `longest`; eight of them are. */
function extend(cursor: usize, distance: usize, longest: i32): i32 {
  let length = 8;
  while (length < longest) {
    const differ = load<u64>(cursor - distance + length) ^ load<u64>(cursor + length);
    if (differ) return min(length + <i32>(ctz(differ) >> 3), longest);
    length += 8;
  }
  return longest;
}

/**
 * Notes for every position from `cursor` to `end` the more promising of the two matches, or none (less than three bytes).
 * Stops at a match that is long enough to be taken at once, notes it last and returns its address; else `end`.
 * - position p of the stream lies at `origin + p`; bytes from `known` on may be matched
 */
export function findMatches(scratch: usize, cursor: usize, end: usize, known: usize, origin: usize): usize {
  let steps = scratch + STEPS;
  // What a match taken at once passed over is made up for as far as runs need it.
  for (let at = max(known, cursor - min(cursor, RUN_PERIOD)); at < cursor; at++) {
    store<u32>(shortHead(scratch, load<u64>(at)), <u32>(at - origin), SHORT_HEADS);
  }
  while (cursor < end) {
    const next = load<u64>(cursor);
    const position = <u32>(cursor - origin);
    const reach = min<u32>(<u32>(cursor - known), WINDOW);
    const short = shortHead(scratch, next);
    const long = scratch + ((<usize>(((next << 8) * 0x9e3779b97f4a7c15) >> (64 - LONG_BITS))) << 2);
    const distanceShort = position - load<u32>(short, SHORT_HEADS);
    const distanceLong = position - load<u32>(long, LONG_HEADS);
    store<u32>(short, position, SHORT_HEADS);
    store<u32>(long, position, LONG_HEADS);
    const longest = min(<i32>(end - cursor), LONGEST);
    // Without branches, which could not be foretold: a distance out of reach becomes 0, and so does its length.
    const near = -i32(distanceShort - 1 < reach);
    let distance = distanceShort & near;
    let length = (<i32>(ctz(load<u64>(cursor - distance) ^ next) >> 3)) & near;
    if (length === 8) length = extend(cursor, distance, longest);
    const nearLong = -i32(distanceLong - 1 < reach);
    const differ = (load<u64>(cursor - (distanceLong & nearLong)) ^ next) | ~(<i64>nearLong);
    if (!(differ << 8) && distanceLong !== distanceShort) {
      const lengthLong = differ ? 7 : extend(cursor, distanceLong, longest);
      const farther = <i32>(clz(distance | 1) - clz(distanceLong));
      if (length < 3 || (lengthLong - length) * BYTE_GAIN > farther) {
        length = lengthLong;
        distance = distanceLong;
      }
    }
    length = min(length, longest);
    store<u32>(steps, ((length << 16) | distance) & -i32(length >= 3));
    steps += 4;
    if (length >= SURE) return cursor;
    cursor++;
    for (; length > LASTING; length--) {
      store<u32>(steps, ((length - 1) << 16) | distance);
      steps += 4;
      cursor++;
    }
  }
  return end;
}

/** The first sixteen positions of every so many bytes are looked at. */
const GROUP: usize = 512;

/** Whether, by a sample, at least `percent` of the positions from `cursor` to `end` are in the middle of a run. */
export function runsPay(cursor: usize, end: usize, known: usize, percent: i32): bool {
  let looked = 0;
  let found = 0;
  for (let group = max(cursor, known + RUN_PERIOD); group + GROUP <= end; group += GROUP) {
    for (let probe = group; probe < group + 16; probe += 4) {
      found += <i32>i8x16.all_true(i8x16.eq(v128.load(probe), v128.load(probe - RUN_PERIOD)));
    }
    looked += 4;
  }
  return found * 100 >= looked * percent;
}
