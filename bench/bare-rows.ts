/** Rows of questions that measure by themselves. */
import type { ResultRow } from '../src/bench/result-file.ts';
import { ratioInterval, summarise, type Interval, type Summary } from '../src/bench/statistics.ts';
import type { BurstResult } from './burst.ts';
import type { ShareResult } from './share.ts';

/** Bursts, against as many workers that use a canvas. */
export function burstRows(results: readonly BurstResult[]): ResultRow[] {
  const first = results[0]!;
  return results.map(({ frame, contestant, rates, cpu }) => ({
    question: 'burst',
    task: 'burst, JPEG q0.9, two workers',
    frame,
    contestant,
    baseline: first.contestant,
    status: 'ok',
    measures: {
      rate: sampled('shots/s', 'more', rates, first.rates),
      ...(cpu.length > 0 && { cpu: sampled('ms a shot', 'less', cpu, first.cpu) }),
    },
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

function sampled(
  unit: string,
  better: 'less' | 'more',
  samples: number[],
  base: readonly number[],
): ResultRow['measures'][string] {
  const isComparable = base.length === samples.length && base.every((value) => value > 0);
  return { unit, better, ...summarise(samples), samples, ...(isComparable && { ratio: ratioInterval(samples, base) }) };
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
