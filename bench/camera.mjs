/**
 * npm run bench:camera -- [latency] [jank] [pace] [soak] [--rounds N] [--photos N]: what depends on a camera and on time, not on pixels.
 * See README.md.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createServer } from 'vite';
import { openEngine } from '../scripts/engines.mjs';
import { CAMERA, withCameraFile } from './pace.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const ENGINES = ['Chromium', 'Firefox', 'WebKitGTK'];
const questions = { latency, jank, pace, soak };
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '60' }, photos: { type: 'string', default: '2000' } },
});

const server = await createServer({
  configFile: false,
  root: here,
  logLevel: 'error',
  worker: { format: 'es' },
  server: { fs: { allow: [`${here}..`] }, host: '127.0.0.1', port: 0, hmr: false, watch: null },
  optimizeDeps: { include: ['comlink'] },
});
await server.listen();
const url = `${server.resolvedUrls.local[0]}camera.html`;
for (const question of positionals.length > 0 ? positionals : Object.keys(questions)) {
  console.log(`\n**${question}**, load ${loadavg()[0].toFixed(1)}\n`);
  await questions[question]();
}
await server.close();
process.exit();

async function open(engine, flags) {
  const page = await openEngine(engine, url, flags);
  if (!page) console.log(`${engine} is not here.`);
  await page?.evaluate(
    'new Promise((done) => { const ask = () => (window.bench ? done() : setTimeout(ask, 50)); ask(); })',
  );
  return page;
}

/** From takePhoto() with a cold source to the frame in hand, in frame periods. */
async function latency() {
  console.log(
    '| engine | frame period, ms | median | 95 % | longest | median, ms |\n| --- | ---: | ---: | ---: | ---: | ---: |',
  );
  for (const engine of ENGINES) {
    const page = await open(engine);
    if (!page) continue;
    const { period, waits } = await page.evaluate(`bench.latency(${Number(values.rounds)})`);
    await page.close();
    const [median, most, longest] = [0.5, 0.95, 1].map((share) => quantile(waits, share));
    const cells = [
      period.toFixed(1),
      ...[median, most, longest].map((wait) => (wait / period).toFixed(2)),
      median.toFixed(1),
    ];
    console.log(`| ${engine} ${page.version} | ${cells.join(' | ')} |`);
  }
}

/** The longest tasks of the main thread, by its own clock: what else runs on the machine does not count. */
async function jank() {
  const sizes = { '1080p': '{ width: 1920, height: 1080 }', '4K': '{ width: 3840, height: 2160 }' };
  console.log(
    '| frames | page | longest task, CPU ms | 2nd to 5th | longest wait of a message, ms, median of rounds |\n| --- | --- | ---: | ---: | ---: |',
  );
  for (const [name, size] of Object.entries(sizes)) {
    const page = await open('Chromium');
    await page.evaluate(`bench.prepareJank(${size})`);
    await page.evaluate(`bench.jank('photo', 500, false)`);
    const kinds = { idle: [], burst: [], photo: [] };
    const waits = { idle: [], burst: [], photo: [] };
    for (let round = 0; round < 5; round++) {
      for (const kind of Object.keys(kinds)) {
        const browser = page.page.context().browser();
        await browser.startTracing(page.page, { categories: ['toplevel', 'disabled-by-default-devtools.timeline'] });
        await page.evaluate(`bench.jank('${kind}', 2000, false)`);
        kinds[kind].push(...mainThreadTasks(JSON.parse((await browser.stopTracing()).toString())));
        waits[kind].push((await page.evaluate(`bench.jank('${kind}', 2000, true)`))[0]);
      }
    }
    for (const [kind, tasks] of Object.entries(kinds)) {
      const longest = tasks
        .sort((a, b) => b - a)
        .slice(0, 5)
        .map((ms) => ms.toFixed(1));
      console.log(
        `| ${name} | ${kind} | ${longest[0]} | ${longest.slice(1).join(', ')} | ${quantile(waits[kind], 0.5).toFixed(1)} |`,
      );
    }
    await page.close();
  }
}

/** A burst at the pace of a camera: what is lost, and the longest tasks of the page's main thread, beside those of an idle page. */
async function pace() {
  await withCameraFile(async (flags) => {
    const page = await open('Chromium', flags);
    const browser = page.page.context().browser();
    const longestWhile = async (work) => {
      await browser.startTracing(page.page, { categories: ['toplevel', '__metadata'] });
      await work();
      const tasks = mainThreadTasks(JSON.parse((await browser.stopTracing()).toString()));
      return tasks
        .sort((a, b) => b - a)
        .slice(0, 5)
        .map((ms) => ms.toFixed(1))
        .join(', ');
    };
    const { width, height, fps, frames } = CAMERA;
    const video = { width, height, frameRate: fps };
    await page.evaluate(`bench.preparePace(${JSON.stringify(video)})`);
    const idle = await longestWhile(() => page.page.waitForTimeout(10_000));
    let result;
    const burst = await longestWhile(async () => {
      result = await page.evaluate(`bench.pace(${frames})`);
    });
    await page.evaluate('bench.endPace()');
    await page.close();
    const { shots, dropped, seconds, size } = result;
    console.log(
      '| frames | shots | seconds | frames lost | longest tasks, CPU ms | on a page that has the camera open |',
    );
    console.log('| --- | ---: | ---: | ---: | ---: | ---: |');
    console.log(`| ${[size, shots, seconds.toFixed(1), dropped, burst, idle].join(' | ')} |`);
  });
}

/** CPU milliseconds of the tasks on the page's main thread. */
function mainThreadTasks({ traceEvents }) {
  const threads = traceEvents.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain');
  const mains = new Set(threads.map(({ pid, tid }) => `${pid} ${tid}`));
  const tasks = traceEvents.filter(
    ({ ph, name, pid, tid, tdur }) =>
      ph === 'X' && /RunTask$/.test(name) && tdur !== undefined && mains.has(`${pid} ${tid}`),
  );
  return tasks.map(({ tdur }) => tdur / 1000);
}

/** Photo after photo in one session: the memory of all of the browser's processes, the workers left after close(). */
async function soak() {
  const photos = Number(values.photos);
  const page = await open('Chromium', ['--use-fake-device-for-media-stream=fps=60', '--js-flags=--expose-gc']);
  const rest = 'new Promise((done) => { gc(); setTimeout(() => { gc(); setTimeout(done, 500); }, 500); })';
  console.log('| photos | memory of all processes, MiB | workers’ linear memory, MiB |\n| ---: | ---: | ---: |');
  let first;
  for (let taken = 0; taken < photos;) {
    const more = taken === 0 ? Math.min(100, photos) : Math.min(500 - (taken % 500), photos - taken);
    const linear = await page.evaluate(`bench.soak(${more})`);
    taken += more;
    const readings = [];
    for (let i = 0; i < 3; i++) {
      await Promise.all(page.page.workers().map((worker) => worker.evaluate('gc()')));
      await page.evaluate(rest);
      readings.push(memoryOfOurs());
    }
    const memory = Math.min(...readings);
    first ??= memory;
    const growth = ((memory / first - 1) * 100).toFixed(1);
    console.log(`| ${taken} | ${(memory / 1024).toFixed(0)} (${growth} %) | ${(linear / 2 ** 20).toFixed(1)} |`);
  }
  const before = page.page.workers().length;
  await page.evaluate('bench.endSoak()');
  await page.evaluate(rest);
  console.log(`\nworkers before close(): ${before}, after: ${page.page.workers().length}`);
  await page.close();
}

/** KiB that the processes below this one hold: anonymous and shared memory, not the files of programs, which other browsers share. */
function memoryOfOurs() {
  let sum = 0;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    if (Number(pid) === process.pid || !descends(pid)) continue;
    for (const [, kib] of read(`/proc/${pid}/smaps_rollup`).matchAll(/^Pss_(?:Anon|Shmem):\s+(\d+)/gm))
      sum += Number(kib);
  }
  return sum;
}

function descends(pid) {
  for (let at = pid; at && at !== '0';) {
    if (Number(at) === process.pid) return true;
    at = read(`/proc/${at}/stat`).split(') ').at(-1)?.split(' ')[1];
  }
  return false;
}

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // the process has just ended
  }
}

function quantile(numbers, share) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.round((sorted.length - 1) * share)];
}
