/** What happens to a page and its camera that only a browser of one's own can do. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';
import { createServer, type Connect, type ViteDevServer } from 'vite';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { BROWSER_FLAGS, FAKE_CAMERA_FLAGS, findBrowser } from '../../scripts/browser.mjs';
import type { Report } from '../helpers/report.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const reports: Report[] = [];
let server: ViteDevServer;
let url: string;
const folder = mkdtempSync(join(tmpdir(), 'motordrive-faults-'));

beforeAll(async () => {
  server = await createServer({
    configFile: false,
    root,
    cacheDir: join(folder, 'vite'),
    worker: { format: 'es' },
    optimizeDeps: { include: ['comlink'] },
    server: { port: 0, host: '127.0.0.1', hmr: false, watch: null },
    plugins: [{ name: 'pages', configureServer: ({ middlewares }) => void middlewares.use(answer) }],
    logLevel: 'error',
  });
  await server.listen();
  url = server.resolvedUrls!.local[0]!;
});
beforeEach(() => void (reports.length = 0));
afterAll(async () => {
  await server.close();
  // A browser's last processes may still write.
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 200 });
});

/** `/hidden` is the page of hidden-page.ts, `/revoked` that of revoked-page.ts; `/report` takes what they report. */
const answer: Connect.NextHandleFunction = (request, response, next) => {
  if (request.url === '/hidden' || request.url === '/revoked') {
    const page = `<!doctype html><script type="module" src="/test/helpers${request.url}-page.ts"></script>`;
    response.setHeader('content-type', 'text/html').end(page);
  } else if (request.url === '/report') {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => response.end(String(reports.push(JSON.parse(body) as Report))));
  } else next();
};
const named = (name: Report['name']): Report | undefined => reports.find((report) => report.name === name);

// Not through Playwright, for which every page is visible for ever.
test('a page that is hidden during a burst loses no photo, and takes others while hidden and afterwards', async () => {
  const profile = join(folder, 'profile');
  const flags = [...BROWSER_FLAGS, ...FAKE_CAMERA_FLAGS, '--headless', '--remote-debugging-port=0'];
  const browser = spawn(findBrowser()!, [...flags, `--user-data-dir=${profile}`, `${url}hidden`], { stdio: 'ignore' });
  const exited = new Promise((resolve) => browser.once('exit', resolve));
  const devTools = async (path: string, method = 'GET'): Promise<Response> => {
    const [port] = readFileSync(join(profile, 'DevToolsActivePort'), 'utf8').split('\n');
    return fetch(`http://127.0.0.1:${port}/json/${path}`, { method });
  };
  try {
    await expect.poll(() => named('going')).toBeDefined();
    const tabs = (await (await devTools('list')).json()) as { id: string; url: string }[];
    await devTools('new?about:blank', 'PUT');
    await expect.poll(() => named('hidden')).toMatchObject({ visibility: 'hidden', outcomes: [640, 640] });
    expect(named('hidden')!.shots).toBeLessThan(60);
    await expect.poll(() => named('burst')).toMatchObject({ visibility: 'hidden', outcomes: [60] });
    await devTools(`activate/${tabs.find((tab) => tab.url.endsWith('/hidden'))!.id}`);
    await expect.poll(() => named('shown')).toMatchObject({ visibility: 'visible', outcomes: [640, 640, 640] });
  } finally {
    browser.kill();
    await exited;
  }
});

test('a burst delivers the shots that were made, then ends, when the permission is revoked', async () => {
  const executablePath = findBrowser()!;
  const args = [...BROWSER_FLAGS, '--use-fake-device-for-media-stream'];
  const browser = await chromium.launch({ executablePath, args });
  try {
    const context = await browser.newContext();
    const { origin } = new URL(url);
    await context.grantPermissions(['camera'], { origin });
    const page = await context.newPage();
    await page.goto(`${url}revoked`);
    await expect.poll(() => named('going')).toBeDefined();
    await context.clearPermissions();
    await expect
      .poll(() => named('burst'))
      .toMatchObject({ outcomes: ['OperationError', 'InvalidStateError', 'ended'] });
    expect(named('burst')!.shots).toBeGreaterThanOrEqual(3);
    await context.grantPermissions(['camera'], { origin });
    await expect.poll(() => named('shown')).toMatchObject({ outcomes: ['image/jpeg'] });
  } finally {
    await browser.close();
  }
});
