/**
 * The five filters of PNG (PNG third edition, clause 9) and the choice between them, row by row: the filter whose
 * output, read as signed bytes, has the smallest sum of magnitudes (clause 12.7), or of what the bytes might cost. No
 * filter depends on its own output, so sixteen bytes go at once. Names as in clause 9.2: x the byte, a to its left, b
 * above, c above a.
 */

const NONE: i32 = 0;
const SUB: i32 = 1;
const UP: i32 = 2;
const AVERAGE: i32 = 3;
const PAETH: i32 = 4;

/** What is least of the filter that is chosen: the sum of magnitudes, or what the bytes might cost. */
export const BY_MAGNITUDE: i32 = 0;
export const BY_COST: i32 = 1;

/** What {@link filterRows} takes. */
@unmanaged
class FilterRows {
  rows: usize;
  dst: usize;
  rowBytes: i32;
  height: i32;
  pitch: i32;
  bpp: i32;
  filters: i32;
  step: i32;
  measure: i32;
}

/**
 * Filters rows into the form that DEFLATE compresses: each a filter type byte and `rowBytes` bytes.
 * - `rows` are `pitch` bytes apart; the row before the first (zeros at the top of an image) lies `pitch` before it
 * - the `bpp` bytes before every row, that one included, are zero
 * - `dst` takes `height * (1 + rowBytes)` bytes
 * - `filters` has bit f set where type f may be chosen; of equals the lowest wins
 * - `step`, a multiple of 16: the choice looks at the first sixteen of every so many bytes
 * - `measure`: {@link BY_MAGNITUDE}, or {@link BY_COST} of all whole sixteens of a row that has any
 */
export function filterRows(record: FilterRows): void {
  let rows = record.rows;
  let dst = record.dst;
  const rowBytes = record.rowBytes;
  const height = record.height;
  const pitch = record.pitch;
  const bpp = record.bpp;
  const filters = record.filters;
  const step = record.step;
  const measure = record.measure;
  const byCost = measure === BY_COST && rowBytes >= 16;
  for (let y = 0; y < height; y++) {
    let type = <i32>ctz(filters);
    if ((filters & (filters - 1)) !== 0) {
      type = byCost
        ? cheapestFilter(rows, rows - pitch, rowBytes, bpp, filters)
        : chooseFilter(rows, rows - pitch, rowBytes, bpp, filters, step);
    }
    store<u8>(dst, type);
    filterRow(rows, rows - pitch, dst + 1, rowBytes, bpp, type);
    rows += pitch;
    dst += 1 + rowBytes;
  }
}

/**
 * The allowed filter with the smallest sum of magnitudes over the first sixteen of every `step` bytes, and over the
 * last.
 */
function chooseFilter(row: usize, prior: usize, rowBytes: i32, bpp: i32, filters: i32, step: i32): i32 {
  let none = i32x4.splat(0);
  let sub = i32x4.splat(0);
  let up = i32x4.splat(0);
  let average = i32x4.splat(0);
  let paeth = i32x4.splat(0);
  let i = 0;
  for (; i + 16 <= rowBytes; i += step) {
    const x = v128.load(row + i);
    const a = v128.load(row + i - bpp);
    const b = v128.load(prior + i);
    if ((filters & (1 << NONE)) !== 0) none = i32x4.add(none, magnitudes(x));
    if ((filters & (1 << SUB)) !== 0) sub = i32x4.add(sub, magnitudes(i8x16.sub(x, a)));
    if ((filters & (1 << UP)) !== 0) up = i32x4.add(up, magnitudes(i8x16.sub(x, b)));
    if ((filters & (1 << AVERAGE)) !== 0) average = i32x4.add(average, magnitudes(i8x16.sub(x, averages(a, b))));
    if ((filters & (1 << PAETH)) !== 0) {
      const c = v128.load(prior + i - bpp);
      paeth = i32x4.add(paeth, magnitudes(i8x16.sub(x, paeths(a, b, c))));
    }
  }
  let sumNone = total(none);
  let sumSub = total(sub);
  let sumUp = total(up);
  let sumAverage = total(average);
  let sumPaeth = total(paeth);
  for (i = min(i, rowBytes & ~15); i < rowBytes; i++) {
    const x: i32 = load<u8>(row + i);
    const a: i32 = load<u8>(row + i - bpp);
    const b: i32 = load<u8>(prior + i);
    const c: i32 = load<u8>(prior + i - bpp);
    sumNone += magnitude(x);
    sumSub += magnitude(x - a);
    sumUp += magnitude(x - b);
    sumAverage += magnitude(x - ((a + b) >> 1));
    sumPaeth += magnitude(x - paeth1(a, b, c));
  }
  let type = -1;
  let least = i32.MAX_VALUE;
  if ((filters & (1 << NONE)) !== 0) {
    least = sumNone;
    type = NONE;
  }
  if ((filters & (1 << SUB)) !== 0 && sumSub < least) {
    least = sumSub;
    type = SUB;
  }
  if ((filters & (1 << UP)) !== 0 && sumUp < least) {
    least = sumUp;
    type = UP;
  }
  if ((filters & (1 << AVERAGE)) !== 0 && sumAverage < least) {
    least = sumAverage;
    type = AVERAGE;
  }
  if ((filters & (1 << PAETH)) !== 0 && sumPaeth < least) type = PAETH;
  return type;
}

/** The allowed filter whose output costs least over the whole sixteens of a row. */
function cheapestFilter(row: usize, prior: usize, rowBytes: i32, bpp: i32, filters: i32): i32 {
  let type = -1;
  let least = i32.MAX_VALUE;
  for (let filter = NONE; filter <= PAETH; filter++) {
    if ((filters & (1 << filter)) === 0) continue;
    let sums = i32x4.splat(0);
    for (let i = 0; i + 16 <= rowBytes; i += 16) {
      const x = v128.load(row + i);
      const a = v128.load(row + i - bpp);
      const b = v128.load(prior + i);
      if (filter === NONE) sums = i32x4.add(sums, costs(x));
      else if (filter === SUB) sums = i32x4.add(sums, costs(i8x16.sub(x, a)));
      else if (filter === UP) sums = i32x4.add(sums, costs(i8x16.sub(x, b)));
      else if (filter === AVERAGE) sums = i32x4.add(sums, costs(i8x16.sub(x, averages(a, b))));
      else sums = i32x4.add(sums, costs(i8x16.sub(x, paeths(a, b, v128.load(prior + i - bpp)))));
    }
    const sum = total(sums);
    if (sum < least) {
      least = sum;
      type = filter;
    }
  }
  return type;
}

/**
 * What sixteen bytes might cost, in 32nds of a bit, summed by fours: a byte of magnitude m 1.2 + 1.6 log2(1 + m) bits,
 * for m of 16 and more as if it were the middle of its sixteen; a quarter where it and the byte before equal those one
 * byte, or it and the two before those three bytes, earlier among the sixteen.
 */
function costs(bytes: v128): v128 {
  const small = i8x16(10, 22, 30, 35, 39, 43, 46, 48, 50, 52, 54, 55, 57, 58, 60, 61);
  const large = i8x16(0, 69, 78, 84, 89, 92, 95, 98, 99, 0, 0, 0, 0, 0, 0, 0);
  const magnitude = i8x16.abs(bytes);
  // A lane past fifteen looks up 0.
  const cost = v128.add<u8>(i8x16.swizzle(small, magnitude), i8x16.swizzle(large, i8x16.shr_u(magnitude, 4)));
  const ones = i8x16.eq(bytes, v128.shuffle<u8>(bytes, bytes, 16, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14));
  const threes = i8x16.eq(bytes, v128.shuffle<u8>(bytes, bytes, 16, 16, 16, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12));
  const none = i8x16.splat(0);
  // The first of sixteen follow nothing.
  const one = v128.and(ones, i8x16(0, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1));
  const three = v128.and(threes, i8x16(0, 0, 0, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1));
  const oneBefore = v128.shuffle<u8>(one, none, 16, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14);
  const threeBefore = v128.shuffle<u8>(three, none, 16, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14);
  const threeEarlier = v128.shuffle<u8>(three, none, 16, 16, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13);
  const repeated = v128.or(v128.and(one, oneBefore), v128.and(three, v128.and(threeBefore, threeEarlier)));
  const whole = i16x8.shl(i16x8.extadd_pairwise_i8x16_u(cost), 2);
  const spared = i16x8.extadd_pairwise_i8x16_u(v128.and(cost, repeated));
  return i32x4.extadd_pairwise_i16x8_u(i16x8.sub(whole, i16x8.mul(spared, i16x8.splat(3))));
}

/** Writes one row through the filter of the given type. */
function filterRow(row: usize, prior: usize, dst: usize, rowBytes: i32, bpp: i32, type: i32): void {
  if (type === NONE) {
    memory.copy(dst, row, rowBytes);
    return;
  }
  let i = 0;
  if (type === SUB) {
    for (; i + 16 <= rowBytes; i += 16) {
      v128.store(dst + i, i8x16.sub(v128.load(row + i), v128.load(row + i - bpp)));
    }
  } else if (type === UP) {
    for (; i + 16 <= rowBytes; i += 16) {
      v128.store(dst + i, i8x16.sub(v128.load(row + i), v128.load(prior + i)));
    }
  } else if (type === AVERAGE) {
    for (; i + 16 <= rowBytes; i += 16) {
      const predicted = averages(v128.load(row + i - bpp), v128.load(prior + i));
      v128.store(dst + i, i8x16.sub(v128.load(row + i), predicted));
    }
  } else {
    for (; i + 16 <= rowBytes; i += 16) {
      const predicted = paeths(v128.load(row + i - bpp), v128.load(prior + i), v128.load(prior + i - bpp));
      v128.store(dst + i, i8x16.sub(v128.load(row + i), predicted));
    }
  }
  for (; i < rowBytes; i++) {
    const a: i32 = load<u8>(row + i - bpp);
    const b: i32 = load<u8>(prior + i);
    const c: i32 = load<u8>(prior + i - bpp);
    const predicted = type === SUB ? a : type === UP ? b : type === AVERAGE ? (a + b) >> 1 : paeth1(a, b, c);
    store<u8>(dst + i, <i32>load<u8>(row + i) - predicted);
  }
}

/** floor((a + b) / 2): the average that rounds up, less one where a + b is odd. */
function averages(a: v128, b: v128): v128 {
  return i8x16.sub(i8x16.avgr_u(a, b), v128.and(v128.xor(a, b), i8x16.splat(1)));
}

/**
 * Clause 9.4 in bytes. With p = a + b - c the distances are |b - c| to a, |a - c| to b and |(a - c) + (b - c)| to c.
 * Let low and high be the smaller and the larger of a and b. Where c lies between them, these are high - c to low, c -
 * low to high and the difference of both to c. Where c lies outside, the one nearest to p is the one farthest from c;
 * saturation makes just its distance 0. Low and high are as near as each other only where c is as near as p, or where
 * they are equal.
 */
function paeths(a: v128, b: v128, c: v128): v128 {
  const low = i8x16.min_u(a, b);
  const high = i8x16.max_u(a, b);
  const toLow = i8x16.sub_sat_u(high, c);
  const toHigh = i8x16.sub_sat_u(c, low);
  const lowFarther = i8x16.sub_sat_u(toLow, toHigh);
  const toC = v128.or(lowFarther, i8x16.sub_sat_u(toHigh, toLow));
  const nearer = i8x16.min_u(toLow, toHigh);
  const side = v128.bitselect(low, high, i8x16.eq(lowFarther, i8x16.splat(0)));
  return v128.bitselect(side, c, i8x16.le_u(nearer, toC));
}

function paeth1(a: i32, b: i32, c: i32): i32 {
  const pa = abs(b - c);
  const pb = abs(a - c);
  const pc = abs(a + b - c - c);
  return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
}

/** The magnitudes of sixteen signed bytes, summed by fours. */
function magnitudes(bytes: v128): v128 {
  return i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(i8x16.abs(bytes)));
}

function magnitude(difference: i32): i32 {
  return abs(<i32>(<i8>difference));
}

function total(sums: v128): i32 {
  return (
    i32x4.extract_lane(sums, 0) +
    i32x4.extract_lane(sums, 1) +
    i32x4.extract_lane(sums, 2) +
    i32x4.extract_lane(sums, 3)
  );
}
