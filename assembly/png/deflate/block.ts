/** One block of a DEFLATE stream (RFC 1951, 3.2.3 to 3.2.7): its symbols counted, its codes made, its form chosen. */

import { CODE_LENGTHS, DISTANCES, LITERALS, STORED_CAPACITY } from './format';
import {
  BIT_COUNT,
  MATCH_COUNT,
  OUTPUT,
  LITERAL_COUNTS,
  DISTANCE_COUNTS,
  CODE_LENGTH_COUNTS,
  LITERAL_LENGTHS,
  DISTANCE_LENGTHS,
  CODE_LENGTH_LENGTHS,
  LITERAL_CODES,
  DISTANCE_CODES,
  CODE_LENGTH_CODES,
  RUNS,
  CONSTRUCTION,
} from './layout';
import { countPairs, countSymbols, increment, PAIRED_CAPACITY } from './count';
import { writeLiterals, writeSymbols } from './write';
import { alignBits, putBits, putCode } from './bits';
import { huffmanCodes, huffmanLengths } from './huffman';
import { notePrices } from './prices';
import { distanceExtra, lengthExtra } from './symbols';

const STORED: u32 = 0;
const FIXED: u32 = 1;
const DYNAMIC: u32 = 2;

/** Two literals of 13 bits and the count of their bits fit 32 bits, as writeLiterals needs it. The format allows 15. */
const LITERAL_LIMIT: i32 = 13;
/** The least literals for which the tables of pairs pay. */
const PAIRED_LEAST: usize = 32768;
const DISTANCE_LIMIT: i32 = 15;
const CODE_LENGTH_LIMIT: i32 = 7;

/** The order in which the lengths of the code length codes are sent, least likely last (RFC 1951, 3.2.7). */
const CODE_LENGTH_ORDER = memory.data<u8>([16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]);

/** Writes the bytes from `start` to `end`, with the matches found in them, in whichever form is smallest. */
export function writeBlock(scratch: usize, start: usize, end: usize, final: bool): void {
  const paired = !load<i32>(scratch, MATCH_COUNT) && end - start - PAIRED_LEAST <= PAIRED_CAPACITY - PAIRED_LEAST;
  if (paired) countPairs(scratch, start, end);
  else countSymbols(scratch, start, end);
  huffmanLengths(scratch + LITERAL_COUNTS, scratch + LITERAL_LENGTHS, scratch + CONSTRUCTION, LITERALS, LITERAL_LIMIT);
  huffmanLengths(
    scratch + DISTANCE_COUNTS,
    scratch + DISTANCE_LENGTHS,
    scratch + CONSTRUCTION,
    DISTANCES,
    DISTANCE_LIMIT,
  );
  const literals = usedCodes(scratch + LITERAL_LENGTHS, LITERALS);
  const distances = max(1, usedCodes(scratch + DISTANCE_LENGTHS, DISTANCES));
  const runs = collectRuns(scratch, literals, distances);
  huffmanLengths(
    scratch + CODE_LENGTH_COUNTS,
    scratch + CODE_LENGTH_LENGTHS,
    scratch + CONSTRUCTION,
    CODE_LENGTHS,
    CODE_LENGTH_LIMIT,
  );
  let codeLengths = CODE_LENGTHS;
  // Ends before the first four: some symbol has a code, and lengths above 0 come behind them.
  while (!load<u8>(scratch + CODE_LENGTH_LENGTHS + load<u8>(CODE_LENGTH_ORDER + codeLengths - 1))) codeLengths--;

  const extra = extraBits(scratch);
  const dynamicBits = extra + headerBits(scratch, runs, codeLengths) + symbolBits(scratch);
  const fixedBits = extra + fixedSymbolBits(scratch);
  const storedBits = storedBlocksBits(scratch, <i32>(end - start));
  notePrices(scratch);

  if (storedBits <= min(dynamicBits, fixedBits)) {
    writeStored(scratch, start, end, final);
    return;
  }
  if (fixedBits <= dynamicBits) {
    putBits(scratch, (<u32>final) | (FIXED << 1), 3);
    fixedLengths(scratch);
  } else {
    putBits(scratch, (<u32>final) | (DYNAMIC << 1), 3);
    writeHeader(scratch, literals, distances, runs, codeLengths);
  }
  huffmanCodes(scratch + LITERAL_LENGTHS, scratch + LITERAL_CODES, scratch + CONSTRUCTION, LITERALS);
  huffmanCodes(scratch + DISTANCE_LENGTHS, scratch + DISTANCE_CODES, scratch + CONSTRUCTION, DISTANCES);
  if (paired) writeLiterals(scratch, start, end);
  else writeSymbols(scratch, start, end);
}

/** Codes up to the last that is used. */
function usedCodes(lengths: usize, symbols: i32): i32 {
  while (symbols > 0 && !load<u8>(lengths + symbols - 1)) symbols--;
  return symbols;
}

/**
 * The lengths of both codes as one sequence of symbols 0 to 18, in which 16 repeats the last length 3 to 6 times and 17
 * and 18 stand for 3 to 10 and 11 to 138 zeros. Counts the symbols and returns how many there are.
 */
function collectRuns(scratch: usize, literals: i32, distances: i32): i32 {
  let runs = 0;
  const total = literals + distances;
  let i = 0;
  while (i < total) {
    const length = codeLength(scratch, i, literals);
    let run = 1;
    while (i + run < total && codeLength(scratch, i + run, literals) === length) run++;
    i += run;
    if (length === 0) {
      while (run >= 11) {
        const part = min(run, 138);
        putRun(scratch, runs++, 18, part - 11);
        run -= part;
      }
      if (run >= 3) {
        putRun(scratch, runs++, 17, run - 3);
        run = 0;
      }
    } else {
      putRun(scratch, runs++, length, 0);
      run--;
      while (run >= 3) {
        const part = min(run, 6);
        putRun(scratch, runs++, 16, part - 3);
        run -= part;
      }
    }
    for (; run > 0; run--) putRun(scratch, runs++, length, 0);
  }
  return runs;
}

function codeLength(scratch: usize, i: i32, literals: i32): i32 {
  return i < literals ? load<u8>(scratch + i, LITERAL_LENGTHS) : load<u8>(scratch + i - literals, DISTANCE_LENGTHS);
}

function putRun(scratch: usize, index: i32, symbol: i32, extra: i32): void {
  store<u16>(scratch + (index << 1), symbol | (extra << 8), RUNS);
  increment(scratch + CODE_LENGTH_COUNTS + (symbol << 2));
}

/** Extra bits of the symbols 16, 17 and 18. */
function runExtra(symbol: i32): i32 {
  return symbol < 16 ? 0 : symbol === 16 ? 2 : symbol === 17 ? 3 : 7;
}

function headerBits(scratch: usize, runs: i32, codeLengths: i32): i32 {
  let bits = 3 + 14 + 3 * codeLengths;
  for (let i = 0; i < runs; i++) {
    const symbol: i32 = load<u8>(scratch + (i << 1), RUNS);
    bits += runExtra(symbol) + load<u8>(scratch + symbol, CODE_LENGTH_LENGTHS);
  }
  return bits;
}

function extraBits(scratch: usize): i32 {
  let bits = 0;
  for (let i = 0; i < 29; i++) bits += load<i32>(scratch + ((257 + i) << 2), LITERAL_COUNTS) * lengthExtra(i);
  for (let i = 0; i < DISTANCES; i++) bits += load<i32>(scratch + (i << 2), DISTANCE_COUNTS) * distanceExtra(i);
  return bits;
}

function symbolBits(scratch: usize): i32 {
  let bits = 0;
  for (let i = 0; i < LITERALS; i++) {
    bits += load<i32>(scratch + (i << 2), LITERAL_COUNTS) * <i32>load<u8>(scratch + i, LITERAL_LENGTHS);
  }
  for (let i = 0; i < DISTANCES; i++) {
    bits += load<i32>(scratch + (i << 2), DISTANCE_COUNTS) * <i32>load<u8>(scratch + i, DISTANCE_LENGTHS);
  }
  return bits;
}

/** Code lengths of the fixed code (RFC 1951, 3.2.6). */
function fixedLength(symbol: i32): i32 {
  return symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8;
}

function fixedSymbolBits(scratch: usize): i32 {
  let bits = 3;
  for (let i = 0; i < LITERALS; i++) bits += load<i32>(scratch + (i << 2), LITERAL_COUNTS) * fixedLength(i);
  for (let i = 0; i < DISTANCES; i++) bits += load<i32>(scratch + (i << 2), DISTANCE_COUNTS) * 5;
  return bits;
}

/** Distances 30 and 31 come last, so their absence shifts no code. */
function fixedLengths(scratch: usize): void {
  for (let i = 0; i < LITERALS; i++) store<u8>(scratch + i, fixedLength(i), LITERAL_LENGTHS);
  for (let i = 0; i < DISTANCES; i++) store<u8>(scratch + i, 5, DISTANCE_LENGTHS);
}

/** Stored blocks for `length` bytes: the first begins behind the bits that wait, the others at a full byte. */
function storedBlocksBits(scratch: usize, length: i32): i32 {
  const blocks = (length + STORED_CAPACITY - 1) / STORED_CAPACITY;
  return 8 * length + 40 * blocks - 5 + (-(load<i32>(scratch, BIT_COUNT) + 3) & 7);
}

function writeStored(scratch: usize, start: usize, end: usize, final: bool): void {
  while (start < end) {
    const length = min(<i32>(end - start), STORED_CAPACITY);
    putBits(scratch, (<u32>(final && start + length === end)) | (STORED << 1), 3);
    alignBits(scratch);
    putBits(scratch, length | (~length << 16), 32);
    const out: usize = load<u32>(scratch, OUTPUT);
    memory.copy(out, start, length);
    store<u32>(scratch, <u32>(out + length), OUTPUT);
    start += length;
  }
}

/** A stored block of no bytes: what follows begins at a full byte. */
export function writeEmptyBlock(scratch: usize): void {
  putBits(scratch, STORED << 1, 3);
  alignBits(scratch);
  putBits(scratch, 0xffff0000, 32);
}

function writeHeader(scratch: usize, literals: i32, distances: i32, runs: i32, codeLengths: i32): void {
  putBits(scratch, literals - 257, 5);
  putBits(scratch, distances - 1, 5);
  putBits(scratch, codeLengths - 4, 4);
  for (let i = 0; i < codeLengths; i++) {
    putBits(scratch, load<u8>(scratch + CODE_LENGTH_LENGTHS + load<u8>(CODE_LENGTH_ORDER + i)), 3);
  }
  huffmanCodes(scratch + CODE_LENGTH_LENGTHS, scratch + CODE_LENGTH_CODES, scratch + CONSTRUCTION, CODE_LENGTHS);
  for (let i = 0; i < runs; i++) {
    const run: u32 = load<u16>(scratch + (i << 1), RUNS);
    const symbol = run & 255;
    putCode(scratch, load<u32>(scratch + (symbol << 2), CODE_LENGTH_CODES));
    putBits(scratch, run >> 8, runExtra(symbol));
  }
}
