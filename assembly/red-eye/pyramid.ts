/** Half-size pictures, so that a picture that is turned or mirrored is halved to the same pixels. */

/**
 * Halves four-channel pixels: `width` × `height` results, at least 2 × 1. Along an even side the mean of two, along an
 * odd one – `oddX`, `oddY`: 1 where the source has a column or row more than twice as many – of three that overlap,
 * weighted 1 : 2 : 1. Strides in bytes.
 */
export function halvePixels(
  src: usize,
  dst: usize,
  width: i32,
  height: i32,
  srcStride: usize,
  dstStride: usize,
  oddX: i32,
  oddY: i32,
): void {
  const eight = i16x8.splat(8);
  const third = <usize>(oddY << 1) * srcStride; // of two rows the first once more
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x += 2) {
      // The last step begins where two are left, and does one of them again.
      if (x > width - 2) x = width - 2;
      const p = src + <usize>(x << 3);
      const a = v128.load(p); // [8] r0 g0 b0 a0 r1 … a3
      const b = v128.load(p + srcStride);
      const c = v128.load(p + third);
      const left = weigh(i16x8.extend_low_i8x16_u(a), i16x8.extend_low_i8x16_u(b), i16x8.extend_low_i8x16_u(c));
      const right = weigh(i16x8.extend_high_i8x16_u(a), i16x8.extend_high_i8x16_u(b), i16x8.extend_high_i8x16_u(c));
      const even = v128.shuffle<i64>(left, right, 0, 2); // [16] pixels 0 and 2
      const odd = v128.shuffle<i64>(left, right, 1, 3);
      let next = even;
      if (oddX) {
        const beyond = weigh(pixel(p + 16), pixel(p + 16 + srcStride), pixel(p + 16 + third));
        next = v128.shuffle<i64>(right, beyond, 0, 2); // pixels 2 and 4
      }
      const mean = i16x8.shr_u(i16x8.add(weigh(even, odd, next), eight), 4);
      v128.store64_lane(dst + <usize>(x << 2), i8x16.narrow_i16x8_u(mean, mean), 0);
    }
    src += srcStride * 2;
    dst += dstStride;
  }
}

function weigh(a: v128, b: v128, c: v128): v128 {
  return i16x8.add(i16x8.add(a, b), i16x8.add(b, c));
}

/** A pixel's bytes in i16 lanes. */
function pixel(p: usize): v128 {
  return i16x8.extend_low_i8x16_u(v128.load32_zero(p));
}
