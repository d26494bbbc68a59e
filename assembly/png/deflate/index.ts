/**
 * DEFLATE (RFC 1951) for a stream that comes in pieces: literals and matches are collected into blocks, and every block
 * gets codes of its own. A piece ends with its last block, so nothing but the match tables and seven bits at most wait
 * for the next.
 */

import { alignBits } from './bits';
import { writeBlock, writeEmptyBlock } from './block';
import { WINDOW } from './format';
import {
  BIT_BUFFER,
  BIT_COUNT,
  MATCHED_BLOCK,
  MATCH_CAPACITY,
  MATCH_COUNT,
  MATCH_END,
  OUTPUT,
  PARSED,
  SHORT_HEADS,
  deflateScratch,
} from './layout';
import { listCandidates } from './chains';
import { runsPay } from './sample';
import { choosePath, firstCosts, splitPays, startCounts, takePath } from './path';
import { firstPrices } from './prices';
import { listRepeats } from './repeats';
import { listRuns } from './runs';

export { WINDOW as deflateWindow } from './format';
export { deflateScratch } from './layout';

/** Bytes behind those that are compressed which are hashed with the last of them. */
export const deflateLookahead: i32 = 8;

/** What is looked for in bytes that, as those of a filtered photograph, repeat little … */
export const LITERALS_ALONE: i32 = 0;
export const NEAR_RUNS: i32 = 1;
/** … and in bytes whatever they are. */
export const REPEATS: i32 = 2;
export const CHEAPEST: i32 = 3;

/** Bytes repeat much where, by a sample, so many positions in a hundred are in a run. */
const RUNS_PERCENT: i32 = 12;

/** How a piece of the stream ends: with its last block, with the stream, or at a full byte. */
export const OPEN: i32 = 0;
export const ENDS: i32 = 1;
export const FLUSHES: i32 = 2;

/** Bytes among which it is decided at once whether to look for matches. */
const SEGMENT: usize = 32766;

/** Segments of literals that may make one block: so many that their pairs can still be counted in 16 bits. */
const LITERAL_SEGMENTS: usize = 4;

/** Prepares the working area, {@link deflateScratch} bytes, for a new stream. */
export function deflateStart(scratch: usize): void {
  store<u64>(scratch, 0, BIT_BUFFER);
  store<i32>(scratch, 0, BIT_COUNT);
  memory.fill(scratch + SHORT_HEADS, 0, <usize>deflateScratch() - SHORT_HEADS);
  firstPrices(scratch);
  firstCosts(scratch);
}

/**
 * The most bytes that {@link deflate} writes for `length` bytes. No block is larger than its stored form, with five
 * bytes for every 65535 or a part of them; no two blocks in turn but the last are shorter together than one segment.
 * The last bits are written eight bytes at a time.
 */
export function deflateBound(length: i32): i32 {
  return length + 16 * (length / <i32>SEGMENT + 1) + 16;
}

/**
 * Compresses the next `length` bytes of a stream and returns the bytes written.
 * - `src` follows the `history` bytes (32768 are of use) that came before; `dst` takes {@link deflateBound} bytes
 * - the {@link deflateLookahead} bytes behind are hashed with the last ones: what they are may change which matches
 *   later pieces find
 * - `position` counts the stream's bytes before `src`, modulo 2^32
 * - `search`: {@link CHEAPEST} finds the cheapest path; {@link REPEATS} takes the nearest repeats; {@link NEAR_RUNS}
 *   and {@link LITERALS_ALONE} do so where much is in runs, elsewhere they look for short runs and for nothing
 * - `ending`: {@link ENDS} ends the stream, to a full byte; {@link FLUSHES} fills a byte with an empty stored block,
 *   after which anything may follow; {@link OPEN} does neither
 */
export function deflate(
  src: usize,
  dst: usize,
  scratch: usize,
  length: i32,
  history: i32,
  position: u32,
  search: i32,
  ending: i32,
): i32 {
  const end = src + length;
  const origin = src - position;
  const known = src - min(history, WINDOW);
  store<u32>(scratch, <u32>dst, OUTPUT);
  let cursor = src;
  while (cursor < end) {
    const start = cursor;
    startBlock(scratch, start);
    const blockEnd =
      search >= REPEATS
        ? start
        : min(start + (search === LITERALS_ALONE ? LITERAL_SEGMENTS * SEGMENT : MATCHED_BLOCK), end);
    while (cursor < blockEnd) {
      const segmentEnd = min(cursor + SEGMENT, blockEnd);
      if (runsPay(cursor, segmentEnd, known, RUNS_PERCENT)) break;
      if (search === NEAR_RUNS) listRuns(scratch, cursor, segmentEnd, known);
      cursor = segmentEnd;
    }
    if (search === CHEAPEST) {
      parseBlocks(scratch, start, end, known, origin, ending === ENDS);
      break;
    }
    if (cursor === start) {
      cursor = min(start + MATCHED_BLOCK, end);
      listRepeats(scratch, start, cursor, known, origin);
    }
    writeBlock(scratch, start, cursor, ending === ENDS && cursor === end);
  }
  if (ending === FLUSHES) writeEmptyBlock(scratch);
  if (ending === ENDS) alignBits(scratch);
  return <i32>(load<u32>(scratch, OUTPUT) - <u32>dst);
}

function startBlock(scratch: usize, start: usize): void {
  store<i32>(scratch, 0, MATCH_COUNT);
  store<u32>(scratch, <u32>start, MATCH_END);
  startCounts(scratch);
}

/** Writes the bytes from `cursor` to `end` by their cheapest path, in blocks as few as pay. */
function parseBlocks(scratch: usize, cursor: usize, end: usize, known: usize, origin: usize, final: bool): void {
  let start = cursor;
  while (cursor < end) {
    const length = min(PARSED, <i32>(end - cursor));
    listCandidates(scratch, cursor, cursor + length, known, origin);
    choosePath(scratch, cursor, length);
    if (cursor > start && (load<i32>(scratch, MATCH_COUNT) + PARSED / 3 > MATCH_CAPACITY || splitPays(scratch))) {
      writeBlock(scratch, start, cursor, false);
      start = cursor;
      startBlock(scratch, start);
    }
    takePath(scratch, cursor, length);
    cursor += length;
  }
  writeBlock(scratch, start, end, final);
}
