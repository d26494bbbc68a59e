import { basename, resolve } from 'node:path';
import type { ResultRow } from '../../src/bench/result-file.ts';
import type { Measure } from '../../src/bench/row.ts';
import { redEyeFigures } from '../questions/red-eye-figures.mjs';

/** What is found in photographs that are labelled as `scripts/red-eye/train.mjs` says. */
export async function labelledRedEyes(folder: string): Promise<ResultRow[]> {
  console.error('what is found in labelled photographs …');
  const figures = await redEyeFigures(resolve(folder));
  return figures.map(({ contestant, found, clean, touched, falseRegions }) => ({
    question: 'red-eye',
    task: 'red eyes in labelled photographs',
    frame: basename(folder),
    contestant,
    baseline: figures[0]!.contestant,
    status: 'ok',
    measures: {
      ...Object.fromEntries(
        Object.entries(found as Record<string, { found: number; of: number }>).map(([kind, { found: count, of }]) => [
          `${kind}, of ${of}`,
          bareMeasure('found', 'more', count),
        ]),
      ),
      ...(clean > 0 && {
        'false regions': bareMeasure('a clean photograph', 'less', falseRegions / clean),
        touched: bareMeasure(`of ${clean} clean photographs`, 'less', touched),
      }),
    },
  }));
}

/** A measure that is one number. */
function bareMeasure(unit: string, better: 'less' | 'more', value: number): Measure {
  return { unit, better, median: value, mad: 0, low: value, high: value, samples: [] };
}
