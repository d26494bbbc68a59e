/**
 * The body of a compressed block: the codes of its symbols in turn. The bits wait in locals, and leave without a
 * branch.
 */

import { END_OF_BLOCK, LONGEST, SHORTEST } from './format';
import {
  BIT_BUFFER,
  BIT_COUNT,
  OUTPUT,
  MATCH_COUNT,
  LITERAL_CODES,
  LITERAL_LENGTHS,
  DISTANCE_CODES,
  LENGTH_CODES,
  MATCHES,
  PAIR_CODES,
  FIRST_CODES,
  FIRST_POWERS,
} from './layout';
import { putCode } from './bits';
import { distanceExtra, distanceSymbol, lengthExtra, lengthSymbol } from './symbols';

/** Every match length's code and extra bits as one entry. */
function joinLengthCodes(scratch: usize): void {
  for (let length = SHORTEST; length <= LONGEST; length++) {
    const symbol = lengthSymbol(length);
    const code = load<u32>(scratch + ((257 + symbol) << 2), LITERAL_CODES);
    const extra = lengthExtra(symbol);
    const extraValue = (length - SHORTEST) & ((1 << extra) - 1);
    store<u32>(scratch + ((length - SHORTEST) << 2), code + extra + (extraValue << (8 + (code & 255))), LENGTH_CODES);
  }
}

/**
 * The codes of every two bytes as one entry: the second's bits go above the first's, so they are multiplied by its
 * power.
 */
function joinPairs(scratch: usize): void {
  for (let byte: usize = 0; byte < 256; byte++) {
    const code = load<u32>(scratch + (byte << 2), LITERAL_CODES);
    store<u32>(scratch + (byte << 2), ((code >> 8) << 6) | (code & 255), FIRST_CODES);
    store<u32>(scratch + (byte << 2), 1 << (code & 31), FIRST_POWERS);
  }
  for (let second: usize = 0; second < 256; second++) {
    if (!load<u8>(scratch + second, LITERAL_LENGTHS)) continue;
    const code = load<u32>(scratch + (second << 2), FIRST_CODES);
    const bits = i32x4.splat(code & ~63);
    const count = i32x4.splat(code & 63);
    const row = scratch + PAIR_CODES + (second << 10);
    for (let at: usize = 0; at < 1024; at += 16) {
      const above = i32x4.mul(v128.load(scratch + at, FIRST_POWERS), bits);
      v128.store(row + at, i32x4.add(i32x4.add(v128.load(scratch + at, FIRST_CODES), count), above));
    }
  }
}

/** Literals alone and the end of block, by the codes of pairs: most often eight literals go between two flushes. */
export function writeLiterals(scratch: usize, start: usize, end: usize): void {
  joinPairs(scratch);
  const literals = scratch + LITERAL_CODES;
  const pairs = scratch + PAIR_CODES;
  let out: usize = load<u32>(scratch, OUTPUT);
  let bits = load<u64>(scratch, BIT_BUFFER);
  let held: u64 = load<u32>(scratch, BIT_COUNT);
  let cursor = start;
  for (; cursor + 8 <= end; cursor += 8) {
    const eight = load<u64>(cursor);
    const pair0: u64 = load<u32>(pairs + ((<usize>(eight << 2)) & 0x3fffc));
    const pair1: u64 = load<u32>(pairs + ((<usize>(eight >> 14)) & 0x3fffc));
    const pair2: u64 = load<u32>(pairs + ((<usize>(eight >> 30)) & 0x3fffc));
    const pair3: u64 = load<u32>(pairs + ((<usize>(eight >> 46)) & 0x3fffc));
    const low = (pair0 >> 6) | ((pair1 >> 6) << pair0);
    const high = (pair2 >> 6) | ((pair3 >> 6) << pair2);
    const lowCount = (pair0 + pair1) & 63;
    const highCount = (pair2 + pair3) & 63;
    bits |= low << held;
    held += lowCount;
    if (held + highCount > 63) {
      store<u64>(out, bits);
      out += (<usize>held) >> 3;
      bits >>= held & 56;
      held &= 7;
    }
    bits |= high << held;
    held += highCount;
    store<u64>(out, bits);
    out += (<usize>held) >> 3;
    bits >>= held & 56;
    held &= 7;
  }
  store<u32>(scratch, <u32>out, OUTPUT);
  store<u64>(scratch, bits, BIT_BUFFER);
  store<u32>(scratch, <u32>held, BIT_COUNT);
  for (; cursor < end; cursor++) putCode(scratch, load<u32>(literals + ((<usize>load<u8>(cursor)) << 2)));
  putCode(scratch, load<u32>(literals, END_OF_BLOCK * 4));
}

/**
 * Literals, matches and the end of block. Four literals of 14 bits or one match of at most 47 go between two flushes.
 * Shifts count modulo 64, so what lies above a code's count need not be cleared until the flush.
 */
export function writeSymbols(scratch: usize, start: usize, end: usize): void {
  const literals = scratch + LITERAL_CODES;
  let out: usize = load<u32>(scratch, OUTPUT);
  let bits = load<u64>(scratch, BIT_BUFFER);
  let held: u64 = load<u32>(scratch, BIT_COUNT);
  const matches = load<i32>(scratch, MATCH_COUNT);
  if (matches) joinLengthCodes(scratch);
  let cursor = start;
  for (let i = 0; i <= matches; i++) {
    const entry = scratch + MATCHES + (i << 3);
    const runEnd: usize = i < matches ? cursor + load<u32>(entry) : end;
    for (; cursor + 4 <= runEnd; cursor += 4) {
      const four = load<u32>(cursor);
      const code0: u64 = load<u32>(literals + ((four & 255) << 2));
      const code1: u64 = load<u32>(literals + (((four >> 8) & 255) << 2));
      const code2: u64 = load<u32>(literals + (((four >> 16) & 255) << 2));
      const code3: u64 = load<u32>(literals + ((four >> 24) << 2));
      const first = (code0 >> 8) | ((code1 >> 8) << code0);
      const second = (code2 >> 8) | ((code3 >> 8) << code2);
      const firstCount = code0 + code1;
      bits |= (first | (second << firstCount)) << held;
      held += firstCount + code2 + code3;
      store<u64>(out, bits);
      out += ((<usize>held) >> 3) & 7;
      bits >>= held & 56;
      held &= 7;
    }
    for (; cursor < runEnd; cursor++) {
      const code: u64 = load<u32>(literals + ((<usize>load<u8>(cursor)) << 2));
      bits |= (code >> 8) << held;
      held += code & 255;
    }
    // At most three literals wait here: 7 + 3 * 14 bits.
    store<u64>(out, bits);
    out += (<usize>held) >> 3;
    bits >>= held & 56;
    held &= 7;
    if (i === matches) break;
    const length: usize = load<u16>(entry, 4);
    const distance: i32 = load<u16>(entry, 6);
    const lengthCode: u64 = load<u32>(scratch + ((length - 3) << 2), LENGTH_CODES);
    bits |= (lengthCode >> 8) << held;
    held += lengthCode & 255;
    const symbol = distanceSymbol(distance);
    const extra = distanceExtra(symbol);
    const distanceCode: u64 = load<u32>(scratch + (symbol << 2), DISTANCE_CODES);
    bits |= (distanceCode >> 8) << held;
    held += distanceCode & 255;
    bits |= (<u64>((distance - 1) & ((1 << extra) - 1))) << held;
    held += <u64>extra;
    store<u64>(out, bits);
    out += (<usize>held) >> 3;
    bits >>= held & 56;
    held &= 7;
    cursor += length;
  }
  store<u32>(scratch, <u32>out, OUTPUT);
  store<u64>(scratch, bits, BIT_BUFFER);
  store<u32>(scratch, <u32>held, BIT_COUNT);
  putCode(scratch, load<u32>(literals, END_OF_BLOCK * 4));
}
