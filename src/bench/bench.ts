import { Contest } from './contest.ts';
import { limitsOf, type BenchOptions } from './options.ts';
import type { BenchResult, BenchRow } from './row.ts';

/**
 * Compares contestants on frames: rounds in which each runs once, in an order that changes from round to round, after
 * each one's output was looked at and a round of warm-up. One that fails, hangs or is missing is reported as such and
 * the others go on.
 * @throws TypeError or RangeError for wrong options.
 */
export async function bench<Frame>(options: BenchOptions<Frame>): Promise<BenchResult> {
  const limits = limitsOf(options);
  const rows: BenchRow[] = [];
  let complete = true;
  for (const frame of options.frames) {
    if (options.signal?.aborted) complete = false;
    if (!complete) break;
    const contest = new Contest(frame, options, limits);
    complete = await contest.hold();
    rows.push(...contest.rows());
  }
  return { rows, complete };
}
