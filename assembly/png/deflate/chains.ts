/**
 * Lists the matches that may be worth using (RFC 1951, 4). Positions with equal hashes of five bytes are chained, the
 * nearest first, and the last position of every hash of three is remembered. Positions count from the start of the
 * stream, modulo 2^32, so the tables stay right when the window moves. A stale entry does no harm: whatever is found is
 * compared byte by byte.
 */

import { LONGEST, SHORTEST, WINDOW } from './format';
import {
  CANDIDATES,
  CHAIN_BITS,
  CHAIN_HEADS,
  CHAINS,
  DISTANCE_COSTS,
  FIRST_CANDIDATES,
  LENGTH_COSTS,
  LITERAL_COSTS,
  LITERAL_SUMS,
  MOST_CANDIDATES,
  SHORT_BITS,
  SHORT_HEADS,
} from './layout';
import { symbolOf } from './symbols';

/** Positions of a chain that are looked at. */
const DEPTH: i32 = 16;

/** What a match may cost more than its literals, in 64ths of a bit, as the next path finds other costs. */
const SLACK: i32 = 1536;

/** The length from which on no other is looked for. */
const LONG_ENOUGH: i32 = 64;

/** Inside a match of so many bytes every position goes on with it, and none is looked up. */
const LASTING: i32 = 24;

function shortHead(scratch: usize, bytes: u32): usize {
  return scratch + ((((bytes << 8) * 0x9e3779b1) >> (32 - SHORT_BITS)) << 2);
}

function chainHead(scratch: usize, bytes: u64): usize {
  return scratch + ((<usize>(((bytes << 24) * 0x9e3779b97f4a7c15) >> (64 - CHAIN_BITS))) << 2);
}

/** Length of what the bytes at `cursor` and `cursor - distance` have in common from `length` on, up to `longest`. */
function extend(cursor: usize, distance: usize, length: i32, longest: i32): i32 {
  while (length < longest) {
    const differ = load<u64>(cursor - distance + length) ^ load<u64>(cursor + length);
    if (differ) return min(length + <i32>(ctz(differ) >> 3), longest);
    length += 8;
  }
  return longest;
}

/** Notes what literals cost together up to every position from `start` to `end`. */
function sumLiterals(scratch: usize, start: usize, end: usize): void {
  let sum: u32 = 0;
  let at = scratch + LITERAL_SUMS;
  store<u32>(at, 0);
  for (let cursor = start; cursor < end; cursor++) {
    sum += load<u32>(scratch + ((<usize>load<u8>(cursor)) << 2), LITERAL_COSTS);
    at += 4;
    store<u32>(at, sum);
  }
}

/** -1 where a match costs little more than its literals: those up to the sum at `after` less `before`; else 0. */
function pays(scratch: usize, after: usize, before: i32, length: i32, distance: u32): i32 {
  const cost =
    load<i32>(scratch + (length << 2), LENGTH_COSTS) + load<i32>(scratch + (symbolOf(distance) << 2), DISTANCE_COSTS);
  return -i32(cost + before <= load<i32>(after));
}

/**
 * Lists, for every position from `start` to `end`, matches of growing length, each with the nearest distance that was
 * found for it: length << 16 | distance, u32.
 * - position p of the stream lies at `origin + p`; bytes from `known` on may be matched
 */
export function listCandidates(scratch: usize, start: usize, end: usize, known: usize, origin: usize): void {
  const chains = scratch + CHAINS;
  sumLiterals(scratch, start, end);
  let sums = scratch + LITERAL_SUMS;
  let firsts = scratch + FIRST_CANDIDATES;
  let next = scratch + CANDIDATES;
  // What goes on from the position before: its distance and how many bytes are left of it.
  let goingOn: usize = 0;
  let left: i32 = 0;
  for (let cursor = start; cursor < end; cursor++) {
    store<u32>(firsts, <u32>next);
    firsts += 4;
    const before = load<i32>(sums) - SLACK;
    sums += 4;
    const position = <u32>(cursor - origin);
    const eight = load<u64>(cursor);
    const bytes = <u32>eight;
    const short = shortHead(scratch, bytes);
    const head = chainHead(scratch, eight);
    let distance = position - load<u32>(head, CHAIN_HEADS);
    const distanceShort = position - load<u32>(short, SHORT_HEADS);
    store<u32>(short, position, SHORT_HEADS);
    store<u32>(head, position, CHAIN_HEADS);
    store<u16>(chains + ((position & (WINDOW - 1)) << 1), min(distance, 65535));
    if (left > LASTING) {
      left--;
      store<u32>(next, ((<u32>min(left, LONGEST)) << 16) | (<u32>goingOn));
      next += 4;
      continue;
    }
    left = 0;
    const reach = min<u32>(<u32>(cursor - known), WINDOW);
    const longest = <i32>(end - cursor);
    const most = next + (MOST_CANDIDATES << 2);
    // Without branches, which could not be foretold: a distance out of reach becomes 0.
    const near = distanceShort & -i32(distanceShort - 1 < reach);
    const same = min(<i32>(ctz((load<u64>(cursor - near) ^ eight) | (1 << 63)) >> 3), longest) & -i32(near > 0);
    store<u32>(next, (same << 16) | near);
    next += pays(scratch, sums + (same << 2) - 4, before, same, near) & 4;
    let length = max(SHORTEST, same);
    for (let depth = DEPTH; depth > 0 && distance - 1 < reach && length < LONG_ENOUGH && next < most; depth--) {
      const at = cursor - distance;
      // A longer match has the byte that ended the last in common, and those before.
      if (load<u32>(at + length - 3) === load<u32>(cursor + length - 3) && load<u32>(at) === bytes) {
        const found = extend(cursor, distance, 4, longest);
        if (found > length) {
          length = min(found, LONGEST);
          store<u32>(next, (length << 16) | distance);
          next += pays(scratch, sums + (length << 2) - 4, before, length, distance) & 4;
          if (found >= LONG_ENOUGH) {
            goingOn = distance;
            left = found;
          }
        }
      }
      const farther = load<u16>(chains + (((position - distance) & (WINDOW - 1)) << 1));
      distance += farther;
    }
  }
  store<u32>(firsts, <u32>next);
}
