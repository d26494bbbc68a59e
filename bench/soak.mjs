/**
 * npm run soak -- [--photos N]: photo after photo in one session of Chromium; the memory of all of the browser's
 * processes, and the workers left after close(). With --large photos of 12 megapixels, each forgotten at the next,
 * without forced collections: what the processes' memory is in proportion to that after 20, and the longest tasks of
 * the page.
 */
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright';
import { createServer } from 'vite';
import { BROWSER_FLAGS, findBrowser } from '../scripts/browser.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const { values } = parseArgs({ options: { photos: { type: 'string' }, large: { type: 'boolean', default: false } } });
const photos = Number(values.photos ?? (values.large ? 600 : 2000));
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
const { Processes } = await server.ssrLoadModule('/hosts/processes.ts');
const processes = new Processes();
const executablePath = findBrowser();
const browser = await chromium.launch({
  ...(executablePath && { executablePath }),
  args: [
    ...BROWSER_FLAGS,
    '--use-fake-ui-for-media-stream',
    '--use-fake-device-for-media-stream=fps=60',
    ...(values.large ? [] : ['--js-flags=--expose-gc']),
  ],
});
const page = await browser.newPage();
page.on('pageerror', (error) => console.error(error.message));
await page.goto(`${server.resolvedUrls.local[0]}soak/soak.html`);
await page.waitForFunction(() => 'bench' in window);
console.log(`load ${loadavg()[0].toFixed(1)}\n`);
await (values.large ? large() : small());
const before = page.workers().length;
await page.evaluate('bench.end()');
await page.waitForTimeout(1000);
console.log(`\nworkers before close(): ${before}, after: ${page.workers().length}`);
await browser.close();
await server.close();
process.exit();

/** Memory after forced collections. */
async function small() {
  const rest = 'new Promise((done) => { gc(); setTimeout(() => { gc(); setTimeout(done, 500); }, 500); })';

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
}

/** Memory as it comes, and what the page was busy with. */
async function large() {
  console.log('| photos of 12 MP | PSS of all processes, MB | ÷ that after 20 |\n| ---: | ---: | ---: |');
  const stops = [20, 50, 100, 200, 400, 600].filter((stop) => stop < photos);
  let taken = 0;
  let first;
  for (const stop of [...stops, photos]) {
    await page.evaluate(`bench.shoot(${stop - taken})`);
    taken = stop;
    processes.forget();
    const memory = processes.proportional();
    first ??= memory;
    console.log(`| ${taken} | ${memory.toFixed(0)} | ${(memory / first).toFixed(2)} |`);
  }
  console.log('\nThe longest tasks of the page in CPU ms:');
  for (const work of ['new Promise((done) => setTimeout(done, 3000))', 'bench.shoot(40)']) {
    const tasks = await longestTasks(work);
    console.log(`${work.startsWith('new') ? 'idle' : '40 photos'}: ${tasks.map((ms) => ms.toFixed(1)).join(', ')}`);
  }
}

async function longestTasks(work) {
  const mark = 'motordrive soak';
  await browser.startTracing(page, { categories: ['toplevel', 'blink.user_timing'] });
  await page.evaluate((mark) => void performance.mark(mark), mark);
  await page.evaluate(work);
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  const main = traceEvents.find(({ name }) => name === mark);
  return traceEvents
    .filter(({ ph, name, pid, tid }) => ph === 'X' && /RunTask$/.test(name) && pid === main.pid && tid === main.tid)
    .map(({ tdur = 0 }) => tdur / 1000)
    .sort((a, b) => b - a)
    .slice(0, 5);
}
