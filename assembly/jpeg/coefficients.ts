/**
 * Coefficients of whole planes, not yet quantised, in zigzag order (T.81 A.3.6): for a quantiser that weighs their
 * errors.
 */
import { forwardDct } from './fdct';
import { TRANSPOSED_ZIGZAG } from './quantise';

/**
 * Transforms a row of `blocks` blocks of u8 samples at `src`, rows `stride` bytes apart. Writes 64 × i16 for each to
 * `dst`: eight times the coefficients, zigzag order. `scratch`: 128 bytes.
 */
export function forwardBlocks(src: usize, dst: usize, scratch: usize, blocks: i32, stride: usize): void {
  for (let i = 0; i < blocks; i++) {
    forwardDct(src, scratch, stride);
    for (let k: usize = 0; k < 64; k++) {
      store<u16>(dst + (k << 1), load<u16>(scratch + ((<usize>load<u8>(TRANSPOSED_ZIGZAG + k)) << 1)));
    }
    src += 8;
    dst += 128;
  }
}

/** Whether all `bytes` (a multiple of 16) at `src` are 0. */
export function isZero(src: usize, bytes: usize): i32 {
  const end = src + bytes;
  for (; src < end; src += 16) if (v128.any_true(v128.load(src))) return 0;
  return 1;
}
