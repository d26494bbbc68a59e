/** A candidate's circle: 16 rays from its centre, on the level of the pyramid where its radius is 3 to 6 pixels. */
import { Eye } from './eye';
import { levelsOf, redByte, sampleColour } from './picture';

/** cos of 0°, 22.5° … 90° in 14-bit fixed point. */
function quarterCosine(i: i32): i32 {
  return i === 0 ? 16384 : i === 1 ? 15137 : i === 2 ? 11585 : i === 3 ? 6270 : 0;
}

/** cos of i · 22.5° in 14-bit fixed point. */
export function cosine(i: i32): i32 {
  const a = i & 15;
  const b = a > 8 ? 16 - a : a;
  return b <= 4 ? quarterCosine(b) : -quarterCosine(8 - b);
}

/** sin of i · 22.5° in 14-bit fixed point. */
export function sine(i: i32): i32 {
  return cosine(i + 12);
}

/**
 * What a step of `distance` (8-bit fixed point) along a ray makes of one axis: `factor` is the ray's cosine or sine.
 */
export function stepAlong(distance: i32, factor: i32): i32 {
  return <i32>((<i64>distance * factor) / 16384);
}

/** The level on which a radius (8-bit fixed point) measures 3 to 6 pixels. */
export function levelOf(radius: i32, levels: i32): i32 {
  let level = 0;
  for (let r = radius; r >= 6 << 8 && level < levels - 1; r >>= 1) level++;
  return level;
}

/**
 * Redness in 10-bit fixed point, negative where green or blue is stronger, of a sampled colour; red at bit `redShift`:
 * 0 or 32.
 */
export function rednessOf(colour: u64, redShift: i32): i32 {
  const r = <i32>((colour >> redShift) & 0xffff);
  const g = <i32>((colour >> 16) & 0xffff);
  const b = <i32>((colour >> (32 - redShift)) & 0xffff);
  return ((r - (g > b ? g : b)) << 10) / (r + 256);
}

/**
 * The `rank`-th smallest (from 1) of `count` i32 at `list`, a multiple of 4 of them, at most 4096; -4096 where it is
 * less: by bisection of the values.
 */
export function smallest(list: usize, count: i32, rank: i32): i32 {
  let low = -4096;
  let high = 4096;
  while (low < high) {
    const middle = (low + high) >> 1;
    const bound = i32x4.splat(middle);
    let below = i32x4.splat(0);
    // A lane that holds is -1.
    for (let i = 0; i < count; i += 4) below = i32x4.sub(below, i32x4.le_s(v128.load(list + <usize>(i << 2)), bound));
    const pairs = i32x4.add(below, v128.shuffle<i32>(below, below, 2, 3, 0, 1));
    if (i32x4.extract_lane(pairs, 0) + i32x4.extract_lane(pairs, 1) >= rank) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Sorts `count` i32 at `list`, ascending. */
export function sortValues(list: usize, count: i32): void {
  for (let i = 1; i < count; i++) {
    const value = load<i32>(list + <usize>(i << 2));
    let j = i - 1;
    for (; j >= 0 && load<i32>(list + <usize>(j << 2)) > value; j--) {
      store<i32>(list + <usize>((j + 1) << 2), load<i32>(list + <usize>(j << 2)));
    }
    store<i32>(list + <usize>((j + 1) << 2), value);
  }
}

/** The mean of the middle two of an even number of sorted values. */
function medianOf(list: usize, count: i32): i32 {
  const middle = list + <usize>((count >> 1) << 2);
  return (load<i32>(middle) + load<i32>(middle - 4)) / 2;
}

/** floor(sqrt(n)) for n below 2^52: a correctly rounded square root is the same everywhere. */
export function squareRoot(n: i64): i32 {
  return <i32>sqrt<f64>(<f64>n);
}

/**
 * The largest radius of a pupil: 6 pixels on the coarsest of the seven levels that a picture has at most, 384 of its
 * own.
 */
const MOST_RADIUS = 6 << 14;

/** Steps along a ray, 0.15 r apart. */
const STEPS = 17;
/** 0.15 in 8-bit fixed point is 38.4: steps are multiplied out. */
const STEP_TENTHS = 384;

/** Rays without an edge that a pupil may have, of 8 in the first round and of 16 in the end. */
const WITHOUT_AT_FIRST = 3;
const WITHOUT_EDGE = 1;
/** Roughness that a pupil may have, 0.86 in 10-bit fixed point: lips and folds have more. */
const MOST_ROUGH = 880;

/**
 * Fits a circle to the place where redness falls by half, along 8 rays, then along 16 from there. Of the {@link Eye} at
 * `eye` the circle goes in and comes out, with a radius of at most {@link MOST_RADIUS}; the rest comes out. `scratch`
 * takes 2048 bytes. Returns 0 for what has no edge all round, is too large or not round.
 */
export function refineCircle(picture: usize, eye: usize, scratch: usize): i32 {
  const circle = changetype<Eye>(eye);
  const redShift = (<i32>redByte(picture)) << 4;
  const samples = scratch; // 16 × 17
  const list = scratch + 1152;
  const radii = scratch + 1536; // 16
  const xs = scratch + 1600; // 16
  const ys = scratch + 1664; // 16
  let without = 0;
  for (let rays = 8; rays <= 16; rays += 8) {
    const turn = 16 / rays;
    const x = circle.x;
    const y = circle.y;
    const r = circle.radius;
    const level = levelOf(r, levelsOf(picture));
    for (let ray = 0; ray < rays; ray++) {
      const cos = cosine(ray * turn);
      const sin = sine(ray * turn);
      for (let i = 0; i < STEPS; i++) {
        const distance = (r * (i + 1) * STEP_TENTHS) / 2560;
        const colour = sampleColour(picture, level, x + stepAlong(distance, cos), y + stepAlong(distance, sin));
        store<i32>(samples + <usize>((ray * STEPS + i) << 2), rednessOf(colour, redShift));
      }
    }
    const inside = medianBetween(samples, list, rays, 0, 4);
    let outside = medianBetween(samples, list, rays, 12, 17);
    if (outside > inside - 51) outside = inside - 51; // 0.05
    const threshold = (inside + outside) >> 1;
    without = 0;
    let sumX: i64 = 0;
    let sumY: i64 = 0;
    for (let ray = 0; ray < rays; ray++) {
      let i = 2;
      while (i < STEPS && load<i32>(samples + <usize>((ray * STEPS + i) << 2)) >= threshold) i++;
      if (i === STEPS) {
        without++;
        i--;
      }
      const distance = (r * (i + 1) * STEP_TENTHS) / 2560;
      const bx = x + stepAlong(distance, cosine(ray * turn));
      const by = y + stepAlong(distance, sine(ray * turn));
      store<i32>(xs + <usize>(ray << 2), bx);
      store<i32>(ys + <usize>(ray << 2), by);
      sumX += bx;
      sumY += by;
    }
    if (without > (rays === 8 ? WITHOUT_AT_FIRST : WITHOUT_EDGE)) return 0;
    const cx = (medianOfOpposites(xs, list, rays >> 1) * 7 + <i32>((sumX * 3) / rays)) / 10;
    const cy = (medianOfOpposites(ys, list, rays >> 1) * 7 + <i32>((sumY * 3) / rays)) / 10;
    for (let ray = 0; ray < rays; ray++) {
      const dx = <i64>(load<i32>(xs + <usize>(ray << 2)) - cx);
      const dy = <i64>(load<i32>(ys + <usize>(ray << 2)) - cy);
      store<i32>(radii + <usize>(ray << 2), squareRoot(dx * dx + dy * dy));
    }
    sortValues(radii, rays);
    const radius = medianOf(radii, rays);
    if (radius > MOST_RADIUS) return 0;
    circle.x = cx;
    circle.y = cy;
    circle.radius = radius < 307 ? 307 : radius; // 1.2 pixels
  }
  const spread = load<i32>(radii, 13 << 2) - load<i32>(radii, 2 << 2);
  const rough = (spread << 10) / circle.radius;
  circle.roughness = rough;
  circle.withoutEdge = without;
  return rough <= MOST_ROUGH ? 1 : 0;
}

function medianBetween(samples: usize, list: usize, rays: i32, from: i32, to: i32): i32 {
  let count = 0;
  for (let ray = 0; ray < rays; ray++) {
    for (let i = from; i < to; i++) {
      store<i32>(list + <usize>(count++ << 2), load<i32>(samples + <usize>((ray * STEPS + i) << 2)));
    }
  }
  return smallest(list, count, count >> 1);
}

function medianOfOpposites(values: usize, list: usize, pairs: i32): i32 {
  for (let i = 0; i < pairs; i++) {
    const at = values + <usize>(i << 2);
    store<i32>(list + <usize>(i << 2), (load<i32>(at) + load<i32>(at + <usize>(pairs << 2))) / 2);
  }
  sortValues(list, pairs);
  return medianOf(list, pairs);
}
