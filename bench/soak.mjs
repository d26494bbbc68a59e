/**
 * npm run soak -- [--photos N]: photo after photo in one session of Chromium; the memory of all of the browser's processes, and the workers
 * left after close().
 */
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright';
import { createServer } from 'vite';
import { BROWSER_FLAGS, findBrowser } from '../scripts/browser.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const { values } = parseArgs({ options: { photos: { type: 'string', default: '2000' } } });
const photos = Number(values.photos);
if (!Number.isInteger(photos) || photos < 1) {
  console.error('soak: --photos takes a whole number above 0');
  process.exit(2);
}

const server = await createServer({
  configFile: false,
  root: here,
  logLevel: 'error',
  worker: { format: 'es' },
  server: { fs: { allow: [`${here}..`] }, host: '127.0.0.1', port: 0, hmr: false, watch: null },
  optimizeDeps: { include: ['comlink'] },
});
await server.listen();
const { Processes } = await server.ssrLoadModule('/processes.ts');
const processes = new Processes();
const executablePath = findBrowser();
const browser = await chromium.launch({
  ...(executablePath && { executablePath }),
  args: [
    ...BROWSER_FLAGS,
    '--use-fake-ui-for-media-stream',
    '--use-fake-device-for-media-stream=fps=60',
    '--js-flags=--expose-gc',
  ],
});
const page = await browser.newPage();
page.on('pageerror', (error) => console.error(error.message));
await page.goto(`${server.resolvedUrls.local[0]}soak.html`);
await page.waitForFunction(() => 'bench' in window);
const rest = 'new Promise((done) => { gc(); setTimeout(() => { gc(); setTimeout(done, 500); }, 500); })';

console.log(`load ${loadavg()[0].toFixed(1)}\n`);
console.log('| photos | memory of all processes, MB | workers’ linear memory, MB |\n| ---: | ---: | ---: |');
let first;
for (let taken = 0; taken < photos;) {
  const more = taken === 0 ? Math.min(100, photos) : Math.min(500 - (taken % 500), photos - taken);
  const linear = await page.evaluate(`bench.soak(${more})`);
  taken += more;
  const readings = [];
  for (let i = 0; i < 3; i++) {
    await Promise.all(page.workers().map((worker) => worker.evaluate('gc()')));
    await page.evaluate(rest);
    processes.forget();
    readings.push(processes.memory());
  }
  const memory = Math.min(...readings);
  first ??= memory;
  const growth = ((memory / first - 1) * 100).toFixed(1);
  console.log(`| ${taken} | ${memory.toFixed(0)} (${growth} %) | ${(linear / 1e6).toFixed(1)} |`);
}
const before = page.workers().length;
await page.evaluate('bench.end()');
await page.evaluate(rest);
console.log(`\nworkers before close(): ${before}, after: ${page.workers().length}`);
await browser.close();
await server.close();
process.exit();
