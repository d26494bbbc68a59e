import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createServer, type Connect } from 'vite';
import { expect, test } from 'vitest';
import { BROWSER_FLAGS, FAKE_CAMERA_FLAGS, findBrowser } from '../../scripts/browser.mjs';
import type { Report } from '../helpers/hidden-page.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const PAGE = '<!doctype html><script type="module" src="/test/helpers/hidden-page.ts"></script>';

// Not through Playwright, for which every page is visible for ever.
test('a page hidden in mid-burst loses no photo, and takes others while it is hidden and afterwards', async () => {
  const reports: Report[] = [];
  const answer: Connect.NextHandleFunction = (request, response, next) => {
    if (request.url === '/report') {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => response.end(String(reports.push(JSON.parse(body) as Report))));
    } else if (request.url === '/hidden') response.setHeader('content-type', 'text/html').end(PAGE);
    else next();
  };
  const server = await createServer({
    configFile: false,
    root,
    worker: { format: 'es' },
    optimizeDeps: { include: ['comlink'] },
    server: { port: 0, host: '127.0.0.1', hmr: false, watch: null },
    plugins: [{ name: 'reports', configureServer: ({ middlewares }) => void middlewares.use(answer) }],
    logLevel: 'error',
  });
  await server.listen();
  const { port } = server.httpServer!.address() as { port: number };
  const profile = mkdtempSync(join(tmpdir(), 'motordrive-hidden-'));
  const flags = [...BROWSER_FLAGS, ...FAKE_CAMERA_FLAGS, '--headless', '--remote-debugging-port=0'];
  const browser = spawn(findBrowser()!, [...flags, `--user-data-dir=${profile}`, `http://127.0.0.1:${port}/hidden`], {
    stdio: 'ignore',
  });
  const exited = new Promise((resolve) => browser.once('exit', resolve));
  try {
    const named = (name: Report['name']): Report | undefined => reports.find((report) => report.name === name);
    const devTools = async (path: string, method = 'GET'): Promise<{ id: string; url: string }[]> => {
      const [devToolsPort] = readFileSync(join(profile, 'DevToolsActivePort'), 'utf8').split('\n');
      const response = await fetch(`http://127.0.0.1:${devToolsPort}/json/${path}`, { method });
      return path === 'list' ? ((await response.json()) as { id: string; url: string }[]) : [];
    };
    await expect.poll(() => named('going')).toBeDefined();
    expect(existsSync(join(profile, 'DevToolsActivePort'))).toBe(true);
    const tab = (await devTools('list')).find(({ url }) => url.endsWith('/hidden'))!;
    await devTools('new?about:blank', 'PUT');
    await expect.poll(() => named('hidden')).toMatchObject({ visibility: 'hidden', outcomes: [640, 640] });
    expect(named('hidden')!.shots).toBeLessThan(60);
    await expect.poll(() => named('burst')).toMatchObject({ visibility: 'hidden', outcomes: [60] });
    await devTools(`activate/${tab.id}`);
    await expect.poll(() => named('shown')).toMatchObject({ visibility: 'visible', outcomes: [640, 640, 640] });
  } finally {
    browser.kill();
    await exited;
    await server.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
});
