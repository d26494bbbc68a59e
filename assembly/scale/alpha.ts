/**
 * Straight alpha to premultiplied rows and back, so that the colour of transparent pixels weighs nothing.
 *
 * A premultiplied channel is c × a (a × 255 for alpha itself) halved, rounded and centred: a scale of 127.5 for each
 * level, which with centring leaves room for overshoot in 16 bits.
 */

/** Half of 255 × 255 halved, rounded up: what centres a premultiplied channel. */
const CENTRE: i32 = 16384;

/**
 * Premultiplies a row of pixels into pixel pairs.
 * - `dst` holds 8 bytes for each pixel, rounded up to 4 pixels
 */
export function premultiplyPixels(row: usize, dst: usize, width: i32): void {
  const one = i32x4.splat(0xff000000);
  const zero = i32x4.splat(0);
  const centre = i16x8.splat(<i16>CENTRE);
  for (let x = 0; x < width; x += 4) {
    const pixels = v128.load(row + (x << 2));
    // [8] a0 a0 a0 255 a1 a1 a1 255 …
    const alphas = v128.or(
      v128.shuffle<u8>(pixels, pixels, 3, 3, 3, 3, 7, 7, 7, 7, 11, 11, 11, 11, 15, 15, 15, 15),
      one,
    );
    const low = premultiplied(i16x8.extmul_low_i8x16_u(pixels, alphas), zero, centre); // [16] r0 g0 b0 a0 r1 g1 b1 a1
    const high = premultiplied(i16x8.extmul_high_i8x16_u(pixels, alphas), zero, centre);
    v128.store(dst, v128.shuffle<u16>(low, low, 0, 4, 1, 5, 2, 6, 3, 7)); // [16] r0 r1 g0 g1 b0 b1 a0 a1
    v128.store(dst, v128.shuffle<u16>(high, high, 0, 4, 1, 5, 2, 6, 3, 7), 16);
    dst += 32;
  }
}

function premultiplied(product: v128, zero: v128, centre: v128): v128 {
  return i16x8.sub(i16x8.avgr_u(product, zero), centre);
}

/**
 * Makes a row pair of two 16-bit rows.
 * - `dst` holds 4 bytes for each of the `count` samples, rounded up to 8 samples
 */
export function pairWideRows(rowA: usize, rowB: usize, dst: usize, count: i32): void {
  for (let i = 0; i < count; i += 8) {
    const a = v128.load(rowA + (i << 1));
    const b = v128.load(rowB + (i << 1));
    v128.store(dst, v128.shuffle<u16>(a, b, 0, 8, 1, 9, 2, 10, 3, 11)); // [16] a0 b0 a1 b1 a2 b2 a3 b3
    v128.store(dst, v128.shuffle<u16>(a, b, 4, 12, 5, 13, 6, 14, 7, 15), 16);
    dst += 32;
  }
}

/**
 * Turns filtered premultiplied pixels to straight 8-bit ones, `step` bytes apart. A pixel whose alpha rounds to zero
 * becomes transparent black.
 */
export function unpremultiplyPixels(src: usize, dst: usize, width: i32, step: i32): void {
  for (let x = 0; x < width; x++) {
    const alpha = <i32>load<i16>(src, 6) + CENTRE;
    const alpha8 = clamped((alpha * 2 + 127) / 255);
    if (alpha8 === 0) {
      store<u32>(dst, 0);
    } else {
      store<u8>(dst, straight(<i32>load<i16>(src) + CENTRE, alpha));
      store<u8>(dst, straight(<i32>load<i16>(src, 2) + CENTRE, alpha), 1);
      store<u8>(dst, straight(<i32>load<i16>(src, 4) + CENTRE, alpha), 2);
      store<u8>(dst, alpha8, 3);
    }
    src += 8;
    dst += step;
  }
}

/** 255 × colour / alpha, rounded. */
function straight(colour: i32, alpha: i32): i32 {
  return colour <= 0 ? 0 : clamped((colour * 510 + alpha) / (alpha * 2));
}

function clamped(value: i32): i32 {
  return value < 0 ? 0 : value > 255 ? 255 : value;
}
