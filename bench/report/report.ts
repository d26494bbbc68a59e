/** Writes the page of result files: bars of the newest run of each engine, lines of all runs, pictures to look at. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { ImageCrop } from '../hosts/request.ts';
import { readRun } from './kept-run.ts';
import { page, type Run } from './page.ts';
import { sheets } from './sheets.ts';

const results = fileURLToPath(new URL('../results', import.meta.url));

/** Runs the command; gives the exit status. */
export async function report(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { out: { type: 'string', default: join(results, 'report.html') } },
  });
  const files = positionals.length > 0 ? positionals : runFiles();
  const runs: Run[] = [];
  for (const file of files) {
    try {
      runs.push({ results: readRun(file), images: await sheets(imagesBeside(file)) });
    } catch (error) {
      console.error(`${file} is left out: ${(error as Error).message}`);
    }
  }
  if (runs.length === 0) {
    console.error('bench:report: there are no results yet; npm run bench makes some.');
    return 1;
  }
  runs.sort((a, b) => a.results.date.localeCompare(b.results.date));
  mkdirSync(dirname(resolve(values.out)), { recursive: true });
  writeFileSync(values.out, page(runs));
  console.log(values.out);
  return 0;
}

/** The runs in results/: as they were measured, or else as they are kept. */
function runFiles(): string[] {
  const names = existsSync(results) ? readdirSync(results) : [];
  const whole = names.filter((name) => name.endsWith('.json') && !name.endsWith('.images.json'));
  const kept = names.filter((name) => name.endsWith('.jsonl') && !whole.includes(name.replace(/l$/, '')));
  return [...whole, ...kept].map((name) => join(results, name));
}

function imagesBeside(file: string): ImageCrop[] {
  const images = file.replace(/(\.jsonl?)?$/, '.images.json');
  return existsSync(images) ? (JSON.parse(readFileSync(images, 'utf8')) as ImageCrop[]) : [];
}
