/**
 * The horizontal filter on blocks of four or sixteen rows that the vertical filter made: every output is the weighted
 * sum of `pairs` sample pairs, for all rows at once.
 *
 * Outputs come in groups of four. `offsets` holds for each output the byte offset of its first sample pair from
 * `block`; `weights` holds for each group, pair by pair, four words, one for each output, with the weights of the
 * pair's two samples, the left one in the low half. Both are padded to whole groups. Sums wrap modulo 2^32, so only the
 * total has to fit; it is rounded.
 *
 * What becomes bytes can be stored transposed: as many columns of `width` outputs as there are rows.
 */

/** Fraction bits of the weights. */
const BITS: i32 = 14;

/** Fraction bits of the weights and of the samples. */
const ALL_BITS: i32 = 21;

/** The 128 that was taken from every sample, and a half for rounding. */
const OFFSET: i32 = (128 << ALL_BITS) + (1 << (ALL_BITS - 1));

/** What {@link filterSamplesToBytes} takes. */
@unmanaged
class FilterSamplesToBytes {
  block: usize;
  offsets: usize;
  weights: usize;
  dstA: usize;
  dstB: usize;
  width: i32;
  rowsA: i32;
  rowsB: i32;
  pairs: i32;
  strideA: i32;
  strideB: i32;
  transposed: i32;
}

/**
 * Filters one channel of sixteen rows to bytes: 128 is added and the value clamped.
 * - a sample pair takes 64 bytes of the block: a word of each row
 * - of the first eight rows `rowsA` are stored from `dstA` on, of the others `rowsB` from `dstB`
 */
export function filterSamplesToBytes(record: FilterSamplesToBytes): void {
  const block = record.block;
  let offsets = record.offsets;
  let weights = record.weights;
  let dstA = record.dstA;
  let dstB = record.dstB;
  const width = record.width;
  const rowsA = record.rowsA;
  const rowsB = record.rowsB;
  const pairs = record.pairs;
  const strideA = record.strideA;
  const strideB = record.strideB;
  const transposed = record.transposed;
  const group = pairs << 4;
  const whole = rowsA === 8 && rowsB === 8;
  let x = 0;
  for (; x + 8 <= width && whole && !transposed; x += 8) {
    const middle = weights + group;
    const end = middle + group;
    const column0 = inline.always(filtered(block + load<i32>(offsets), weights, middle));
    const column1 = inline.always(filtered(block + load<i32>(offsets, 4), weights + 4, middle));
    const upper01 = v128.shuffle<u8>(column0, column1, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const lower01 = v128.shuffle<u8>(column0, column1, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    const column2 = inline.always(filtered(block + load<i32>(offsets, 8), weights + 8, middle));
    const column3 = inline.always(filtered(block + load<i32>(offsets, 12), weights + 12, middle));
    const upper23 = v128.shuffle<u8>(column2, column3, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const lower23 = v128.shuffle<u8>(column2, column3, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    const column4 = inline.always(filtered(block + load<i32>(offsets, 16), middle, end));
    const column5 = inline.always(filtered(block + load<i32>(offsets, 20), middle + 4, end));
    const upper45 = v128.shuffle<u8>(column4, column5, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const lower45 = v128.shuffle<u8>(column4, column5, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    const column6 = inline.always(filtered(block + load<i32>(offsets, 24), middle + 8, end));
    const column7 = inline.always(filtered(block + load<i32>(offsets, 28), middle + 12, end));
    const upper67 = v128.shuffle<u8>(column6, column7, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const lower67 = v128.shuffle<u8>(column6, column7, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    inline.always(storeEightRows(dstA, strideA, upper01, upper23, upper45, upper67));
    inline.always(storeEightRows(dstB, strideB, lower01, lower23, lower45, lower67));
    dstA += 8;
    dstB += 8;
    offsets += 32;
    weights = end;
  }
  const rightA = transposed ? strideA : 1;
  const rightB = transposed ? strideB : 1;
  for (; x < width; x++) {
    const place = x & 3;
    const end = weights + group;
    const column = inline.always(filtered(block + load<i32>(offsets), weights + (place << 2), end));
    if (whole && transposed) {
      v128.store64_lane(dstA, column, 0);
      v128.store64_lane(dstB, column, 1);
    } else {
      storeSamples(dstA, i64x2.extract_lane(column, 0), rowsA, transposed ? 1 : strideA);
      storeSamples(dstB, i64x2.extract_lane(column, 1), rowsB, transposed ? 1 : strideB);
    }
    dstA += rightA;
    dstB += rightB;
    offsets += 4;
    if (place === 3) weights = end;
  }
}

/** One output of sixteen rows: [8] row 0, row 1 … The weights lie 16 bytes apart. */
function filtered(from: usize, weights: usize, end: usize): v128 {
  let sum0 = i32x4.splat(OFFSET);
  let sum1 = i32x4.splat(OFFSET);
  let sum2 = i32x4.splat(OFFSET);
  let sum3 = i32x4.splat(OFFSET);
  for (; weights < end; weights += 16) {
    const weight = v128.load32_splat(weights);
    sum0 = i32x4.add(sum0, i32x4.dot_i16x8_s(v128.load(from), weight));
    sum1 = i32x4.add(sum1, i32x4.dot_i16x8_s(v128.load(from, 16), weight));
    sum2 = i32x4.add(sum2, i32x4.dot_i16x8_s(v128.load(from, 32), weight));
    sum3 = i32x4.add(sum3, i32x4.dot_i16x8_s(v128.load(from, 48), weight));
    from += 64;
  }
  const low = i16x8.narrow_i32x4_s(i32x4.shr_s(sum0, ALL_BITS), i32x4.shr_s(sum1, ALL_BITS));
  const high = i16x8.narrow_i32x4_s(i32x4.shr_s(sum2, ALL_BITS), i32x4.shr_s(sum3, ALL_BITS));
  return i8x16.narrow_i16x8_u(low, high);
}

/** Stores eight rows of eight outputs, given as [16] outputs 0 and 1 of row 0, of row 1 …, outputs 2 and 3 … */
function storeEightRows(dst: usize, stride: i32, both01: v128, both23: v128, both45: v128, both67: v128): void {
  const left0 = v128.shuffle<u16>(both01, both23, 0, 8, 1, 9, 2, 10, 3, 11); // [32] outputs 0 to 3 of row 0, of row 1 …
  const left4 = v128.shuffle<u16>(both01, both23, 4, 12, 5, 13, 6, 14, 7, 15);
  const right0 = v128.shuffle<u16>(both45, both67, 0, 8, 1, 9, 2, 10, 3, 11);
  const right4 = v128.shuffle<u16>(both45, both67, 4, 12, 5, 13, 6, 14, 7, 15);
  const rows01 = v128.shuffle<u32>(left0, right0, 0, 4, 1, 5);
  const rows23 = v128.shuffle<u32>(left0, right0, 2, 6, 3, 7);
  const rows45 = v128.shuffle<u32>(left4, right4, 0, 4, 1, 5);
  const rows67 = v128.shuffle<u32>(left4, right4, 2, 6, 3, 7);
  v128.store64_lane(dst, rows01, 0);
  v128.store64_lane(dst + stride, rows01, 1);
  const third = dst + (stride << 1);
  v128.store64_lane(third, rows23, 0);
  v128.store64_lane(third + stride, rows23, 1);
  const fifth = third + (stride << 1);
  v128.store64_lane(fifth, rows45, 0);
  v128.store64_lane(fifth + stride, rows45, 1);
  const seventh = fifth + (stride << 1);
  v128.store64_lane(seventh, rows67, 0);
  v128.store64_lane(seventh + stride, rows67, 1);
}

/** Stores the lowest `count` bytes, `step` bytes apart. */
function storeSamples(dst: usize, samples: i64, count: i32, step: i32): void {
  for (; count > 0; count--) {
    store<u8>(dst, samples);
    samples >>= 8;
    dst += step;
  }
}

/**
 * Filters red, green and blue to opaque pixels: 128 is added to each channel and the value clamped. It takes parameters
 * because the code that V8 makes of it is 4 % slower with a record.
 * - a pixel pair takes 48 bytes of the block: four words of each channel
 */
export function filterPixelsToBytes(
  block: usize,
  offsets: usize,
  weights: usize,
  dst: usize,
  width: i32,
  rows: i32,
  pairs: i32,
  dstStride: i32,
  transposed: bool,
): void {
  const opaque = i32x4.splat(255);
  const byPixels = i8x16(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
  for (let x = 0; x < width; x += 2) {
    let left = block + load<i32>(offsets);
    let right = block + load<i32>(offsets, 4);
    let red0 = i32x4.splat(OFFSET);
    let green0 = i32x4.splat(OFFSET);
    let blue0 = i32x4.splat(OFFSET);
    let red1 = i32x4.splat(OFFSET);
    let green1 = i32x4.splat(OFFSET);
    let blue1 = i32x4.splat(OFFSET);
    let at = weights;
    for (const end = at + (pairs << 4); at < end; at += 16) {
      const weight0 = v128.load32_splat(at);
      const weight1 = v128.load32_splat(at, 4);
      red0 = i32x4.add(red0, i32x4.dot_i16x8_s(v128.load(left), weight0));
      green0 = i32x4.add(green0, i32x4.dot_i16x8_s(v128.load(left, 16), weight0));
      blue0 = i32x4.add(blue0, i32x4.dot_i16x8_s(v128.load(left, 32), weight0));
      red1 = i32x4.add(red1, i32x4.dot_i16x8_s(v128.load(right), weight1));
      green1 = i32x4.add(green1, i32x4.dot_i16x8_s(v128.load(right, 16), weight1));
      blue1 = i32x4.add(blue1, i32x4.dot_i16x8_s(v128.load(right, 32), weight1));
      left += 48;
      right += 48;
    }
    const redGreen0 = i16x8.narrow_i32x4_s(i32x4.shr_s(red0, ALL_BITS), i32x4.shr_s(green0, ALL_BITS));
    const redGreen1 = i16x8.narrow_i32x4_s(i32x4.shr_s(red1, ALL_BITS), i32x4.shr_s(green1, ALL_BITS));
    const blueAlpha0 = i16x8.narrow_i32x4_s(i32x4.shr_s(blue0, ALL_BITS), opaque);
    const blueAlpha1 = i16x8.narrow_i32x4_s(i32x4.shr_s(blue1, ALL_BITS), opaque);
    // [8] r0 r1 r2 r3 g0 g1 … a3 to [8] r0 g0 b0 a0 r1 … a3: the pixels of four rows
    const pixels0 = i8x16.swizzle(i8x16.narrow_i16x8_u(redGreen0, blueAlpha0), byPixels);
    const pixels1 = i8x16.swizzle(i8x16.narrow_i16x8_u(redGreen1, blueAlpha1), byPixels);
    const both = x + 1 < width;
    if (transposed) {
      storeFirst(dst, pixels0, rows << 2);
      if (both) storeFirst(dst + dstStride, pixels1, rows << 2);
      dst += <usize>dstStride * 2;
    } else {
      const rows01 = v128.shuffle<u32>(pixels0, pixels1, 0, 4, 1, 5);
      const rows23 = v128.shuffle<u32>(pixels0, pixels1, 2, 6, 3, 7);
      if (both) {
        v128.store64_lane(dst, rows01, 0);
        if (rows > 1) v128.store64_lane(dst + dstStride, rows01, 1);
        if (rows > 2) v128.store64_lane(dst + dstStride * 2, rows23, 0);
        if (rows > 3) v128.store64_lane(dst + dstStride * 3, rows23, 1);
      } else {
        v128.store32_lane(dst, pixels0, 0);
        if (rows > 1) v128.store32_lane(dst + dstStride, pixels0, 1);
        if (rows > 2) v128.store32_lane(dst + dstStride * 2, pixels0, 2);
        if (rows > 3) v128.store32_lane(dst + dstStride * 3, pixels0, 3);
      }
      dst += 8;
    }
    offsets += 8;
    // The second half of a group lies beside the first; the next group follows after the last pair.
    weights = x & 2 ? at - 8 : weights + 8;
  }
}

/** Stores the first `bytes` (a multiple of 4, up to 16). */
function storeFirst(dst: usize, pixels: v128, bytes: i32): void {
  if (bytes === 16) {
    v128.store(dst, pixels);
    return;
  }
  v128.store32_lane(dst, pixels, 0);
  if (bytes > 4) v128.store32_lane(dst, pixels, 1, 4);
  if (bytes > 8) v128.store32_lane(dst, pixels, 2, 8);
}

/**
 * Filters four channels to rows of 16-bit pixels.
 * - a pixel pair takes 64 bytes of the block: four words of each channel
 * - `dst` has four rows, `dstStride` bytes apart, of 8 bytes for each pixel
 */
export function filterPixels(
  block: usize,
  offsets: usize,
  weights: usize,
  dst: usize,
  width: i32,
  pairs: i32,
  dstStride: i32,
): void {
  const half = i32x4.splat(1 << (BITS - 1));
  for (let x = 0; x < width; x++) {
    let from = block + load<i32>(offsets + (x << 2));
    let red = half;
    let green = half;
    let blue = half;
    let alpha = half;
    let at = weights;
    for (const end = at + (pairs << 4); at < end; at += 16) {
      const weight = v128.load32_splat(at);
      red = i32x4.add(red, i32x4.dot_i16x8_s(v128.load(from), weight));
      green = i32x4.add(green, i32x4.dot_i16x8_s(v128.load(from, 16), weight));
      blue = i32x4.add(blue, i32x4.dot_i16x8_s(v128.load(from, 32), weight));
      alpha = i32x4.add(alpha, i32x4.dot_i16x8_s(v128.load(from, 48), weight));
      from += 64;
    }
    const redGreen = i16x8.narrow_i32x4_s(i32x4.shr_s(red, BITS), i32x4.shr_s(green, BITS));
    const blueAlpha = i16x8.narrow_i32x4_s(i32x4.shr_s(blue, BITS), i32x4.shr_s(alpha, BITS));
    const redBlue = v128.shuffle<u16>(redGreen, blueAlpha, 0, 8, 1, 9, 2, 10, 3, 11); // [16] r0 b0 r1 b1 …
    const greenAlpha = v128.shuffle<u16>(redGreen, blueAlpha, 4, 12, 5, 13, 6, 14, 7, 15);
    const rows01 = v128.shuffle<u16>(redBlue, greenAlpha, 0, 8, 1, 9, 2, 10, 3, 11); // [16] r0 g0 b0 a0 r1 g1 b1 a1
    const rows23 = v128.shuffle<u16>(redBlue, greenAlpha, 4, 12, 5, 13, 6, 14, 7, 15);
    v128.store64_lane(dst, rows01, 0);
    v128.store64_lane(dst + dstStride, rows01, 1);
    v128.store64_lane(dst + dstStride * 2, rows23, 0);
    v128.store64_lane(dst + dstStride * 3, rows23, 1);
    dst += 8;
    weights = (x & 3) === 3 ? at - 12 : weights + 4;
  }
}
