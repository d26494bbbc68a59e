/**
 * Morphological closing by a square of 5 × 5: the glint in a pupil would split its redness otherwise. Maximum, then
 * minimum, each separable; two pixels at the border stay as they are.
 */

/** Closes `plane` of `width` × `height` bytes in place; `scratch` takes as many bytes. */
export function close5x5(plane: usize, scratch: usize, width: i32, height: i32): void {
  if (width < 5 || height < 5) return;
  for (let maximum = 1; maximum >= 0; maximum--) {
    memory.copy(scratch, plane, <usize>(width * height));
    along(plane, scratch, width, height, 1, 2, 0, maximum);
    memory.copy(plane, scratch, <usize>(width * height));
    along(scratch, plane, width, height, <usize>width, 0, 2, maximum);
  }
}

/**
 * Maximum or minimum of five samples `step` bytes apart, but for `marginX` columns and `marginY` rows at each border.
 */
function along(
  src: usize,
  dst: usize,
  width: i32,
  height: i32,
  step: usize,
  marginX: i32,
  marginY: i32,
  maximum: i32,
): void {
  for (let y = marginY; y < height - marginY; y++) {
    const row = <usize>(y * width);
    let x = marginX;
    const end = width - marginX;
    for (; x + 16 <= end; x += 16) {
      const p = src + row + <usize>x;
      const a = v128.load(p - 2 * step);
      const b = v128.load(p - step);
      const c = v128.load(p);
      const d = v128.load(p + step);
      const e = v128.load(p + 2 * step);
      v128.store(
        dst + row + <usize>x,
        maximum
          ? i8x16.max_u(i8x16.max_u(i8x16.max_u(a, b), i8x16.max_u(c, d)), e)
          : i8x16.min_u(i8x16.min_u(i8x16.min_u(a, b), i8x16.min_u(c, d)), e),
      );
    }
    for (; x < end; x++) {
      const p = src + row + <usize>x;
      let best = load<u8>(p);
      for (let i = -2; i <= 2; i++) {
        const value = load<u8>(p + <usize>i * step);
        if (maximum ? value > best : value < best) best = value;
      }
      store<u8>(dst + row + <usize>x, best);
    }
  }
}
