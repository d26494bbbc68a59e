/** Rearranging chroma planes. */

/**
 * Splits interleaved chroma (the UV plane of NV12) into two planes.
 * - `width` counts pairs; strides in bytes
 */
export function deinterleaveUv(
  src: usize,
  dstU: usize,
  dstV: usize,
  width: i32,
  height: i32,
  srcStride: i32,
  dstStride: i32,
): void {
  for (let y = 0; y < height; y++) {
    let x = 0;
    for (; x + 16 <= width; x += 16) {
      const a = v128.load(src + (x << 1)); // [8] u0 v0 u1 v1 … u7 v7
      const b = v128.load(src + (x << 1), 16);
      v128.store(dstU + x, v128.shuffle<u8>(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30));
      v128.store(dstV + x, v128.shuffle<u8>(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31));
    }
    for (; x < width; x++) {
      store<u8>(dstU + x, load<u8>(src + (x << 1)));
      store<u8>(dstV + x, load<u8>(src + (x << 1), 1));
    }
    src += srcStride;
    dstU += dstStride;
    dstV += dstStride;
  }
}
