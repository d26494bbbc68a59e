import type { BenchRow } from './row.ts';

/** A row of a result file: what was asked of whom, and what came of it. */
export type ResultRow = BenchRow & {
  /** The question, such as `jpeg`. */
  question: string;
  /** What the contestants of one comparison all do, such as `RGBA → JPEG q0.9`. */
  task: string;
};

/** A run's results, as they are written to a file. */
export type ResultFile = {
  /** Tells such files from others. */
  format: 'motordrive-bench';
  /** Of the format. */
  version: 1;
  /** When it was measured, ISO 8601. */
  date: string;
  /** The commit of the code that was measured, if that is known. */
  commit?: string | undefined;
  /** Browser or Node, with its version. */
  engine: string;
  /** Where it was measured, as far as that is known. */
  machine: {
    cpu?: string | undefined;
    cores?: number | undefined;
    system?: string | undefined;
    /** Average number of runnable threads over a minute, before and after. */
    load?: [before: number, after: number] | undefined;
  };
  /** The clock to quote: `cpu` where there is one, else `wall`. */
  clock: 'cpu' | 'wall';
  /** What that clock counts, in words. */
  clockNote: string;
  /** Rounds that were asked for; a comparison that takes long may have fewer. */
  rounds: number;
  /** False when it was stopped before its end. */
  complete: boolean;
  /** What came of each contestant in each comparison. */
  rows: ResultRow[];
};

/** What a {@link ResultFile} is made of beside what every one of them has. */
export type ResultFacts = Omit<ResultFile, 'format' | 'version' | 'clock'>;

/** Puts a result file together; its clock is `cpu` where any row has such times. */
export function resultFile(facts: ResultFacts): ResultFile {
  const clock = facts.rows.some(({ measures }) => 'cpu' in measures) ? 'cpu' : 'wall';
  return { format: 'motordrive-bench', version: 1, clock, ...facts };
}

/** The text of a result file; times are kept to 4 significant digits and more. */
export function writeResults(results: ResultFile): string {
  const short = (_: string, value: unknown): unknown =>
    typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(6)) : value;
  return `${JSON.stringify(results, short, 1).replace(/\[\s+(-?[\d.e+-]+(?:,\s+-?[\d.e+-]+)*)\s+\]/g, (list) =>
    list.replace(/\s+/g, ' '),
  )}\n`;
}

/**
 * Reads a result file.
 * @throws TypeError for what is none or is damaged, saying where; RangeError for one of another version.
 */
export function readResults(text: string): ResultFile {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new TypeError(`This is no result file: ${(error as Error).message}`);
  }
  const file = record(value, 'the file');
  if (file['format'] !== 'motordrive-bench') {
    throw new TypeError("This is no result file: its format is not 'motordrive-bench'.");
  }
  if (file['version'] !== 1) {
    throw new RangeError(`This result file is of version ${String(file['version'])}; only version 1 can be read.`);
  }
  for (const name of ['date', 'engine', 'clockNote']) words(file, name, 'the file');
  if (file['commit'] !== undefined) words(file, 'commit', 'the file');
  oneOf(file, 'clock', ['cpu', 'wall'], 'the file');
  number(file, 'rounds', 'the file');
  if (typeof file['complete'] !== 'boolean') throw damaged('complete of the file is neither true nor false');
  record(file['machine'], 'machine');
  if (!Array.isArray(file['rows'])) throw damaged('rows is no list');
  file['rows'].forEach((row, i) => checkRow(record(row, `rows[${i}]`), `rows[${i}]`));
  return file as unknown as ResultFile;
}

type Fields = Record<string, unknown>;

function checkRow(row: Fields, where: string): void {
  for (const name of ['question', 'task', 'frame', 'contestant', 'baseline']) words(row, name, where);
  oneOf(row, 'status', ['ok', 'missing', 'failed', 'hung', 'invalid'], where);
  for (const [name, value] of Object.entries(record(row['measures'], `${where}.measures`))) {
    const at = `${where}.measures.${name}`;
    const measure = record(value, at);
    words(measure, 'unit', at);
    oneOf(measure, 'better', ['less', 'more'], at);
    for (const field of ['median', 'mad', 'low', 'high']) number(measure, field, at);
    const { samples, ratio } = measure;
    if (!Array.isArray(samples) || !samples.every((sample) => Number.isFinite(sample))) {
      throw damaged(`${at}.samples is no list of numbers`);
    }
    if (ratio === undefined) continue;
    for (const field of ['median', 'low', 'high']) number(record(ratio, `${at}.ratio`), field, `${at}.ratio`);
  }
}

function record(value: unknown, where: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw damaged(`${where} is no object`);
  return value as Fields;
}

function words(fields: Fields, name: string, where: string): void {
  if (typeof fields[name] !== 'string') throw damaged(`${name} of ${where} is no text`);
}

function number(fields: Fields, name: string, where: string): void {
  if (!Number.isFinite(fields[name])) throw damaged(`${name} of ${where} is no number`);
}

function oneOf(fields: Fields, name: string, allowed: readonly string[], where: string): void {
  if (!allowed.includes(fields[name] as string)) throw damaged(`${name} of ${where} is none of ${allowed.join(', ')}`);
}

function damaged(what: string): TypeError {
  return new TypeError(`This result file is damaged: ${what}.`);
}
