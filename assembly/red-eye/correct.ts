/** Takes the red out of a pupil, softly and within a mask, so that it becomes dark and neutral; its glint stays. */
import { close5x5 } from './closing';
import { rednessAt } from './disc';
import { squareRoot } from './rays';

/** Luma that a pupil's core is darkened to at most. */
const PUPIL = 42;
/** A glint is brighter than this in its least channel … */
const GLINT = 150;
/** … and hardly red: 0.2 in 10-bit fixed point. */
const GLINT_REDNESS = 205;
/** What is brighter than this is darkened less and less, up to {@link GLINT}: a glint's fringe is red and bright. */
const FRINGE = 110;
/** The most that surroundings' redness counts as: 0.3. */
const MOST_BACKGROUND = 307;

/** 0 below `low`, 256 above `high`, smooth between (3t² - 2t³). */
function smoothstep(low: i32, high: i32, value: i32): i32 {
  if (value <= low) return 0;
  if (value >= high) return 256;
  const t = ((value - low) << 8) / (high - low);
  return (t * t * (768 - 2 * t)) >> 16;
}

function isGlint(p: usize, s: i32): bool {
  return <i32>min(load<u8>(p), min(load<u8>(p, 1), load<u8>(p, 2))) > GLINT && s < GLINT_REDNESS;
}

/** What {@link correctEye} takes. */
@unmanaged
class CorrectEye {
  image: usize;
  scratch: usize;
  width: i32;
  height: i32;
  stride: usize;
  x: i32;
  y: i32;
  r: i32;
  strength: i32;
  red: usize;
}

/**
 * Corrects the eye at (x, y) with radius r (pixels, 8-bit fixed point) in `width` × `height` four-channel pixels at
 * `image`, with a strength of 0 to 256. `scratch` takes 3 · (4r + 8)² bytes and 260 more. Only pixels in the mask,
 * within 1.3 r, are written.
 */
export function correctEye(record: CorrectEye): void {
  const image = record.image;
  const scratch = record.scratch;
  const width = record.width;
  const height = record.height;
  const stride = record.stride;
  const x = record.x;
  const y = record.y;
  const r = record.r;
  const strength = record.strength;
  const red = record.red;
  const reach = (r >> 7) + 2; // 2 r
  const left = max((x >> 8) - reach, 0);
  const top = max((y >> 8) - reach, 0);
  const across = min((x >> 8) + reach, width - 1) - left + 1;
  const down = min((y >> 8) + reach, height - 1) - top + 1;
  if (across <= 0 || down <= 0) return;
  const mask = scratch;
  const closed = scratch + <usize>(across * down);
  const spare = closed + <usize>(across * down);

  // The redness of what surrounds the pupil, 1.3 r to 2 r: the median by a histogram of 0 to 0.3 in 64 steps, kept in
  // the spare area.
  const histogram = spare;
  memory.fill(histogram, 0, 65 << 2);
  let ring = 0;
  let coreSum = 0;
  let core = 0;
  for (let row = 0; row < down; row++) {
    for (let column = 0; column < across; column++) {
      const p = image + <usize>(top + row) * stride + <usize>((left + column) << 2);
      const distance = distanceTo(left + column, top + row, x, y);
      if (distance * 10 < r * 8) {
        const s = rednessAt(p, red);
        if (!isGlint(p, s)) {
          coreSum += (<i32>load<u8>(p, 1) + <i32>load<u8>(p + 2 - red)) >> 1;
          core++;
        }
      } else if (distance * 10 > r * 13 && distance < r * 2) {
        const s = rednessAt(p, red);
        const bin = histogram + <usize>((s < 0 ? 0 : s >= MOST_BACKGROUND ? 64 : (s * 64) / MOST_BACKGROUND) << 2);
        store<i32>(bin, load<i32>(bin) + 1);
        ring++;
      }
    }
  }
  let background = 0;
  for (let seen = load<i32>(histogram); seen * 2 < ring && background < 64;) {
    background++;
    seen += load<i32>(histogram + <usize>(background << 2));
  }
  background = (background * MOST_BACKGROUND) >> 6;
  const pupil = core > 0 ? coreSum / core : 0;
  const darken = pupil > PUPIL ? (PUPIL << 8) / pupil : 256;

  for (let row = 0; row < down; row++) {
    for (let column = 0; column < across; column++) {
      const p = image + <usize>(top + row) * stride + <usize>((left + column) << 2);
      const distance = distanceTo(left + column, top + row, x, y);
      const s = rednessAt(p, red);
      const inside = insideMask(distance, r);
      // What is red in the middle is too red, whatever its surroundings are.
      const least = (background * smoothstep(r >> 1, (r * 7) >> 3, distance)) >> 8;
      let m = inside === 0 || isGlint(p, s) ? 0 : (smoothstep(least + 20, least + 123, s) * inside) >> 8;
      m = m > 255 ? 255 : m;
      store<u8>(mask + <usize>(row * across + column), m);
    }
  }
  memory.copy(closed, mask, <usize>(across * down));
  close5x5(closed, spare, across, down);
  for (let row = 0; row < down; row++) {
    for (let column = 0; column < across; column++) {
      const p = image + <usize>(top + row) * stride + <usize>((left + column) << 2);
      const distance = distanceTo(left + column, top + row, x, y);
      const inside = insideMask(distance, r);
      if (inside === 0 || isGlint(p, rednessAt(p, red))) continue;
      const own = <i32>load<u8>(mask + <usize>(row * across + column));
      const soft = (blurred(closed, across, down, column, row) * inside) >> 8;
      const m = ((own > soft ? own : soft) * strength) >> 8;
      if (m === 0) continue;
      const R = <i32>load<u8>(p + red);
      const G = <i32>load<u8>(p, 1);
      const B = <i32>load<u8>(p + 2 - red);
      const bright = smoothstep(FRINGE, GLINT, min(R, min(G, B)));
      const target = (((G + B) >> 1) * (darken + (((256 - darken) * bright) >> 8))) >> 8;
      store<u8>(p + red, R + (((target - R) * m) >> 8));
      store<u8>(p, G + (((min(G, target) - G) * m) >> 8), 1);
      store<u8>(p + 2 - red, B + (((min(B, target) - B) * m) >> 8));
    }
  }
}

/** 256 within 1.05 r – the fitted edge lies where redness has fallen by half –, 0 beyond 1.3 r. */
function insideMask(distance: i32, r: i32): i32 {
  return 256 - smoothstep((r * 134) >> 7, (r * 166) >> 7, distance);
}

/** Distance of a pixel's centre from a place, 8-bit fixed point. */
function distanceTo(column: i32, row: i32, x: i32, y: i32): i32 {
  const dx = <i64>((column << 8) - x);
  const dy = <i64>((row << 8) - y);
  return squareRoot(dx * dx + dy * dy);
}

/** Mean over 3 × 3, the border repeated. */
function blurred(plane: usize, width: i32, height: i32, x: i32, y: i32): i32 {
  let sum = 0;
  for (let dy = -1; dy <= 1; dy++) {
    const row = min(max(y + dy, 0), height - 1);
    for (let dx = -1; dx <= 1; dx++)
      sum += <i32>load<u8>(plane + <usize>(row * width + min(max(x + dx, 0), width - 1)));
  }
  return sum / 9;
}
