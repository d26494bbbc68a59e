/**
 * RGB to the YCbCr of JFIF: BT.601 coefficients, full range (T.871 clause 7), fixed point with 15 bits, one rounding.
 *
 * A pixel is read as two pairs of 16-bit lanes: even bytes (R, B) and odd bytes (G, A), so that a multiplication and an
 * addition of both halves is one `dot`. `blueFirst` swaps R and B.
 */

const R_Y = 9798; /* 0.299 · 2^15 */
const G_Y = 19235; /* 0.587 */
const B_Y = 3735; /* 0.114, so that the three sum to 2^15 */
const R_CB = -5529; /* -0.168736 */
const G_CB = -10855; /* -0.331264 */
const HALF = 16384; /* 0.5 */
const G_CR = -13720; /* -0.418688 */
const B_CR = -2664; /* -0.081312 */

/** The pair of coefficients for (R, B) lanes, or for (B, R) lanes. */
function pair(r: i32, b: i32, blueFirst: i32): v128 {
  return i32x4.splat(blueFirst ? (b & 0xffff) | (r << 16) : (r & 0xffff) | (b << 16));
}

/**
 * Luma of `rows` rows of `width` pixels (a multiple of 16) at `src`, written to `dst`. Strides in bytes. Returns 1 when
 * the fourth channel is 255 everywhere.
 */
export function rgbaToLuma(
  src: usize,
  dst: usize,
  width: i32,
  rows: i32,
  srcStride: usize,
  dstStride: usize,
  blueFirst: i32,
): i32 {
  const rb = pair(R_Y, B_Y, blueFirst);
  const g = i32x4.splat(G_Y);
  const bytes = i16x8.splat(0xff);
  const half = i32x4.splat(HALF);
  let all = i8x16.splat(-1);
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < width; x += 16) {
      const p = src + <usize>(x << 2);
      const a = v128.load(p);
      const b = v128.load(p, 16);
      const c = v128.load(p, 32);
      const d = v128.load(p, 48);
      all = v128.and(all, v128.and(v128.and(a, b), v128.and(c, d)));
      const ab = i16x8.narrow_i32x4_s(
        luma4(v128.and(a, bytes), i16x8.shr_u(a, 8), rb, g, half),
        luma4(v128.and(b, bytes), i16x8.shr_u(b, 8), rb, g, half),
      );
      const cd = i16x8.narrow_i32x4_s(
        luma4(v128.and(c, bytes), i16x8.shr_u(c, 8), rb, g, half),
        luma4(v128.and(d, bytes), i16x8.shr_u(d, 8), rb, g, half),
      );
      v128.store(dst + <usize>x, i8x16.narrow_i16x8_u(ab, cd));
    }
    src += srcStride;
    dst += dstStride;
  }
  return isOpaqueAnd(all);
}

/** Whether the bitwise AND of pixels has 255 in the fourth channel of all lanes. */
function isOpaqueAnd(all: v128): i32 {
  return i32x4.all_true(i32x4.ge_u(all, i32x4.splat(0xff000000))) ? 1 : 0;
}

/** Luma of four pixels in 32-bit lanes, from their (R, B) and (G, A) pairs. */
function luma4(even: v128, odd: v128, rb: v128, g: v128, half: v128): v128 {
  return i32x4.shr_u(i32x4.add(i32x4.add(i32x4.dot_i16x8_s(even, rb), i32x4.dot_i16x8_s(odd, g)), half), 15);
}

/** (R, B) or (G, A) sums over pairs of neighbours: four results from eight pixels. */
function addPairs(a: v128, b: v128): v128 {
  return i16x8.add(v128.shuffle<i32>(a, b, 0, 2, 4, 6), v128.shuffle<i32>(a, b, 1, 3, 5, 7));
}

/** Four chroma values in 32-bit lanes of (R, B) and (G, A) sums. */
function chroma4(even: v128, odd: v128, rb: v128, g: v128, bias: v128, shift: i32): v128 {
  return i32x4.shr_s(i32x4.add(i32x4.add(i32x4.dot_i16x8_s(even, rb), i32x4.dot_i16x8_s(odd, g)), bias), shift);
}

/** What {@link rgbaToYcc420} takes. */
@unmanaged
class RgbaToYcc420 {
  src: usize;
  dstY: usize;
  dstCb: usize;
  dstCr: usize;
  width: i32;
  rows: i32;
  srcStride: usize;
  yStride: usize;
  chromaStride: usize;
  blueFirst: i32;
}

/**
 * Luma, and Cb and Cr averaged over 2 × 2 pixels, of `rows` rows (even) of `width` pixels (a multiple of 8): every
 * pixel is read once. Returns 1 when the fourth channel is 255 everywhere.
 */
export function rgbaToYcc420(record: RgbaToYcc420): i32 {
  let src = record.src;
  let dstY = record.dstY;
  let dstCb = record.dstCb;
  let dstCr = record.dstCr;
  const width = record.width;
  const rows = record.rows;
  const srcStride = record.srcStride;
  const yStride = record.yStride;
  const chromaStride = record.chromaStride;
  const blueFirst = record.blueFirst;
  const yRb = pair(R_Y, B_Y, blueFirst);
  const yG = i32x4.splat(G_Y);
  const cbRb = pair(R_CB, HALF, blueFirst);
  const cbG = i32x4.splat(G_CB & 0xffff);
  const crRb = pair(HALF, B_CR, blueFirst);
  const crG = i32x4.splat(G_CR & 0xffff);
  const bytes = i16x8.splat(0xff);
  const half = i32x4.splat(HALF);
  const bias = i32x4.splat((128 << 17) + (1 << 16));
  let all = i8x16.splat(-1);
  for (let y = 0; y < rows; y += 2) {
    for (let x = 0; x < width; x += 8) {
      const p = src + <usize>(x << 2);
      const p0 = v128.load(p);
      const p1 = v128.load(p, 16);
      const q0 = v128.load(p + srcStride);
      const q1 = v128.load(p + srcStride, 16);
      all = v128.and(all, v128.and(v128.and(p0, p1), v128.and(q0, q1)));
      const evenP0 = v128.and(p0, bytes);
      const evenP1 = v128.and(p1, bytes);
      const evenQ0 = v128.and(q0, bytes);
      const evenQ1 = v128.and(q1, bytes);
      const oddP0 = i16x8.shr_u(p0, 8);
      const oddP1 = i16x8.shr_u(p1, 8);
      const oddQ0 = i16x8.shr_u(q0, 8);
      const oddQ1 = i16x8.shr_u(q1, 8);
      const above = i16x8.narrow_i32x4_s(luma4(evenP0, oddP0, yRb, yG, half), luma4(evenP1, oddP1, yRb, yG, half));
      const below = i16x8.narrow_i32x4_s(luma4(evenQ0, oddQ0, yRb, yG, half), luma4(evenQ1, oddQ1, yRb, yG, half));
      const luma = i8x16.narrow_i16x8_u(above, below);
      v128.store64_lane(dstY + <usize>x, luma, 0);
      v128.store64_lane(dstY + yStride + <usize>x, luma, 1);
      const even = addPairs(i16x8.add(evenP0, evenQ0), i16x8.add(evenP1, evenQ1));
      const odd = addPairs(i16x8.add(oddP0, oddQ0), i16x8.add(oddP1, oddQ1));
      const chroma = i16x8.narrow_i32x4_s(
        chroma4(even, odd, cbRb, cbG, bias, 17),
        chroma4(even, odd, crRb, crG, bias, 17),
      );
      const samples = i8x16.narrow_i16x8_u(chroma, chroma);
      v128.store32_lane(dstCb + <usize>(x >> 1), samples, 0);
      v128.store32_lane(dstCr + <usize>(x >> 1), samples, 1);
    }
    src += srcStride * 2;
    dstY += yStride * 2;
    dstCb += chromaStride;
    dstCr += chromaStride;
  }
  return isOpaqueAnd(all);
}

/** Cb and Cr of `rows` rows of `width` pixels (a multiple of 16), averaged over two columns. */
export function rgbaToChroma422(
  src: usize,
  dstCb: usize,
  dstCr: usize,
  width: i32,
  rows: i32,
  srcStride: usize,
  dstStride: usize,
  blueFirst: i32,
): void {
  const cbRb = pair(R_CB, HALF, blueFirst);
  const cbG = i32x4.splat(G_CB & 0xffff);
  const crRb = pair(HALF, B_CR, blueFirst);
  const crG = i32x4.splat(G_CR & 0xffff);
  const bytes = i16x8.splat(0xff);
  const bias = i32x4.splat((128 << 16) + (1 << 15));
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < width; x += 8) {
      const p0 = v128.load(src + <usize>(x << 2));
      const p1 = v128.load(src + <usize>(x << 2), 16);
      const even = addPairs(v128.and(p0, bytes), v128.and(p1, bytes));
      const odd = addPairs(i16x8.shr_u(p0, 8), i16x8.shr_u(p1, 8));
      const chroma = i16x8.narrow_i32x4_s(
        chroma4(even, odd, cbRb, cbG, bias, 16),
        chroma4(even, odd, crRb, crG, bias, 16),
      );
      const samples = i8x16.narrow_i16x8_u(chroma, chroma);
      v128.store32_lane(dstCb + <usize>(x >> 1), samples, 0);
      v128.store32_lane(dstCr + <usize>(x >> 1), samples, 1);
    }
    src += srcStride;
    dstCb += dstStride;
    dstCr += dstStride;
  }
}

/** Cb and Cr of every pixel of `rows` rows of `width` pixels (a multiple of 8). */
export function rgbaToChroma444(
  src: usize,
  dstCb: usize,
  dstCr: usize,
  width: i32,
  rows: i32,
  srcStride: usize,
  dstStride: usize,
  blueFirst: i32,
): void {
  const cbRb = pair(R_CB, HALF, blueFirst);
  const cbG = i32x4.splat(G_CB & 0xffff);
  const crRb = pair(HALF, B_CR, blueFirst);
  const crG = i32x4.splat(G_CR & 0xffff);
  const bytes = i16x8.splat(0xff);
  const bias = i32x4.splat((128 << 15) + HALF);
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < width; x += 8) {
      const p0 = v128.load(src + <usize>(x << 2));
      const p1 = v128.load(src + <usize>(x << 2), 16);
      const even0 = v128.and(p0, bytes);
      const even1 = v128.and(p1, bytes);
      const odd0 = i16x8.shr_u(p0, 8);
      const odd1 = i16x8.shr_u(p1, 8);
      const cb = i16x8.narrow_i32x4_s(
        chroma4(even0, odd0, cbRb, cbG, bias, 15),
        chroma4(even1, odd1, cbRb, cbG, bias, 15),
      );
      const cr = i16x8.narrow_i32x4_s(
        chroma4(even0, odd0, crRb, crG, bias, 15),
        chroma4(even1, odd1, crRb, crG, bias, 15),
      );
      v128.store64_lane(dstCb + <usize>x, i8x16.narrow_i16x8_u(cb, cb), 0);
      v128.store64_lane(dstCr + <usize>x, i8x16.narrow_i16x8_u(cr, cr), 0);
    }
    src += srcStride;
    dstCb += dstStride;
    dstCr += dstStride;
  }
}
