/**
 * Which scans a progressive JPEG has (T.81 G.1.1). More scans mean more Huffman tables, each made for less, and longer
 * end-of-band runs; how far that pays depends on the picture, so candidates are counted. The two lowest frequencies of
 * AC, the most frequent coefficients and unlike the others, get scans of their own; the rest comes in bands, or bit by
 * bit.
 */

/**
 * A scan of one component's AC coefficients `from` to `to`: their bits from `low` up, or only bit `low` where `high` is
 * not 0 (B.2.3).
 */
export type AcScan = { component: number; from: number; to: number; high: number; low: number };

/** Bands of the rest end here. */
const SPLITS = [5, 9];

/** How many bits come in refinement scans at most. */
const MOST_REFINED = 2;

/**
 * The cheapest scans of one component's AC coefficients, in the order in which they are written; `bits` tells what one
 * would take.
 */
export function chooseAcScans(component: number, bits: (scan: AcScan) => number): AcScan[] {
  const scan = (from: number, to: number, high = 0, low = 0): AcScan => ({ component, from, to, high, low });
  const known = new Map<string, number>();
  const cost = (scans: AcScan[]): number => {
    let sum = 0;
    for (const one of scans) {
      const key = Object.values(one).join();
      if (!known.has(key)) known.set(key, bits(one));
      sum += known.get(key)!;
    }
    return sum;
  };
  const cheapest = (candidates: AcScan[][]): AcScan[] =>
    candidates.reduce((best, other) => (cost(other) < cost(best) ? other : best));

  const low = cheapest([[scan(1, 2)], [scan(1, 1), scan(2, 2)]]);
  const rest = [[scan(3, 63)], ...SPLITS.map((split) => [scan(3, split), scan(split + 1, 63)])];
  for (let refined = 1; refined <= MOST_REFINED; refined++) {
    const refinements = Array.from({ length: refined }, (_, i) => scan(3, 63, refined - i, refined - i - 1));
    rest.push([scan(3, 63, 0, refined), ...refinements]);
  }
  return cheapest([[scan(1, 63)], [...low, ...cheapest(rest)]]);
}
