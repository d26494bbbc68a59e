/**
 * Forward DCT of one 8 × 8 block (T.81 A.3.3).
 *
 * The 12-multiplication algorithm of Loeffler, Ligtenberg and Moschytz in the integer form that the IJG calls
 * "islow": 13-bit constants, two bits kept between the passes. A lane is a column in the first pass; after one
 * transposition a lane is a row in the second, so coefficients come out transposed.
 */

/**
 * The rotations' constants, a pair for each multiply-add. They lie in memory because a load is cheaper than building a
 * vector constant in registers, of which the transform has none to spare.
 */
// prettier-ignore
const ROTATIONS = memory.data<i16>([
  10703, 4433, 10703, 4433, 10703, 4433, 10703, 4433, // 0.541196100 + 0.765366865, 0.541196100
  4433, -10704, 4433, -10704, 4433, -10704, 4433, -10704, // 0.541196100, 0.541196100 - 1.847759065
  -6436, 9633, -6436, 9633, -6436, 9633, -6436, 9633, // 1.175875602 - 1.961570560, 1.175875602
  9633, 6437, 9633, 6437, 9633, 6437, 9633, 6437, // 1.175875602, 1.175875602 - 0.390180644
  -4927, -7373, -4927, -7373, -4927, -7373, -4927, -7373, // 0.298631336 - 0.899976223, -0.899976223
  -7373, 4926, -7373, 4926, -7373, 4926, -7373, 4926, // -0.899976223, 1.501321110 - 0.899976223
  -4176, -20995, -4176, -20995, -4176, -20995, -4176, -20995, // 2.053119869 - 2.562915447, -2.562915447
  -20995, 4177, -20995, 4177, -20995, 4177, -20995, 4177, // -2.562915447, 3.072711026 - 2.562915447
  1024, 0, 1024, 0, 1024, 0, 1024, 0, // half of 2^11, as i32
  16384, 0, 16384, 0, 16384, 0, 16384, 0, // half of 2^15, as i32
], 16);

/**
 * Two rotations at once: each 32-bit lane is a · c0 + b · c1, rounded and shifted, of (a, b) interleaved in lo and hi.
 */
function rotate(lo: v128, hi: v128, c: v128, bias: v128, shift: i32): v128 {
  return i16x8.narrow_i32x4_s(
    i32x4.shr_s(i32x4.add(i32x4.dot_i16x8_s(lo, c), bias), shift),
    i32x4.shr_s(i32x4.add(i32x4.dot_i16x8_s(hi, c), bias), shift),
  );
}

/** Sum of two rotations, rounded and shifted. */
function rotate2(lo: v128, hi: v128, c: v128, sumLo: v128, sumHi: v128, bias: v128, shift: i32): v128 {
  return i16x8.narrow_i32x4_s(
    i32x4.shr_s(i32x4.add(i32x4.add(i32x4.dot_i16x8_s(lo, c), sumLo), bias), shift),
    i32x4.shr_s(i32x4.add(i32x4.add(i32x4.dot_i16x8_s(hi, c), sumHi), bias), shift),
  );
}

function low(a: v128, b: v128): v128 {
  return v128.shuffle<i16>(a, b, 0, 8, 1, 9, 2, 10, 3, 11); // [16] a0 b0 a1 b1 a2 b2 a3 b3
}

function high(a: v128, b: v128): v128 {
  return v128.shuffle<i16>(a, b, 4, 12, 5, 13, 6, 14, 7, 15); // [16] a4 b4 a5 b5 a6 b6 a7 b7
}

/**
 * Transforms the samples at `src`, rows `stride` bytes apart, and writes 64 × i16, transposed and 8 times the
 * coefficients of T.81, to `dst`.
 */
export function forwardDct(src: usize, dst: usize, stride: usize): void {
  let f0 = v128.load_ext<u8>(src);
  let f1 = v128.load_ext<u8>(src + stride);
  let f2 = v128.load_ext<u8>(src + stride * 2);
  let f3 = v128.load_ext<u8>(src + stride * 3);
  let f4 = v128.load_ext<u8>(src + stride * 4);
  let f5 = v128.load_ext<u8>(src + stride * 5);
  let f6 = v128.load_ext<u8>(src + stride * 6);
  let f7 = v128.load_ext<u8>(src + stride * 7);

  // Columns.
  let s0 = i16x8.add(f0, f7);
  let s1 = i16x8.add(f1, f6);
  let s2 = i16x8.add(f2, f5);
  let s3 = i16x8.add(f3, f4);
  let d4 = i16x8.sub(f3, f4);
  let d5 = i16x8.sub(f2, f5);
  let d6 = i16x8.sub(f1, f6);
  let d7 = i16x8.sub(f0, f7);
  let e0 = i16x8.add(s0, s3);
  let e3 = i16x8.sub(s0, s3);
  let e1 = i16x8.add(s1, s2);
  let e2 = i16x8.sub(s1, s2);
  // The level shift (A.3.1): 128 less for each of eight samples. It cancels out in every other sum.
  f0 = i16x8.shl(i16x8.sub(i16x8.add(e0, e1), i16x8.splat(1024)), 2);
  f4 = i16x8.shl(i16x8.sub(e0, e1), 2);
  let lo = low(e3, e2);
  let hi = high(e3, e2);
  f2 = rotate(lo, hi, v128.load(ROTATIONS, 0), v128.load(ROTATIONS, 128), 11);
  f6 = rotate(lo, hi, v128.load(ROTATIONS, 16), v128.load(ROTATIONS, 128), 11);
  let z3 = i16x8.add(d4, d6);
  let z4 = i16x8.add(d5, d7);
  lo = low(z3, z4);
  hi = high(z3, z4);
  let aLo = i32x4.dot_i16x8_s(lo, v128.load(ROTATIONS, 32));
  let aHi = i32x4.dot_i16x8_s(hi, v128.load(ROTATIONS, 32));
  let bLo = i32x4.dot_i16x8_s(lo, v128.load(ROTATIONS, 48));
  let bHi = i32x4.dot_i16x8_s(hi, v128.load(ROTATIONS, 48));
  lo = low(d4, d7);
  hi = high(d4, d7);
  f7 = rotate2(lo, hi, v128.load(ROTATIONS, 64), aLo, aHi, v128.load(ROTATIONS, 128), 11);
  f1 = rotate2(lo, hi, v128.load(ROTATIONS, 80), bLo, bHi, v128.load(ROTATIONS, 128), 11);
  lo = low(d5, d6);
  hi = high(d5, d6);
  f5 = rotate2(lo, hi, v128.load(ROTATIONS, 96), bLo, bHi, v128.load(ROTATIONS, 128), 11);
  f3 = rotate2(lo, hi, v128.load(ROTATIONS, 112), aLo, aHi, v128.load(ROTATIONS, 128), 11);

  // Transposition in three rounds: pairs of 16, 32 and 64 bits.
  s0 = low(f0, f1); // [16] 00 10 01 11 02 12 03 13
  s1 = high(f0, f1);
  s2 = low(f2, f3);
  s3 = high(f2, f3);
  d4 = low(f4, f5);
  d5 = high(f4, f5);
  d6 = low(f6, f7);
  d7 = high(f6, f7);
  e0 = v128.shuffle<i32>(s0, s2, 0, 4, 1, 5); // [16] 00 10 20 30 01 11 21 31
  e1 = v128.shuffle<i32>(s0, s2, 2, 6, 3, 7);
  e2 = v128.shuffle<i32>(s1, s3, 0, 4, 1, 5);
  e3 = v128.shuffle<i32>(s1, s3, 2, 6, 3, 7);
  z3 = v128.shuffle<i32>(d4, d6, 0, 4, 1, 5);
  z4 = v128.shuffle<i32>(d4, d6, 2, 6, 3, 7);
  lo = v128.shuffle<i32>(d5, d7, 0, 4, 1, 5);
  hi = v128.shuffle<i32>(d5, d7, 2, 6, 3, 7);
  f0 = v128.shuffle<i64>(e0, z3, 0, 2); // [16] 00 10 20 30 40 50 60 70
  f1 = v128.shuffle<i64>(e0, z3, 1, 3);
  f2 = v128.shuffle<i64>(e1, z4, 0, 2);
  f3 = v128.shuffle<i64>(e1, z4, 1, 3);
  f4 = v128.shuffle<i64>(e2, lo, 0, 2);
  f5 = v128.shuffle<i64>(e2, lo, 1, 3);
  f6 = v128.shuffle<i64>(e3, hi, 0, 2);
  f7 = v128.shuffle<i64>(e3, hi, 1, 3);

  // Rows.
  s0 = i16x8.add(f0, f7);
  s1 = i16x8.add(f1, f6);
  s2 = i16x8.add(f2, f5);
  s3 = i16x8.add(f3, f4);
  d4 = i16x8.sub(f3, f4);
  d5 = i16x8.sub(f2, f5);
  d6 = i16x8.sub(f1, f6);
  d7 = i16x8.sub(f0, f7);
  e0 = i16x8.add(s0, s3);
  e3 = i16x8.sub(s0, s3);
  e1 = i16x8.add(s1, s2);
  e2 = i16x8.sub(s1, s2);
  const two = i16x8.splat(2);
  f0 = i16x8.shr_s(i16x8.add(i16x8.add(e0, e1), two), 2);
  f4 = i16x8.shr_s(i16x8.add(i16x8.sub(e0, e1), two), 2);
  lo = low(e3, e2);
  hi = high(e3, e2);
  f2 = rotate(lo, hi, v128.load(ROTATIONS, 0), v128.load(ROTATIONS, 144), 15);
  f6 = rotate(lo, hi, v128.load(ROTATIONS, 16), v128.load(ROTATIONS, 144), 15);
  z3 = i16x8.add(d4, d6);
  z4 = i16x8.add(d5, d7);
  lo = low(z3, z4);
  hi = high(z3, z4);
  aLo = i32x4.dot_i16x8_s(lo, v128.load(ROTATIONS, 32));
  aHi = i32x4.dot_i16x8_s(hi, v128.load(ROTATIONS, 32));
  bLo = i32x4.dot_i16x8_s(lo, v128.load(ROTATIONS, 48));
  bHi = i32x4.dot_i16x8_s(hi, v128.load(ROTATIONS, 48));
  lo = low(d4, d7);
  hi = high(d4, d7);
  f7 = rotate2(lo, hi, v128.load(ROTATIONS, 64), aLo, aHi, v128.load(ROTATIONS, 144), 15);
  f1 = rotate2(lo, hi, v128.load(ROTATIONS, 80), bLo, bHi, v128.load(ROTATIONS, 144), 15);
  lo = low(d5, d6);
  hi = high(d5, d6);
  f5 = rotate2(lo, hi, v128.load(ROTATIONS, 96), bLo, bHi, v128.load(ROTATIONS, 144), 15);
  f3 = rotate2(lo, hi, v128.load(ROTATIONS, 112), aLo, aHi, v128.load(ROTATIONS, 144), 15);
  v128.store(dst, f0, 0);
  v128.store(dst, f1, 16);
  v128.store(dst, f2, 32);
  v128.store(dst, f3, 48);
  v128.store(dst, f4, 64);
  v128.store(dst, f5, 80);
  v128.store(dst, f6, 96);
  v128.store(dst, f7, 112);
}
