/**
 * DEFLATE (RFC 1951) for a stream that comes in pieces: literals and matches are collected into blocks, and every block
 * gets codes of its own. A piece ends with its last block, so nothing but the match tables and seven bits at most wait for the
 * next.
 */

import { alignBits } from './bits';
import { writeBlock } from './block';
import {
  BIT_BUFFER,
  BIT_COUNT,
  HEADS,
  LITERAL_COST,
  LITERAL_PRICES,
  MATCHED,
  MATCH_CAPACITY,
  MATCH_COUNT,
  MATCH_END,
  OUTPUT,
  WINDOW,
  deflateScratch,
} from './layout';
import { insertSparsely, matchesPay, parse } from './match';

export { deflateScratch } from './layout';

/** Bytes among which it is decided at once whether to look for matches. */
const SEGMENT: i32 = 16384;

/** Literals after which a block ends, so that codes adapt. */
const BLOCK_LITERALS: i32 = 98304;

/** What a literal is taken to cost before one is known: 5 bits. */
const FIRST_LITERAL_COST: i32 = 5 * 16;

/** Prepares the working area, {@link deflateScratch} bytes, for a new stream. */
export function deflateStart(scratch: usize): void {
  store<u64>(scratch, 0, BIT_BUFFER);
  store<i32>(scratch, 0, BIT_COUNT);
  store<i32>(scratch, FIRST_LITERAL_COST, LITERAL_COST);
  memory.fill(scratch + LITERAL_PRICES, <u8>(FIRST_LITERAL_COST >> 4), 256);
  memory.fill(scratch + HEADS, 0, <usize>deflateScratch() - HEADS);
}

/**
 * The most bytes that {@link deflate} writes for `length` bytes. No block is larger than its stored form, with five bytes
 * for every 65535 or a part of them; blocks end after so many literals or matches of four bytes or more, so there are at
 * most three such parts for BLOCK_LITERALS bytes. The last bits are written eight bytes at a time.
 */
export function deflateBound(length: i32): i32 {
  return length + 16 * (length / BLOCK_LITERALS + 1) + 16;
}

/**
 * Compresses the next `length` bytes of a stream and returns the bytes written.
 * - `src` follows the `history` bytes (32768 are of use) that came before; `dst` takes {@link deflateBound} bytes
 * - `position` counts the stream's bytes before `src`, modulo 2^32
 * - `depth` bounds the candidates looked at for a match (0: none are looked for); one of `nice` bytes ends the search;
 *   one shorter than `lazy` yields to a better one a byte later
 * - `probe`: the search is left out where, by a sample, fewer positions in a hundred repeat (0: never)
 * - `final` ends the stream, to a full byte
 */
export function deflate(
  src: usize,
  dst: usize,
  scratch: usize,
  length: i32,
  history: i32,
  position: u32,
  depth: i32,
  nice: i32,
  lazy: i32,
  probe: i32,
  final: i32,
): i32 {
  const end = src + length;
  const origin = src - position;
  const known = src - min(history, WINDOW);
  store<u32>(scratch, <u32>dst, OUTPUT);
  let cursor = src;
  while (cursor < end) {
    const start = cursor;
    store<i32>(scratch, 0, MATCHED);
    store<i32>(scratch, 0, MATCH_COUNT);
    store<u32>(scratch, <u32>start, MATCH_END);
    while (
      cursor < end &&
      <i32>(cursor - start) - load<i32>(scratch, MATCHED) < BLOCK_LITERALS &&
      load<i32>(scratch, MATCH_COUNT) < MATCH_CAPACITY
    ) {
      const segmentEnd = min(cursor + SEGMENT, end);
      if (depth > 0 && (!probe || cursor === known || matchesPay(scratch, cursor, segmentEnd, known, origin, probe))) {
        cursor = parse(scratch, cursor, segmentEnd, end, known, origin, depth, nice, lazy);
      } else {
        if (depth > 0) insertSparsely(scratch, cursor, segmentEnd, end, origin);
        cursor = segmentEnd;
      }
    }
    writeBlock(scratch, start, cursor, final !== 0 && cursor === end);
  }
  if (final) alignBits(scratch);
  return <i32>(load<u32>(scratch, OUTPUT) - <u32>dst);
}
