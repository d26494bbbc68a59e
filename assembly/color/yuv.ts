/**
 * Camera planes to the YCbCr of JFIF and to RGB (ITU-T H.273, BT.601, BT.709). The constants come in as 2^14 fixed
 * point; worker/color/color.ts derives them.
 */

/** What {@link scaleSamples} takes. */
@unmanaged
class ScaleSamples {
  src: usize;
  dst: usize;
  width: i32;
  rows: i32;
  srcStride: usize;
  dstStride: usize;
  zero: i32;
  gain: i32;
  base: i32;
}

/**
 * Scales `width` × `rows` samples: clamp(((s - zero) · gain + 2^13 >> 14) + base), gain from 1 to below 2. Writes whole
 * vectors: `dst` rows need a multiple of 16.
 */
export function scaleSamples(record: ScaleSamples): void {
  let src = record.src;
  let dst = record.dst;
  const width = record.width;
  const rows = record.rows;
  const srcStride = record.srcStride;
  const dstStride = record.dstStride;
  const zero = record.zero;
  const gain = record.gain;
  const base = record.base;
  const zeros = i16x8.splat(<i16>zero);
  const bases = i16x8.splat(<i16>base);
  // The sample itself and, rounded, what the gain is above 1: x · gain = x · 2^14 + x · (gain - 2^14).
  const above = i16x8.splat(<i16>((gain - 16384) << 1));
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < width; x += 16) {
      const s = v128.load(src + <usize>x);
      const a = i16x8.sub(i16x8.extend_low_i8x16_u(s), zeros);
      const b = i16x8.sub(i16x8.extend_high_i8x16_u(s), zeros);
      const scaledA = i16x8.add(i16x8.add(a, bases), i16x8.q15mulr_sat_s(a, above));
      const scaledB = i16x8.add(i16x8.add(b, bases), i16x8.q15mulr_sat_s(b, above));
      v128.store(dst + <usize>x, i8x16.narrow_i16x8_u(scaledA, scaledB));
    }
    src += srcStride;
    dst += dstStride;
  }
}

function clampByte(value: i32): i32 {
  return value < 0 ? 0 : value > 255 ? 255 : value;
}

/**
 * BT.709 planes to BT.601, in place, full range, 4:2:0: `width` × `rows` luma samples, `width` a multiple of 16, `rows`
 * even. Chroma is decorrelated from luma by another matrix there, so luma takes a part of chroma, each sample from its
 * own 2 × 2 block.
 */
export function bt709ToBt601(
  y: usize,
  cb: usize,
  cr: usize,
  width: i32,
  rows: i32,
  yStride: usize,
  chromaStride: usize,
): void {
  const middle = i16x8.splat(128);
  // Pairs of factors for Cb and Cr, the first in the low half.
  const forLuma = i32x4.splat(1664 | (3213 << 16)); /* 0.101579, 0.196076 */
  const forCb = i32x4.splat(16218 | (-1813 << 16)); /* 0.989854, -0.110653 */
  const forCr = i32x4.splat((-1187 & 0xffff) | (16112 << 16)); /* -0.072453, 0.983398 */
  for (let row = 0; row < rows; row += 2) {
    for (let x = 0; x < width; x += 16) {
      const atCb = cb + <usize>(x >> 1);
      const atCr = cr + <usize>(x >> 1);
      const u = i16x8.sub(v128.load8x8_u(atCb), middle);
      const v = i16x8.sub(v128.load8x8_u(atCr), middle);
      const uv0 = v128.shuffle<u16>(u, v, 0, 8, 1, 9, 2, 10, 3, 11);
      const uv4 = v128.shuffle<u16>(u, v, 4, 12, 5, 13, 6, 14, 7, 15);
      const newCb = i16x8.add(weighted(uv0, uv4, forCb), middle);
      const newCr = i16x8.add(weighted(uv0, uv4, forCr), middle);
      const both = i8x16.narrow_i16x8_u(newCb, newCr);
      v128.store64_lane(atCb, both, 0);
      v128.store64_lane(atCr, both, 1);
      const more = weighted(uv0, uv4, forLuma);
      const more0 = v128.shuffle<u16>(more, more, 0, 0, 1, 1, 2, 2, 3, 3);
      const more8 = v128.shuffle<u16>(more, more, 4, 4, 5, 5, 6, 6, 7, 7);
      addToLuma(y + <usize>x, more0, more8);
      addToLuma(y + <usize>x + yStride, more0, more8);
    }
    y += yStride * 2;
    cb += chromaStride;
    cr += chromaStride;
  }
}

/** Eight pairs of samples by their factors of 14 bits, rounded. */
function weighted(pairs0: v128, pairs4: v128, factors: v128): v128 {
  const half = i32x4.splat(8192);
  const sums0 = i32x4.add(i32x4.dot_i16x8_s(pairs0, factors), half);
  const sums4 = i32x4.add(i32x4.dot_i16x8_s(pairs4, factors), half);
  return i16x8.narrow_i32x4_s(i32x4.shr_s(sums0, 14), i32x4.shr_s(sums4, 14));
}

/** Adds to sixteen samples of luma, clamped. */
function addToLuma(at: usize, more0: v128, more8: v128): void {
  const luma = v128.load(at);
  const a = i16x8.add(i16x8.extend_low_i8x16_u(luma), more0);
  const b = i16x8.add(i16x8.extend_high_i8x16_u(luma), more8);
  v128.store(at, i8x16.narrow_i16x8_u(a, b));
}

/** What {@link yuv420ToRgba} takes. */
@unmanaged
class Yuv420ToRgba {
  srcY: usize;
  srcU: usize;
  srcV: usize;
  dst: usize;
  width: i32;
  height: i32;
  yStride: usize;
  chromaStride: usize;
  chromaStep: i32;
  dstStride: usize;
  zero: i32;
  gain: i32;
  vr: i32;
  ug: i32;
  vg: i32;
  ub: i32;
}

/**
 * Planes of 4:2:0 to opaque RGBA: R = (Y - zero) · gain + V · vr, G = … - U · ug - V · vg, B = … + U · ub, chroma
 * repeated over its 2 × 2 block. `chromaStep` is 1 for planes of their own, 2 for interleaved ones.
 */
export function yuv420ToRgba(record: Yuv420ToRgba): void {
  let srcY = record.srcY;
  let srcU = record.srcU;
  let srcV = record.srcV;
  let dst = record.dst;
  const width = record.width;
  const height = record.height;
  const yStride = record.yStride;
  const chromaStride = record.chromaStride;
  const chromaStep = record.chromaStep;
  const dstStride = record.dstStride;
  const zero = record.zero;
  const gain = record.gain;
  const vr = record.vr;
  const ug = record.ug;
  const vg = record.vg;
  const ub = record.ub;
  const zeros = i16x8.splat(<i16>zero);
  const middle = i16x8.splat(128);
  const ones = i16x8.splat(1);
  // Pairs of factors, the first in the low half; 8192 rounds. `ub` may pass 2^15, so 2^14 of it is apart.
  const redFactors = i32x4.splat((gain & 0xffff) | (vr << 16));
  const greenFactors = i32x4.splat((gain & 0xffff) | (-ug << 16));
  const blueFactors = i32x4.splat((gain & 0xffff) | (16384 << 16));
  const lessV = i32x4.splat((-vg & 0xffff) | (8192 << 16));
  const moreU = i32x4.splat(((ub - 16384) & 0xffff) | (8192 << 16));
  const half = i32x4.splat(8192);
  const opaque = i16x8.splat(255);
  for (let y = 0; y < height; y++) {
    let x = 0;
    for (; x + 8 <= width; x += 8) {
      const at = <usize>((x >> 1) * chromaStep);
      const luma = i16x8.sub(v128.load8x8_u(srcY + <usize>x), zeros);
      const u = i16x8.sub(repeated(srcU + at, chromaStep), middle); // [16] u0 u0 u1 u1 …
      const v = i16x8.sub(repeated(srcV + at, chromaStep), middle);
      const lumaU0 = v128.shuffle<u16>(luma, u, 0, 8, 1, 9, 2, 10, 3, 11);
      const lumaU4 = v128.shuffle<u16>(luma, u, 4, 12, 5, 13, 6, 14, 7, 15);
      const lumaV0 = v128.shuffle<u16>(luma, v, 0, 8, 1, 9, 2, 10, 3, 11);
      const lumaV4 = v128.shuffle<u16>(luma, v, 4, 12, 5, 13, 6, 14, 7, 15);
      const justU0 = v128.shuffle<u16>(u, ones, 0, 8, 1, 9, 2, 10, 3, 11);
      const justU4 = v128.shuffle<u16>(u, ones, 4, 12, 5, 13, 6, 14, 7, 15);
      const justV0 = v128.shuffle<u16>(v, ones, 0, 8, 1, 9, 2, 10, 3, 11);
      const justV4 = v128.shuffle<u16>(v, ones, 4, 12, 5, 13, 6, 14, 7, 15);
      const red0 = i32x4.add(i32x4.dot_i16x8_s(lumaV0, redFactors), half);
      const red4 = i32x4.add(i32x4.dot_i16x8_s(lumaV4, redFactors), half);
      const green0 = i32x4.add(i32x4.dot_i16x8_s(lumaU0, greenFactors), i32x4.dot_i16x8_s(justV0, lessV));
      const green4 = i32x4.add(i32x4.dot_i16x8_s(lumaU4, greenFactors), i32x4.dot_i16x8_s(justV4, lessV));
      const blue0 = i32x4.add(i32x4.dot_i16x8_s(lumaU0, blueFactors), i32x4.dot_i16x8_s(justU0, moreU));
      const blue4 = i32x4.add(i32x4.dot_i16x8_s(lumaU4, blueFactors), i32x4.dot_i16x8_s(justU4, moreU));
      const red = i16x8.narrow_i32x4_s(i32x4.shr_s(red0, 14), i32x4.shr_s(red4, 14));
      const green = i16x8.narrow_i32x4_s(i32x4.shr_s(green0, 14), i32x4.shr_s(green4, 14));
      const blue = i16x8.narrow_i32x4_s(i32x4.shr_s(blue0, 14), i32x4.shr_s(blue4, 14));
      const redBlue = i8x16.narrow_i16x8_u(red, blue);
      const greenAlpha = i8x16.narrow_i16x8_u(green, opaque);
      // [8] r0 g0 r1 g1 … and b0 255 b1 255 …
      const redGreen = v128.shuffle<u8>(redBlue, greenAlpha, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
      const blueAlpha = v128.shuffle<u8>(
        redBlue,
        greenAlpha,
        8,
        24,
        9,
        25,
        10,
        26,
        11,
        27,
        12,
        28,
        13,
        29,
        14,
        30,
        15,
        31,
      );
      const p = dst + <usize>(x << 2);
      v128.store(p, v128.shuffle<u16>(redGreen, blueAlpha, 0, 8, 1, 9, 2, 10, 3, 11));
      v128.store(p, v128.shuffle<u16>(redGreen, blueAlpha, 4, 12, 5, 13, 6, 14, 7, 15), 16);
    }
    for (; x < width; x++) {
      const at = <usize>((x >> 1) * chromaStep);
      const u = <i32>load<u8>(srcU + at) - 128;
      const v = <i32>load<u8>(srcV + at) - 128;
      const luma = (<i32>load<u8>(srcY + <usize>x) - zero) * gain + 8192;
      const p = dst + <usize>(x << 2);
      store<u8>(p, clampByte((luma + v * vr) >> 14));
      store<u8>(p, clampByte((luma - u * ug - v * vg) >> 14), 1);
      store<u8>(p, clampByte((luma + u * ub) >> 14), 2);
      store<u8>(p, 255, 3);
    }
    srcY += yStride;
    if (y & 1) {
      srcU += chromaStride;
      srcV += chromaStride;
    }
    dst += dstStride;
  }
}

/** Four samples, `step` (1 or 2) bytes apart, each twice, widened to 16 bits. */
function repeated(src: usize, step: i32): v128 {
  if (step === 2) {
    return i8x16.swizzle(v128.load64_zero(src), i8x16(0, -1, 0, -1, 2, -1, 2, -1, 4, -1, 4, -1, 6, -1, 6, -1));
  }
  return i8x16.swizzle(v128.load32_zero(src), i8x16(0, -1, 0, -1, 1, -1, 1, -1, 2, -1, 2, -1, 3, -1, 3, -1));
}
