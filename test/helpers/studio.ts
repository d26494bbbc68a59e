import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright';
import { createServer } from 'vite';
import { BROWSER_FLAGS, FAKE_CAMERA_FLAGS, findBrowser } from '../../scripts/browser.mjs';

/** A page of the studio in a Chromium with a fake camera, as wide as a phone. */
export type Studio = {
  page: Page;
  /** For more pages, and where the studio is. */
  browser: Browser;
  url: string;
  /** Errors and warnings of the page, for a test to find none. */
  complaints: string[];
  close(): Promise<void>;
};

/** Serves the studio and opens one of its pages, such as `measure.html`. */
export async function openStudio(path = ''): Promise<Studio> {
  const project = (file: string): string => fileURLToPath(new URL(`../../${file}`, import.meta.url));
  // Servers that share a cache make each other's pages reload.
  const cacheDir = mkdtempSync(join(tmpdir(), 'motordrive-studio-'));
  const server = await createServer({
    configFile: project('vite.config.ts'),
    root: project('demo'),
    cacheDir,
    server: { port: 0, host: '127.0.0.1' },
    logLevel: 'error',
  });
  await server.listen();
  const executablePath = findBrowser();
  const browser = await chromium.launch({
    ...(executablePath && { executablePath }),
    args: [...BROWSER_FLAGS, ...FAKE_CAMERA_FLAGS],
  });
  const complaints: string[] = [];
  const page = await browser.newPage({ viewport: { width: 390, height: 844 } });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  const url = server.resolvedUrls!.local[0]!;
  await page.goto(`${url}${path}`);
  return {
    page,
    browser,
    url,
    complaints,
    close: async () => {
      await browser.close();
      await server.close();
      rmSync(cacheDir, { recursive: true, force: true });
    },
  };
}
