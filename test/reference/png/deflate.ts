/**
 * What the kernel `deflate` is to make of a stream, told as its blocks: which bytes make a block, which literals and
 * matches, and which form (RFC 1951, 3.2.3).
 */

import { codeLengths } from '../jpeg/huffman.ts';
import { CODE_LENGTH_ORDER, DISTANCES, FIXED, LENGTHS, type Block, type CodeLengths, type Token } from './inflate.ts';
import { countSymbols, listRuns, Repeats, runsPay, WINDOW, type Counts, type Match } from './matches.ts';
import { Paths } from './path.ts';

/** What is looked for; 0: literals alone. */
const NEAR_RUNS = 1;
const REPEATS = 2;
const CHEAPEST = 3;

/** How a piece ends. */
export const OPEN = 0;
export const ENDS = 1;
export const FLUSHES = 2;

/** The next bytes of a stream; matches reach back at most `history` bytes before them. */
export type Piece = { length: number; history: number; search: number; ending: number };

/** Of so many positions in a hundred in runs on, bytes are looked through for repeats. */
const RUNS_PERCENT = 12;
/** Bytes for which that is told at once, and how many times that a block of literals alone may hold. */
const SEGMENT = 32766;
const LITERAL_SEGMENTS = 4;
/** Bytes of a stored block (3.2.4), and of a block with matches, at most. */
const BLOCK_CAPACITY = 65535;

/** The longest codes. The format allows literals 15 bits as well. */
const LITERAL_LIMIT = 13;
const DISTANCE_LIMIT = 15;
const CODE_LENGTH_LIMIT = 7;

/** What symbols are taken to cost before there is a block, and those that the block before does not have, in bits. */
const FIRST = { literal: 5, length: 6, distance: 5 };
const UNSEEN = { literal: 13, length: 12, distance: 10 };

/** The blocks of a stream whose first byte has the position `position`, modulo 2^32. */
export function deflateBlocks(bytes: Uint8Array, pieces: readonly Piece[], position = 0): Block[] {
  const blocks = new Blocks(bytes);
  const repeats = new Repeats(bytes, position);
  const paths = new Paths(bytes, position);
  let start = 0;
  for (const { length, history, search, ending } of pieces) {
    const end = start + length;
    const known = start - Math.min(history, WINDOW);
    const add = (blockEnd: number, matches: Match[]): void => {
      blocks.add(start, blockEnd, matches, ending === ENDS && blockEnd === end);
      start = blockEnd;
    };
    if (search === CHEAPEST) for (const block of paths.blocks(start, end, known)) add(block.end, block.matches);
    while (start < end) {
      // Segments without many runs make a block; where the first has many, a block of repeats begins.
      const most = search === REPEATS ? 0 : search === NEAR_RUNS ? BLOCK_CAPACITY : LITERAL_SEGMENTS * SEGMENT;
      const blockEnd = Math.min(start + most, end);
      const matches: Match[] = [];
      let at = start;
      while (at < blockEnd) {
        const segmentEnd = Math.min(at + SEGMENT, blockEnd);
        if (runsPay(bytes, at, segmentEnd, known, RUNS_PERCENT)) break;
        if (search === NEAR_RUNS) matches.push(...listRuns(bytes, at, segmentEnd, known, blocks.prices));
        at = segmentEnd;
      }
      if (at > start) add(at, matches);
      else {
        const repeatsEnd = Math.min(start + BLOCK_CAPACITY, end);
        add(repeatsEnd, repeats.list(start, repeatsEnd, known));
      }
    }
    if (ending === FLUSHES) blocks.flush();
  }
  return blocks.list;
}

/** Blocks in the form that takes the fewest bits: of equals stored, then fixed. */
class Blocks {
  readonly list: Block[] = [];
  readonly #bytes: Uint8Array;
  /** Bits of the blocks so far. */
  #bits = 0;
  /**
   * What symbols cost in the block before in a code of its own, whether or not that was used: bits without extra ones.
   */
  prices = pricesOf({ literals: [], distances: [] }, FIRST);

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  add(start: number, end: number, matches: readonly Match[], final: boolean): void {
    const counts = countSymbols(this.#bytes, start, end, matches);
    const lengths = {
      literals: codeLengths(counts.literals, LITERAL_LIMIT),
      distances: codeLengths(counts.distances, DISTANCE_LIMIT),
    };
    this.prices = pricesOf(lengths, UNSEEN);
    const stored = storedBits(this.#bits, end - start);
    const fixed = 3 + symbolBits(counts, FIXED);
    const dynamic = 3 + headerBits(lengths) + symbolBits(counts, lengths);
    if (stored <= Math.min(fixed, dynamic)) {
      for (let at = start; at < end; at += BLOCK_CAPACITY) {
        const bytes = this.#bytes.slice(at, Math.min(at + BLOCK_CAPACITY, end));
        this.list.push({ final: final && at + bytes.length === end, type: 'stored', bytes });
      }
      this.#bits += stored;
      return;
    }
    const tokens = tokensOf(this.#bytes, start, end, matches);
    if (fixed <= dynamic) this.list.push({ final, type: 'fixed', tokens, lengths: FIXED });
    else this.list.push({ final, type: 'dynamic', tokens, lengths });
    this.#bits += Math.min(fixed, dynamic);
  }

  /** An empty stored block: what follows begins at a full byte. */
  flush(): void {
    this.list.push({ final: false, type: 'stored', bytes: new Uint8Array() });
    this.#bits = 0;
  }
}

function tokensOf(bytes: Uint8Array, start: number, end: number, matches: readonly Match[]): Token[] {
  const tokens: Token[] = [];
  let next = start;
  for (const { at, length, distance } of matches) {
    for (; next < at; next++) tokens.push(bytes[next]!);
    tokens.push({ length, distance });
    next += length;
  }
  for (; next < end; next++) tokens.push(bytes[next]!);
  return tokens;
}

/** Code lengths, or in place of those that are 0 what symbols are taken to cost otherwise. */
function pricesOf(lengths: CodeLengths, otherwise: typeof FIRST): CodeLengths {
  return {
    literals: FIXED.literals.map((_, i) => lengths.literals[i] || (i < 257 ? otherwise.literal : otherwise.length)),
    distances: FIXED.distances.map((_, i) => lengths.distances[i] || otherwise.distance),
  };
}

/**
 * Bits of stored blocks for `length` bytes behind `before` bits: each begins with 3 bits, and from a full byte on with
 * 32.
 */
function storedBits(before: number, length: number): number {
  let bits = before;
  for (let left = length; left > 0; left -= BLOCK_CAPACITY) {
    bits = Math.ceil((bits + 3) / 8) * 8 + 32 + 8 * Math.min(left, BLOCK_CAPACITY);
  }
  return bits - before;
}

function symbolBits(counts: Counts, lengths: CodeLengths): number {
  let bits = 0;
  counts.literals.forEach((count, i) => (bits += count * (lengths.literals[i]! + (LENGTHS[i - 257]?.extra ?? 0))));
  counts.distances.forEach((count, i) => (bits += count * (lengths.distances[i]! + (DISTANCES[i]?.extra ?? 0))));
  return bits;
}

/** Bits of both codes as 3.2.7 has them, the lengths in runs that are as long as they can be. */
function headerBits(lengths: CodeLengths): number {
  const used = (of: number[]) => of.slice(0, of.findLastIndex((length) => length > 0) + 1);
  const distances = used(lengths.distances);
  const symbols = runLengths([...used(lengths.literals), ...(distances.length > 0 ? distances : [0])]);
  const counts = CODE_LENGTH_ORDER.map((_, i) => symbols.filter((symbol) => symbol === i).length);
  const codes = codeLengths(counts, CODE_LENGTH_LIMIT);
  const sent = CODE_LENGTH_ORDER.findLastIndex((symbol) => codes[symbol]! > 0) + 1;
  return symbols.reduce((sum, symbol) => sum + codes[symbol]! + RUN_EXTRA[symbol]!, 14 + 3 * sent);
}

/** Extra bits of the symbols 0 to 18. */
const RUN_EXTRA = CODE_LENGTH_ORDER.map((_, symbol) => ({ 16: 2, 17: 3, 18: 7 })[symbol] ?? 0);

/** Lengths as symbols: 16 repeats the last 3 to 6 times, 17 and 18 stand for 3 to 10 and 11 to 138 zeros. */
function runLengths(lengths: number[]): number[] {
  const symbols: number[] = [];
  for (let at = 0; at < lengths.length;) {
    const length = lengths[at]!;
    const differs = lengths.findIndex((of, i) => i > at && of !== length);
    const run = (differs < 0 ? lengths.length : differs) - at;
    const repeats = length === 0 || length === lengths[at - 1];
    if (!repeats || run < 3) {
      symbols.push(length);
      at++;
    } else {
      symbols.push(length > 0 ? 16 : run < 11 ? 17 : 18);
      at += Math.min(run, length > 0 ? 6 : run < 11 ? 10 : 138);
    }
  }
  return symbols;
}
