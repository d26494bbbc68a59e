/**
 * Forward DCT, quantisation and zigzag order of one 8 × 8 block (T.81 A.3.3, A.3.4, A.3.6).
 *
 * The DCT is the 12-multiplication algorithm of Loeffler, Ligtenberg and Moschytz in the integer form that the IJG calls
 * "islow": 13-bit constants, two bits kept between the passes. A lane is a column in the first pass; after one
 * transposition a lane is a row in the second, so coefficients come out transposed and the zigzag order undoes it.
 */

/** Two rotations at once: each 32-bit lane is a · c0 + b · c1, rounded and shifted, of (a, b) interleaved in lo and hi. */
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

function samples(src: usize): v128 {
  return i16x8.sub(v128.load_ext<u8>(src), i16x8.splat(128));
}

/**
 * Transforms the block at `src`, rows `stride` bytes apart, and writes 64 quantised coefficients (i16, zigzag order) to
 * `dst`. `reciprocals` holds 64 × i16: 2^15 / (8 · q), transposed. Returns the set of coefficients that are not 0: bit k for
 * the one at zigzag position k.
 */
export function transformBlock(src: usize, dst: usize, stride: usize, reciprocals: usize): u64 {
  let f0 = samples(src);
  let f1 = samples(src + stride);
  let f2 = samples(src + stride * 2);
  let f3 = samples(src + stride * 3);
  let f4 = samples(src + stride * 4);
  let f5 = samples(src + stride * 5);
  let f6 = samples(src + stride * 6);
  let f7 = samples(src + stride * 7);

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
  f0 = i16x8.shl(i16x8.add(e0, e1), 2);
  f4 = i16x8.shl(i16x8.sub(e0, e1), 2);
  const bias1 = i32x4.splat(1 << 10);
  let lo = low(e3, e2);
  let hi = high(e3, e2);
  const C2 = i16x8(10703, 4433, 10703, 4433, 10703, 4433, 10703, 4433); // 0.541196100 + 0.765366865, 0.541196100
  const C6 = i16x8(4433, -10704, 4433, -10704, 4433, -10704, 4433, -10704); // 0.541196100, 0.541196100 - 1.847759065
  f2 = rotate(lo, hi, C2, bias1, 11);
  f6 = rotate(lo, hi, C6, bias1, 11);
  let z3 = i16x8.add(d4, d6);
  let z4 = i16x8.add(d5, d7);
  lo = low(z3, z4);
  hi = high(z3, z4);
  const CA = i16x8(-6436, 9633, -6436, 9633, -6436, 9633, -6436, 9633); // 1.175875602 - 1.961570560, 1.175875602
  const CB = i16x8(9633, 6437, 9633, 6437, 9633, 6437, 9633, 6437); // 1.175875602, 1.175875602 - 0.390180644
  let aLo = i32x4.dot_i16x8_s(lo, CA);
  let aHi = i32x4.dot_i16x8_s(hi, CA);
  let bLo = i32x4.dot_i16x8_s(lo, CB);
  let bHi = i32x4.dot_i16x8_s(hi, CB);
  lo = low(d4, d7);
  hi = high(d4, d7);
  const C7 = i16x8(-4927, -7373, -4927, -7373, -4927, -7373, -4927, -7373); // 0.298631336 - 0.899976223, -0.899976223
  const C1 = i16x8(-7373, 4926, -7373, 4926, -7373, 4926, -7373, 4926); // -0.899976223, 1.501321110 - 0.899976223
  const C5 = i16x8(-4176, -20995, -4176, -20995, -4176, -20995, -4176, -20995); // 2.053119869 - 2.562915447, -2.562915447
  const C3 = i16x8(-20995, 4177, -20995, 4177, -20995, 4177, -20995, 4177); // -2.562915447, 3.072711026 - 2.562915447
  f7 = rotate2(lo, hi, C7, aLo, aHi, bias1, 11);
  f1 = rotate2(lo, hi, C1, bLo, bHi, bias1, 11);
  lo = low(d5, d6);
  hi = high(d5, d6);
  f5 = rotate2(lo, hi, C5, bLo, bHi, bias1, 11);
  f3 = rotate2(lo, hi, C3, aLo, aHi, bias1, 11);

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
  const bias2 = i32x4.splat(1 << 14);
  lo = low(e3, e2);
  hi = high(e3, e2);
  f2 = rotate(lo, hi, C2, bias2, 15);
  f6 = rotate(lo, hi, C6, bias2, 15);
  z3 = i16x8.add(d4, d6);
  z4 = i16x8.add(d5, d7);
  lo = low(z3, z4);
  hi = high(z3, z4);
  aLo = i32x4.dot_i16x8_s(lo, CA);
  aHi = i32x4.dot_i16x8_s(hi, CA);
  bLo = i32x4.dot_i16x8_s(lo, CB);
  bHi = i32x4.dot_i16x8_s(hi, CB);
  lo = low(d4, d7);
  hi = high(d4, d7);
  f7 = rotate2(lo, hi, C7, aLo, aHi, bias2, 15);
  f1 = rotate2(lo, hi, C1, bLo, bHi, bias2, 15);
  lo = low(d5, d6);
  hi = high(d5, d6);
  f5 = rotate2(lo, hi, C5, bLo, bHi, bias2, 15);
  f3 = rotate2(lo, hi, C3, aLo, aHi, bias2, 15);

  // Quantisation: coefficient · 2^15 / (8 · q), rounded; one less where negative, so that ties go away from zero on both sides.
  f0 = i16x8.q15mulr_sat_s(i16x8.add(f0, i16x8.shr_s(f0, 15)), v128.load(reciprocals, 0));
  f1 = i16x8.q15mulr_sat_s(i16x8.add(f1, i16x8.shr_s(f1, 15)), v128.load(reciprocals, 16));
  f2 = i16x8.q15mulr_sat_s(i16x8.add(f2, i16x8.shr_s(f2, 15)), v128.load(reciprocals, 32));
  f3 = i16x8.q15mulr_sat_s(i16x8.add(f3, i16x8.shr_s(f3, 15)), v128.load(reciprocals, 48));
  f4 = i16x8.q15mulr_sat_s(i16x8.add(f4, i16x8.shr_s(f4, 15)), v128.load(reciprocals, 64));
  f5 = i16x8.q15mulr_sat_s(i16x8.add(f5, i16x8.shr_s(f5, 15)), v128.load(reciprocals, 80));
  f6 = i16x8.q15mulr_sat_s(i16x8.add(f6, i16x8.shr_s(f6, 15)), v128.load(reciprocals, 96));
  f7 = i16x8.q15mulr_sat_s(i16x8.add(f7, i16x8.shr_s(f7, 15)), v128.load(reciprocals, 112));

  // Zigzag order: vectors are columns here, lanes are rows.
  const q0 = v128.shuffle<i16>(
    v128.shuffle<i16>(v128.shuffle<i16>(f0, f1, 0, 8, 1, 2, 9, 0, 0, 0), f2, 0, 1, 2, 3, 4, 8, 0, 9),
    f3,
    0,
    1,
    2,
    3,
    4,
    5,
    8,
    7,
  );
  const q1 = v128.shuffle<i16>(
    v128.shuffle<i16>(
      v128.shuffle<i16>(
        v128.shuffle<i16>(v128.shuffle<i16>(f0, f1, 10, 3, 4, 11, 0, 0, 0, 0), f2, 0, 1, 2, 3, 10, 0, 0, 0),
        f3,
        0,
        1,
        2,
        3,
        4,
        9,
        0,
        0,
      ),
      f4,
      0,
      1,
      2,
      3,
      4,
      5,
      8,
      0,
    ),
    f5,
    0,
    1,
    2,
    3,
    4,
    5,
    6,
    8,
  );
  const q2 = v128.shuffle<i16>(
    v128.shuffle<i16>(
      v128.shuffle<i16>(v128.shuffle<i16>(f0, f1, 0, 0, 0, 12, 5, 6, 13, 0), f2, 0, 0, 11, 3, 4, 5, 6, 12),
      f3,
      0,
      10,
      2,
      3,
      4,
      5,
      6,
      7,
    ),
    f4,
    9,
    1,
    2,
    3,
    4,
    5,
    6,
    7,
  );
  const q3 = v128.shuffle<i16>(
    v128.shuffle<i16>(
      v128.shuffle<i16>(v128.shuffle<i16>(f3, f4, 3, 10, 0, 0, 0, 0, 0, 11), f5, 0, 1, 9, 0, 0, 0, 10, 7),
      f6,
      0,
      1,
      2,
      8,
      0,
      9,
      6,
      7,
    ),
    f7,
    0,
    1,
    2,
    3,
    8,
    5,
    6,
    7,
  );
  const q4 = v128.shuffle<i16>(
    v128.shuffle<i16>(
      v128.shuffle<i16>(v128.shuffle<i16>(f0, f1, 0, 0, 14, 7, 15, 0, 0, 0), f2, 0, 13, 2, 3, 4, 14, 0, 0),
      f3,
      12,
      1,
      2,
      3,
      4,
      5,
      13,
      0,
    ),
    f4,
    0,
    1,
    2,
    3,
    4,
    5,
    6,
    12,
  );
  const q5 = v128.shuffle<i16>(
    v128.shuffle<i16>(
      v128.shuffle<i16>(v128.shuffle<i16>(f3, f4, 0, 0, 0, 0, 0, 0, 13, 6), f5, 11, 0, 0, 0, 0, 12, 6, 7),
      f6,
      0,
      10,
      0,
      0,
      11,
      5,
      6,
      7,
    ),
    f7,
    0,
    1,
    9,
    10,
    4,
    5,
    6,
    7,
  );
  const q6 = v128.shuffle<i16>(
    v128.shuffle<i16>(
      v128.shuffle<i16>(
        v128.shuffle<i16>(v128.shuffle<i16>(f2, f3, 7, 15, 0, 0, 0, 0, 0, 0), f4, 0, 1, 14, 0, 0, 0, 0, 0),
        f5,
        0,
        1,
        2,
        13,
        0,
        0,
        0,
        0,
      ),
      f6,
      0,
      1,
      2,
      3,
      12,
      0,
      0,
      13,
    ),
    f7,
    0,
    1,
    2,
    3,
    4,
    11,
    12,
    7,
  );
  const q7 = v128.shuffle<i16>(
    v128.shuffle<i16>(v128.shuffle<i16>(f4, f5, 14, 7, 15, 0, 0, 0, 0, 0), f6, 0, 1, 2, 14, 0, 0, 15, 0),
    f7,
    0,
    1,
    2,
    3,
    13,
    14,
    6,
    15,
  );
  v128.store(dst, q0, 0);
  v128.store(dst, q1, 16);
  v128.store(dst, q2, 32);
  v128.store(dst, q3, 48);
  v128.store(dst, q4, 64);
  v128.store(dst, q5, 80);
  v128.store(dst, q6, 96);
  v128.store(dst, q7, 112);

  // A saturated byte is 0 only where its coefficient is.
  const zero = i8x16.splat(0);
  const m0 = <u64>(<u32>i8x16.bitmask(i8x16.ne(i8x16.narrow_i16x8_s(q0, q1), zero)));
  const m1 = <u64>(<u32>i8x16.bitmask(i8x16.ne(i8x16.narrow_i16x8_s(q2, q3), zero)));
  const m2 = <u64>(<u32>i8x16.bitmask(i8x16.ne(i8x16.narrow_i16x8_s(q4, q5), zero)));
  const m3 = <u64>(<u32>i8x16.bitmask(i8x16.ne(i8x16.narrow_i16x8_s(q6, q7), zero)));
  return m0 | (m1 << 16) | (m2 << 32) | (m3 << 48);
}
