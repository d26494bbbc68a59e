/** Rows of questions that have summaries of their own and no single samples. */
import type { ResultRow } from '../src/bench/result-file.ts';
import type { Interval, Summary } from '../src/bench/statistics.ts';
import type { BurstResult } from './burst.ts';
import type { ShareResult } from './share.ts';

/** Bursts, against as many workers that use a canvas. */
export function burstRows(results: readonly BurstResult[]): ResultRow[] {
  return results.map(({ workers, contestant, shotsPerSecond, ratio }) => ({
    question: 'burst',
    task: `burst of 64 I420 frames, ${workers} worker${workers > 1 ? 's' : ''}`,
    frame: '1920 × 1080',
    contestant,
    baseline: 'drawImage + convertToBlob',
    status: 'ok',
    measures: { rate: measure('shots/s', 'more', shotsPerSecond, ratio) },
  }));
}

/** One photo by one worker and by two. */
export function shareRows(results: readonly ShareResult[]): ResultRow[] {
  return results.flatMap(({ name, task, alone, shared, ratio }) => {
    const common = {
      question: 'share',
      task: `I420 → ${task}`,
      frame: name,
      baseline: 'one worker',
      status: 'ok',
    } as const;
    const one = { median: 1, low: 1, high: 1 };
    return [
      { ...common, contestant: 'one worker', measures: { wall: measure('ms', 'less', alone, one) } },
      { ...common, contestant: 'two workers', measures: { wall: measure('ms', 'less', shared, ratio) } },
    ];
  });
}

function measure(
  unit: string,
  better: 'less' | 'more',
  summary: Summary,
  ratio: Interval,
): ResultRow['measures'][string] {
  const { median, low, high } = ratio;
  return { unit, better, ...summary, samples: [], ratio: { median, low, high } };
}

/** A measure that is one number. */
export function bareMeasure(unit: string, better: 'less' | 'more', value: number): ResultRow['measures'][string] {
  return { unit, better, median: value, mad: 0, low: value, high: value, samples: [] };
}
