/** Half-size pictures. */

/** Halves four-channel pixels by the mean of 2 × 2: `width` × `height` results. Strides in bytes. */
export function halvePixels(src: usize, dst: usize, width: i32, height: i32, srcStride: usize, dstStride: usize): void {
  const two = i16x8.splat(2);
  for (let y = 0; y < height; y++) {
    const below = src + srcStride;
    let x = 0;
    for (; x + 2 <= width; x += 2) {
      const a = v128.load(src + <usize>(x << 3)); // [8] r0 g0 b0 a0 r1 … a3
      const b = v128.load(below + <usize>(x << 3));
      const left = i16x8.add(i16x8.extend_low_i8x16_u(a), i16x8.extend_low_i8x16_u(b));
      const right = i16x8.add(i16x8.extend_high_i8x16_u(a), i16x8.extend_high_i8x16_u(b));
      const even = v128.shuffle<i64>(left, right, 0, 2); // [16] pixels 0 and 2
      const odd = v128.shuffle<i64>(left, right, 1, 3);
      const mean = i16x8.shr_u(i16x8.add(i16x8.add(even, odd), two), 2);
      v128.store64_lane(dst + <usize>(x << 2), i8x16.narrow_i16x8_u(mean, mean), 0);
    }
    for (; x < width; x++) {
      for (let c: usize = 0; c < 4; c++) {
        const p = src + <usize>(x << 3) + c;
        const q = below + <usize>(x << 3) + c;
        const sum = <i32>load<u8>(p) + <i32>load<u8>(p, 4) + <i32>load<u8>(q) + <i32>load<u8>(q, 4);
        store<u8>(dst + <usize>(x << 2) + c, (sum + 2) >> 2);
      }
    }
    src += srcStride * 2;
    dst += dstStride;
  }
}
