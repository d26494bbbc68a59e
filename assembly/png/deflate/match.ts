/**
 * Finding matches (RFC 1951, 4): positions are chained by a hash of their next four bytes, the newest first. Positions
 * count from the start of the stream, modulo 2^32, so the tables stay right when the window moves. A stale entry does
 * no harm: whatever is found is compared byte by byte.
 */

import {
  HASH_BITS,
  HEADS,
  LITERAL_COST,
  LITERAL_PRICES,
  MATCHED,
  MATCHES,
  MATCH_CAPACITY,
  MATCH_COUNT,
  MATCH_END,
  STEPS,
  WINDOW,
} from './layout';

const LONGEST: i32 = 258;

/** Bits of a match's two codes, about, without the extra bits of the distance. */
const MATCH_COST: i32 = 11 * 16;

function hash(cursor: usize): usize {
  return <usize>((load<u32>(cursor) * 0x9e3779b1) >> (32 - HASH_BITS));
}

/** A match of so many bytes is worth its bits whatever its literals cost. */
const SURE: i32 = 32;

/** Inside a match that is long enough, one position in so many is inserted. */
const STEP_IN_LONG: i32 = 16;

/** Puts the four bytes at `cursor` first in their chain and returns the position that was first. */
function insert(scratch: usize, cursor: usize, position: u32): u32 {
  const head = scratch + (hash(cursor) << 2);
  const before = load<u32>(head, HEADS);
  store<u32>(head, position, HEADS);
  store<u16>(scratch + ((position & (WINDOW - 1)) << 1), <u16>min<u32>(position - before, 0xffff), STEPS);
  return before;
}

/** Bits saved by a match against its literals, in sixteenths. */
function gain(length: i32, distance: i32, literalCost: i32): i32 {
  return length * literalCost - ((31 - clz(distance)) << 4) - MATCH_COST;
}

/**
 * The match at `cursor` that saves most, as length << 16 | distance; 0 when none saves anything. Inserts the position.
 * - `reach` bytes lie before `cursor`; at least four follow, up to `end`
 */
function findMatch(
  scratch: usize,
  cursor: usize,
  end: usize,
  position: u32,
  reach: u32,
  depth: i32,
  nice: i32,
  literalCost: i32,
): i32 {
  let candidate = insert(scratch, cursor, position);
  const longest = min<i32>(LONGEST, <i32>(end - cursor));
  const farthest = min<u32>(reach, WINDOW);
  const first = load<u32>(cursor);
  let best = 0;
  let bestLength = 3;
  let bestGain = 0;
  for (; depth > 0; depth--) {
    const distance = position - candidate;
    if (distance - 1 >= farthest) break;
    const at = cursor - distance;
    if (load<u32>(at + bestLength - 3) === load<u32>(cursor + bestLength - 3) && load<u32>(at) === first) {
      let length = 4;
      while (length < longest) {
        const differ = load<u64>(at + length) ^ load<u64>(cursor + length);
        if (differ) {
          length += <i32>(ctz(differ) >> 3);
          break;
        }
        length += 8;
      }
      length = min(length, longest);
      if (length > bestLength) {
        const saved = gain(length, distance, literalCost);
        if (saved > bestGain) {
          bestGain = saved;
          best = (length << 16) | distance;
          bestLength = length;
          if (length >= min(nice, longest)) break;
        }
      }
    }
    candidate -= <u32>load<u16>(scratch + ((candidate & (WINDOW - 1)) << 1), STEPS);
  }
  if (best && bestLength < SURE && literalBits(scratch, cursor, bestLength) << 4 <= bestLength * literalCost - bestGain)
    return 0;
  return best;
}

/** What bytes would cost as literals, by the codes of the last block. */
function literalBits(scratch: usize, cursor: usize, length: i32): i32 {
  let bits = 0;
  for (let i = 0; i < length; i++) bits += load<u8>(scratch + load<u8>(cursor + i), LITERAL_PRICES);
  return bits;
}

/**
 * Splits the bytes from `cursor` to `segmentEnd` into literals and matches, and appends the matches to the block; the
 * last may reach past `segmentEnd`, to `end`. Stops early when the block is full. Returns the address reached.
 * - position p of the stream lies at `origin + p`, and bytes from `known` on may be matched
 * - a match shorter than `lazy` yields to a better one a byte later
 */
export function parse(
  scratch: usize,
  cursor: usize,
  segmentEnd: usize,
  end: usize,
  known: usize,
  origin: usize,
  depth: i32,
  nice: i32,
  lazy: i32,
): usize {
  const literalCost = load<i32>(scratch, LITERAL_COST);
  let matchEnd: usize = load<u32>(scratch, MATCH_END);
  let count = load<i32>(scratch, MATCH_COUNT);
  let matched = load<i32>(scratch, MATCHED);
  const hashEnd = end - 4; // the last address with four bytes
  while (cursor < segmentEnd && count < MATCH_CAPACITY) {
    if (cursor > hashEnd) {
      cursor = segmentEnd;
      break;
    }
    let match = findMatch(
      scratch,
      cursor,
      end,
      <u32>(cursor - origin),
      <u32>(cursor - known),
      depth,
      nice,
      literalCost,
    );
    if (!match) {
      cursor++;
      continue;
    }
    let inserted = cursor + 1;
    while (match >> 16 < lazy && cursor < hashEnd) {
      const at = cursor + 1;
      const next = findMatch(scratch, at, end, <u32>(at - origin), <u32>(at - known), depth, nice, literalCost);
      inserted = at + 1;
      if (
        !next ||
        gain(next >> 16, next & 0xffff, literalCost) <= gain(match >> 16, match & 0xffff, literalCost) + literalCost
      ) {
        break;
      }
      match = next;
      cursor = at;
    }
    const entry = scratch + (count++ << 3);
    store<u32>(entry, <u32>(cursor - matchEnd), MATCHES);
    store<u16>(entry, match >> 16, MATCHES + 4);
    store<u16>(entry, match, MATCHES + 6);
    matched += match >> 16;
    cursor += match >> 16;
    matchEnd = cursor;
    const last = min(cursor, hashEnd + 1);
    const step = match >> 16 < nice ? 1 : STEP_IN_LONG;
    for (; inserted < last; inserted += step) insert(scratch, inserted, <u32>(inserted - origin));
  }
  store<u32>(scratch, <u32>matchEnd, MATCH_END);
  store<i32>(scratch, count, MATCH_COUNT);
  store<i32>(scratch, matched, MATCHED);
  return cursor;
}

/** Of every so many bytes a sample looks at as many positions as lie between two that {@link insertSparsely} inserts. */
const GROUP: usize = 2048;
const SPARSE: usize = 64;

/** Runs of a period that divides 12, as pixels of 1, 3 or 4 bytes make them, show at this distance. */
const RUN_PERIOD: usize = 12;

/**
 * Whether matches are worth looking for from `cursor` to `segmentEnd`: whether, by a sample, at least `percent` of the
 * positions begin sixteen bytes that repeat. What repeats beyond a run counts as often as positions may not have been inserted.
 */
export function matchesPay(
  scratch: usize,
  cursor: usize,
  segmentEnd: usize,
  known: usize,
  origin: usize,
  percent: i32,
): bool {
  let looked = 0;
  let found = 0;
  for (let group = cursor; group + GROUP <= segmentEnd; group += GROUP) {
    for (let probe = group; probe < group + SPARSE; probe++) {
      const next = v128.load(probe);
      const reach = <u32>(probe - known);
      const distance = <u32>(probe - origin) - load<u32>(scratch + (hash(probe) << 2), HEADS);
      if (reach >= <u32>RUN_PERIOD && same(next, v128.load(probe - RUN_PERIOD))) found++;
      else if (distance - 1 < min<u32>(reach, WINDOW) && same(next, v128.load(probe - distance)))
        found += <i32>SPARSE / 2;
    }
    looked += <i32>SPARSE;
  }
  return found * 100 >= looked * percent;
}

function same(a: v128, b: v128): bool {
  return i8x16.all_true(i8x16.eq(a, b));
}

/** Inserts one position in eight, so that a later search finds what is long. */
export function insertSparsely(scratch: usize, cursor: usize, segmentEnd: usize, end: usize, origin: usize): void {
  for (; cursor < segmentEnd && cursor + 4 <= end; cursor += SPARSE) insert(scratch, cursor, <u32>(cursor - origin));
}
