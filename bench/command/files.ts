/** Result files, and what lies beside them. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readResults, writeResults, type ResultFile } from '../../src/bench/result-file.ts';
import { nameOf, writeKeptRun } from '../report/kept-run.ts';
import type { Answers } from './ask.ts';
import { UsageError } from './usage-error.ts';

const folder = fileURLToPath(new URL('../results', import.meta.url));

/**
 * Reads a result file.
 * @throws UsageError for what is none
 */
export function readFile(file: string): ResultFile {
  try {
    return readResults(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UsageError(`${file}: ${(error as Error).message}`);
  }
}

/**
 * Writes what an engine answered.
 * @param json where it was asked for; default: into results/
 * @param isOneOfMany whether others answer too, and the file's name has to say whose it is
 */
export function saveAnswers({ engine, results, images }: Answers, json?: string, isOneOfMany = false): void {
  const base = json?.replace(/\.json$/, '') ?? join(folder, nameOf(results));
  const path = json === undefined ? `${base}.json` : isOneOfMany ? `${base}-${engine.name}.json` : json;
  write(path, writeResults(results));
  if (images.length > 0) write(path.replace(/(\.json)?$/, '.images.json'), `${JSON.stringify(images)}\n`);
  console.error(`Results: ${path}`);
}

/** Writes the tables of a run, by default into results/. */
export function saveTables(text: string, file = join(folder, 'latest.md')): void {
  write(file, `${text}\n`);
}

/** Adds a run to the history that is kept in results/. */
export function keepRun(results: ResultFile): void {
  write(join(folder, `${nameOf(results)}.jsonl`), writeKeptRun(results));
}

function write(file: string, text: string): void {
  mkdirSync(dirname(resolve(file)), { recursive: true });
  writeFileSync(file, text);
}
