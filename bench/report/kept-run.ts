/**
 * Runs that are kept as the history of what was measured: JSON Lines, first the facts of the run, then one line a row.
 * Samples are left out, as is what goes without saying: `ok`, the unit `ms`, that less is better, and a baseline's
 * ratio to itself.
 */
import { readFileSync } from 'node:fs';
import {
  readResults,
  resultFile,
  type ResultFacts,
  type ResultFile,
  type ResultRow,
} from '../../src/bench/result-file.ts';
import type { Measure } from '../../src/bench/row.ts';
import { kindOf } from './kind.ts';

type Kept<Row> = Omit<Row, 'status' | 'measures'> & {
  status?: ResultRow['status'];
  measures: Record<string, KeptMeasure>;
};

type KeptMeasure = Pick<Measure, 'median' | 'mad' | 'low' | 'high'> & {
  unit?: string;
  better?: Measure['better'];
  ratio?: [median: number, low: number, high: number];
};

/** Significant digits that are kept, as many as result files have. */
const DIGITS = 6;

/** What a run is called: when, of what, and where it was measured. */
export function nameOf({ date, commit, engine }: ResultFile): string {
  return [date.slice(0, 16).replace(/[-:]/g, ''), commit ?? 'unknown', kindOf(engine)].join('-');
}

/** The text of a run that is kept. */
export function writeKeptRun({ date, commit, engine, machine, clockNote, rounds, complete, rows }: ResultFile): string {
  const facts = { date, commit, engine, machine, clockNote, rounds, complete };
  return [facts, ...rows.map(keep)].map((line) => `${JSON.stringify(line, short)}\n`).join('');
}

/**
 * Reads a run that was kept.
 * @throws SyntaxError or TypeError for text that is none or is damaged
 */
export function readKeptRun(text: string): ResultFile {
  const [facts, ...rows] = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
  const run = resultFile({ ...(facts as ResultFacts), rows: (rows as Kept<ResultRow>[]).map(restore) });
  return readResults(JSON.stringify(run));
}

/** Reads a run from its file, whole or kept. */
export function readRun(file: string): ResultFile {
  const text = readFileSync(file, 'utf8');
  return file.endsWith('.jsonl') ? readKeptRun(text) : readResults(text);
}

function keep({ question, task, frame, contestant, baseline, status, measures, ...rest }: ResultRow): Kept<ResultRow> {
  const kept = Object.entries(measures).map(([name, { unit, better, median, mad, low, high, ratio }]) => {
    const measure: KeptMeasure = { median, mad, low, high };
    if (unit !== 'ms') measure.unit = unit;
    if (better !== 'less') measure.better = better;
    if (ratio && contestant !== baseline) measure.ratio = [ratio.median, ratio.low, ratio.high];
    return [name, measure] as const;
  });
  const about = { question, task, frame, contestant, baseline, ...(status !== 'ok' && { status }) };
  return { ...about, ...rest, measures: Object.fromEntries(kept) };
}

function restore({ status = 'ok', measures, ...row }: Kept<ResultRow>): ResultRow {
  const all = Object.entries(measures).map(([name, { unit = 'ms', better = 'less', ratio, ...summary }]) => {
    const [median, low, high] = ratio ?? [];
    const known = median !== undefined && { ratio: { median, low: low!, high: high! } };
    const measure: Measure = { unit, better, ...summary, samples: [], ...known };
    return [name, measure] as const;
  });
  return { ...row, status, measures: Object.fromEntries(all) };
}

function short(_: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(DIGITS)) : value;
}
