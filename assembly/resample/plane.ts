/**
 * The horizontal filter on one channel: every output sample is the weighted sum of `octets` runs of eight samples.
 *
 * Outputs come in groups of four. `offsets` holds for each output the byte offset of its first sample in the 16-bit row;
 * `weights` holds for each group, run by run, four vectors of eight weights, one for each output. Both are padded to whole
 * groups. Sums wrap modulo 2^32, so only the total has to fit.
 */

/**
 * Filters two 16-bit rows to one row pair.
 * - `dst` has 4 bytes for each sample, rounded up to 4 samples
 * - the sum is divided by 2^`shift`, rounded
 */
export function filterSamplesToRowPair(
  rowA: usize,
  rowB: usize,
  offsets: usize,
  weights: usize,
  dst: usize,
  width: i32,
  octets: i32,
  shift: i32,
): void {
  const half = i32x4.splat((1 << shift) >> 1);
  for (let x = 0; x < width; x += 4) {
    const a = i32x4.shr_s(i32x4.add(fourSums(rowA, offsets, weights, octets), half), shift);
    const b = i32x4.shr_s(i32x4.add(fourSums(rowB, offsets, weights, octets), half), shift);
    const rows = i16x8.narrow_i32x4_s(a, b);
    v128.store(dst, v128.shuffle<u16>(rows, rows, 0, 4, 1, 5, 2, 6, 3, 7)); // [16] a0 b0 a1 b1 a2 b2 a3 b3
    dst += 16;
    offsets += 16;
    weights += octets << 6;
  }
}

/**
 * Filters a 16-bit row to the final bytes: 128 is added and the value clamped.
 * - `dst` has one byte for each sample
 * - the sum is divided by 2^`shift`, rounded
 */
export function filterSamplesToBytes(
  row: usize,
  offsets: usize,
  weights: usize,
  dst: usize,
  width: i32,
  octets: i32,
  shift: i32,
): void {
  const offset = i32x4.splat((128 << shift) + ((1 << shift) >> 1));
  for (let x = 0; x < width; x += 4) {
    const sums = i32x4.shr_s(i32x4.add(fourSums(row, offsets, weights, octets), offset), shift);
    const words = i16x8.narrow_i32x4_s(sums, sums);
    const bytes = i8x16.narrow_i16x8_u(words, words);
    if (x + 4 <= width) {
      v128.store32_lane(dst, bytes, 0);
    } else {
      v128.store8_lane(dst, bytes, 0);
      if (x + 1 < width) v128.store8_lane(dst, bytes, 1, 1);
      if (x + 2 < width) v128.store8_lane(dst, bytes, 2, 2);
    }
    dst += 4;
    offsets += 16;
    weights += octets << 6;
  }
}

/** The sums of a group of four outputs. */
function fourSums(row: usize, offsets: usize, weights: usize, octets: i32): v128 {
  let from0 = row + load<i32>(offsets);
  let from1 = row + load<i32>(offsets, 4);
  let from2 = row + load<i32>(offsets, 8);
  let from3 = row + load<i32>(offsets, 12);
  let sum0 = i32x4.splat(0);
  let sum1 = i32x4.splat(0);
  let sum2 = i32x4.splat(0);
  let sum3 = i32x4.splat(0);
  for (let k = 0; k < octets; k++) {
    sum0 = i32x4.add(sum0, i32x4.dot_i16x8_s(v128.load(from0), v128.load(weights)));
    sum1 = i32x4.add(sum1, i32x4.dot_i16x8_s(v128.load(from1), v128.load(weights, 16)));
    sum2 = i32x4.add(sum2, i32x4.dot_i16x8_s(v128.load(from2), v128.load(weights, 32)));
    sum3 = i32x4.add(sum3, i32x4.dot_i16x8_s(v128.load(from3), v128.load(weights, 48)));
    from0 += 16;
    from1 += 16;
    from2 += 16;
    from3 += 16;
    weights += 64;
  }
  const sums01 = addedPairs(sum0, sum1); // [32] 0 1 0 1
  const sums23 = addedPairs(sum2, sum3);
  return i32x4.add(
    v128.shuffle<u32>(sums01, sums23, 0, 1, 4, 5), // [32] 0 1 2 3
    v128.shuffle<u32>(sums01, sums23, 2, 3, 6, 7),
  );
}

/** [32] a0 + a2, b0 + b2, a1 + a3, b1 + b3 */
function addedPairs(a: v128, b: v128): v128 {
  return i32x4.add(v128.shuffle<u32>(a, b, 0, 4, 1, 5), v128.shuffle<u32>(a, b, 2, 6, 3, 7));
}
