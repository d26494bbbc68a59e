/** Robust summaries of repeated measurements. */

/** Median and quartiles, by linear interpolation between the order statistics. */
export type Summary = { median: number; low: number; high: number };

/** Summarises one or more values. */
export function summarise(values: readonly number[]): Summary {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => {
    const place = (sorted.length - 1) * share;
    const below = sorted[Math.floor(place)]!;
    return below + (sorted[Math.ceil(place)]! - below) * (place % 1);
  };
  return { median: at(0.5), low: at(0.25), high: at(0.75) };
}

/** Ratios of the same round: what the machine did to both in that round cancels. */
export function ratios(values: readonly number[], base: readonly number[]): number[] {
  return values.map((value, i) => value / base[i]!);
}

/** The order in which `count` contestants run in a round: rotated, so that none always follows the same one. */
export function order(count: number, round: number): number[] {
  return Array.from({ length: count }, (_, i) => (i + round) % count);
}
