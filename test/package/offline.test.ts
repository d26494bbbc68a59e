import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';
import { preview } from 'vite';
import { expect, test } from 'vitest';
import { BROWSER_FLAGS, FAKE_CAMERA_FLAGS, findBrowser } from '../../scripts/browser.mjs';

const project = (file: string): string => fileURLToPath(new URL(`../../${file}`, import.meta.url));

test('the built pages open and measure when their server is gone', async () => {
  const outDir = mkdtempSync(join(tmpdir(), 'motordrive-offline-'));
  const config = { configFile: project('vite.config.ts'), root: project('demo'), logLevel: 'error' } as const;
  // As a user builds: the tests' environment is not production's.
  const env = { ...process.env, NODE_ENV: 'production' };
  execFileSync(process.execPath, [project('node_modules/vite/bin/vite.js'), 'build', '--outDir', outDir], {
    cwd: project(''),
    env,
    stdio: 'pipe',
  });
  const server = await preview({ ...config, build: { outDir }, preview: { port: 0, host: '127.0.0.1' } });
  const executablePath = findBrowser();
  const args = [...BROWSER_FLAGS, ...FAKE_CAMERA_FLAGS];
  const browser = await chromium.launch({ ...(executablePath && { executablePath }), args });
  try {
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    const url = server.resolvedUrls!.local[0]!;
    await page.goto(url);
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    const closed = server.close();
    (server.httpServer as Server).closeAllConnections();
    await closed;
    await expect(fetch(url)).rejects.toThrow();
    await page.goto(`${url}measure.html`);
    await page.locator('#run:enabled').waitFor();
    await page.getByLabel('Rounds').fill('1');
    await page.getByRole('button', { name: 'Measure' }).click();
    await page.getByText('Done.').waitFor({ timeout: 60_000 });
    expect(await page.locator('tbody .bar').count()).toBe(4);
    expect(complaints).toEqual([]);
  } finally {
    await browser.close();
    rmSync(outDir, { recursive: true, force: true });
  }
}, 120_000);
