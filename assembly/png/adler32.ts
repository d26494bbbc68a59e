/**
 * Adler-32 (RFC 1950, clause 9), sixteen bytes a step: A is one plus the sum of all bytes, B the sum of all A, both
 * modulo 65521. Over a step B grows by sixteen times the A before it and by the bytes weighted 16, 15, … 1.
 */

const MODULUS: u32 = 65521;

/**
 * The most bytes, a multiple of 16, after which B still fits 32 bits: 255 n (n + 1) / 2 + (n + 1) (65521 - 1) < 2^32.
 */
const RUN: i32 = 5552;

/** Continues the checksum of the bytes so far (1 at the start) over `length` bytes at `src`. */
export function adler32(src: usize, length: i32, adler: u32): u32 {
  const heavy = i16x8(16, 15, 14, 13, 12, 11, 10, 9);
  const light = i16x8(8, 7, 6, 5, 4, 3, 2, 1);
  let a = adler & 0xffff;
  let b = adler >> 16;
  while (length >= 16) {
    const run = min(length & ~15, RUN);
    let sums = i32x4.splat(0);
    let earlier = i32x4.splat(0); // the sums before each step, added up
    let weighted = i32x4.splat(0);
    for (let i = 0; i < run; i += 16) {
      const bytes = v128.load(src + i);
      earlier = i32x4.add(earlier, sums);
      sums = i32x4.add(sums, i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(bytes)));
      weighted = i32x4.add(weighted, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(bytes), heavy));
      weighted = i32x4.add(weighted, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(bytes), light));
    }
    b = (b + a * run + 16 * total(earlier) + total(weighted)) % MODULUS;
    a = (a + total(sums)) % MODULUS;
    src += run;
    length -= run;
  }
  for (; length > 0; length--) {
    a += load<u8>(src++);
    b += a;
  }
  return ((b % MODULUS) << 16) | (a % MODULUS);
}

function total(sums: v128): u32 {
  return (
    i32x4.extract_lane(sums, 0) +
    i32x4.extract_lane(sums, 1) +
    i32x4.extract_lane(sums, 2) +
    i32x4.extract_lane(sums, 3)
  );
}
