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
 * Luma of `rows` rows of `width` pixels (a multiple of 16) at `src`, written to `dst`. Strides in bytes.
 */
export function rgbaToLuma(
  src: usize,
  dst: usize,
  width: i32,
  rows: i32,
  srcStride: usize,
  dstStride: usize,
  blueFirst: i32,
): void {
  const rb = pair(R_Y, B_Y, blueFirst);
  const g = i32x4.splat(G_Y);
  const bytes = i16x8.splat(0xff);
  const half = i32x4.splat(HALF);
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < width; x += 16) {
      const p = src + <usize>(x << 2);
      const a = luma4(v128.load(p), rb, g, bytes, half);
      const b = luma4(v128.load(p, 16), rb, g, bytes, half);
      const c = luma4(v128.load(p, 32), rb, g, bytes, half);
      const d = luma4(v128.load(p, 48), rb, g, bytes, half);
      v128.store(dst + <usize>x, i8x16.narrow_i16x8_u(i16x8.narrow_i32x4_s(a, b), i16x8.narrow_i32x4_s(c, d)));
    }
    src += srcStride;
    dst += dstStride;
  }
}

/** Luma of four pixels in 32-bit lanes. */
function luma4(p: v128, rb: v128, g: v128, bytes: v128, half: v128): v128 {
  const even = i32x4.dot_i16x8_s(v128.and(p, bytes), rb);
  const odd = i32x4.dot_i16x8_s(i16x8.shr_u(p, 8), g);
  return i32x4.shr_u(i32x4.add(i32x4.add(even, odd), half), 15);
}

/** (R, B) or (G, A) sums over pairs of neighbours: four results from eight pixels. */
function addPairs(a: v128, b: v128): v128 {
  return i16x8.add(v128.shuffle<i32>(a, b, 0, 2, 4, 6), v128.shuffle<i32>(a, b, 1, 3, 5, 7));
}

/** Four chroma values in 32-bit lanes of (R, B) and (G, A) sums. */
function chroma4(even: v128, odd: v128, rb: v128, g: v128, bias: v128, shift: i32): v128 {
  return i32x4.shr_s(i32x4.add(i32x4.add(i32x4.dot_i16x8_s(even, rb), i32x4.dot_i16x8_s(odd, g)), bias), shift);
}

/**
 * Cb and Cr of `rows` rows of `width` pixels (multiples of 16; `rows` of 2 when `halveRows`), averaged over two columns and,
 * with `halveRows`, two rows.
 */
export function rgbaToChromaHalf(
  src: usize,
  dstCb: usize,
  dstCr: usize,
  width: i32,
  rows: i32,
  srcStride: usize,
  dstStride: usize,
  halveRows: i32,
  blueFirst: i32,
): void {
  const cbRb = pair(R_CB, HALF, blueFirst);
  const cbG = i32x4.splat(G_CB & 0xffff);
  const crRb = pair(HALF, B_CR, blueFirst);
  const crG = i32x4.splat(G_CR & 0xffff);
  const bytes = i16x8.splat(0xff);
  const shift = halveRows ? 17 : 16;
  const bias = i32x4.splat((128 << shift) + (1 << (shift - 1)));
  const below = halveRows ? srcStride : 0;
  const step = halveRows ? 2 : 1;
  const copies = i32x4.splat(halveRows ? -1 : 0);
  for (let y = 0; y < rows; y += step) {
    for (let x = 0; x < width; x += 16) {
      const p = src + <usize>(x << 2);
      const q = p + below;
      const p0 = v128.load(p);
      const p1 = v128.load(p, 16);
      const p2 = v128.load(p, 32);
      const p3 = v128.load(p, 48);
      // Of the row below nothing counts when there is one row only.
      const q0 = v128.and(v128.load(q), copies);
      const q1 = v128.and(v128.load(q, 16), copies);
      const q2 = v128.and(v128.load(q, 32), copies);
      const q3 = v128.and(v128.load(q, 48), copies);
      const evenA = addPairs(
        i16x8.add(v128.and(p0, bytes), v128.and(q0, bytes)),
        i16x8.add(v128.and(p1, bytes), v128.and(q1, bytes)),
      );
      const evenB = addPairs(
        i16x8.add(v128.and(p2, bytes), v128.and(q2, bytes)),
        i16x8.add(v128.and(p3, bytes), v128.and(q3, bytes)),
      );
      const oddA = addPairs(
        i16x8.add(i16x8.shr_u(p0, 8), i16x8.shr_u(q0, 8)),
        i16x8.add(i16x8.shr_u(p1, 8), i16x8.shr_u(q1, 8)),
      );
      const oddB = addPairs(
        i16x8.add(i16x8.shr_u(p2, 8), i16x8.shr_u(q2, 8)),
        i16x8.add(i16x8.shr_u(p3, 8), i16x8.shr_u(q3, 8)),
      );
      const cb = i16x8.narrow_i32x4_s(
        chroma4(evenA, oddA, cbRb, cbG, bias, shift),
        chroma4(evenB, oddB, cbRb, cbG, bias, shift),
      );
      const cr = i16x8.narrow_i32x4_s(
        chroma4(evenA, oddA, crRb, crG, bias, shift),
        chroma4(evenB, oddB, crRb, crG, bias, shift),
      );
      v128.store64_lane(dstCb + <usize>(x >> 1), i8x16.narrow_i16x8_u(cb, cb), 0);
      v128.store64_lane(dstCr + <usize>(x >> 1), i8x16.narrow_i16x8_u(cr, cr), 0);
    }
    src += srcStride * <usize>step;
    dstCb += dstStride;
    dstCr += dstStride;
  }
}

/** Cb and Cr of every pixel of `rows` rows of `width` pixels (a multiple of 8). */
export function rgbaToChroma(
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
