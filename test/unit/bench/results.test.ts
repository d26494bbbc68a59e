import { expect, test } from 'vitest';
import {
  compareResults,
  readResults,
  resultFile,
  summarise,
  writeResults,
  type ResultFile,
  type ResultRow,
} from '../../../src/bench/index.ts';
import { generator } from '../../../src/bench/statistics.ts';

/** Times in ms around a median, which differ from round to round. */
function times(median: number, seed: number): number[] {
  const random = generator(seed);
  return Array.from({ length: 15 }, () => median * (0.98 + 0.04 * random()));
}

function row(contestant: string, cpu: number, seed: number, more: Partial<ResultRow> = {}): ResultRow {
  const samples = times(cpu, seed);
  return {
    question: 'jpeg',
    task: 'RGBA → JPEG',
    frame: 'a photograph',
    contestant,
    baseline: 'browser',
    status: 'ok',
    measures: { cpu: { unit: 'ms', better: 'less', ...summarise(samples), samples } },
    ...more,
  };
}

function file(rows: ResultRow[]): ResultFile {
  const facts = {
    date: '2026-01-02T03:04:05Z',
    engine: 'Browser 1',
    clockNote: 'the page',
    rounds: 15,
    complete: true,
  };
  return resultFile({ ...facts, machine: { cpu: 'a machine', cores: 2, load: [0.5, 1] }, rows });
}

test('results are the same after being written and read', () => {
  const results = file([row('browser', 20, 1), row('motordrive', 10, 2)]);
  const read = readResults(writeResults(results));
  expect(read).toMatchObject({ format: 'motordrive-bench', version: 1, clock: 'cpu', engine: 'Browser 1' });
  expect(read.rows[1]!.measures['cpu']!.samples).toHaveLength(15);
  read.rows[1]!.measures['cpu']!.samples.forEach((sample, i) =>
    expect(sample).toBeCloseTo(results.rows[1]!.measures['cpu']!.samples[i]!, 3),
  );
});

test('a file that is no result file, damaged or of another version throws an error that names the place', () => {
  const text = writeResults(file([row('browser', 20, 1)]));
  const changed = (change: (value: { [name: string]: unknown; rows: ResultRow[] }) => void): string => {
    const value = JSON.parse(text);
    change(value);
    return JSON.stringify(value);
  };
  expect(() => readResults(text.slice(0, 300))).toThrow(/no result file: .*JSON/);
  expect(() => readResults('[]')).toThrow('the file is no object');
  expect(() => readResults('{"engine": "x"}')).toThrow("its format is not 'motordrive-bench'");
  expect(() => readResults(changed((value) => (value['version'] = 2)))).toThrow(
    new RangeError('This result file is of version 2; only version 1 can be read.'),
  );
  const broken: [string, (value: { [name: string]: unknown; rows: ResultRow[] }) => void][] = [
    ['damaged: rows is no list', (value) => delete (value as { rows?: unknown }).rows],
    ['damaged: clock of the file is none of cpu, wall', (value) => (value['clock'] = 'sun')],
    ['damaged: task of rows[0] is no text', (value) => delete (value.rows[0] as { task?: unknown }).task],
    ['damaged: status of rows[0] is none of', (value) => ((value.rows[0] as { status: string }).status = 'great')],
    ['damaged: median of rows[0].measures.cpu is no number', ({ rows }) => (rows[0]!.measures['cpu']!.median = NaN)],
    ['rows[0].measures.cpu.samples is no list', ({ rows }) => (rows[0]!.measures['cpu']!.samples[3] = null as never)],
  ];
  for (const [message, breakIt] of broken) expect(() => readResults(changed(breakIt))).toThrow(message);
});

test('a comparison finds what got slower and what got faster, though the machine is slower', () => {
  const before = file([row('browser', 20, 1), row('same', 10, 2), row('slower', 10, 3), row('faster', 10, 4)]);
  const after = file([row('browser', 40, 5), row('same', 20, 6), row('slower', 22, 7), row('faster', 16, 8)]);
  const changes = compareResults(before, after);
  expect(changes.map(({ contestant, verdict, loss }) => [contestant, verdict, loss])).toEqual([
    ['same', 'same', false],
    ['slower', 'worse', true],
    ['faster', 'better', false],
  ]);
  expect(changes[1]!.change.median).toBeCloseTo(1.1, 1);
});

test('a small loss does not fail, and a larger value counts as better where it is', () => {
  const shots = (rate: number, seed: number): ResultRow => {
    const samples = times(rate, seed);
    const measure = { unit: 'shots/s', better: 'more' as const, ...summarise(samples), samples };
    return row('burst', 1, seed, { baseline: 'burst', measures: { shots: measure } });
  };
  const [small] = compareResults(
    file([row('browser', 20, 1), row('own', 10, 2)]),
    file([row('browser', 20, 3), row('own', 10.3, 4)]),
  );
  expect(small).toMatchObject({ verdict: 'worse', loss: false });
  expect(compareResults(file([shots(30, 1)]), file([shots(20, 2)]))[0]).toMatchObject({ verdict: 'worse', loss: true });
  expect(compareResults(file([shots(20, 1)]), file([shots(30, 2)]))[0]).toMatchObject({
    verdict: 'better',
    loss: false,
  });
});

test('a comparison leaves out peers, first contestants and contestants that failed', () => {
  const before = file([row('browser', 20, 1), row('peer', 10, 2, { peer: true }), row('own', 10, 3)]);
  const after = file([
    row('browser', 90, 4),
    row('peer', 90, 5, { peer: true }),
    row('own', 10, 6, { status: 'failed', measures: {} }),
  ]);
  expect(compareResults(before, after)).toEqual([]);
});
