/**
 * First step of resampling: 8-bit rows become signed 16-bit rows, arranged so that `i32x4.dot_i16x8_s` meets what it has
 * to sum.
 *
 * Samples are centred: 128 is subtracted, so that a filtered value with seven guard bits fits 16 bits even where a kernel
 * with negative lobes overshoots. Weights sum to exactly one, so the last step can add the 128 again.
 *
 * Two arrangements, for a vertical and for a horizontal filter:
 * - row pairs: sample x of row 2k beside sample x of row 2k + 1;
 * - pixel pairs (four channels): `[16] r0 r1 g0 g1 b0 b1 a0 a1`. A packed row pair holds pixel pairs too, so that the
 *   vertical filter hands pixel pairs to the horizontal one.
 */

/**
 * Makes a row pair of two rows of samples.
 * - `dst` holds 4 bytes for each sample, rounded up to 16 samples
 */
export function pairSampleRows(rowA: usize, rowB: usize, dst: usize, width: i32): void {
  const centre = i8x16.splat(-128);
  for (let x = 0; x < width; x += 16) {
    const a = v128.xor(v128.load(rowA + x), centre);
    const b = v128.xor(v128.load(rowB + x), centre);
    const low = v128.shuffle<u8>(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23); // [8] a0 b0 a1 b1 …
    const high = v128.shuffle<u8>(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    v128.store(dst, i16x8.extend_low_i8x16_s(low));
    v128.store(dst, i16x8.extend_high_i8x16_s(low), 16);
    v128.store(dst, i16x8.extend_low_i8x16_s(high), 32);
    v128.store(dst, i16x8.extend_high_i8x16_s(high), 48);
    dst += 64;
  }
}

/**
 * Makes a row pair of two rows of pixels whose channel bytes are or-ed with `mask` first.
 * - `dst` holds 16 bytes for each pixel, rounded up to 4 pixels
 * @returns the conjunction of all pixels, as a little-endian word: its top byte is 255 when all of them are opaque
 */
export function pairPixelRows(rowA: usize, rowB: usize, dst: usize, width: i32, mask: i32): i32 {
  const centre = i8x16.splat(-128);
  const set = i32x4.splat(mask);
  let all = i32x4.splat(-1);
  for (let x = 0; x < width; x += 4) {
    let a = v128.or(v128.load(rowA + (x << 2)), set);
    let b = v128.or(v128.load(rowB + (x << 2)), set);
    if (x + 4 <= width) all = v128.and(all, v128.and(a, b));
    a = v128.xor(a, centre);
    b = v128.xor(b, centre);
    // [8] rA0 rB0 rA1 rB1 gA0 gB0 gA1 gB1 bA0 bB0 bA1 bB1 aA0 aB0 aA1 aB1
    const low = v128.shuffle<u8>(a, b, 0, 16, 4, 20, 1, 17, 5, 21, 2, 18, 6, 22, 3, 19, 7, 23);
    const high = v128.shuffle<u8>(a, b, 8, 24, 12, 28, 9, 25, 13, 29, 10, 26, 14, 30, 11, 27, 15, 31);
    v128.store(dst, i16x8.extend_low_i8x16_s(low));
    v128.store(dst, i16x8.extend_high_i8x16_s(low), 16);
    v128.store(dst, i16x8.extend_low_i8x16_s(high), 32);
    v128.store(dst, i16x8.extend_high_i8x16_s(high), 48);
    dst += 64;
  }
  return conjunction(all) & restConjunction(rowA, width, mask) & restConjunction(rowB, width, mask);
}

/**
 * Spreads a row of samples to 16 bits.
 * - `dst` holds 2 bytes for each sample, rounded up to 16 samples
 */
export function spreadSamples(row: usize, dst: usize, width: i32): void {
  const centre = i8x16.splat(-128);
  for (let x = 0; x < width; x += 16) {
    const samples = v128.xor(v128.load(row + x), centre);
    v128.store(dst, i16x8.extend_low_i8x16_s(samples));
    v128.store(dst, i16x8.extend_high_i8x16_s(samples), 16);
    dst += 32;
  }
}

/**
 * Spreads a row of pixels to pixel pairs; their channel bytes are or-ed with `mask` first.
 * - `dst` holds 8 bytes for each pixel, rounded up to 4 pixels
 * @returns the conjunction of all pixels, as {@link pairPixelRows} does
 */
export function spreadPixels(row: usize, dst: usize, width: i32, mask: i32): i32 {
  const centre = i8x16.splat(-128);
  const set = i32x4.splat(mask);
  let all = i32x4.splat(-1);
  for (let x = 0; x < width; x += 4) {
    const pixels = v128.or(v128.load(row + (x << 2)), set);
    if (x + 4 <= width) all = v128.and(all, pixels);
    const centred = v128.xor(pixels, centre);
    // [8] r0 r1 g0 g1 b0 b1 a0 a1 r2 r3 g2 g3 b2 b3 a2 a3
    const pairs = v128.shuffle<u8>(centred, centred, 0, 4, 1, 5, 2, 6, 3, 7, 8, 12, 9, 13, 10, 14, 11, 15);
    v128.store(dst, i16x8.extend_low_i8x16_s(pairs));
    v128.store(dst, i16x8.extend_high_i8x16_s(pairs), 16);
    dst += 32;
  }
  return conjunction(all) & restConjunction(row, width, mask);
}

function conjunction(pixels: v128): i32 {
  const half = v128.and(pixels, v128.shuffle<u32>(pixels, pixels, 2, 3, 0, 1));
  return i32x4.extract_lane(half, 0) & i32x4.extract_lane(half, 1);
}

/** The conjunction of the last `width` % 4 pixels. */
function restConjunction(row: usize, width: i32, mask: i32): i32 {
  let all = -1;
  for (let x = width & ~3; x < width; x++) all &= load<i32>(row + (x << 2)) | mask;
  return all;
}
