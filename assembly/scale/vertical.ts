/**
 * The vertical filter: every output sample is the weighted sum of one column of a ring of row pairs. The order of
 * channels does not matter to it.
 *
 * Four output rows are made at a time, 32 samples of each before the next 32, so that the ring is read from the nearest
 * cache three times out of four. They leave as a block: sample pairs as words, the four rows' words of a pair beside
 * each other, which is the order in which the horizontal filter sums. Words of more rows, of other calls, may follow
 * them.
 */

/** Fraction bits of the weights. */
const BITS: i32 = 14;

/** Bits of a stage. */
const RESUME: i32 = 1;
const SUSPEND: i32 = 2;

/** What {@link filterColumns} takes. */
@unmanaged
class FilterColumns {
  ring: usize;
  starts: usize;
  weights: usize;
  block: usize;
  count: i32;
  slots: i32;
  slotStride: i32;
  pairs: i32;
  pitch: i32;
  sums: usize;
  stage: i32;
}

/**
 * Filters four rows to a block of 16-bit sample pairs.
 * - `ring` holds `slots` row pairs, `slotStride` bytes apart, each with room for `count` rounded up to 32 samples
 * - `starts` holds for each of the four rows the byte offset in the ring of its first row pair; the ring wraps around
 * - `weights` holds for each of the four rows `pairs` words, each with the weights of a row pair, the upper row in the
 *   low half. Sums wrap modulo 2^32, so only the total has to fit; it is rounded
 * - `block` has four words for each sample pair, `pitch` bytes apart, `count` rounded up to 32 samples
 * - a window that the ring cannot hold is summed in parts: with {@link RESUME} in `stage` the sums go on from those at
 *   `sums`, with {@link SUSPEND} they are left there and the block is not finished; `sums` has 16 bytes for each sample
 *   then
 */
export function filterColumns(record: FilterColumns): void {
  let ring = record.ring;
  const starts = record.starts;
  const weights = record.weights;
  let block = record.block;
  const count = record.count;
  const slots = record.slots;
  const slotStride = record.slotStride;
  const pairs = record.pairs;
  const pitch = record.pitch;
  let sums = record.sums;
  const stage = record.stage;
  const half = i32x4.splat(1 << (BITS - 1));
  const ringBytes = slots * slotStride;
  for (let i = 0; i < count; i += 32) {
    const end = ring + ringBytes;
    let at = weights;
    for (let row = 0; row < 4; row++) {
      let slot = ring + load<i32>(starts + (row << 2));
      let sum0 = half;
      let sum1 = half;
      let sum2 = half;
      let sum3 = half;
      let sum4 = half;
      let sum5 = half;
      let sum6 = half;
      let sum7 = half;
      if (stage & RESUME) {
        sum0 = v128.load(sums);
        sum1 = v128.load(sums, 16);
        sum2 = v128.load(sums, 32);
        sum3 = v128.load(sums, 48);
        sum4 = v128.load(sums, 64);
        sum5 = v128.load(sums, 80);
        sum6 = v128.load(sums, 96);
        sum7 = v128.load(sums, 112);
      }
      for (const rowEnd = at + (pairs << 2); at < rowEnd; at += 4) {
        const weight = v128.load32_splat(at);
        sum0 = i32x4.add(sum0, i32x4.dot_i16x8_s(v128.load(slot), weight));
        sum1 = i32x4.add(sum1, i32x4.dot_i16x8_s(v128.load(slot, 16), weight));
        sum2 = i32x4.add(sum2, i32x4.dot_i16x8_s(v128.load(slot, 32), weight));
        sum3 = i32x4.add(sum3, i32x4.dot_i16x8_s(v128.load(slot, 48), weight));
        sum4 = i32x4.add(sum4, i32x4.dot_i16x8_s(v128.load(slot, 64), weight));
        sum5 = i32x4.add(sum5, i32x4.dot_i16x8_s(v128.load(slot, 80), weight));
        sum6 = i32x4.add(sum6, i32x4.dot_i16x8_s(v128.load(slot, 96), weight));
        sum7 = i32x4.add(sum7, i32x4.dot_i16x8_s(v128.load(slot, 112), weight));
        slot += slotStride;
        slot = slot === end ? slot - ringBytes : slot;
      }
      if (stage & SUSPEND) {
        v128.store(sums, sum0);
        v128.store(sums, sum1, 16);
        v128.store(sums, sum2, 32);
        v128.store(sums, sum3, 48);
        v128.store(sums, sum4, 64);
        v128.store(sums, sum5, 80);
        v128.store(sums, sum6, 96);
        v128.store(sums, sum7, 112);
      }
      sums += 128;
      let to = block + row * pitch;
      v128.store(to, i16x8.narrow_i32x4_s(i32x4.shr_s(sum0, BITS), i32x4.shr_s(sum1, BITS)));
      to += pitch << 2;
      v128.store(to, i16x8.narrow_i32x4_s(i32x4.shr_s(sum2, BITS), i32x4.shr_s(sum3, BITS)));
      to += pitch << 2;
      v128.store(to, i16x8.narrow_i32x4_s(i32x4.shr_s(sum4, BITS), i32x4.shr_s(sum5, BITS)));
      to += pitch << 2;
      v128.store(to, i16x8.narrow_i32x4_s(i32x4.shr_s(sum6, BITS), i32x4.shr_s(sum7, BITS)));
    }
    for (let quarter = 0; quarter < 4; quarter++) {
      transpose(block, pitch);
      block += pitch << 2;
    }
    ring += 128;
  }
}

/** Transposes 4 × 4 words in place, each four `pitch` bytes from the four before. */
function transpose(block: usize, pitch: i32): void {
  const second = block + pitch;
  const third = second + pitch;
  const fourth = third + pitch;
  const a = v128.load(block);
  const b = v128.load(second);
  const c = v128.load(third);
  const d = v128.load(fourth);
  const ab01 = v128.shuffle<u32>(a, b, 0, 4, 1, 5); // [32] a0 b0 a1 b1
  const ab23 = v128.shuffle<u32>(a, b, 2, 6, 3, 7);
  const cd01 = v128.shuffle<u32>(c, d, 0, 4, 1, 5);
  const cd23 = v128.shuffle<u32>(c, d, 2, 6, 3, 7);
  v128.store(block, v128.shuffle<u64>(ab01, cd01, 0, 2)); // [32] a0 b0 c0 d0
  v128.store(second, v128.shuffle<u64>(ab01, cd01, 1, 3));
  v128.store(third, v128.shuffle<u64>(ab23, cd23, 0, 2));
  v128.store(fourth, v128.shuffle<u64>(ab23, cd23, 1, 3));
}
