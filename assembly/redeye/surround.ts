/** Candidates: places redder than their surroundings, at three sizes, by box means over summed-area tables. */

/** Redness that a centre's mean must pass: 0.22 · 255. */
const RED_ENOUGH = 56;
/** Numerator that a centre's mean must pass. */
const STRONG_ENOUGH = 14;
/** Contrast that a candidate must pass, 0.10 · 255 in 4-bit fixed point. */
const CONTRAST = 408;

/** Bytes of a candidate: x and y in pixels of the level, then contrast, i32 each. */
const CANDIDATE_BYTES = 12;

/** Sums of all samples above and left: (width + 1) × (height + 1) u32. */
export function summedArea(src: usize, dst: usize, width: i32, height: i32): void {
  const stride = <usize>((width + 1) << 2);
  memory.fill(dst, 0, stride);
  for (let y = 0; y < height; y++) {
    dst += stride;
    store<u32>(dst, 0);
    let sum: u32 = 0;
    for (let x = 0; x < width; x++) {
      sum += load<u8>(src++);
      const at = dst + <usize>((x + 1) << 2);
      store<u32>(at, sum + load<u32>(at - stride));
    }
  }
}

/** Sum over the square of side 2k + 1 round a point. */
function boxSum(table: usize, stride: usize, x: i32, y: i32, k: i32): i32 {
  const top = table + <usize>(y - k) * stride + <usize>((x - k) << 2);
  const bottom = top + <usize>(2 * k + 1) * stride;
  const side = <usize>((2 * k + 1) << 2);
  return load<u32>(bottom + side) - load<u32>(bottom) - load<u32>(top + side) + load<u32>(top);
}

/**
 * Finds local maxima of centre (side 2k + 1) minus surround (side 2K + 1, less the centre) in the tables of s and d. `contrasts`
 * takes width × height i16 of scratch. Writes at most `capacity` candidates and returns how many.
 */
export function findCandidates(
  tableS: usize,
  tableD: usize,
  contrasts: usize,
  dst: usize,
  width: i32,
  height: i32,
  k: i32,
  K: i32,
  capacity: i32,
): i32 {
  if (width < 2 * K + 1 || height < 2 * K + 1) return 0;
  const stride = <usize>((width + 1) << 2);
  const inside = (2 * k + 1) * (2 * k + 1);
  const ring = (2 * K + 1) * (2 * K + 1) - inside;
  memory.fill(contrasts, 0, <usize>(width * height * 2));
  const enough = i32x4.splat(RED_ENOUGH * inside);
  const side = <usize>((2 * k + 1) << 2);
  for (let y = K; y < height - K; y++) {
    for (let x = K; x < width - K; x++) {
      if ((x - K) % 4 === 0) {
        // Most of a photograph is not red: four centres are passed over at once.
        const top = tableS + <usize>(y - k) * stride + <usize>((x - k) << 2);
        const bottom = top + <usize>(2 * k + 1) * stride;
        const upper = i32x4.sub(v128.load(top + side), v128.load(top));
        const lower = i32x4.sub(v128.load(bottom + side), v128.load(bottom));
        if (!v128.any_true(i32x4.gt_s(i32x4.sub(lower, upper), enough))) {
          x += 3;
          continue;
        }
      }
      const s = boxSum(tableS, stride, x, y, k);
      if (s <= RED_ENOUGH * inside) continue;
      if (boxSum(tableD, stride, x, y, k) <= STRONG_ENOUGH * inside) continue;
      const around = boxSum(tableS, stride, x, y, K) - s;
      const contrast = (s << 4) / inside - (around << 4) / ring;
      if (contrast > CONTRAST) store<i16>(contrasts + <usize>((y * width + x) << 1), contrast);
    }
  }
  let found = 0;
  for (let y = K; y < height - K; y++) {
    for (let x = K; x < width - K; x++) {
      if (x + 8 <= width && !v128.any_true(v128.load(contrasts + <usize>((y * width + x) << 1)))) {
        x += 7;
        continue;
      }
      const contrast = load<i16>(contrasts + <usize>((y * width + x) << 1));
      if (contrast === 0 || !isPeak(contrasts, width, x, y, k, contrast)) continue;
      if (found === capacity) return found;
      const at = dst + <usize>(found++ * CANDIDATE_BYTES);
      store<i32>(at, x);
      store<i32>(at, y, 4);
      store<i32>(at, contrast, 8);
    }
  }
  return found;
}

/** No neighbour within k is larger. */
function isPeak(contrasts: usize, width: i32, x: i32, y: i32, k: i32, contrast: i32): bool {
  for (let dy = -k; dy <= k; dy++) {
    for (let dx = -k; dx <= k; dx++) {
      if (<i32>load<i16>(contrasts + <usize>(((y + dy) * width + x + dx) << 1)) > contrast) return false;
    }
  }
  return true;
}
