/** Results as tables. */
import type { Change } from '../../src/bench/compare.ts';
import type { ResultFile, ResultRow } from '../../src/bench/result-file.ts';
import { percentile, type Interval } from '../../src/bench/statistics.ts';

/** The Markdown form of a run. */
export function toMarkdown(results: ResultFile): string {
  const { engine, machine, commit, rounds, clockNote, rows, complete } = results;
  const load = machine.load?.map((one) => one.toFixed(1)).join(' to ') ?? '?';
  const where = `${engine}, ${machine.cores ?? '?'} × ${machine.cpu ?? machine.system ?? '?'}, load ${load}`;
  const ratios = 'Ratios: to the first contestant in the same round, median (95 % interval).';
  const lines = [
    `${where}, commit ${commit ?? '?'}, ${rounds} rounds${complete ? '' : ', not complete'}.`,
    `Times in ms: median ± median deviation. ${ratios} Quote the ${results.clock} time: ${clockNote}.`,
  ];
  for (const [title, group] of groups(rows)) {
    lines.push('', `**${title}**`, '', ...(isTimed(group) ? timedTable(group) : plainTable(group)));
  }
  return lines.join('\n');
}

/** What changed between two runs, worst first. */
export function changesTable(before: ResultFile, after: ResultFile, changes: readonly Change[]): string {
  const clock = before.clock === 'cpu' && after.clock === 'cpu' ? 'CPU' : 'wall';
  const lines = [
    `Compared with commit ${before.commit ?? '?'} (${before.engine}, ${before.date}), ${clock} time, 99 % intervals:`,
  ];
  if (before.machine.cpu !== after.machine.cpu || before.engine !== after.engine) {
    lines.push(`Another machine or engine: only ratios to the first contestants mean anything.`);
  }
  const told = changes.filter(({ verdict }) => verdict !== 'same');
  if (told.length === 0) lines.push('', `Nothing of ${changes.length} changed for certain.`);
  else {
    lines.push(
      '',
      '| question | task | frame | contestant | change | verdict |',
      '| --- | --- | --- | --- | ---: | --- |',
    );
    for (const { question, task, frame, contestant, measure, change, verdict, loss } of told.sort(worstFirst)) {
      const cells = [question, task, frame, `${contestant}, ${measure}`, ratio(change), loss ? '**loss**' : verdict];
      lines.push(`| ${cells.join(' | ')} |`);
    }
    lines.push('', `${changes.length - told.length} more did not change for certain.`);
  }
  return lines.join('\n');
}

/** Rows that are compared with each other, under what they have in common. */
export function groups(rows: readonly ResultRow[]): Map<string, ResultRow[]> {
  const grouped = new Map<string, ResultRow[]>();
  for (const row of rows) {
    const title = `${row.frame}: ${row.task}`;
    grouped.set(title, [...(grouped.get(title) ?? []), row]);
  }
  return grouped;
}

/** A ratio with its interval. */
export function ratio({ median, low, high }: Interval): string {
  return `${median.toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)})`;
}

function isTimed(rows: readonly ResultRow[]): boolean {
  return rows.every(({ measures, status }) => status !== 'ok' || 'wall' in measures);
}

function timedTable(rows: readonly ResultRow[]): string[] {
  const has = (test: (row: ResultRow) => boolean): boolean => rows.some(test);
  const isLatency = rows[0]!.question === 'latency';
  const columns: [name: string, cell: (row: ResultRow) => string, wanted: boolean][] = [
    ['wall', ({ measures }) => time(measures['wall']), true],
    ['CPU', ({ measures }) => time(measures['cpu']), has(({ measures }) => 'cpu' in measures)],
    ['÷ wall', ({ measures }) => ratioCell(measures['wall']), true],
    ['÷ CPU', ({ measures }) => ratioCell(measures['cpu']), has(({ measures }) => 'cpu' in measures)],
    ['p50 / p95 / p99', ({ measures }) => percentiles(measures['wall']?.samples), isLatency],
    ['MP/s', rate, has(({ megapixels }) => megapixels !== undefined)],
    [
      'KB',
      ({ bytes }) => (bytes === undefined ? '–' : String(Math.round(bytes / 1000))),
      has(({ bytes }) => bytes !== undefined),
    ],
    ['PSNR', (row) => row.psnr?.toFixed(2) ?? '–', has((row) => row.psnr !== undefined)],
    ['SSIM', (row) => row.ssim?.toFixed(4) ?? '–', has((row) => row.ssim !== undefined)],
    [
      'loaded KB',
      ({ loaded }) => (loaded === undefined ? '–' : (loaded / 1000).toFixed(0)),
      has((row) => row.loaded !== undefined),
    ],
    ['stages', stages, has((row) => row.stages !== undefined)],
  ];
  const shown = columns.filter(([, , wanted]) => wanted);
  return [
    `| contestant | ${shown.map(([name]) => name).join(' | ')} |`,
    `| --- |${' ---: |'.repeat(shown.length)}`,
    ...rows.map((row) => {
      const cells =
        row.status === 'ok' ? shown.map(([, cell]) => cell(row)) : [failure(row), ...shown.slice(1).map(() => '')];
      return `| ${[row.contestant, ...cells].join(' | ')} |`;
    }),
  ];
}

/** Rows whose measures are no times of single runs. */
function plainTable(rows: readonly ResultRow[]): string[] {
  const names = [...new Set(rows.flatMap(({ measures }) => Object.keys(measures)))];
  const unit = (name: string): string => rows.find(({ measures }) => measures[name])!.measures[name]!.unit;
  const hasRatio = (name: string): boolean => rows.some(({ measures }) => measures[name]?.ratio);
  const columns = names.flatMap((name): (readonly [head: string, cell: (row: ResultRow) => string])[] => [
    [`${name}, ${unit(name)}`, ({ measures }) => figure(measures[name])],
    ...(hasRatio(name) ? [[`÷ ${name}`, ({ measures }: ResultRow) => ratioCell(measures[name])] as const] : []),
  ]);
  return [
    `| contestant | ${columns.map(([head]) => head).join(' | ')} |`,
    `| --- |${' ---: |'.repeat(columns.length)}`,
    ...rows.map((row) => {
      const cells =
        row.status === 'ok' ? columns.map(([, cell]) => cell(row)) : [failure(row), ...columns.slice(1).map(() => '')];
      return `| ${[row.contestant, ...cells].join(' | ')} |`;
    }),
  ];
}

function failure({ status, reason }: ResultRow): string {
  return `${status}: ${(reason ?? '').replaceAll('|', '/').replaceAll('\n', ' ').slice(0, 120)}`;
}

function time(measure: ResultRow['measures'][string] | undefined): string {
  return measure ? `${measure.median.toFixed(1)} ± ${measure.mad.toFixed(1)}` : '–';
}

/** Three digits, whatever the quantity. */
function figure(measure: ResultRow['measures'][string] | undefined): string {
  if (!measure) return '–';
  const { median, mad } = measure;
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.max(Math.abs(median), 0.1))));
  return `${median.toFixed(digits)}${mad > 0 ? ` ± ${mad.toFixed(digits)}` : ''}`;
}

function ratioCell(measure: ResultRow['measures'][string] | undefined): string {
  return measure?.ratio ? ratio(measure.ratio) : '–';
}

function rate({ megapixels, measures }: ResultRow): string {
  const best = measures['cpu'] ?? measures['wall'];
  return megapixels && best ? ((megapixels * 1000) / best.median).toFixed(0) : '–';
}

function percentiles(samples: readonly number[] = []): string {
  return samples.length === 0
    ? '–'
    : [0.5, 0.95, 0.99].map((share) => percentile(samples, share).toFixed(1)).join(' / ');
}

function stages({ stages: told = {} }: ResultRow): string {
  const parts = Object.entries(told).filter(([, { median }]) => median >= 0.05);
  return parts.length === 0 ? '–' : parts.map(([name, { median }]) => `${name} ${median.toFixed(1)}`).join(', ');
}

function worstFirst(a: Change, b: Change): number {
  return Number(b.loss) - Number(a.loss) || b.change.median - a.change.median;
}
