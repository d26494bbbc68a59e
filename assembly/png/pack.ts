/** Rows of four-channel pixels into the byte order of PNG (PNG third edition, clause 7.2): RGB or RGBA. */

/**
 * RGBA or RGBX pixels to RGB.
 * - `src` has `height` rows of `4 * width` bytes, `dst` takes rows of `3 * width` bytes; strides in bytes
 */
export function rgbaToRgb(src: usize, dst: usize, width: i32, height: i32, srcStride: i32, dstStride: i32): void {
  for (let y = 0; y < height; y++) {
    let from = src;
    let to = dst;
    let left = width;
    for (; left >= 16; left -= 16) {
      const p = v128.load(from); // [8] r0 g0 b0 a0 r1 g1 b1 a1 … r3 g3 b3 a3
      const q = v128.load(from, 16);
      const r = v128.load(from, 32);
      const s = v128.load(from, 48);
      v128.store(to, v128.shuffle<u8>(p, q, 0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 16, 17, 18, 20)); // … r4 g4 b4 r5
      v128.store(to, v128.shuffle<u8>(q, r, 5, 6, 8, 9, 10, 12, 13, 14, 16, 17, 18, 20, 21, 22, 24, 25), 16); // g5 … g10
      v128.store(to, v128.shuffle<u8>(r, s, 10, 12, 13, 14, 16, 17, 18, 20, 21, 22, 24, 25, 26, 28, 29, 30), 32); // b10 …
      from += 64;
      to += 48;
    }
    for (; left > 0; left--) {
      store<u8>(to, load<u8>(from));
      store<u8>(to, load<u8>(from, 1), 1);
      store<u8>(to, load<u8>(from, 2), 2);
      from += 4;
      to += 3;
    }
    src += srcStride;
    dst += dstStride;
  }
}

/**
 * BGRA or BGRX pixels to RGB.
 * - `src` has `height` rows of `4 * width` bytes, `dst` takes rows of `3 * width` bytes; strides in bytes
 */
export function bgraToRgb(src: usize, dst: usize, width: i32, height: i32, srcStride: i32, dstStride: i32): void {
  for (let y = 0; y < height; y++) {
    let from = src;
    let to = dst;
    let left = width;
    for (; left >= 16; left -= 16) {
      const p = v128.load(from); // [8] b0 g0 r0 a0 b1 g1 r1 a1 … b3 g3 r3 a3
      const q = v128.load(from, 16);
      const r = v128.load(from, 32);
      const s = v128.load(from, 48);
      v128.store(to, v128.shuffle<u8>(p, q, 2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, 18, 17, 16, 22)); // … r4 g4 b4 r5
      v128.store(to, v128.shuffle<u8>(q, r, 5, 4, 10, 9, 8, 14, 13, 12, 18, 17, 16, 22, 21, 20, 26, 25), 16); // g5 … g10
      v128.store(to, v128.shuffle<u8>(r, s, 8, 14, 13, 12, 18, 17, 16, 22, 21, 20, 26, 25, 24, 30, 29, 28), 32); // b10 …
      from += 64;
      to += 48;
    }
    for (; left > 0; left--) {
      store<u8>(to, load<u8>(from, 2));
      store<u8>(to, load<u8>(from, 1), 1);
      store<u8>(to, load<u8>(from), 2);
      from += 4;
      to += 3;
    }
    src += srcStride;
    dst += dstStride;
  }
}

/**
 * BGRA pixels to RGBA.
 * - `src` has `height` rows of `4 * width` bytes, `dst` takes as much; strides in bytes
 */
export function bgraToRgba(src: usize, dst: usize, width: i32, height: i32, srcStride: i32, dstStride: i32): void {
  for (let y = 0; y < height; y++) {
    let x = 0;
    for (; x + 4 <= width; x += 4) {
      const p = v128.load(src + (x << 2)); // [8] b0 g0 r0 a0 …
      v128.store(dst + (x << 2), v128.shuffle<u8>(p, p, 2, 1, 0, 3, 6, 5, 4, 7, 10, 9, 8, 11, 14, 13, 12, 15));
    }
    for (; x < width; x++) {
      const p = load<u32>(src + (x << 2));
      store<u32>(dst + (x << 2), (p & 0xff00ff00) | ((p >> 16) & 0xff) | ((p & 0xff) << 16));
    }
    src += srcStride;
    dst += dstStride;
  }
}

/**
 * Rows as they are, to another stride.
 * - `src` has `height` rows of `rowBytes` bytes, `dst` takes as much; strides in bytes
 */
export function copyRows(src: usize, dst: usize, rowBytes: i32, height: i32, srcStride: i32, dstStride: i32): void {
  for (let y = 0; y < height; y++) {
    memory.copy(dst, src, rowBytes);
    src += srcStride;
    dst += dstStride;
  }
}
