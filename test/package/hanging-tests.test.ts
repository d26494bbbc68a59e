import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const vitest = join(root, 'node_modules/vitest/vitest.mjs');
const helper = (name: string): string => JSON.stringify(join(root, 'test/helpers', `${name}.ts`));

const CONFIG = `
import ClosingCounts from ${helper('closing-counts')};
import HangWatch from ${helper('hang-watch')};
const counts = new ClosingCounts();
export default {
  test: {
    include: ['test/*.test.ts'],
    testTimeout: 500,
    reporters: [counts, new HangWatch((words) => counts.stop(words), 2000)],
    setupFiles: [${helper('where-it-stood')}],
  },
};
`;

/** Runs tests with the project's reporters; gives the exit status and the closing lines. */
async function run(tests: string): Promise<{ status: number; lines: string[] }> {
  mkdirSync(join(root, '.tsbuild'), { recursive: true });
  const folder = mkdtempSync(join(root, '.tsbuild/hanging-'));
  try {
    writeFileSync(join(folder, 'vitest.config.ts'), CONFIG);
    mkdirSync(join(folder, 'test'));
    writeFileSync(join(folder, 'test/some.test.ts'), `import { expect, test } from 'vitest';\n${tests}`);
    return await new Promise((resolve) => {
      execFile(process.execPath, [vitest, 'run'], { cwd: folder, timeout: 25_000 }, (error, stdout) =>
        resolve({ status: error ? Number(error.code) : 0, lines: stdout.trim().split('\n') }),
      );
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test('a test that waits for ever fails with the place of its last assertion, and the other tests run', async () => {
  const { status, lines } = await run(`
test('waits', async () => {
  expect(1).toBe(1);
  await new Promise(() => {});
});
test('passes', () => expect(2).toBe(2));`);
  expect(status).toBe(1);
  expect(lines).toContainEqual(expect.stringMatching(/^FAILED: .*> waits: Test timed out in 500ms/));
  expect(lines).toContainEqual(
    expect.stringMatching(/> waits: The last assertion that passed\. \(.*some\.test\.ts:4:/),
  );
  expect(lines.at(-1)).toBe('1 passed, 1 failed');
});

test('a test that never yields ends the run, and the run names it', async () => {
  const { status, lines } = await run(`
test('passes', () => expect(2).toBe(2));
test('spins', async () => {
  await new Promise((resolve) => setTimeout(resolve, 300));
  for (;;);
});`);
  expect(status).toBe(1);
  expect(lines).toContainEqual(
    expect.stringMatching(/^FAILED: outside of all tests: .*some\.test\.ts: hangs, in “spins”/),
  );
  expect(lines.at(-1)).toBe('1 passed, 1 failed');
});
