import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';
import { report } from './soak-large-trace.mjs';
import { createServer } from 'vite';
import { BROWSER_FLAGS, findBrowser } from '../scripts/browser.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const STOPS = (process.argv[2] ?? '20,50,100,200,400,600').split(',').map(Number);
const server = await createServer({
  configFile: false, root: here, logLevel: 'error', worker: { format: 'es' },
  server: { fs: { allow: [`${here}..`] }, host: '127.0.0.1', port: 0, hmr: false, watch: null },
  optimizeDeps: { include: ['comlink'] },
});
await server.listen();
const { Processes } = await server.ssrLoadModule('/processes.ts');
const processes = new Processes();
const browser = await chromium.launch({ executablePath: findBrowser(), args: BROWSER_FLAGS });
const page = await browser.newPage();
page.on('pageerror', (e) => console.error(e.message));
await page.goto(`${server.resolvedUrls.local[0]}soak-large.html`);
await page.waitForFunction(() => 'bench' in window);
console.log(`load ${loadavg()[0].toFixed(1)}`);
let taken = 0, first;
for (const stop of STOPS) {
  const t = performance.now();
  const size = await page.evaluate(`bench.shoot(${stop - taken})`);
  const n = stop - taken;
  taken = stop;
  processes.forget();
  const memory = processes.whole();
  first ??= memory;
  console.log(`| ${taken} | ${memory.toFixed(0)} | ${(memory / first).toFixed(2)} | ${(size / 1e6).toFixed(1)} MB | ${((performance.now() - t)/n).toFixed(0)} ms each | load ${loadavg()[0].toFixed(1)} |`);
}
async function longest(work) {
  await browser.startTracing(page, { categories: ['toplevel', 'blink.user_timing', ...(process.argv[3] ? ['v8','devtools.timeline','disabled-by-default-v8.gc','blink','blink.gc','mojom'] : [])] });
  await page.evaluate(() => void performance.mark('here'));
  await page.evaluate(work);
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  if (process.argv[3]) report(traceEvents);
  const main = traceEvents.find(({ name }) => name === 'here');
  return traceEvents.filter(({ ph, name, pid, tid }) => ph === 'X' && /RunTask$/.test(name) && pid === main.pid && tid === main.tid)
    .flatMap(({ tdur }) => (tdur === undefined ? [] : [tdur / 1000])).sort((a, b) => b - a).slice(0, 6).map((x) => x.toFixed(2)).join(' ');
}
console.log('idle tasks', await longest('new Promise((r) => setTimeout(r, 3000))'));
console.log('shoot tasks', await longest('bench.shoot(40)'));
console.log('shoot tasks', await longest('bench.shoot(40)'));
await browser.close();
await server.close();
process.exit();
