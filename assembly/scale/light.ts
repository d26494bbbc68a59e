/**
 * sRGB pixels with straight alpha to premultiplied light and back, through tables that the caller computed.
 *
 * White light is 32640 = 255 × 128 and opaque alpha is as much. Values are centred: 16384 is subtracted.
 */

const WHITE: i32 = 32640;
const CENTRE: i32 = 16384;

/**
 * Turns a row of pixels into pixel pairs of light, `[16] r0 r1 g0 g1 b0 b1 a0 a1`.
 * - `dst` holds 8 bytes for each pixel, rounded up to 2 pixels
 * - `light` holds the light of each of the 256 codes, 16 bits each
 * - `mask` is or-ed to every pixel first
 */
export function linearizePixels(row: usize, dst: usize, width: i32, light: usize, mask: i32): void {
  for (let x = 0; x < width; x++) {
    const pixel = load<i32>(row + (x << 2)) | mask;
    const alpha = pixel >>> 24;
    const to = dst + ((x >> 1) << 4) + ((x & 1) << 1);
    store<i16>(to, premultiplied(load<u16>(light + ((pixel & 255) << 1)), alpha));
    store<i16>(to, premultiplied(load<u16>(light + (((pixel >> 8) & 255) << 1)), alpha), 4);
    store<i16>(to, premultiplied(load<u16>(light + (((pixel >> 16) & 255) << 1)), alpha), 8);
    store<i16>(to, (alpha << 7) - CENTRE, 12);
  }
}

function premultiplied(light: u32, alpha: u32): i32 {
  return <i32>((light * alpha + 127) / 255) - CENTRE;
}

/**
 * Turns filtered light back to straight 8-bit pixels, `step` bytes apart. A pixel whose alpha rounds to zero becomes
 * transparent black.
 * - `codes` holds the code of each light from 0 to white
 */
export function delinearizePixels(src: usize, dst: usize, width: i32, step: i32, codes: usize): void {
  for (let x = 0; x < width; x++) {
    const alpha = <i32>load<i16>(src, 6) + CENTRE;
    const alpha8 = min((alpha + 64) >> 7, 255);
    if (alpha8 <= 0) {
      store<u32>(dst, 0);
    } else {
      store<u8>(dst, load<u8>(codes + straight(<i32>load<i16>(src) + CENTRE, alpha)));
      store<u8>(dst, load<u8>(codes + straight(<i32>load<i16>(src, 2) + CENTRE, alpha)), 1);
      store<u8>(dst, load<u8>(codes + straight(<i32>load<i16>(src, 4) + CENTRE, alpha)), 2);
      store<u8>(dst, alpha8, 3);
    }
    src += 8;
    dst += step;
  }
}

/** White × light / alpha, rounded, from 0 to white. */
function straight(light: i32, alpha: i32): i32 {
  if (light <= 0) return 0;
  const value = alpha === WHITE ? light : <i32>((<u32>light * WHITE + ((<u32>alpha) >> 1)) / <u32>alpha);
  return min(value, WHITE);
}
