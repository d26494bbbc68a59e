/**
 * Candidates: places redder than their surroundings, at three sizes, with skin about them. Means over squares come from
 * a summed-area table of 16 bits, whose sums wrap: differences of up to 65535 come out right, and 17 × 17 samples of 7
 * bits are less.
 */
import { heightOf, pixelAt, placeOf, redByte, widthOf } from './picture';
import { cosine, sine } from './rays';
import { TILE } from './redness';

/** Mean that a centre must pass: 0.22, in 1024ths. */
const RED_ENOUGH = 225;
/** Contrast that a candidate must pass: 0.10. */
const CONTRAST = 102;
/** From sums of 128ths to means of 1024ths in 15-bit fixed point: divided by the number of samples. */
const MEAN_SCALE: i32 = 262144;
/** Where skin is looked for, in tenths of the radius, and how many pixels, of 16, must be. */
const SKIN = 35;
const LEAST_SKIN = 5;

/** Where a spot is over, in tenths of its radius, and the directions, of 16, in which it may not be. */
const EDGE = 26;
const MOST_OPEN = 5;

/** 16 pairs of i32. */
const CIRCLE_BYTES: usize = 128;

/** A candidate: its place and radius (as picture.ts says), and its contrast in 1024ths. */
@unmanaged
class Spot {
  x: i32;
  y: i32;
  radius: i32;
  contrast: i32;
}

/** Bytes from a row of the summed-area table to the next. */
function tableStride(width: i32): usize {
  return <usize>((width + 16) << 1);
}

/**
 * Sums of all samples above and left, 16 bits: `height` + 1 rows of `width` + 1, rows 2 · (`width` + 16) bytes apart.
 * Samples behind a row's end are read up to the next multiple of eight.
 */
export function summedArea(src: usize, dst: usize, width: i32, height: i32): void {
  const stride = tableStride(width);
  memory.fill(dst, 0, stride);
  for (let y = 0; y < height; y++) {
    const above = dst + 2;
    dst += stride;
    store<u16>(dst, 0);
    let carry = i16x8.splat(0);
    for (let x = 0; x < width; x += 8) {
      let v = v128.load8x8_u(src + <usize>x);
      // Prefix sums: each lane takes those 1, 2, then 4 lanes before it.
      const none = i16x8.splat(0);
      v = i16x8.add(v, v128.shuffle<i16>(none, v, 0, 8, 9, 10, 11, 12, 13, 14));
      v = i16x8.add(v, v128.shuffle<i16>(none, v, 0, 1, 8, 9, 10, 11, 12, 13));
      v = i16x8.add(v, v128.shuffle<i16>(none, v, 0, 1, 2, 3, 8, 9, 10, 11));
      v = i16x8.add(v, carry);
      carry = v128.shuffle<i16>(v, v, 7, 7, 7, 7, 7, 7, 7, 7);
      v128.store(dst + <usize>(x << 1), i16x8.add(v, v128.load(above + <usize>(x << 1))), 2);
    }
    src += <usize>width;
  }
}

/** Sums over squares of side 2k + 1 round eight neighbours; `at` is the table's entry of the first. */
function boxSums(at: usize, stride: usize, k: i32): v128 {
  const side = <usize>(2 * k + 1);
  const top = at - <usize>k * stride - <usize>(k << 1);
  const bottom = top + side * stride;
  return i16x8.sub(
    i16x8.sub(v128.load(bottom + (side << 1)), v128.load(bottom)),
    i16x8.sub(v128.load(top + (side << 1)), v128.load(top)),
  );
}

/**
 * Contrast of centre (side 2k + 1) to surround (side 2K + 1, less the centre) for rows `top` to `bottom` of a band, in
 * 1024ths; 0 where it is too little or the centre not red enough. Rows of `table` begin with the band; columns within K
 * of the border are 0. Only marked tiles are looked at; the band begins at row `first` of its level. `dst` rows are 2 ·
 * (`width` + 16) bytes apart.
 */
function contrasts(
  table: usize,
  dst: usize,
  marks: usize,
  width: i32,
  first: i32,
  top: i32,
  bottom: i32,
  k: i32,
  K: i32,
): void {
  const stride = tableStride(width);
  const inside = (2 * k + 1) * (2 * k + 1);
  const centreScale = i16x8.splat(<i16>(MEAN_SCALE / inside));
  const ringScale = i16x8.splat(<i16>(MEAN_SCALE / ((2 * K + 1) * (2 * K + 1) - inside)));
  const enough = i16x8.splat(<i16>RED_ENOUGH);
  const least = i16x8.splat(<i16>CONTRAST);
  const lanes = i16x8(0, 1, 2, 3, 4, 5, 6, 7);
  const end = i16x8.splat(<i16>(width - K));
  const across = (width + 15) >> TILE;
  for (let y = top; y < bottom; y++) {
    const row = dst + <usize>y * stride;
    memory.fill(row, 0, stride);
    const entries = table + <usize>y * stride;
    const flags = marks + <usize>(((first + y) >> TILE) * across);
    for (let x = K; x < width - K; x += 8) {
      if ((load<u8>(flags + <usize>(x >> TILE)) | load<u8>(flags + <usize>(min(x + 7, width - 1) >> TILE))) === 0)
        continue;
      const at = entries + <usize>(x << 1);
      const centre = boxSums(at, stride, k);
      const mean = i16x8.q15mulr_sat_s(centre, centreScale);
      const red = i16x8.gt_s(mean, enough);
      if (!v128.any_true(red)) continue;
      const ring = i16x8.q15mulr_sat_s(i16x8.sub(boxSums(at, stride, K), centre), ringScale);
      const contrast = i16x8.sub(mean, ring);
      const ok = v128.and(i16x8.gt_s(contrast, least), i16x8.lt_s(i16x8.add(lanes, i16x8.splat(<i16>x)), end));
      v128.store(row + <usize>(x << 1), v128.and(contrast, v128.and(red, ok)));
    }
  }
}

/** What {@link findCandidates} takes. */
@unmanaged
class FindCandidates {
  picture: usize;
  level: i32;
  map: usize;
  table: usize;
  marks: usize;
  scratch: usize;
  dst: usize;
  first: i32;
  last: i32;
  top: i32;
  bottom: i32;
  k: i32;
  K: i32;
  capacity: i32;
}

/**
 * Finds candidates of half sides k and K in rows `top` to `bottom` of a level: local maxima of contrast that have skin
 * about them. `map` is the redness of a band of rows that begins at `first` and ends at `last`, at least K + k rows
 * beyond, or at the level's border, `table` its sums; `scratch` takes 2 · (width + 16) bytes a row of the band, and 256
 * more. Writes at most `capacity` candidates and returns how many.
 */
export function findCandidates(record: FindCandidates): i32 {
  const picture = record.picture;
  const level = record.level;
  const map = record.map;
  const table = record.table;
  const marks = record.marks;
  const scratch = record.scratch;
  const dst = record.dst;
  const first = record.first;
  const last = record.last;
  const top = record.top;
  const bottom = record.bottom;
  const k = record.k;
  const K = record.K;
  const capacity = record.capacity;
  const width = widthOf(picture, level);
  const height = heightOf(picture, level);
  if (width < 2 * K + 1 || height < 2 * K + 1) return 0;
  const stride = tableStride(width);
  const upper = max(top, K) - first;
  const lower = min(bottom, height - K) - first;
  // Neighbours of what may be a maximum; rows within K of the border have none.
  const before = max(top - k, K) - first;
  const after = min(bottom + k, height - K) - first;
  if (upper >= lower) return 0;
  for (let y = upper - k; y < before; y++) memory.fill(scratch + <usize>y * stride, 0, stride);
  for (let y = after; y < lower + k; y++) memory.fill(scratch + <usize>y * stride, 0, stride);
  const edge = scratch + <usize>(last - first) * stride;
  const skin = edge + CIRCLE_BYTES;
  drawCircle(edge, k, EDGE);
  drawCircle(skin, k, SKIN);
  contrasts(table, scratch, marks, width, first, before, after, k, K);
  let found = 0;
  for (let y = upper; y < lower; y++) {
    for (let x = K; x < width - K; x += 8) {
      const p = scratch + <usize>y * stride + <usize>(x << 1);
      if (!v128.any_true(v128.load(p))) continue;
      for (let peaks = peaksOf(p, stride, k); peaks !== 0; peaks &= peaks - 1) {
        const i = x + ctz(peaks);
        const contrast = load<i16>(scratch + <usize>y * stride + <usize>(i << 1));
        if (!isSpot(map, edge, width, last - first, i, y) || !hasSkin(picture, skin, level, i, first + y)) continue;
        if (found === capacity) return found;
        const spot = changetype<Spot>(dst + <usize>found * offsetof<Spot>());
        found++;
        spot.x = placeOf(i, width, level);
        spot.y = placeOf(first + y, height, level);
        addPlateau(spot, scratch + <usize>y * stride + <usize>(i << 1), stride, k, level);
        spot.radius = ((k << 8) + 154) << level;
        spot.contrast = contrast;
      }
    }
  }
  return found;
}

/** Moves a spot from the peak at `p` to the middle of all contrasts within k that are the same. */
function addPlateau(spot: Spot, p: usize, stride: usize, k: i32, level: i32): void {
  const peak = load<i16>(p);
  let sumX = 0;
  let sumY = 0;
  let count = 0;
  for (let dy = -k; dy <= k; dy++) {
    for (let dx = -k; dx <= k; dx++) {
      if (load<i16>(p + <usize>dy * stride + <usize>(dx << 1)) !== peak) continue;
      sumX += dx;
      sumY += dy;
      count++;
    }
  }
  const unit = 256 << level;
  spot.x = <i32>((<i64>spot.x * count + sumX * unit) / count);
  spot.y = <i32>((<i64>spot.y * count + sumY * unit) / count);
}

/** Which of eight contrasts are not passed by a neighbour within k, as bits. */
function peaksOf(p: usize, stride: usize, k: i32): i32 {
  const eight = v128.load(p);
  const some = i16x8.gt_s(eight, i16x8.splat(0));
  let around = i16x8.max_s(
    i16x8.max_s(v128.load(p - 2), v128.load(p - stride)),
    i16x8.max_s(v128.load(p, 2), v128.load(p + stride)),
  );
  if (!v128.any_true(v128.and(i16x8.ge_s(eight, around), some))) return 0;
  for (let dy = -k; dy <= k; dy++) {
    const row = p + <usize>dy * stride;
    for (let dx = -k; dx <= k; dx++) around = i16x8.max_s(around, v128.load(row + <usize>(dx << 1)));
  }
  return i16x8.bitmask(v128.and(i16x8.ge_s(eight, around), some));
}

/**
 * Whether redness falls, in most directions, at the edge's circle: that is what a disc does and an edge or a stripe
 * does not.
 */
function isSpot(map: usize, circle: usize, width: i32, height: i32, x: i32, y: i32): bool {
  const bound = (<i32>load<u8>(map + <usize>(y * width + x)) * 3) >> 2;
  let open = 0;
  for (let end = circle + CIRCLE_BYTES; circle < end; circle += 8) {
    const u = min(max(x + load<i32>(circle), 0), width - 1);
    const v = min(max(y + load<i32>(circle, 4), 0), height - 1);
    if (<i32>load<u8>(map + <usize>(v * width + u)) > bound && ++open > MOST_OPEN) return false;
  }
  return true;
}

/** Whether enough of a circle is skin: most red spots of a photograph lie on something else. */
function hasSkin(picture: usize, circle: usize, level: i32, x: i32, y: i32): bool {
  const width = widthOf(picture, level);
  const height = heightOf(picture, level);
  const redShift = (<i32>redByte(picture)) << 3;
  let skin = 0;
  for (let end = circle + CIRCLE_BYTES; circle < end; circle += 8) {
    const u = min(max(x + load<i32>(circle), 0), width - 1);
    const v = min(max(y + load<i32>(circle, 4), 0), height - 1);
    const pixel = pixelAt(picture, level, u, v);
    const R = <i32>((pixel >> redShift) & 255);
    const G = <i32>((pixel >> 8) & 255);
    const B = <i32>((pixel >> (16 - redShift)) & 255);
    if (isSkin(R, G, B, 16) && ++skin === LEAST_SKIN) return true;
  }
  return false;
}

/**
 * Whether a colour may be skin's, light or dark; `unit` is what the scale of the channels makes of one: 16 for
 * redness's denominator.
 */
export function isSkin(R: i32, G: i32, B: i32, unit: i32): bool {
  const d = R - (G > B ? G : B);
  return R > 2 * unit && G * 4 >= B * 3 && d * 50 > R + unit && d * 100 < (R + unit) * 42;
}

/** Writes the 16 pixels of a circle of `tenths` of k + 0.6 as pairs of i32; the first ones lie farthest apart. */
function drawCircle(circle: usize, k: i32, tenths: i32): void {
  const radius = (k * 10 + 6) * tenths; // hundredths of a pixel
  for (let i = 0; i < 16; i++) {
    const ray = ((i & 3) << 2) | ((i & 4) >> 1) | (i >> 3);
    store<i32>(circle, nearest(radius * cosine(ray)));
    store<i32>(circle, nearest(radius * sine(ray)), 4);
    circle += 8;
  }
}

/** Hundredths of a pixel in 14-bit fixed point to whole pixels, halves away from zero: the same at every turn. */
function nearest(offset: i32): i32 {
  return (offset + (offset < 0 ? -819200 : 819200)) / 1638400;
}
