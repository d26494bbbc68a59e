/** Writing bits, lowest first (RFC 1951, 3.1.1), for the parts of a stream that are not worth a loop of their own. */

import { BIT_BUFFER, BIT_COUNT, OUTPUT } from './layout';

/** Appends the lowest `count` bits of `bits`, at most 32. */
export function putBits(scratch: usize, bits: u32, count: i32): void {
  let held = load<i32>(scratch, BIT_COUNT);
  let buffer = load<u64>(scratch, BIT_BUFFER) | ((<u64>bits) << held);
  let out: usize = load<u32>(scratch, OUTPUT);
  held += count;
  store<u64>(out, buffer);
  out += held >> 3;
  buffer >>= held & 56;
  store<u64>(scratch, buffer, BIT_BUFFER);
  store<i32>(scratch, held & 7, BIT_COUNT);
  store<u32>(scratch, <u32>out, OUTPUT);
}

/** Fills the last byte with zero bits. */
export function alignBits(scratch: usize): void {
  putBits(scratch, 0, -load<i32>(scratch, BIT_COUNT) & 7);
}

/** Appends a code as the tables hold it. */
export function putCode(scratch: usize, code: u32): void {
  putBits(scratch, code >> 8, code & 255);
}
