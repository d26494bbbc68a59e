import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { allEnginesRequired, missingEngines } from '../../scripts/browser.mjs';
import { readResults, type ResultFile } from '../../src/bench/index.ts';

const script = fileURLToPath(new URL('../../bench/run.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'motordrive-bench-run-'));
const file = (name: string): string => join(folder, name);

const PICTURE = `<svg xmlns="http://www.w3.org/2000/svg" width="160" height="120"><rect width="160" height="120" fill="#9bd"/>
<circle cx="50" cy="130" r="70" fill="#485"/><circle cx="120" cy="140" r="60" fill="#697"/></svg>`;

/** Contestants that do whatever a contestant may do. */
const CONTESTANTS = `
const make = (name, run) => ({ name, run });
export const jpegContestants = ({ width, height }) => {
  const drawn = (w, h) => {
    const canvas = new OffscreenCanvas(w, h);
    canvas.getContext('2d').fillRect(0, 0, w, h);
    return canvas.convertToBlob({ type: 'image/jpeg' });
  };
  return [
    make('fails', () => { throw new Error('for a reason'); }),
    make('never answers', () => new Promise(() => {})),
    make('never yields', () => { for (;;); }),
    make('another picture', () => drawn(width, height)),
    make('another size', () => drawn(width + 1, height)),
    { ...make('missing', () => {}), open: () => { throw new Error('not in this browser'); } },
  ];
};
`;

beforeAll(async () => {
  mkdirSync(file('photos'));
  await sharp(Buffer.from(PICTURE)).png().toFile(file('photos/hills.png'));
  writeFileSync(file('contestants.mjs'), CONTESTANTS);
  writeFileSync(
    file('ends.mjs'),
    "export const jpegContestants = () => [{ name: 'ends', run: () => process.kill(process.pid, 'SIGKILL') }];",
  );
  writeFileSync(file('broken.mjs'), 'export const jpegContestants = ;');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** How long the command may say nothing, in ms: it tells of every round. */
const SILENCE_MS = 30_000;

/** The command on the small picture; one that falls silent is ended. */
function start(name: string, ...args: string[]): { child: ChildProcess; said: () => string; ended: Promise<number> } {
  const all = [script, '--photos', file('photos'), '--json', file(name), '--markdown', file('latest.md'), ...args];
  const child = spawn(process.execPath, all, { stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  const ended = new Promise<number>((resolve, reject) => {
    const fallSilent = (): void => {
      child.kill('SIGKILL');
      reject(new Error(`The command fell silent after: ${text.trim().split('\n').slice(-3).join('\n')}`));
    };
    let silence = setTimeout(fallSilent, SILENCE_MS);
    const hear = (data: Buffer): void => {
      text += data.toString();
      clearTimeout(silence);
      silence = setTimeout(fallSilent, SILENCE_MS);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('close', (status) => {
      clearTimeout(silence);
      resolve(status ?? 1);
    });
  });
  return { child, said: () => text, ended };
}

/** Runs the bench to its end; gives its status, what it says and the result file. */
async function run(name: string, ...args: string[]): Promise<{ status: number; text: string; results: ResultFile }> {
  const { said, ended } = start(name, ...args);
  const status = await ended;
  return { status, text: said(), results: readResults(readFileSync(file(name), 'utf8')) };
}

test('contestants that fail, hang or are missing are reported, and the others are measured', async () => {
  const { status, text, results } = await run(
    'faults.json',
    ...['jpeg', '--rounds', '1', '--timeout', '2', '--with', file('contestants.mjs'), '--with', file('broken.mjs')],
  );
  const told = Object.fromEntries(results.rows.map(({ contestant, status, reason }) => [contestant, [status, reason]]));
  expect(told).toMatchObject({
    convertToBlob: ['ok', undefined],
    'motordrive (speed)': ['ok', undefined],
    'motordrive (balanced)': ['ok', undefined],
    fails: ['failed', 'for a reason'],
    'never answers': ['hung', 'gave nothing within 2 s'],
    'never yields': ['hung', 'it did not come back'],
    'another picture': ['invalid', expect.stringContaining('looks different')],
    'another size': ['invalid', 'made 161 × 120, not 160 × 120'],
    missing: ['missing', 'not in this browser'],
    'broken.mjs': ['missing', expect.any(String)],
  });
  expect(text).toContain('has fallen silent during never yields');
  expect([results.complete, status]).toEqual([true, 0]);
  const own = results.rows.find(({ contestant }) => contestant === 'motordrive (speed)')!;
  expect(own.measures['wall']!.ratio!.median).toBeGreaterThan(0);
}, 180_000);

test('a host that ends is started again at once, without a contestant that has ended it twice', async () => {
  const args = ['jpeg', '--browser', 'node', '--rounds', '1', '--with', file('ends.mjs')];
  const { status, text, results } = await run('ends.json', ...args);
  const told = Object.fromEntries(results.rows.map(({ contestant, status, reason }) => [contestant, [status, reason]]));
  expect(told).toMatchObject({
    'motordrive (speed)': ['ok', undefined],
    ends: ['hung', 'it crashed the host, twice'],
  });
  expect(text).toContain('has ended during ends');
  expect([results.complete, status]).toEqual([true, 0]);
}, 180_000);

test('Ctrl-C ends the run and keeps what is done', async () => {
  const { child, said, ended } = start('stopped.json', 'jpeg', 'png', '--rounds', '25');
  const watch = (): void => {
    if (!said().includes('png |')) return;
    child.stderr!.off('data', watch);
    child.kill('SIGINT');
  };
  child.stderr!.on('data', watch);
  expect(await ended).toBe(130);
  const { complete, rows } = readResults(readFileSync(file('stopped.json'), 'utf8'));
  expect(complete).toBe(false);
  expect([...new Set(rows.map(({ question }) => question))]).toEqual(['jpeg']);
}, 180_000);

test('Firefox and WebKitGTK answer the same questions', async ({ skip }) => {
  skip(!allEnginesRequired && missingEngines().length > 0, `${missingEngines().join(', ')} is not installed`);
  await run('engines.json', 'jpeg', 'path', '--rounds', '1', '--browser', 'firefox,webkit').catch(() => undefined);
  for (const [engine, name] of [
    ['Firefox', 'firefox'],
    ['WebKitGTK', 'webkit'],
  ]) {
    const results = readResults(readFileSync(file(`engines-${name}.json`), 'utf8'));
    expect(results.engine).toMatch(new RegExp(`^${engine} \\d+`));
    expect([results.complete, results.clock]).toEqual([true, 'cpu']);
    const own = results.rows.filter(({ contestant }) => contestant.startsWith('motordrive'));
    expect(own.length).toBeGreaterThan(3);
    expect(own.map(({ status, reason }) => [status, reason])).toEqual(own.map(() => ['ok', undefined]));
  }
}, 180_000);
