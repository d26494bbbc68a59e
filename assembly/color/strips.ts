/** Strips of pixels made ready for whole MCUs: edges replicated, transparency composited on white. */

/** What {@link copyReplicated} takes. */
@unmanaged
class CopyReplicated {
  src: usize;
  dst: usize;
  width: i32;
  rows: i32;
  fullWidth: i32;
  fullRows: i32;
  srcStride: usize;
  dstStride: usize;
  size: i32;
}

/**
 * Copies `width` × `rows` elements of `size` bytes (1 or 4) from `src` to `dst` and repeats the last column and the
 * last row until `fullWidth` × `fullRows` are filled. Strides in bytes.
 */
export function copyReplicated(record: CopyReplicated): void {
  let src = record.src;
  let dst = record.dst;
  const width = record.width;
  const rows = record.rows;
  const fullWidth = record.fullWidth;
  const fullRows = record.fullRows;
  const srcStride = record.srcStride;
  const dstStride = record.dstStride;
  const size = record.size;
  const bytes = <usize>(width * size);
  for (let y = 0; y < fullRows; y++) {
    memory.copy(dst, src, bytes);
    const last = dst + bytes - <usize>size;
    for (let x = width; x < fullWidth; x++) {
      const to = dst + <usize>(x * size);
      if (size === 4) store<u32>(to, load<u32>(last));
      else store<u8>(to, load<u8>(last));
    }
    if (y + 1 < rows) src += srcStride;
    dst += dstStride;
  }
}

/** Whether all of `width` × `rows` pixels at `src` have alpha 255. */
export function isOpaque(src: usize, width: i32, rows: i32, srcStride: usize): i32 {
  for (let y = 0; y < rows; y++) {
    let all = i32x4.splat(-1);
    let x = 0;
    for (; x + 4 <= width; x += 4) all = v128.and(all, v128.load(src + <usize>(x << 2)));
    let tail: u32 = 0xff000000;
    for (; x < width; x++) tail &= load<u32>(src + <usize>(x << 2));
    const alphas = v128.or(all, i32x4.splat(0x00ffffff));
    if (tail !== 0xff000000 || !i32x4.all_true(i32x4.eq(alphas, i32x4.splat(-1)))) return 0;
    src += srcStride;
  }
  return 1;
}

/** Whether R, G and B are equal in all of `width` × `rows` pixels at `src`. */
export function hasEqualChannels(src: usize, width: i32, rows: i32, srcStride: usize): i32 {
  for (let y = 0; y < rows; y++) {
    let x = 0;
    for (; x + 4 <= width; x += 4) {
      const p = v128.load(src + <usize>(x << 2));
      // Each channel minus the next one: of the four bytes of a pixel the low two must be 0.
      const differences = v128.xor(p, i32x4.shr_u(p, 8));
      if (v128.any_true(v128.and(differences, i32x4.splat(0xffff)))) return 0;
    }
    for (; x < width; x++) {
      const p = load<u32>(src + <usize>(x << 2));
      if (((p ^ (p >> 8)) & 0xffff) !== 0) return 0;
    }
    src += srcStride;
  }
  return 1;
}

/** Whether all of `width` × `rows` bytes at `src` are `value`. */
export function isConstant(src: usize, width: i32, rows: i32, srcStride: usize, value: i32): i32 {
  const values = i8x16.splat(<i8>value);
  for (let y = 0; y < rows; y++) {
    let x = 0;
    for (; x + 16 <= width; x += 16) {
      if (v128.any_true(v128.xor(v128.load(src + <usize>x), values))) return 0;
    }
    for (; x < width; x++) {
      if (<i32>load<u8>(src + <usize>x) !== value) return 0;
    }
    src += srcStride;
  }
  return 1;
}

/** Composites `width` × `rows` pixels of straight alpha on white, in place; alpha becomes 255. */
export function compositeOnWhite(src: usize, width: i32, rows: i32, srcStride: usize): void {
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < width; x++) {
      const p = src + <usize>(x << 2);
      const alpha = <u32>load<u8>(p, 3);
      const white = (255 - alpha) * 255;
      store<u8>(p, divide255(<u32>load<u8>(p) * alpha + white));
      store<u8>(p, divide255(<u32>load<u8>(p, 1) * alpha + white), 1);
      store<u8>(p, divide255(<u32>load<u8>(p, 2) * alpha + white), 2);
      store<u8>(p, 255, 3);
    }
    src += srcStride;
  }
}

/** n / 255, rounded, for n up to 65025. */
function divide255(n: u32): u32 {
  const t = n + 128;
  return (t + (t >> 8)) >> 8;
}
