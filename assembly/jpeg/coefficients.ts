/**
 * Forward DCT of whole planes, not yet quantised (T.81 A.3.3): the integer algorithm of Loeffler, Ligtenberg and Moschytz that
 * the IJG calls "islow", with 13-bit constants and two bits kept between the passes. Coefficients come out multiplied by 8,
 * in zigzag order (A.3.6), ready for a quantiser that weighs their errors.
 */

/** Row-major index of the k-th coefficient, in bytes of i16 (figure A.6). */
const ZIGZAG = memory.data<u8>([
  0, 2, 16, 32, 18, 4, 6, 20, 34, 48, 64, 50, 36, 22, 8, 10, 24, 38, 52, 66, 80, 96, 82, 68, 54, 40, 26, 12, 14, 28, 42,
  56, 70, 84, 98, 112, 114, 100, 86, 72, 58, 44, 30, 46, 60, 74, 88, 102, 116, 118, 104, 90, 76, 62, 78, 92, 106, 120,
  122, 108, 94, 110, 124, 126,
]);

function low(a: v128, b: v128): v128 {
  return v128.shuffle<i16>(a, b, 0, 8, 1, 9, 2, 10, 3, 11); // [16] a0 b0 a1 b1 a2 b2 a3 b3
}

function high(a: v128, b: v128): v128 {
  return v128.shuffle<i16>(a, b, 4, 12, 5, 13, 6, 14, 7, 15); // [16] a4 b4 a5 b5 a6 b6 a7 b7
}

/** a · c0 + b · c1 in each 32-bit lane of the interleaved (a, b), plus what is there already; rounded, shifted, packed. */
function rotate(lo: v128, hi: v128, c: v128, sumLo: v128, sumHi: v128, shift: i32): v128 {
  return i16x8.narrow_i32x4_s(
    i32x4.shr_s(i32x4.add(i32x4.dot_i16x8_s(lo, c), sumLo), shift),
    i32x4.shr_s(i32x4.add(i32x4.dot_i16x8_s(hi, c), sumHi), shift),
  );
}

/** One-dimensional DCT of eight columns of i16 at `block`, then transposition, in place. `first` of two: keeps two more bits. */
function transform(block: usize, first: bool): void {
  let f0 = v128.load(block);
  let f1 = v128.load(block, 16);
  let f2 = v128.load(block, 32);
  let f3 = v128.load(block, 48);
  let f4 = v128.load(block, 64);
  let f5 = v128.load(block, 80);
  let f6 = v128.load(block, 96);
  let f7 = v128.load(block, 112);
  const shift = first ? 11 : 15;
  const round = i32x4.splat(1 << (shift - 1));

  const s0 = i16x8.add(f0, f7);
  const s1 = i16x8.add(f1, f6);
  const s2 = i16x8.add(f2, f5);
  const s3 = i16x8.add(f3, f4);
  const d4 = i16x8.sub(f3, f4);
  const d5 = i16x8.sub(f2, f5);
  const d6 = i16x8.sub(f1, f6);
  const d7 = i16x8.sub(f0, f7);

  const e0 = i16x8.add(s0, s3);
  const e1 = i16x8.add(s1, s2);
  const e2 = i16x8.sub(s1, s2);
  const e3 = i16x8.sub(s0, s3);
  f0 = i16x8.add(e0, e1);
  f4 = i16x8.sub(e0, e1);
  if (first) {
    f0 = i16x8.shl(f0, 2);
    f4 = i16x8.shl(f4, 2);
  } else {
    const two = i16x8.splat(2);
    f0 = i16x8.shr_s(i16x8.add(f0, two), 2);
    f4 = i16x8.shr_s(i16x8.add(f4, two), 2);
  }
  let lo = low(e3, e2);
  let hi = high(e3, e2);
  f2 = rotate(lo, hi, i16x8(10703, 4433, 10703, 4433, 10703, 4433, 10703, 4433), round, round, shift); // 0.541196100 + 0.765366865, 0.541196100
  f6 = rotate(lo, hi, i16x8(4433, -10704, 4433, -10704, 4433, -10704, 4433, -10704), round, round, shift); // 0.541196100, 0.541196100 - 1.847759065

  const z3 = i16x8.add(d4, d6);
  const z4 = i16x8.add(d5, d7);
  lo = low(z3, z4);
  hi = high(z3, z4);
  const ca = i16x8(-6436, 9633, -6436, 9633, -6436, 9633, -6436, 9633); // 1.175875602 - 1.961570560, 1.175875602
  const cb = i16x8(9633, 6437, 9633, 6437, 9633, 6437, 9633, 6437); // 1.175875602, 1.175875602 - 0.390180644
  const aLo = i32x4.add(i32x4.dot_i16x8_s(lo, ca), round);
  const aHi = i32x4.add(i32x4.dot_i16x8_s(hi, ca), round);
  const bLo = i32x4.add(i32x4.dot_i16x8_s(lo, cb), round);
  const bHi = i32x4.add(i32x4.dot_i16x8_s(hi, cb), round);
  lo = low(d4, d7);
  hi = high(d4, d7);
  f7 = rotate(lo, hi, i16x8(-4927, -7373, -4927, -7373, -4927, -7373, -4927, -7373), aLo, aHi, shift); // 0.298631336 - 0.899976223, -0.899976223
  f1 = rotate(lo, hi, i16x8(-7373, 4926, -7373, 4926, -7373, 4926, -7373, 4926), bLo, bHi, shift); // -0.899976223, 1.501321110 - 0.899976223
  lo = low(d5, d6);
  hi = high(d5, d6);
  f5 = rotate(lo, hi, i16x8(-4176, -20995, -4176, -20995, -4176, -20995, -4176, -20995), bLo, bHi, shift); // 2.053119869 - 2.562915447, -2.562915447
  f3 = rotate(lo, hi, i16x8(-20995, 4177, -20995, 4177, -20995, 4177, -20995, 4177), aLo, aHi, shift); // -2.562915447, 3.072711026 - 2.562915447

  // Transposition in three rounds: pairs of 16, 32 and 64 bits.
  const t0 = low(f0, f1); // [16] 00 10 01 11 02 12 03 13
  const t1 = high(f0, f1);
  const t2 = low(f2, f3);
  const t3 = high(f2, f3);
  const t4 = low(f4, f5);
  const t5 = high(f4, f5);
  const t6 = low(f6, f7);
  const t7 = high(f6, f7);
  const u0 = v128.shuffle<i32>(t0, t2, 0, 4, 1, 5); // [16] 00 10 20 30 01 11 21 31
  const u1 = v128.shuffle<i32>(t0, t2, 2, 6, 3, 7);
  const u2 = v128.shuffle<i32>(t1, t3, 0, 4, 1, 5);
  const u3 = v128.shuffle<i32>(t1, t3, 2, 6, 3, 7);
  const u4 = v128.shuffle<i32>(t4, t6, 0, 4, 1, 5);
  const u5 = v128.shuffle<i32>(t4, t6, 2, 6, 3, 7);
  const u6 = v128.shuffle<i32>(t5, t7, 0, 4, 1, 5);
  const u7 = v128.shuffle<i32>(t5, t7, 2, 6, 3, 7);
  v128.store(block, v128.shuffle<i64>(u0, u4, 0, 2)); // [16] 00 10 20 30 40 50 60 70
  v128.store(block, v128.shuffle<i64>(u0, u4, 1, 3), 16);
  v128.store(block, v128.shuffle<i64>(u1, u5, 0, 2), 32);
  v128.store(block, v128.shuffle<i64>(u1, u5, 1, 3), 48);
  v128.store(block, v128.shuffle<i64>(u2, u6, 0, 2), 64);
  v128.store(block, v128.shuffle<i64>(u2, u6, 1, 3), 80);
  v128.store(block, v128.shuffle<i64>(u3, u7, 0, 2), 96);
  v128.store(block, v128.shuffle<i64>(u3, u7, 1, 3), 112);
}

/**
 * Transforms a row of `blocks` blocks of u8 samples at `src`, rows `stride` bytes apart. Writes 64 × i16 for each to `dst`:
 * eight times the coefficients, zigzag order. `scratch`: 128 bytes.
 */
export function forwardBlocks(src: usize, dst: usize, scratch: usize, blocks: i32, stride: usize): void {
  const level = i16x8.splat(128);
  for (let i = 0; i < blocks; i++) {
    let row = src;
    for (let y: usize = 0; y < 128; y += 16) {
      v128.store(scratch + y, i16x8.sub(v128.load_ext<u8>(row), level));
      row += stride;
    }
    transform(scratch, true);
    transform(scratch, false);
    for (let k: usize = 0; k < 64; k++) {
      store<u16>(dst + (k << 1), load<u16>(scratch + <usize>load<u8>(ZIGZAG + k)));
    }
    src += 8;
    dst += 128;
  }
}

/** Whether all `bytes` (a multiple of 16) at `src` are 0. */
export function isZero(src: usize, bytes: usize): i32 {
  const end = src + bytes;
  for (; src < end; src += 16) if (v128.any_true(v128.load(src))) return 0;
  return 1;
}
