/**
 * The energy of the Laplacian, a measure of focus: the sum of the squares of 4 c - n - s - w - e over the inner pixels
 * of a plane. Blur of any kind takes the highest frequencies first, and with them this.
 */

/**
 * Vectors after which 32-bit sums are emptied: each adds at most 4 · 1020² to a lane, and 512 of them stay below 2^31.
 */
const VECTORS: i32 = 512;

/** Squares of the Laplacian at eight pixels, added in pairs. */
function squares8(c: v128, n: v128, s: v128, w: v128, e: v128): v128 {
  const around = i16x8.add(i16x8.add(n, s), i16x8.add(w, e));
  const laplacian = i16x8.sub(i16x8.shl(c, 2), around);
  return i32x4.dot_i16x8_s(laplacian, laplacian);
}

/**
 * Adds the energy of the 8-bit plane at `src` to the 64-bit word at `sum`. Inner pixels alone count: planes of less
 * than three rows or columns have none. `stride` in bytes. Reads nothing past the last pixel.
 */
export function laplacianEnergy(src: usize, sum: usize, width: i32, height: i32, stride: usize): void {
  let energy = load<u64>(sum);
  for (let y = 1; y < height - 1; y++) {
    src += stride;
    let x = 1;
    while (x + 16 < width) {
      let sums = i32x4.splat(0);
      for (let left = VECTORS; left > 0 && x + 16 < width; left--) {
        const p = src + <usize>x;
        const c = v128.load(p);
        const n = v128.load(p - stride);
        const s = v128.load(p + stride);
        const w = v128.load(p - 1);
        const e = v128.load(p + 1);
        const low = squares8(
          i16x8.extend_low_i8x16_u(c),
          i16x8.extend_low_i8x16_u(n),
          i16x8.extend_low_i8x16_u(s),
          i16x8.extend_low_i8x16_u(w),
          i16x8.extend_low_i8x16_u(e),
        );
        const high = squares8(
          i16x8.extend_high_i8x16_u(c),
          i16x8.extend_high_i8x16_u(n),
          i16x8.extend_high_i8x16_u(s),
          i16x8.extend_high_i8x16_u(w),
          i16x8.extend_high_i8x16_u(e),
        );
        sums = i32x4.add(sums, i32x4.add(low, high));
        x += 16;
      }
      const wide = i64x2.add(i64x2.extend_low_i32x4_u(sums), i64x2.extend_high_i32x4_u(sums));
      energy += i64x2.extract_lane(wide, 0) + i64x2.extract_lane(wide, 1);
    }
    for (; x < width - 1; x++) {
      const p = src + <usize>x;
      const around = <i32>load<u8>(p - stride) + <i32>load<u8>(p + stride) + <i32>load<u8>(p - 1) + <i32>load<u8>(p, 1);
      const laplacian = 4 * <i32>load<u8>(p) - around;
      energy += <u64>(laplacian * laplacian);
    }
  }
  store<u64>(sum, energy);
}
