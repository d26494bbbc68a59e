import type { BenchRow, Measure } from './row.ts';
import type { ResultFile, ResultRow } from './result-file.ts';
import { changeInterval, ratios, type Interval } from './statistics.ts';

/** How one measure of one contestant changed between two runs. */
export type Change = {
  /** The question, such as `jpeg`. */
  question: string;
  /** What the contestants of the comparison all do. */
  task: string;
  /** Name of the frame. */
  frame: string;
  /** Name of the contestant. */
  contestant: string;
  /** Name of the measure, such as `cpu`. */
  measure: string;
  /** How many times as much the new run has as the old one: median and confidence interval. */
  change: Interval;
  /**
   * `better` and `worse` only where the whole interval lies on one side of 1; what is too few rounds to tell is `same`.
   */
  verdict: 'better' | 'worse' | 'same';
  /** Worse, and by more than is tolerated. */
  loss: boolean;
};

/** How two runs are compared. */
export type CompareOptions = {
  /** Losses up to this share are tolerated; default 0.05. */
  tolerance?: number | undefined;
  /** Probability that an interval covers the truth; default 0.99, since there are many. */
  confidence?: number | undefined;
};

/**
 * What got better or worse from one run to another. Times are compared by the clock that both quote, as ratios to the
 * first contestant of the comparison, so that a slower day of the machine cancels; what has no such ratio is compared
 * as it is. The first contestants themselves and the libraries of others are left out: nothing that is measured could
 * change them.
 */
export function compareResults(before: ResultFile, after: ResultFile, options: CompareOptions = {}): Change[] {
  const { tolerance = 0.05, confidence = 0.99 } = options;
  const clock = before.clock === 'cpu' && after.clock === 'cpu' ? 'cpu' : 'wall';
  const changes: Change[] = [];
  for (const row of after.rows) {
    const old = before.rows.find((candidate) => isSame(candidate, row, row.contestant));
    if (!old || row.peer || row.status !== 'ok' || old.status !== 'ok') continue;
    for (const [measure, { better }] of Object.entries(row.measures)) {
      if ((measure === 'cpu' || measure === 'wall') && measure !== clock) continue;
      const values = comparable(before, after, old, row, measure);
      if (!values) continue;
      const change = changeInterval(values.after, values.before, { confidence });
      const [worse, gained] = better === 'less' ? [change.low > 1, change.high < 1] : [change.high < 1, change.low > 1];
      const lost = better === 'less' ? change.median > 1 + tolerance : change.median < 1 / (1 + tolerance);
      const { question, task, frame, contestant } = row;
      const verdict = worse ? 'worse' : gained ? 'better' : 'same';
      changes.push({ question, task, frame, contestant, measure, change, verdict, loss: worse && lost });
    }
  }
  return changes;
}

/**
 * The samples to compare: ratios to the first contestant where there are such, or undefined where there is nothing to
 * compare.
 */
function comparable(
  before: ResultFile,
  after: ResultFile,
  old: ResultRow,
  row: ResultRow,
  measure: string,
): { before: number[]; after: number[] } | undefined {
  const [from, to] = [old.measures[measure], row.measures[measure]];
  if (!from || !to || from.samples.length < 3 || to.samples.length < 3) return undefined;
  const bases = [baseOf(before, old, measure), baseOf(after, row, measure)] as const;
  if (!bases[0] || !bases[1]) return { before: from.samples, after: to.samples };
  if (row.contestant === row.baseline && !isAlone(after, row)) return undefined;
  if (isAlone(after, row)) return { before: from.samples, after: to.samples };
  return { before: ratios(from.samples, bases[0].samples), after: ratios(to.samples, bases[1].samples) };
}

/** What the ratios of a row refer to, if it ran in the same rounds. */
function baseOf({ rows }: ResultFile, row: ResultRow, measure: string): Measure | undefined {
  const found = rows.find((candidate) => isSame(candidate, row, row.baseline))?.measures[measure];
  return found?.samples.length === row.measures[measure]?.samples.length ? found : undefined;
}

/** Whether a row has nobody to be compared with. */
function isAlone({ rows }: ResultFile, row: ResultRow): boolean {
  return rows.filter((other) => isSame(other, row, other.contestant)).length === 1;
}

function isSame(a: ResultRow, b: ResultRow, contestant: BenchRow['contestant']): boolean {
  return a.question === b.question && a.task === b.task && a.frame === b.frame && a.contestant === contestant;
}
