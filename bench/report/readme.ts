/** The tables of README.md, made of runs that are kept in bench/results/, so that what it says is what was measured. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { EQUAL_PSNR } from '../../src/bench/likeness.ts';
import type { ResultFile, ResultRow } from '../../src/bench/result-file.ts';
import { readRun } from './kept-run.ts';
import { ratio } from './markdown.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const [BEGIN, END] = ['<!-- bench:begin -->', '<!-- bench:end -->'];

/** The runs that are quoted. */
const QUOTED = {
  own: '20261121T1819-eb09105-chromium',
  bursts: '20261121T2210-fa7a994-chromium',
  peers: '20261121T1830-eb09105-chromium',
  node: '20261121T2209-fa7a994-node',
};

/** A line of the main table: its words, whose ratio, and in which comparison. */
type Line = [words: string, question: string, task: RegExp, contestant: string];

const LINES: Line[] = [
  ['RGBA → JPEG q0.9, `speed`, ÷ `convertToBlob`', 'jpeg', /JPEG/, 'motordrive (speed)'],
  ['the same, `balanced`', 'jpeg', /JPEG/, 'motordrive (balanced)'],
  ['the same, `size`', 'jpeg', /JPEG/, 'motordrive (size)'],
  ['I420 VideoFrame → JPEG Blob, `speed`, ÷ draw and encode', 'path', /^I420/, 'motordrive (speed)'],
  ['ImageBitmap → JPEG Blob, `speed`, ÷ draw and encode', 'path', /^ImageBitmap/, 'motordrive (speed)'],
  ['RGBA → PNG, `speed`, ÷ `convertToBlob`', 'png', /PNG/, 'motordrive (speed)'],
  ['the same, `balanced`', 'png', /PNG/, 'motordrive (balanced)'],
  ['lanczos3, smaller, ÷ `drawImage` high', 'scale', /to (640|1280|1920)/, 'motordrive lanczos3'],
  ['the same of I420 planes', 'scale', /to (640|1280|1920)/, 'motordrive lanczos3, I420'],
  ['the same of NV12 planes', 'scale', /to (640|1280|1920)/, 'motordrive lanczos3, NV12'],
  ['lanczos3 → 3840 × 2160 ÷ `drawImage` high', 'scale', /to 3840/, 'motordrive lanczos3'],
  ['I420 → JPEG, `speed`, by two workers ÷ by one, wall', 'share', /speed/, '2 workers'],
  ['the same, `balanced`', 'share', /JPEG \(balanced/, '2 workers'],
  ['the same, PNG, `balanced`', 'share', /PNG/, '2 workers'],
];

/** The generated part of README.md, markers included. */
export function readmePart(): string {
  const own = quoted(QUOTED.own);
  const bursts = quoted(QUOTED.bursts);
  const peers = quoted(QUOTED.peers);
  const node = quoted(QUOTED.node);
  const parts = [
    `Chromium's ratios: ${about(own)}`,
    mainTable(own),
    `Bursts of JPEGs at 0.9, shots a second: ${about({ ...bursts, clock: 'wall' })}`,
    burstTable(bursts),
    `Beside what a web app may take instead, at equal SSIM: ${about(peers)}`,
    peersTable(peers),
    `In Node, beside native code on one thread: ${about(node)}`,
    peersTable(node),
  ];
  return [BEGIN, '<!-- prettier-ignore-start -->', ...parts, '<!-- prettier-ignore-end -->', END].join('\n\n');
}

/** What README.md has between the markers now, markers included. */
export function readmePartNow(): string {
  const text = readFileSync(`${root}README.md`, 'utf8');
  return text.slice(text.indexOf(BEGIN), text.indexOf(END) + END.length);
}

/** Puts the generated part in its place. */
export function writeReadme(): void {
  const text = readFileSync(`${root}README.md`, 'utf8');
  writeFileSync(
    `${root}README.md`,
    text.replace(readmePartNow(), () => readmePart()),
  );
}

function quoted(name: string): ResultFile {
  return readRun(`${root}bench/results/${name}.jsonl`);
}

function about({ engine, machine, commit, date, rounds, clock, clockNote }: ResultFile): string {
  const load = machine.load ? `, load ${machine.load.map((one) => one.toFixed(1)).join(' to ')}` : '';
  const quoted = clock === 'cpu' ? clockNote : `wall time`;
  return `${quoted}, median (95 % interval) of ${rounds} rounds; ${engine.replace(/^(\S+ \d+)\S*/, '$1')}, ${machine.cores} × ${machine.cpu}${load}, ${date.slice(0, 10)}, commit ${commit ?? '?'}.`;
}

function mainTable({ rows, clock }: ResultFile): string {
  const frames = [...new Set(rows.filter(({ question }) => question === 'jpeg').map(({ frame }) => frame))].sort(
    (a, b) => megapixels(a) - megapixels(b),
  );
  const lines = LINES.map(([words, question, task, contestant]) => {
    const found = frames.map((frame) =>
      rows.find(
        (row) =>
          row.question === question && row.frame === frame && task.test(row.task) && row.contestant === contestant,
      ),
    );
    const bytes = found.flatMap((row) => (row ? share(rows, row) : []));
    const range = bytes.length > 0 ? `${Math.min(...bytes).toFixed(2)}–${Math.max(...bytes).toFixed(2)}` : '';
    return [words, ...found.map((row) => cell(row, clock)), range];
  });
  const shown = lines.filter((line) => line.slice(1, -1).some((text) => text !== ''));
  return table(['', ...frames.map((frame) => `${Math.round(megapixels(frame))} MP`), 'bytes'], shown);
}

/** Rates are counted by the clock on the wall; only their ratio within a round says much. */
function burstTable({ rows }: ResultFile): string {
  const rates = rows.filter(({ question, measures }) => question === 'burst' && measures['rate']);
  const lines = rates.flatMap((row) => {
    const first = rates.find(
      ({ frame, task, contestant }) => frame === row.frame && task === row.task && contestant === row.baseline,
    );
    const { rate } = row.measures;
    if (!first || first === row || !rate?.ratio) return [];
    const workers = row.task.split(', ').at(-1)!;
    return [
      [
        row.frame,
        workers,
        ...[first.measures['rate']!, rate].map(({ median }) => median.toFixed(0)),
        ratio(rate.ratio),
      ],
    ];
  });
  return table(['frames', '', 'draw and `convertToBlob`', 'motordrive', 'ratio'], lines);
}

function peersTable({ rows, clock }: ResultFile): string {
  const compared = rows.filter(({ question }) => ['jpeg', 'png', 'scale'].includes(question));
  const lines = compared.map((row) => [
    row.task,
    row.contestant,
    row.contestant === row.baseline ? '1' : cell(row, clock) || row.status,
    row.bytes === undefined ? '' : String(Math.round(row.bytes / 1000)),
    likeness(row),
    row.ssim?.toFixed(4) ?? '',
  ]);
  const frames = [...new Set(compared.map(({ frame }) => Math.round(megapixels(frame))))];
  return table([`${frames.join(', ')} MP`, '', 'ratio', 'kB', 'dB', 'SSIM'], lines);
}

/** PSNR beside the original, or beside float64 lanczos3 for what is scaled. */
function likeness({ psnr }: ResultRow): string {
  if (psnr === undefined) return '';
  return psnr >= EQUAL_PSNR ? `≥ ${EQUAL_PSNR}` : psnr.toFixed(1);
}

/** Bytes beside those of the first contestant. */
function share(rows: readonly ResultRow[], row: ResultRow): number[] {
  const isFirst = (other: ResultRow): boolean =>
    other.question === row.question &&
    other.task === row.task &&
    other.frame === row.frame &&
    other.contestant === row.baseline;
  const first = rows.find(isFirst)?.bytes;
  return row.bytes !== undefined && first !== undefined ? [row.bytes / first] : [];
}

function cell(row: ResultRow | undefined, clock: 'cpu' | 'wall'): string {
  const found = (row?.measures[clock] ?? row?.measures['wall'])?.ratio;
  return found ? ratio(found) : '';
}

function megapixels(frame: string): number {
  const [, width, height] = /(\d+) × (\d+)$/.exec(frame) ?? [];
  return (Number(width) * Number(height)) / 1e6;
}

function table(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    row(head),
    `| --- |${head
      .slice(1)
      .map(() => ' ---: |')
      .join('')}`,
    ...lines.map(row),
  ].join('\n');
}
