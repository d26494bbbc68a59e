/**
 * Quantisation and zigzag order of one block (T.81 A.3.4, A.3.6).
 *
 * A quantised block is a record of 80 bytes: its AC coefficients as 64 × i8 in zigzag order, saturated (the first byte
 * is 0); at 64 a u64, bit k set where coefficient k is not 0; at 72 the DC coefficient, i16. Hardly a photograph has
 * coefficients of 127 and more: only then the exact values, 64 × i16 and transposed, are written as well, to the
 * block's place in a second area.
 */

/** Bytes of a quantised block. */
export const BLOCK_BYTES: usize = 80;

/** Bytes of a block's exact values. */
export const WIDE_BYTES: usize = 128;

/** Where the coefficient at zigzag position k lies in a transposed block. */
// prettier-ignore
export const TRANSPOSED_ZIGZAG = memory.data<u8>([
  0, 8, 1, 2, 9, 16, 24, 17, 10, 3, 4, 11, 18, 25, 32, 40, 33, 26, 19, 12, 5, 6, 13, 20, 27, 34, 41, 48, 56, 49, 42, 35,
  28, 21, 14, 7, 15, 22, 29, 36, 43, 50, 57, 58, 51, 44, 37, 30, 23, 31, 38, 45, 52, 59, 60, 53, 46, 39, 47, 54, 61, 62, 55, 63,
]);

/**
 * The same order as selections: each row of 16 takes bytes of one pair of columns, 128 leaves a 0. Quarter by quarter
 * of the zigzag; the first has nothing of columns 6 and 7, the last nothing of columns 0 and 1.
 */
// prettier-ignore
const SELECT = memory.data<u8>([
  0, 8, 1, 2, 9, 128, 128, 128, 10, 3, 4, 11, 128, 128, 128, 128,
  128, 128, 128, 128, 128, 0, 8, 1, 128, 128, 128, 128, 2, 9, 128, 128,
  128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 0, 8,
  128, 128, 128, 12, 5, 6, 13, 128, 128, 128, 128, 128, 128, 128, 128, 128,
  128, 10, 3, 128, 128, 128, 128, 4, 11, 128, 128, 128, 128, 128, 128, 128,
  1, 128, 128, 128, 128, 128, 128, 128, 128, 2, 9, 128, 128, 128, 10, 3,
  128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 0, 8, 1, 128, 128,
  128, 128, 14, 7, 15, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128,
  12, 5, 128, 128, 128, 6, 13, 128, 128, 128, 128, 128, 128, 128, 128, 14,
  128, 128, 128, 128, 128, 128, 128, 4, 11, 128, 128, 128, 128, 12, 5, 128,
  128, 128, 128, 128, 128, 128, 128, 128, 128, 2, 9, 10, 3, 128, 128, 128,
  7, 15, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128,
  128, 128, 6, 13, 128, 128, 128, 128, 14, 7, 15, 128, 128, 128, 128, 128,
  128, 128, 128, 128, 4, 11, 12, 5, 128, 128, 128, 6, 13, 14, 7, 15,
], 16);

/** coefficient · reciprocal / 2^15, rounded; one less where negative, so that ties go away from zero on both sides. */
function scale(coefs: v128, reciprocals: v128): v128 {
  return i16x8.q15mulr_sat_s(i16x8.add(coefs, i16x8.shr_s(coefs, 15)), reciprocals);
}

/** Bit i for a lane i that is 0. */
function zeros(q: v128): u64 {
  return <u64>(<u32>i8x16.bitmask(i8x16.eq(q, i8x16.splat(0))));
}

/**
 * Quantises what {@link forwardDct} wrote to `coefs` into the record at `block`, its exact values to `wide` if need be.
 * `reciprocals` holds 64 × i16: 2^15 / (8 · q), transposed.
 */
export function quantiseBlock(coefs: usize, reciprocals: usize, block: usize, wide: usize): void {
  const f0 = scale(v128.load(coefs), v128.load(reciprocals));
  const f1 = scale(v128.load(coefs, 16), v128.load(reciprocals, 16));
  const f2 = scale(v128.load(coefs, 32), v128.load(reciprocals, 32));
  const f3 = scale(v128.load(coefs, 48), v128.load(reciprocals, 48));
  const f4 = scale(v128.load(coefs, 64), v128.load(reciprocals, 64));
  const f5 = scale(v128.load(coefs, 80), v128.load(reciprocals, 80));
  const f6 = scale(v128.load(coefs, 96), v128.load(reciprocals, 96));
  const f7 = scale(v128.load(coefs, 112), v128.load(reciprocals, 112));
  store<i16>(block, i16x8.extract_lane_s(f0, 0), 72);
  const n0 = i8x16.narrow_i16x8_s(i16x8.replace_lane(f0, 0, 0), f1); // columns 0 and 1, a lane is a row
  const n1 = i8x16.narrow_i16x8_s(f2, f3);
  const n2 = i8x16.narrow_i16x8_s(f4, f5);
  const n3 = i8x16.narrow_i16x8_s(f6, f7);
  // abs(-128) is 128 when unsigned.
  const largest = i8x16.max_u(i8x16.max_u(i8x16.abs(n0), i8x16.abs(n1)), i8x16.max_u(i8x16.abs(n2), i8x16.abs(n3)));
  if (v128.any_true(i8x16.ge_u(largest, i8x16.splat(127)))) {
    v128.store(wide, f0);
    v128.store(wide, f1, 16);
    v128.store(wide, f2, 32);
    v128.store(wide, f3, 48);
    v128.store(wide, f4, 64);
    v128.store(wide, f5, 80);
    v128.store(wide, f6, 96);
    v128.store(wide, f7, 112);
  }
  const z0 = v128.or(
    v128.or(i8x16.swizzle(n0, v128.load(SELECT)), i8x16.swizzle(n1, v128.load(SELECT, 16))),
    i8x16.swizzle(n2, v128.load(SELECT, 32)),
  );
  const z1 = v128.or(
    v128.or(i8x16.swizzle(n0, v128.load(SELECT, 48)), i8x16.swizzle(n1, v128.load(SELECT, 64))),
    v128.or(i8x16.swizzle(n2, v128.load(SELECT, 80)), i8x16.swizzle(n3, v128.load(SELECT, 96))),
  );
  const z2 = v128.or(
    v128.or(i8x16.swizzle(n0, v128.load(SELECT, 112)), i8x16.swizzle(n1, v128.load(SELECT, 128))),
    v128.or(i8x16.swizzle(n2, v128.load(SELECT, 144)), i8x16.swizzle(n3, v128.load(SELECT, 160))),
  );
  const z3 = v128.or(
    v128.or(i8x16.swizzle(n1, v128.load(SELECT, 176)), i8x16.swizzle(n2, v128.load(SELECT, 192))),
    i8x16.swizzle(n3, v128.load(SELECT, 208)),
  );
  v128.store(block, z0);
  v128.store(block, z1, 16);
  v128.store(block, z2, 32);
  v128.store(block, z3, 48);
  store<u64>(block, ~(zeros(z0) | (zeros(z1) << 16) | (zeros(z2) << 32) | (zeros(z3) << 48)), 64);
}
