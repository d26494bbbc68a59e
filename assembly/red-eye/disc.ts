/** Fits a circle to the red of an accepted eye at full resolution, by its moments. */
import { Eye } from './eye';
import { squareRoot } from './rays';

const ROUNDS = 4;

/**
 * Moves the circle of the {@link Eye} at `eye`, whose place is from the first pixel here, to the red disc it lies on:
 * its centre is the mean place of the pixels that are nearer in redness to the core than to the surroundings, its
 * radius follows from their second moment, which for a disc is r² / 2, glint or not. Only what lies within 1.4 r
 * counts; the centre stays within 0.4 of the first radius, and the radius within 0.75 to 1.2.
 */
export function fitDisc(image: usize, eye: usize, width: i32, height: i32, stride: usize, red: usize): void {
  const circle = changetype<Eye>(eye);
  const firstX = circle.x;
  const firstY = circle.y;
  const first = circle.radius;
  const most = (first * 2) / 5;
  let x = firstX;
  let y = firstY;
  let r = first;
  for (let round = 0; round < ROUNDS; round++) {
    const reach = (r >> 7) + 1; // 2 r
    const left = max((x >> 8) - reach, 0);
    const top = max((y >> 8) - reach, 0);
    const right = min((x >> 8) + reach, width - 1);
    const bottom = min((y >> 8) + reach, height - 1);
    const near = <i64>r * r;
    let inside: i64 = 0;
    let core = 0;
    let outside: i64 = 0;
    let around = 0;
    for (let v = top; v <= bottom; v++) {
      for (let u = left; u <= right; u++) {
        const distance = squaredDistance(u, v, x, y) * 4;
        if ((distance > near && distance < near * 9) || distance > near * 16) continue;
        const s = rednessAt(image + <usize>v * stride + <usize>(u << 2), red);
        if (distance >= near * 9) {
          outside += s > 0 ? s : 0;
          around++;
        } else if (s > 0) {
          inside += s; // less the glint
          core++;
        }
      }
    }
    if (core === 0) return;
    const threshold = <i32>((inside / core + (around > 0 ? outside / around : 0)) >> 1);
    let sumX: i64 = 0;
    let sumY: i64 = 0;
    let squares: i64 = 0;
    let count = 0;
    for (let v = top; v <= bottom; v++) {
      for (let u = left; u <= right; u++) {
        const distance = squaredDistance(u, v, x, y);
        if (distance * 16 > near * 31 || rednessAt(image + <usize>v * stride + <usize>(u << 2), red) < threshold)
          continue;
        sumX += (u << 8) - x;
        sumY += (v << 8) - y;
        squares += distance;
        count++;
      }
    }
    if (count === 0) return;
    const dx = sumX / count;
    const dy = sumY / count;
    x = min(max(x + <i32>dx, firstX - most), firstX + most);
    y = min(max(y + <i32>dy, firstY - most), firstY + most);
    const spread = squareRoot(max<i64>(0, (squares / count - dx * dx - dy * dy) * 2));
    r = min(max(spread, (first * 3) >> 2), (first * 6) / 5);
  }
  circle.x = x;
  circle.y = y;
  circle.radius = r;
}

function squaredDistance(column: i32, row: i32, x: i32, y: i32): i64 {
  const dx = <i64>((column << 8) - x);
  const dy = <i64>((row << 8) - y);
  return dx * dx + dy * dy;
}

/** Redness of a pixel, 10-bit fixed point, negative where green or blue is stronger. `red` is the byte of R: 0 or 2. */
export function rednessAt(p: usize, red: usize): i32 {
  const r = <i32>load<u8>(p + red);
  const g = <i32>load<u8>(p, 1);
  const b = <i32>load<u8>(p + 2 - red);
  return ((r - (g > b ? g : b)) << 10) / (r + 16);
}
