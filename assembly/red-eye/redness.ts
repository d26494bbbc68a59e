/**
 * How red pixels are: s = (R - max(G, B)) / (R + 16), which skin gives 0.1 to 0.3 and a red pupil 0.4 to 0.9; and which
 * tiles of a picture have any that are red enough to matter. Most of a photograph has none, and is not looked at again.
 */
import { addressOf, convertRow, heightOf, isPlanar, redByte, strideOf, widthOf } from './picture';

/** What is less red than this, in levels of R above the others, counts as 0: noise in the dark. */
const FAINT = 14;

/** Side of a tile in pixels of its level, as a shift. */
export const TILE: i32 = 4;

/** R, or G, or B of eight pixels in i16 lanes: the byte at `shift` of each. */
function channel(a: v128, b: v128, shift: i32): v128 {
  const mask = i32x4.splat(255);
  return i16x8.narrow_i32x4_s(v128.and(i32x4.shr_u(a, shift), mask), v128.and(i32x4.shr_u(b, shift), mask));
}

/**
 * Redness in 128ths of `count` four-channel pixels at `src`, one byte each; 0 where {@link FAINT}. Writes whole groups
 * of eight. `red` is the byte of R: 0 or 2.
 */
function rednessRow(src: usize, dst: usize, count: i32, red: usize): void {
  const redShift = (<i32>red) << 3;
  for (let x = 0; x < count; x += 8) {
    const a = v128.load(src);
    const b = v128.load(src, 16);
    const r = channel(a, b, redShift);
    let rest = i16x8.sub(r, i16x8.max_s(channel(a, b, 8), channel(a, b, 16 - redShift)));
    const strong = i16x8.gt_s(rest, i16x8.splat(<i16>FAINT));
    let quotient = i16x8.splat(0);
    if (v128.any_true(strong)) {
      // Long division, a bit a step: the dividend is below the divisor.
      const divisor = i16x8.add(r, i16x8.splat(16));
      for (let bit = 0; bit < 7; bit++) {
        rest = i16x8.add(rest, rest);
        const one = i16x8.ge_s(rest, divisor);
        rest = i16x8.sub(rest, v128.and(divisor, one));
        quotient = i16x8.sub(i16x8.add(quotient, quotient), one);
      }
      quotient = v128.and(quotient, strong);
    }
    v128.store64_lane(dst, i8x16.narrow_i16x8_u(quotient, quotient), 0);
    src += 32;
    dst += 8;
  }
}

/**
 * Marks the tiles of level 0 that have red: of each 8 × 8 pixels of level 1, whether any is redder than 2 / 9 and not
 * faint. `flags` takes a byte for each tile, `across` in a row. Returns how many there are.
 */
export function flagRed(picture: usize, flags: usize, across: i32, down: i32): i32 {
  const width = widthOf(picture, 1);
  const height = heightOf(picture, 1);
  const stride = strideOf(picture, 1);
  const redShift = (<i32>redByte(picture)) << 3;
  let found = 0;
  memory.fill(flags, 0, <usize>(across * down));
  for (let y = 0; y < height; y++) {
    const row = addressOf(picture, 1) + <usize>y * stride;
    const flagRow = flags + <usize>((y >> 3) * across);
    for (let x = 0; x < width; x += 8) {
      // The last pixels are looked at with those before them.
      const p = row + ((<usize>min(x, width - 8)) << 2);
      const a = v128.load(p);
      const b = v128.load(p, 16);
      const r = channel(a, b, redShift);
      const d = i16x8.sub(r, i16x8.max_s(channel(a, b, 8), channel(a, b, 16 - redShift)));
      const ratio = i16x8.gt_s(i16x8.mul(d, i16x8.splat(9)), i16x8.shl(i16x8.add(r, i16x8.splat(16)), 1));
      if (!v128.any_true(v128.and(ratio, i16x8.gt_s(d, i16x8.splat(<i16>FAINT))))) continue;
      const flag = flagRow + <usize>(x >> 3);
      if (load<u8>(flag) === 0) found++;
      store<u8>(flag, 1);
    }
  }
  return found;
}

/** Marks the tiles of a level by those of the one below it: four to one. */
export function poolFlags(src: usize, dst: usize, srcAcross: i32, srcDown: i32): void {
  const across = (srcAcross + 1) >> 1;
  memory.fill(dst, 0, <usize>(across * ((srcDown + 1) >> 1)));
  for (let y = 0; y < srcDown; y++) {
    for (let x = 0; x < srcAcross; x++) {
      if (load<u8>(src++)) store<u8>(dst + <usize>((y >> 1) * across + (x >> 1)), 1);
    }
  }
}

/** Marks every tile that is marked in `src` or has a neighbour that is. */
export function spreadFlags(src: usize, dst: usize, across: i32, down: i32): void {
  memory.fill(dst, 0, <usize>(across * down));
  for (let y = 0; y < down; y++) {
    for (let x = 0; x < across; x++) {
      if (load<u8>(src++) === 0) continue;
      for (let v = max(y - 1, 0); v <= min(y + 1, down - 1); v++) {
        for (let u = max(x - 1, 0); u <= min(x + 1, across - 1); u++) store<u8>(dst + <usize>(v * across + u), 1);
      }
    }
  }
}

/**
 * Redness of rows `top` to `bottom` of a level at `dst`, rows `width` bytes apart, in tiles that are marked; 0 in the
 * others. Up to seven bytes behind the last row are written. `scratch` takes a row of pixels.
 */
export function rednessMap(
  picture: usize,
  level: i32,
  flags: usize,
  dst: usize,
  scratch: usize,
  top: i32,
  bottom: i32,
): void {
  const width = widthOf(picture, level);
  const stride = strideOf(picture, level);
  const planar = isPlanar(picture, level);
  const red = redByte(picture);
  const across = (width + 15) >> TILE;
  memory.fill(dst, 0, <usize>((bottom - top) * width));
  for (let y = top; y < bottom; y++) {
    const row = addressOf(picture, level) + <usize>y * stride;
    const marks = flags + <usize>((y >> TILE) * across);
    for (let tile = 0; tile < across;) {
      if (load<u8>(marks + <usize>tile) === 0) {
        tile++;
        continue;
      }
      const x = tile << TILE;
      while (tile < across && load<u8>(marks + <usize>tile)) tile++;
      const count = min(tile << TILE, width) - x;
      let src = row + ((<usize>x) << 2);
      if (planar) {
        convertRow(picture, x, y, count, scratch);
        src = scratch;
      }
      rednessRow(src, dst + <usize>x, count, red);
    }
    dst += <usize>width;
    // Whole groups of eight were written.
    store<u64>(dst, 0);
  }
}
