/**
 * The horizontal filter on four interleaved channels: every output pixel is the weighted sum of `pairs` pixel pairs.
 *
 * Outputs come in groups of four. `offsets` holds for each output the byte offset of its first pixel pair in the row;
 * `weights` holds for each group, pair by pair, four words, one for each output, with the weights of the pair's two
 * pixels, the left one in the low half. Both are padded to whole groups. Sums wrap modulo 2^32, so only the total has to
 * fit.
 */

/**
 * Filters two rows of pixel pairs to one row pair (in plain channel order).
 * - `dst` has 16 bytes for each pixel, rounded up to 4 pixels
 * - the sum is divided by 2^`shift`, rounded
 */
export function filterPixelsToRowPair(
  rowA: usize,
  rowB: usize,
  offsets: usize,
  weights: usize,
  dst: usize,
  width: i32,
  pairs: i32,
  shift: i32,
): void {
  const half = i32x4.splat((1 << shift) >> 1);
  const toRowB = rowB - rowA;
  for (let x = 0; x < width; x += 2) {
    let left = rowA + load<i32>(offsets);
    let right = rowA + load<i32>(offsets, 4);
    let sumA0 = half;
    let sumB0 = half;
    let sumA1 = half;
    let sumB1 = half;
    let at = weights;
    for (let k = 0; k < pairs; k++) {
      const weight0 = v128.load32_splat(at);
      const weight1 = v128.load32_splat(at, 4);
      sumA0 = i32x4.add(sumA0, i32x4.dot_i16x8_s(v128.load(left), weight0));
      sumB0 = i32x4.add(sumB0, i32x4.dot_i16x8_s(v128.load(left + toRowB), weight0));
      sumA1 = i32x4.add(sumA1, i32x4.dot_i16x8_s(v128.load(right), weight1));
      sumB1 = i32x4.add(sumB1, i32x4.dot_i16x8_s(v128.load(right + toRowB), weight1));
      left += 16;
      right += 16;
      at += 16;
    }
    const a = i16x8.narrow_i32x4_s(i32x4.shr_s(sumA0, shift), i32x4.shr_s(sumA1, shift)); // [16] r0 g0 b0 a0 r1 …
    const b = i16x8.narrow_i32x4_s(i32x4.shr_s(sumB0, shift), i32x4.shr_s(sumB1, shift));
    v128.store(dst, v128.shuffle<u16>(a, b, 0, 8, 1, 9, 2, 10, 3, 11)); // [16] rA rB gA gB bA bB aA aB
    v128.store(dst, v128.shuffle<u16>(a, b, 4, 12, 5, 13, 6, 14, 7, 15), 16);
    dst += 32;
    offsets += 8;
    // The second half of a group lies beside the first; the next group follows after the last pair.
    weights = x & 2 ? at - 8 : weights + 8;
  }
}

/**
 * Filters a row of pixel pairs to 16-bit pixels in plain channel order.
 * - `dst` has 8 bytes for each pixel, rounded up to 4 pixels
 * - the sum is divided by 2^`shift`, rounded
 */
export function filterPixels(
  row: usize,
  offsets: usize,
  weights: usize,
  dst: usize,
  width: i32,
  pairs: i32,
  shift: i32,
): void {
  const half = i32x4.splat((1 << shift) >> 1);
  for (let x = 0; x < width; x++) {
    let from = row + load<i32>(offsets + (x << 2));
    let sum = half;
    let at = weights;
    for (let k = 0; k < pairs; k++) {
      sum = i32x4.add(sum, i32x4.dot_i16x8_s(v128.load(from), v128.load32_splat(at)));
      from += 16;
      at += 16;
    }
    sum = i32x4.shr_s(sum, shift);
    v128.store64_lane(dst + (x << 3), i16x8.narrow_i32x4_s(sum, sum), 0);
    weights = (x & 3) === 3 ? at - 12 : weights + 4;
  }
}

/**
 * Filters a row of pixel pairs to the final bytes: 128 is added and the value clamped.
 * - `dst` has 4 bytes for each pixel
 * - the sum is divided by 2^`shift`, rounded
 */
export function filterPixelsToBytes(
  row: usize,
  offsets: usize,
  weights: usize,
  dst: usize,
  width: i32,
  pairs: i32,
  shift: i32,
): void {
  const offset = i32x4.splat((128 << shift) + ((1 << shift) >> 1));
  for (let x = 0; x < width; x += 4) {
    let from0 = row + load<i32>(offsets);
    let from1 = row + load<i32>(offsets, 4);
    let from2 = row + load<i32>(offsets, 8);
    let from3 = row + load<i32>(offsets, 12);
    let sum0 = offset;
    let sum1 = offset;
    let sum2 = offset;
    let sum3 = offset;
    for (let k = 0; k < pairs; k++) {
      sum0 = i32x4.add(sum0, i32x4.dot_i16x8_s(v128.load(from0), v128.load32_splat(weights)));
      sum1 = i32x4.add(sum1, i32x4.dot_i16x8_s(v128.load(from1), v128.load32_splat(weights, 4)));
      sum2 = i32x4.add(sum2, i32x4.dot_i16x8_s(v128.load(from2), v128.load32_splat(weights, 8)));
      sum3 = i32x4.add(sum3, i32x4.dot_i16x8_s(v128.load(from3), v128.load32_splat(weights, 12)));
      from0 += 16;
      from1 += 16;
      from2 += 16;
      from3 += 16;
      weights += 16;
    }
    const low = i16x8.narrow_i32x4_s(i32x4.shr_s(sum0, shift), i32x4.shr_s(sum1, shift));
    const high = i16x8.narrow_i32x4_s(i32x4.shr_s(sum2, shift), i32x4.shr_s(sum3, shift));
    const pixels = i8x16.narrow_i16x8_u(low, high);
    if (x + 4 <= width) {
      v128.store(dst, pixels);
    } else {
      v128.store32_lane(dst, pixels, 0);
      if (x + 1 < width) v128.store32_lane(dst, pixels, 1, 4);
      if (x + 2 < width) v128.store32_lane(dst, pixels, 2, 8);
    }
    dst += 16;
    offsets += 16;
  }
}
