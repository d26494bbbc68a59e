import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { command } from '../../../bench/command/command.ts';
import { resultFile, summarise, writeResults, type ResultRow } from '../../../src/bench/index.ts';

const script = fileURLToPath(new URL('../../../bench/run.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'motordrive-bench-test-'));
const file = (name: string): string => join(folder, name);

/** Runs the command in a process of its own; gives its status and what it says. */
function run(...args: string[]): { status: number | null; text: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' });
  return { status, text: `${stdout}${stderr}` };
}

/** Where the command would serve from; nothing here starts a browser. */
const serving = { address: 'http://localhost/', desk: { answer: undefined } };

function results(own: number): string {
  const row = (contestant: string, median: number): ResultRow => {
    const samples = Array.from({ length: 9 }, (_, i) => median * (0.99 + i * 0.0025));
    const measures = { wall: { unit: 'ms', better: 'less' as const, ...summarise(samples), samples } };
    const about = { question: 'jpeg', task: 'JPEG', frame: 'frame', baseline: 'browser' };
    return { ...about, contestant, status: 'ok', measures };
  };
  const facts = { date: '2026-01-02T03:04:05Z', engine: 'Browser 1', clockNote: 'wall', rounds: 9, complete: true };
  return writeResults(resultFile({ ...facts, machine: {}, rows: [row('browser', 20), row('motordrive', own)] }));
}

beforeAll(() => {
  writeFileSync(file('old.json'), results(10));
  writeFileSync(file('slower.json'), results(12));
  writeFileSync(file('damaged.json'), results(10).slice(0, 500));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a loss is printed and fails the command', () => {
  const { status, text } = run('--from', file('slower.json'), '--compare', file('old.json'));
  expect(text).toMatch(/jpeg \| JPEG \| frame \| motordrive, wall \| 1\.20 \(.*\| \*\*loss\*\*/);
  expect(status).toBe(1);
}, 60_000);

test('equal results do not fail the command', async () => {
  expect(await command(['--from', file('old.json'), '--compare', file('old.json')], serving)).toBe(0);
});

test('a damaged file is refused by its name, without a stack trace', () => {
  const { status, text } = run('--compare', file('damaged.json'));
  expect(text).toContain('damaged.json: This is no result file:');
  expect(text).not.toContain('    at ');
  expect(status).toBe(2);
}, 60_000);

test.each([
  [['no-such-question'], 'unknown question no-such-question; there are jpeg,'],
  [['--browser', 'lynx'], 'unknown browser lynx; there are chromium, firefox, webkit, node'],
  [['--rounds', '0'], '--rounds takes a whole number above 0'],
  [['--photos', join(folder, 'none')], 'no photographs in'],
])('%s is refused with a reason', async (args, reason) => {
  await expect(command(args, serving)).rejects.toThrow(reason);
});
