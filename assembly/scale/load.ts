/**
 * First step of resampling: two 8-bit rows become a row pair, sample x of the upper row beside sample x of the lower
 * one, as signed 16-bit values: what `i32x4.dot_i16x8_s` meets it can sum.
 *
 * A sample is centred and has seven guard bits: (value - 128) × 128. That leaves room for a kernel with negative lobes
 * to overshoot. Weights sum to exactly one, so the last step can add the 128 again.
 *
 * Samples of one channel keep their order. Interleaved channels are taken apart by pixel pairs, `r0 r1 g0 g1 b0 b1 r2
 * …`, because it is pairs of one channel that the horizontal filter sums.
 */

/**
 * Makes a row pair of two rows of samples.
 * - `dst` holds 4 bytes for each sample, rounded up to 16 samples
 */
export function pairSampleRows(rowA: usize, rowB: usize, dst: usize, width: i32): void {
  const centre = i8x16.splat(-128);
  const zero = i8x16.splat(0);
  for (let x = 0; x < width; x += 16) {
    const a = v128.xor(v128.load(rowA + x), centre);
    const b = v128.xor(v128.load(rowB + x), centre);
    const low = v128.shuffle<u8>(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23); // [8] a0 b0 a1 b1 …
    const high = v128.shuffle<u8>(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    // A sample above a zero byte is 256 times itself.
    const first = v128.shuffle<u8>(zero, low, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const second = v128.shuffle<u8>(zero, low, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    const third = v128.shuffle<u8>(zero, high, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const fourth = v128.shuffle<u8>(zero, high, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    v128.store(dst, i16x8.shr_s(first, 1));
    v128.store(dst, i16x8.shr_s(second, 1), 16);
    v128.store(dst, i16x8.shr_s(third, 1), 32);
    v128.store(dst, i16x8.shr_s(fourth, 1), 48);
    dst += 64;
  }
}

/**
 * Makes two row pairs, of U and of V, of two rows of interleaved chroma.
 * - `dstU` and `dstV` hold 4 bytes for each of the `width` samples of a plane, rounded up to 8 samples
 */
export function pairUvRows(rowA: usize, rowB: usize, dstU: usize, dstV: usize, width: i32): void {
  const centre = i8x16.splat(-128);
  const upperBits = i16x8.splat(-128);
  for (let x = 0; x < width; x += 8) {
    const a = v128.xor(v128.load(rowA + (x << 1)), centre); // [8] u0 v0 u1 v1 …
    const b = v128.xor(v128.load(rowB + (x << 1)), centre);
    const ua = i16x8.shr_s(i16x8.shl(a, 8), 1); // [16] u0 u1 …
    const ub = i16x8.shr_s(i16x8.shl(b, 8), 1);
    const va = v128.and(i16x8.shr_s(a, 1), upperBits);
    const vb = v128.and(i16x8.shr_s(b, 1), upperBits);
    v128.store(dstU, v128.shuffle<u16>(ua, ub, 0, 8, 1, 9, 2, 10, 3, 11));
    v128.store(dstU, v128.shuffle<u16>(ua, ub, 4, 12, 5, 13, 6, 14, 7, 15), 16);
    v128.store(dstV, v128.shuffle<u16>(va, vb, 0, 8, 1, 9, 2, 10, 3, 11));
    v128.store(dstV, v128.shuffle<u16>(va, vb, 4, 12, 5, 13, 6, 14, 7, 15), 16);
    dstU += 32;
    dstV += 32;
  }
}

/**
 * Makes a row pair of the first three channels of two rows of pixels.
 * - `dst` holds 12 bytes for each pixel, rounded up to 4 pixels
 * @returns the conjunction of all pixels, as a little-endian word: its top byte is 255 when all of them are opaque
 */
export function pairPixelRows(rowA: usize, rowB: usize, dst: usize, width: i32): i32 {
  const low = i32x4.splat(0x7f80);
  const high = i32x4.splat(0x7f800000);
  const centre = i16x8.splat(0x4000);
  let all = i32x4.splat(-1);
  for (let x = 0; x < width; x += 4) {
    const a = v128.load(rowA + (x << 2));
    const b = v128.load(rowB + (x << 2));
    if (x + 4 <= width) all = v128.and(all, v128.and(a, b));
    // [32] the upper row's sample in the low half and the lower row's in the high half, for four pixels
    const red = v128.or(v128.and(i32x4.shl(a, 7), low), v128.and(i32x4.shl(b, 23), high));
    const green = v128.or(v128.and(i32x4.shr_u(a, 1), low), v128.and(i32x4.shl(b, 15), high));
    const blue = v128.or(v128.and(i32x4.shr_u(a, 9), low), v128.and(i32x4.shl(b, 7), high));
    v128.store(dst, i16x8.sub(v128.shuffle<u64>(red, green, 0, 2), centre)); // [32] r0 r1 g0 g1
    v128.store(dst, i16x8.sub(v128.shuffle<u64>(blue, red, 0, 3), centre), 16); // [32] b0 b1 r2 r3
    v128.store(dst, i16x8.sub(v128.shuffle<u64>(green, blue, 1, 3), centre), 32); // [32] g2 g3 b2 b3
    dst += 48;
  }
  const half = v128.and(all, v128.shuffle<u32>(all, all, 2, 3, 0, 1));
  let rest = i32x4.extract_lane(half, 0) & i32x4.extract_lane(half, 1);
  for (let x = width & ~3; x < width; x++) rest &= load<i32>(rowA + (x << 2)) & load<i32>(rowB + (x << 2));
  return rest;
}
