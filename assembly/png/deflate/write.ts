/** The body of a compressed block: the codes of its symbols in turn. The bits wait in locals, and leave without a branch. */

import {
  END_OF_BLOCK,
  BIT_BUFFER,
  BIT_COUNT,
  OUTPUT,
  MATCH_COUNT,
  LITERAL_CODES,
  DISTANCE_CODES,
  LENGTH_CODES,
  MATCHES,
} from './layout';
import { putCode } from './bits';
import { distanceExtra, distanceSymbol, lengthExtra, lengthSymbol } from './symbols';

/** Every match length's code and extra bits as one entry. */
function joinLengthCodes(scratch: usize): void {
  for (let length = 3; length <= 258; length++) {
    const symbol = lengthSymbol(length);
    const code = load<u32>(scratch + ((257 + symbol) << 2), LITERAL_CODES);
    const extra = lengthExtra(symbol);
    const extraValue = (length - 3) & ((1 << extra) - 1);
    store<u32>(scratch + ((length - 3) << 2), code + extra + (extraValue << (8 + (code & 255))), LENGTH_CODES);
  }
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
