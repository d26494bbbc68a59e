/** Half-size pictures. */

/** Halves four-channel pixels by the mean of 2 × 2: `width` × `height` results, at least 2 × 1. Strides in bytes. */
export function halvePixels(src: usize, dst: usize, width: i32, height: i32, srcStride: usize, dstStride: usize): void {
  const two = i16x8.splat(2);
  for (let y = 0; y < height; y++) {
    const below = src + srcStride;
    for (let x = 0; x < width; x += 2) {
      // The last step begins where two are left, and does one of them again.
      if (x > width - 2) x = width - 2;
      const a = v128.load(src + <usize>(x << 3)); // [8] r0 g0 b0 a0 r1 … a3
      const b = v128.load(below + <usize>(x << 3));
      const left = i16x8.add(i16x8.extend_low_i8x16_u(a), i16x8.extend_low_i8x16_u(b));
      const right = i16x8.add(i16x8.extend_high_i8x16_u(a), i16x8.extend_high_i8x16_u(b));
      const even = v128.shuffle<i64>(left, right, 0, 2); // [16] pixels 0 and 2
      const odd = v128.shuffle<i64>(left, right, 1, 3);
      const mean = i16x8.shr_u(i16x8.add(i16x8.add(even, odd), two), 2);
      v128.store64_lane(dst + <usize>(x << 2), i8x16.narrow_i16x8_u(mean, mean), 0);
    }
    src += srcStride * 2;
    dst += dstStride;
  }
}
