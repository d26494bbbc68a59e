/**
 * How these kernels see a picture: i32 words at `picture`, written by worker/red-eye/picture.ts, and a pyramid of
 * halved pictures.
 *
 * - `0` whether level 0 is planes of 4:2:0 rather than four-channel pixels; `4` the byte of red in a pixel: 0 or 2
 * - `8` addresses of U and V, `16` their stride, `20` their step
 * - `24` zero, gain, V to R, -U to G, -V to G, U to B, to read planes (yuv.ts); 13-bit fixed point
 * - `48` R, G, B to Y, to U and to V, to write them; 14-bit fixed point
 * - `84` how many levels there are
 * - `96` each level: address, stride in bytes, width, height. Level 0 of planes is Y; every other level is four-channel
 *   pixels.
 *
 * Positions are counted from the picture's centre, right and down, in pixels of level 0, 8-bit fixed point; radii as
 * well. The centres of all levels lie on each other, and what is divided is rounded towards the centre: a picture that
 * is turned or mirrored has the same numbers, but for signs and for which is x and which is y.
 */

const CHROMA: usize = 8;
const READ: usize = 24;
const WRITE: usize = 48;
const LEVELS: usize = 84;
const LEVEL: usize = 96;

/** Whether a level is planes. */
export function isPlanar(picture: usize, level: i32): bool {
  return level === 0 && load<i32>(picture) !== 0;
}

/** An address or a stride of the description. */
function word(picture: usize, offset: usize): usize {
  return <usize>load<u32>(picture + offset);
}

export function redByte(picture: usize): usize {
  return word(picture, 4);
}

export function levelsOf(picture: usize): i32 {
  return load<i32>(picture, LEVELS);
}

export function addressOf(picture: usize, level: i32): usize {
  return word(picture + ((<usize>level) << 4), LEVEL);
}

export function strideOf(picture: usize, level: i32): usize {
  return word(picture + ((<usize>level) << 4), LEVEL + 4);
}

export function widthOf(picture: usize, level: i32): i32 {
  return load<i32>(picture + ((<usize>level) << 4), LEVEL + 8);
}

export function heightOf(picture: usize, level: i32): i32 {
  return load<i32>(picture + ((<usize>level) << 4), LEVEL + 12);
}

/** Where the centre of pixel `i`, of `size` in a row or column of a level, lies. */
export function placeOf(i: i32, size: i32, level: i32): i32 {
  return (2 * i + 1 - size) << (level + 7);
}

/** A pixel of a level: its four bytes, those of planes as RGBA. */
export function pixelAt(picture: usize, level: i32, x: i32, y: i32): u32 {
  if (isPlanar(picture, level)) return planarPixel(picture, x, y);
  return load<u32>(addressOf(picture, level) + <usize>y * strideOf(picture, level) + ((<usize>x) << 2));
}

function planarPixel(picture: usize, x: i32, y: i32): u32 {
  const at = <usize>(y >> 1) * word(picture, CHROMA + 8) + <usize>(x >> 1) * word(picture, CHROMA + 12);
  const u = <i32>load<u8>(word(picture, CHROMA) + at) - 128;
  const v = <i32>load<u8>(word(picture, CHROMA + 4) + at) - 128;
  const sample = <i32>load<u8>(addressOf(picture, 0) + <usize>y * strideOf(picture, 0) + <usize>x);
  const luma = (sample - load<i32>(picture, READ)) * load<i32>(picture, READ + 4) + 4096;
  const r = clampByte((luma + v * load<i32>(picture, READ + 8)) >> 13);
  const g = clampByte((luma + u * load<i32>(picture, READ + 12) + v * load<i32>(picture, READ + 16)) >> 13);
  const b = clampByte((luma + u * load<i32>(picture, READ + 20)) >> 13);
  return (255 << 24) | (b << 16) | (g << 8) | r;
}

function clampByte(value: i32): i32 {
  return value < 0 ? 0 : value > 255 ? 255 : value;
}

/** Stores eight pixels, RGBA, of luma less zero and chroma less 128 in i16 lanes. */
function storeColours(picture: usize, dst: usize, y: v128, u: v128, v: v128): void {
  const gain = load<i32>(picture, READ + 4) & 0xffff;
  const toR = i32x4.splat(gain | (load<i32>(picture, READ + 8) << 16));
  const toG = i32x4.splat(gain | (load<i32>(picture, READ + 12) << 16));
  const vToG = i32x4.splat(load<i32>(picture, READ + 16) << 16);
  const toB = i32x4.splat(gain | (load<i32>(picture, READ + 20) << 16));
  const half = i32x4.splat(4096);
  for (let end = dst + 32; dst < end; dst += 16) {
    const withU = v128.shuffle<i16>(y, u, 0, 8, 1, 9, 2, 10, 3, 11); // [16] y0 u0 y1 u1 …
    const withV = v128.shuffle<i16>(y, v, 0, 8, 1, 9, 2, 10, 3, 11);
    const r = i32x4.dot_i16x8_s(withV, toR);
    const g = i32x4.add(i32x4.dot_i16x8_s(withU, toG), i32x4.dot_i16x8_s(withV, vToG));
    const b = i32x4.dot_i16x8_s(withU, toB);
    const rg = i16x8.narrow_i32x4_s(i32x4.shr_s(i32x4.add(r, half), 13), i32x4.shr_s(i32x4.add(g, half), 13));
    const ba = i16x8.narrow_i32x4_s(i32x4.shr_s(i32x4.add(b, half), 13), i32x4.splat(255));
    const all = i8x16.narrow_i16x8_u(rg, ba); // [8] r0 … r3 g0 … g3 b0 … b3 255 × 4
    v128.store(dst, v128.shuffle<u8>(all, all, 0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15));
    y = upper(y);
    u = upper(u);
    v = upper(v);
  }
}

/** Eight chroma samples less 128 in i16 lanes, `step` bytes apart. */
function chroma8(p: usize, step: usize): v128 {
  const centre = i16x8.splat(128);
  if (step === 1) return i16x8.sub(v128.load8x8_u(p), centre);
  return i16x8.sub(v128.and(v128.load(p), i16x8.splat(0xff)), centre);
}

/** Writes `count` pixels of level 0 of planes, from (x, y) on, as RGBA at `dst`; x is even. */
export function convertRow(picture: usize, x: i32, y: i32, count: i32, dst: usize): void {
  const step = word(picture, CHROMA + 12);
  const at = <usize>(y >> 1) * word(picture, CHROMA + 8) + <usize>(x >> 1) * step;
  let rowU = word(picture, CHROMA) + at;
  let rowV = word(picture, CHROMA + 4) + at;
  let row = addressOf(picture, 0) + <usize>y * strideOf(picture, 0) + <usize>x;
  const zero = i16x8.splat(load<i16>(picture, READ));
  let i = 0;
  for (; i + 8 <= count; i += 8) {
    const u = chroma8(rowU, step);
    const v = chroma8(rowV, step);
    storeColours(
      picture,
      dst,
      i16x8.sub(v128.load8x8_u(row), zero),
      v128.shuffle<i16>(u, u, 0, 0, 1, 1, 2, 2, 3, 3),
      v128.shuffle<i16>(v, v, 0, 0, 1, 1, 2, 2, 3, 3),
    );
    rowU += 4 * step;
    rowV += 4 * step;
    row += 8;
    dst += 32;
  }
  for (; i < count; i++) {
    store<u32>(dst, planarPixel(picture, x + i, y));
    dst += 4;
  }
}

function upper(v: v128): v128 {
  return v128.shuffle<i64>(v, v, 1, 1);
}

/**
 * Halves planes of 4:2:0 to pixels, RGBA: the mean of four luma samples with the chroma they share. Fills rows `top` to
 * `bottom` of level 1.
 */
export function halvePlanes(picture: usize, top: i32, bottom: i32): void {
  const width = widthOf(picture, 1);
  const stride = strideOf(picture, 0);
  const step = word(picture, CHROMA + 12);
  const zero = i16x8.splat(load<i16>(picture, READ));
  const two = i16x8.splat(2);
  for (let y = top; y < bottom; y++) {
    const row = addressOf(picture, 0) + <usize>(y << 1) * stride;
    const rowU = word(picture, CHROMA) + <usize>y * word(picture, CHROMA + 8);
    const rowV = word(picture, CHROMA + 4) + <usize>y * word(picture, CHROMA + 8);
    const dst = addressOf(picture, 1) + <usize>y * strideOf(picture, 1);
    // The last step begins where eight are left, and does some of them again.
    for (let next = 0; next < width; next += 8) {
      const x = <usize>min(next, width - 8);
      const p = row + (x << 1);
      const sum = i16x8.add(
        i16x8.extadd_pairwise_i8x16_u(v128.load(p)),
        i16x8.extadd_pairwise_i8x16_u(v128.load(p + stride)),
      );
      const luma = i16x8.sub(i16x8.shr_u(i16x8.add(sum, two), 2), zero);
      const u = chroma8(rowU + x * step, step);
      const v = chroma8(rowV + x * step, step);
      storeColours(picture, dst + (x << 2), luma, u, v);
    }
  }
}

/** The four bytes of a level's pixels round a place, bilinear, the border repeated: 16 bits each, 4-bit fixed point. */
export function sampleColour(picture: usize, level: i32, x: i32, y: i32): u64 {
  const width = widthOf(picture, level);
  const height = heightOf(picture, level);
  // Sixteenths of the level's pixels, from its first.
  const unit = 16 << level;
  let u = x / unit + ((width - 1) << 3);
  let v = y / unit + ((height - 1) << 3);
  u = u < 0 ? 0 : u > (width - 1) << 4 ? (width - 1) << 4 : u;
  v = v < 0 ? 0 : v > (height - 1) << 4 ? (height - 1) << 4 : v;
  const column = min(u >> 4, width - 2);
  const row = min(v >> 4, height - 2);
  const fx = u - (column << 4);
  const fy = v - (row << 4);
  let top: v128;
  let bottom: v128;
  if (isPlanar(picture, level)) {
    top = pixelPair(planarPixel(picture, column, row), planarPixel(picture, column + 1, row));
    bottom = pixelPair(planarPixel(picture, column, row + 1), planarPixel(picture, column + 1, row + 1));
  } else {
    const stride = strideOf(picture, level);
    const p = addressOf(picture, level) + <usize>row * stride + ((<usize>column) << 2);
    top = v128.load8x8_u(p); // [16] r0 g0 b0 a0 r1 g1 b1 a1
    bottom = v128.load8x8_u(p + stride);
  }
  const columns = i16x8.add(i16x8.mul(top, i16x8.splat(<i16>(16 - fy))), i16x8.mul(bottom, i16x8.splat(<i16>fy)));
  const left = i16x8.mul(columns, i16x8.splat(<i16>(16 - fx)));
  const right = i16x8.mul(upper(columns), i16x8.splat(<i16>fx));
  return i64x2.extract_lane(i16x8.shr_u(i16x8.add(i16x8.add(left, right), i16x8.splat(8)), 4), 0);
}

function pixelPair(a: u32, b: u32): v128 {
  return i16x8.extend_low_i8x16_u(i64x2.splat(<i64>(((<u64>b) << 32) | a)));
}

/**
 * Writes what differs between a patch as it was read and as it is now back to the planes: luma where a pixel differs,
 * chroma as the mean of those that differ of the four pixels it belongs to.
 */
export function writePatch(picture: usize, x: i32, y: i32, width: i32, height: i32, before: usize, after: usize): void {
  const step = word(picture, CHROMA + 12);
  const zero = load<i32>(picture, READ);
  for (let row = 0; row < height; row += 2) {
    for (let column = 0; column < width; column += 2) {
      const at = <usize>((y + row) >> 1) * word(picture, CHROMA + 8) + <usize>((x + column) >> 1) * step;
      const atU = word(picture, CHROMA) + at;
      const atV = word(picture, CHROMA + 4) + at;
      let changed = 0;
      let sumU = 0;
      let sumV = 0;
      for (let i = 0; i < 4; i++) {
        const dx = column + (i & 1);
        const dy = row + (i >> 1);
        if (dx >= width || dy >= height) continue;
        const place = <usize>((dy * width + dx) << 2);
        if (load<u32>(before + place) === load<u32>(after + place)) continue;
        changed++;
        const p = after + place;
        const luma = zero + ((weighted(picture, WRITE, p) + 8192) >> 14);
        store<u8>(addressOf(picture, 0) + <usize>(y + dy) * strideOf(picture, 0) + <usize>(x + dx), clampByte(luma));
        sumU += (128 << 14) + weighted(picture, WRITE + 12, p);
        sumV += (128 << 14) + weighted(picture, WRITE + 24, p);
      }
      if (changed === 0) continue;
      store<u8>(atU, clampByte((sumU / changed + 8192) >> 14));
      store<u8>(atV, clampByte((sumV / changed + 8192) >> 14));
    }
  }
}

/** R, G and B of a pixel by three of the picture's factors. */
function weighted(picture: usize, factors: usize, p: usize): i32 {
  const k = picture + factors;
  return (
    <i32>load<u8>(p) * load<i32>(k) + <i32>load<u8>(p, 1) * load<i32>(k, 4) + <i32>load<u8>(p, 2) * load<i32>(k, 8)
  );
}
