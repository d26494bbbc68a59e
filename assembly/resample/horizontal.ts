/**
 * The horizontal filter on blocks of four rows that the vertical filter made: every output is the weighted sum of `pairs`
 * sample pairs, for all four rows at once.
 *
 * Outputs come in groups of four. `offsets` holds for each output the byte offset of its first sample pair from `block`;
 * `weights` holds for each group, pair by pair, four words, one for each output, with the weights of the pair's two
 * samples, the left one in the low half. Both are padded to whole groups. Sums wrap modulo 2^32, so only the total has to
 * fit; it is rounded.
 *
 * What becomes bytes can be stored transposed: `rows` (1 to 4) columns of `width` outputs.
 */

/** Fraction bits of the weights. */
const BITS: i32 = 14;

/** Fraction bits of the weights and of the samples. */
const ALL_BITS: i32 = 21;

/** The 128 that was taken from every sample, and a half for rounding. */
const OFFSET: i32 = (128 << ALL_BITS) + (1 << (ALL_BITS - 1));

/**
 * Filters one channel to bytes: 128 is added and the value clamped.
 * - a sample pair takes 16 bytes of the block
 */
export function filterSamplesToBytes(
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
  const group = pairs << 4;
  let x = 0;
  for (; x + 16 <= width && rows === 4 && !transposed; x += 16) {
    const byRows = i8x16(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
    const tile0 = i8x16.swizzle(fourSamples(block, offsets, weights, pairs), byRows);
    const tile1 = i8x16.swizzle(fourSamples(block, offsets + 16, weights + group, pairs), byRows);
    const tile2 = i8x16.swizzle(fourSamples(block, offsets + 32, weights + group * 2, pairs), byRows);
    const tile3 = i8x16.swizzle(fourSamples(block, offsets + 48, weights + group * 3, pairs), byRows);
    const low01 = v128.shuffle<u32>(tile0, tile1, 0, 4, 1, 5); // [32] row 0 of tiles 0 and 1, row 1 of both
    const high01 = v128.shuffle<u32>(tile0, tile1, 2, 6, 3, 7);
    const low23 = v128.shuffle<u32>(tile2, tile3, 0, 4, 1, 5);
    const high23 = v128.shuffle<u32>(tile2, tile3, 2, 6, 3, 7);
    v128.store(dst, v128.shuffle<u64>(low01, low23, 0, 2));
    v128.store(dst + dstStride, v128.shuffle<u64>(low01, low23, 1, 3));
    v128.store(dst + dstStride * 2, v128.shuffle<u64>(high01, high23, 0, 2));
    v128.store(dst + dstStride * 3, v128.shuffle<u64>(high01, high23, 1, 3));
    dst += 16;
    offsets += 64;
    weights += group * 4;
  }
  const right = transposed ? dstStride : 1;
  const down = transposed ? 1 : dstStride;
  for (; x < width; x += 4) {
    let tile = fourSamples(block, offsets, weights, pairs);
    for (let i = min(width - x, 4); i > 0; i--) {
      let samples = i32x4.extract_lane(tile, 0);
      for (let row = 0; row < rows; row++) {
        store<u8>(dst + row * down, samples);
        samples >>= 8;
      }
      tile = v128.shuffle<u32>(tile, tile, 1, 2, 3, 0);
      dst += right;
    }
    offsets += 16;
    weights += group;
  }
}

/** A group of four outputs: [8] four rows of output 0, of output 1 … */
function fourSamples(block: usize, offsets: usize, weights: usize, pairs: i32): v128 {
  let from0 = block + load<i32>(offsets);
  let from1 = block + load<i32>(offsets, 4);
  let from2 = block + load<i32>(offsets, 8);
  let from3 = block + load<i32>(offsets, 12);
  let sum0 = i32x4.splat(OFFSET);
  let sum1 = i32x4.splat(OFFSET);
  let sum2 = i32x4.splat(OFFSET);
  let sum3 = i32x4.splat(OFFSET);
  for (const end = weights + (pairs << 4); weights < end; weights += 16) {
    sum0 = i32x4.add(sum0, i32x4.dot_i16x8_s(v128.load(from0), v128.load32_splat(weights)));
    sum1 = i32x4.add(sum1, i32x4.dot_i16x8_s(v128.load(from1), v128.load32_splat(weights, 4)));
    sum2 = i32x4.add(sum2, i32x4.dot_i16x8_s(v128.load(from2), v128.load32_splat(weights, 8)));
    sum3 = i32x4.add(sum3, i32x4.dot_i16x8_s(v128.load(from3), v128.load32_splat(weights, 12)));
    from0 += 16;
    from1 += 16;
    from2 += 16;
    from3 += 16;
  }
  const low = i16x8.narrow_i32x4_s(i32x4.shr_s(sum0, ALL_BITS), i32x4.shr_s(sum1, ALL_BITS));
  const high = i16x8.narrow_i32x4_s(i32x4.shr_s(sum2, ALL_BITS), i32x4.shr_s(sum3, ALL_BITS));
  return i8x16.narrow_i16x8_u(low, high);
}

/**
 * Filters red, green and blue to opaque pixels: 128 is added to each channel and the value clamped.
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
