/**
 * The vertical filter: every output sample is the weighted sum of one column of a ring of row pairs. The order of
 * channels does not matter to it.
 *
 * The ring's slots are summed in the order they lie in memory; `weights` holds for each slot one word with the weights of
 * its two rows, the upper row in the low half. Sums wrap modulo 2^32, so only the total has to fit.
 */

/**
 * Filters to 16 bits.
 * - slots are `slotStride` bytes apart; `dst` and every slot have room for `count` rounded up to 16 samples
 * - the sum is divided by 2^`shift`, rounded
 */
export function filterColumns(
  ring: usize,
  weights: usize,
  dst: usize,
  count: i32,
  slots: i32,
  slotStride: i32,
  shift: i32,
): void {
  const end = weights + (slots << 2);
  const half = i32x4.splat((1 << shift) >> 1);
  for (let i = 0; i < count; i += 16) {
    let slot = ring + (i << 2);
    let sum0 = half;
    let sum1 = half;
    let sum2 = half;
    let sum3 = half;
    for (let at = weights; at < end; at += 4) {
      const weight = v128.load32_splat(at);
      sum0 = i32x4.add(sum0, i32x4.dot_i16x8_s(v128.load(slot), weight));
      sum1 = i32x4.add(sum1, i32x4.dot_i16x8_s(v128.load(slot, 16), weight));
      sum2 = i32x4.add(sum2, i32x4.dot_i16x8_s(v128.load(slot, 32), weight));
      sum3 = i32x4.add(sum3, i32x4.dot_i16x8_s(v128.load(slot, 48), weight));
      slot += slotStride;
    }
    const to = dst + (i << 1);
    v128.store(to, i16x8.narrow_i32x4_s(i32x4.shr_s(sum0, shift), i32x4.shr_s(sum1, shift)));
    v128.store(to, i16x8.narrow_i32x4_s(i32x4.shr_s(sum2, shift), i32x4.shr_s(sum3, shift)), 16);
  }
}

/**
 * Filters to the final bytes: 128 is added and the value clamped.
 * - slots are `slotStride` bytes apart and have room for `count` rounded up to 16 samples; `dst` for `count`
 * - the sum is divided by 2^`shift`, rounded
 */
export function filterColumnsToBytes(
  ring: usize,
  weights: usize,
  dst: usize,
  count: i32,
  slots: i32,
  slotStride: i32,
  shift: i32,
): void {
  const end = weights + (slots << 2);
  const offset = i32x4.splat((128 << shift) + ((1 << shift) >> 1));
  for (let i = 0; i < count; i += 16) {
    let slot = ring + (i << 2);
    let sum0 = offset;
    let sum1 = offset;
    let sum2 = offset;
    let sum3 = offset;
    for (let at = weights; at < end; at += 4) {
      const weight = v128.load32_splat(at);
      sum0 = i32x4.add(sum0, i32x4.dot_i16x8_s(v128.load(slot), weight));
      sum1 = i32x4.add(sum1, i32x4.dot_i16x8_s(v128.load(slot, 16), weight));
      sum2 = i32x4.add(sum2, i32x4.dot_i16x8_s(v128.load(slot, 32), weight));
      sum3 = i32x4.add(sum3, i32x4.dot_i16x8_s(v128.load(slot, 48), weight));
      slot += slotStride;
    }
    const low = i16x8.narrow_i32x4_s(i32x4.shr_s(sum0, shift), i32x4.shr_s(sum1, shift));
    const high = i16x8.narrow_i32x4_s(i32x4.shr_s(sum2, shift), i32x4.shr_s(sum3, shift));
    const bytes = i8x16.narrow_i16x8_u(low, high);
    if (i + 16 <= count) v128.store(dst + i, bytes);
    else storeFirst(dst + i, bytes, count - i);
  }
}

/** Stores the first `count` (1 to 15) of 16 bytes. */
function storeFirst(dst: usize, bytes: v128, count: i32): void {
  if (count & 8) {
    v128.store64_lane(dst, bytes, 0);
    bytes = v128.shuffle<u64>(bytes, bytes, 1, 0);
    dst += 8;
  }
  if (count & 4) {
    v128.store32_lane(dst, bytes, 0);
    bytes = v128.shuffle<u32>(bytes, bytes, 1, 2, 3, 0);
    dst += 4;
  }
  if (count & 2) {
    v128.store16_lane(dst, bytes, 0);
    bytes = v128.shuffle<u16>(bytes, bytes, 1, 2, 3, 4, 5, 6, 7, 0);
    dst += 2;
  }
  if (count & 1) v128.store8_lane(dst, bytes, 0);
}
