import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { nameOf, readKeptRun, writeKeptRun } from '../../../bench/report/kept-run.ts';
import { resultFile, summarise, type Measure, type ResultFile, type ResultRow } from '../../../src/bench/index.ts';

const folder = new URL('../../../bench/results/', import.meta.url);

function measure(samples: number[], more: Partial<Measure> = {}): Measure {
  return { unit: 'ms', better: 'less', ...summarise(samples), samples, ...more };
}

function run(): ResultFile {
  const about = { question: 'jpeg', task: 'RGBA → JPEG', frame: 'a photograph', baseline: 'browser' };
  const rows: ResultRow[] = [
    {
      ...about,
      contestant: 'browser',
      status: 'ok',
      bytes: 1234,
      measures: { cpu: measure([9, 10, 12], { ratio: { median: 1, low: 1, high: 1 } }) },
    },
    {
      ...about,
      contestant: 'motordrive',
      status: 'ok',
      ssim: 0.990303,
      measures: {
        cpu: measure([4, 5, 6], { ratio: { median: 0.5, low: 0.444444, high: 0.512345 } }),
        rate: measure([30, 31, 32], { unit: 'shots/s', better: 'more' }),
      },
    },
    { ...about, contestant: 'other', peer: true, status: 'hung', reason: 'it did not come back', measures: {} },
  ];
  const facts = { date: '2026-01-02T03:04:05Z', commit: 'abc1234', engine: 'Browser 1', clockNote: 'the page' };
  return resultFile({ ...facts, rounds: 3, complete: true, machine: { cores: 2 }, rows });
}

test('a kept run has all but its samples, one line a row', () => {
  const whole = run();
  const text = writeKeptRun(whole);
  expect(text.split('\n')).toHaveLength(1 + whole.rows.length + 1);
  for (const { measures } of whole.rows) for (const one of Object.values(measures)) one.samples = [];
  delete whole.rows[0]!.measures['cpu']!.ratio;
  expect(readKeptRun(text)).toEqual(whole);
});

test('text that is none or is damaged is refused, with the place', () => {
  const text = writeKeptRun(run());
  expect(() => readKeptRun('')).toThrow(SyntaxError);
  expect(() => readKeptRun(text.slice(0, -20))).toThrow(SyntaxError);
  expect(() => readKeptRun(text.replace('"engine":"Browser 1",', ''))).toThrow('engine of the file is no text');
  expect(() => readKeptRun(text.replace('"task":"RGBA → JPEG",', ''))).toThrow('task of rows[0] is no text');
});

test('every run in bench/results/ is kept once, under its name', () => {
  const names = readdirSync(folder).filter((name) => name.endsWith('.jsonl'));
  expect(names.length).toBeGreaterThan(0);
  const runs = names.map((name) => readKeptRun(readFileSync(new URL(name, folder), 'utf8')));
  expect(runs.map((one) => `${nameOf(one)}.jsonl`)).toEqual(names);
});
