import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright';
import { createServer, type ViteDevServer } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BROWSER_FLAGS, FAKE_CAMERA_FLAGS, findBrowser } from '../../scripts/browser.mjs';
import { readResults } from '../../src/bench/index.ts';

const project = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

let server: ViteDevServer;
let browser: Browser;
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
  server = await createServer({
    configFile: project('vite.config.ts'),
    root: project('demo'),
    server: { port: 0, host: '127.0.0.1' },
    logLevel: 'error',
  });
  await server.listen();
  const executablePath = findBrowser();
  browser = await chromium.launch({
    ...(executablePath && { executablePath }),
    args: [...BROWSER_FLAGS, ...FAKE_CAMERA_FLAGS],
  });
  page = await browser.newPage({ viewport: { width: 390, height: 844 } });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(`${server.resolvedUrls!.local[0]}measure.html`);
}, 60_000);

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

test('measures the camera, draws bars and gives a result file', async () => {
  await page.getByLabel('Rounds').fill('2');
  await page.getByLabel('drawImage + toBlob').uncheck();
  await page.getByRole('button', { name: 'Measure' }).click({ timeout: 30_000 });
  await page.getByText('Done.').waitFor({ timeout: 60_000 });
  expect(await page.locator('tbody .bar').count()).toBe(3);
  const downloading = page.waitForEvent('download');
  await page.getByText('Save as JSON').click();
  const { rows, complete, clock } = readResults(readFileSync(await (await downloading).path(), 'utf8'));
  expect([complete, clock]).toEqual([true, 'wall']);
  expect(rows.map(({ contestant, status }) => [contestant, status])).toEqual([
    ['drawImage + convertToBlob', 'ok'],
    ['motordrive (speed)', 'ok'],
    ['motordrive (balanced)', 'ok'],
  ]);
  expect(complaints).toEqual([]);
}, 120_000);

test('stops when asked to, without a network, and keeps what is complete', async () => {
  await page.context().setOffline(true);
  await page.getByLabel('Rounds').fill('200');
  await page.getByRole('button', { name: 'Measure' }).click();
  await page.getByText(/Round [2-9]\d* of 200/).waitFor({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.getByText('Stopped;').waitFor({ timeout: 30_000 });
  expect(await page.locator('tbody .bar').count()).toBe(3);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
}, 120_000);
