/**
 * Robust summaries of repeated measurements. Times of a busy machine have heavy tails and drift, so everything rests on
 * medians, and contestants are compared by the ratios of the same round, where what the machine did to both cancels.
 */

/** What many values come to. */
export type Summary = {
  /** The middle value. */
  median: number;
  /** Median absolute deviation from the median, not scaled. */
  mad: number;
  /** Lower quartile, by linear interpolation between the order statistics. */
  low: number;
  /** Upper quartile. */
  high: number;
};

/** An estimate and the ends of its confidence interval. */
export type Interval = {
  /** The estimate. */
  median: number;
  /** Lower end. */
  low: number;
  /** Upper end. */
  high: number;
};

/** How an interval is computed. */
export type IntervalOptions = {
  /** Probability that the interval covers the truth, 0 to 1; default 0.95. */
  confidence?: number | undefined;
  /** Bootstrap resamples; default 2000. */
  resamples?: number | undefined;
  /** Seed of the resampling: the same numbers give the same interval. Default 1. */
  seed?: number | undefined;
};

/** Rounds of either kind that have a median of their own to speak of. */
const LEAST_TURNS = 10;

/** Summarises one or more values. */
export function summarise(values: readonly number[]): Summary {
  const sorted = ascending(values);
  const median = quantile(sorted, 0.5);
  const mad = quantile(ascending(values.map((value) => Math.abs(value - median))), 0.5);
  return { median, mad, low: quantile(sorted, 0.25), high: quantile(sorted, 0.75) };
}

/** The value below which a share of the values lies, 0 to 1: 0.95 gives the p95. */
export function percentile(values: readonly number[], share: number): number {
  return quantile(ascending(values), share);
}

/** Ratios of the same round: what the machine did to both in that round cancels. */
export function ratios(values: readonly number[], base: readonly number[]): number[] {
  return values.map((value, i) => value / base[i]!);
}

/** The median and its confidence interval, by a percentile bootstrap (Efron 1979). */
export function medianInterval(values: readonly number[], options: IntervalOptions = {}): Interval {
  return bootstrap((medianOf) => medianOf(values), options);
}

/** How many times as much the values are as the base, taken round by round: median and confidence interval. */
export function ratioInterval(
  values: readonly number[],
  base: readonly number[],
  options: IntervalOptions = {},
): Interval {
  return medianInterval(ratios(values, base), options);
}

/**
 * The same without what comes of turns, where it makes a difference who runs first: the ratio of the rounds in which
 * the values were measured later than the base, and that of the others, meet in their middle. Few rounds are taken
 * together.
 */
export function ratioIntervalByTurns(
  values: readonly number[],
  base: readonly number[],
  isLater: readonly boolean[],
  options: IntervalOptions = {},
): Interval {
  const all = ratios(values, base);
  const later = all.filter((_, i) => isLater[i]);
  const earlier = all.filter((_, i) => !isLater[i]);
  if (Math.min(later.length, earlier.length) < LEAST_TURNS) return medianInterval(all, options);
  return bootstrap((medianOf) => Math.sqrt(medianOf(later) * medianOf(earlier)), options);
}

/**
 * How many times as much `after` is as `before`, which were measured in separate runs: ratio of medians and confidence
 * interval.
 */
export function changeInterval(
  after: readonly number[],
  before: readonly number[],
  options: IntervalOptions = {},
): Interval {
  return bootstrap((medianOf) => medianOf(after) / medianOf(before), options);
}

/** A seeded generator of numbers from 0 to 1 (Marsaglia's xorshift32 with a multiplier). */
export function generator(seed: number): () => number {
  let state = (Math.imul(seed, 2654435761) ^ 0x9e3779b9) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (Math.imul(state, 1597334677) >>> 0) / 2 ** 32;
  };
}

/**
 * An estimate made of medians, and its interval: the same estimate made of medians of resampled values, again and
 * again.
 */
function bootstrap(
  estimate: (medianOf: (values: readonly number[]) => number) => number,
  { confidence = 0.95, resamples = 2000, seed = 1 }: IntervalOptions,
): Interval {
  const random = generator(seed);
  const resampled = Float64Array.from({ length: resamples }, () =>
    estimate((values) => resampledMedian(values, random)),
  ).sort();
  const [low, high] = [quantile(resampled, (1 - confidence) / 2), quantile(resampled, (1 + confidence) / 2)];
  return { median: estimate((values) => quantile(ascending(values), 0.5)), low, high };
}

function resampledMedian(values: readonly number[], random: () => number): number {
  const drawn = Float64Array.from(values, () => values[Math.floor(random() * values.length)]!);
  return quantile(drawn.sort(), 0.5);
}

function ascending(values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b);
}

function quantile(sorted: ArrayLike<number>, share: number): number {
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)]!;
  const above = sorted[Math.ceil(place)]!;
  return below === above ? below : below + (above - below) * (place % 1);
}
