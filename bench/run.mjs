/**
 * npm run bench -- [jpeg] [png] [scale] [red-eye] [path] [share] [burst] [node] [--peers] [--photos DIR] [--red-eye DIR] [--rounds N] [--json FILE] [--markdown FILE]
 * See README.md.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright';
import { createServer } from 'vite';
import { BROWSER_FLAGS, findBrowser } from '../scripts/browser.mjs';
import { burstFigures, cameraFigures } from './burst.mjs';
import { buildPeers } from './peers.mjs';
import { redEyeFigures } from './red-eye-figures.mjs';
import { toMarkdown } from './report.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const IN_WORKER = ['jpeg', 'png', 'scale', 'red-eye', 'path'];
const QUESTIONS = [...IN_WORKER, 'share', 'burst', 'node'];
const GENERATED = [
  { name: 'generated 1080p', width: 1920, height: 1080 },
  { name: 'generated 4K', width: 3840, height: 2160 },
  { name: 'generated 12 MP', width: 4000, height: 3000 },
];
/** Bits per pixel at quality 0.9 that photographs have. */
const PHOTO_LIKE = [1.2, 3.5];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    peers: { type: 'boolean', default: false },
    photos: { type: 'string' },
    'red-eye': { type: 'string' },
    rounds: { type: 'string', default: '7' },
    json: { type: 'string', default: join(here, 'results/latest.json') },
    markdown: { type: 'string', default: join(here, 'results/latest.md') },
  },
});
const questions = positionals.length > 0 ? positionals : QUESTIONS;
const unknown = questions.filter((question) => !QUESTIONS.includes(question));
const rounds = Number(values.rounds);
if (unknown.length > 0) fail(`unknown question ${unknown.join(', ')}; there are ${QUESTIONS.join(', ')}`);
if (!Number.isInteger(rounds) || rounds < 1) fail('--rounds takes a whole number above 0');
const sources = values.photos === undefined ? GENERATED : photosIn(resolve(values.photos));

const server = await createServer({
  configFile: false,
  root: here,
  logLevel: 'error',
  worker: { format: 'es' },
  server: {
    hmr: false,
    watch: null,
    fs: { allow: [join(here, '..'), ...(values.photos ? [resolve(values.photos)] : [])] },
  },
});
await server.listen();
if (values.peers) await buildPeers();
const browser = await chromium.launch({
  executablePath: findBrowser(),
  args: BROWSER_FLAGS,
});
const report = {
  machine: { cpu: cpus()[0]?.model, cores: cpus().length, loadBefore: loadavg()[0] },
  engine: `Chromium ${browser.version()}`,
  commit: commit(),
  rounds,
  pictures: [],
  shares: [],
  bursts: [],
  redEyes: [],
};
try {
  const page = await browser.newPage();
  page.on('pageerror', (error) => console.error(error.message));
  await page.exposeFunction('benchCpu', rendererCpu);
  await page.goto(server.resolvedUrls.local[0]);
  await page.waitForFunction(() => window.bench !== undefined);
  const asked = questions.filter((question) => IN_WORKER.includes(question));
  for (const source of asked.length > 0 ? sources : []) {
    console.error(`${source.name}: ${asked.join(', ')} …`);
    const picture = await page
      .evaluate((request) => window.bench.contests(request), { source, questions, rounds, peers: values.peers })
      .catch((error) => ({ error: error.message, results: [] }));
    report.pictures.push({ name: source.name, ...picture });
    if (!values.photos && !(picture.bitsPerPixel >= PHOTO_LIKE[0] && picture.bitsPerPixel <= PHOTO_LIKE[1])) {
      console.error(`${source.name} has ${picture.bitsPerPixel} bits per pixel: not like a photograph`);
      process.exitCode = 1;
    }
  }
  for (const source of questions.includes('share') ? sources : []) {
    console.error(`${source.name}: one photo by two workers …`);
    report.shares.push(...(await page.evaluate(([of, times]) => window.bench.share(of, times), [source, rounds])));
  }
  if (questions.includes('burst')) {
    report.bursts = await burstFigures(page, Math.min(rounds, 5));
    console.error('a burst at the pace of a camera …');
    report.camera = await cameraFigures(server.resolvedUrls.local[0]);
  }
  if (questions.includes('node')) {
    const { inNode } = await server.ssrLoadModule('/node.ts');
    for (const { name, file } of values.photos === undefined ? [] : sources) {
      console.error(`${name}: in Node …`);
      report.pictures.push({ name: `${name}, in Node`, ...(await inNode(file, rounds)) });
    }
  }
} finally {
  await browser.close();
  await server.close();
}
if (questions.includes('red-eye') && values['red-eye'] !== undefined) {
  console.error('what is found in labelled photographs …');
  report.redEyes = await redEyeFigures(resolve(values['red-eye']));
}
report.machine.loadAfter = loadavg()[0];
for (const [file, text] of [
  [values.json, JSON.stringify(report, null, 2)],
  [values.markdown, toMarkdown(report)],
]) {
  mkdirSync(dirname(resolve(file)), { recursive: true });
  writeFileSync(file, `${text}\n`);
}
console.log(toMarkdown(report));
process.exit();

function photosIn(folder) {
  const files = readdirSync(folder).filter((file) => /\.(jpe?g|png)$/i.test(file));
  if (files.length === 0) fail(`no photographs in ${folder}`);
  return files.map((file) => ({ name: file, file: join(folder, file), url: `/@fs${join(folder, file)}` }));
}

/** CPU ms so far of the browser's renderers, all threads, or undefined where there is no /proc. */
function rendererCpu() {
  try {
    let sum = 0;
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      const command = safely(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8')) ?? '';
      if (!command.includes('--type=renderer') || !isOurs(pid)) continue;
      for (const task of safely(() => readdirSync(`/proc/${pid}/task`)) ?? []) {
        sum += Number(safely(() => readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8'))?.split(' ')[0] ?? 0);
      }
    }
    return sum > 0 ? sum / 1e6 : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a process descends from this one: other browsers may be running. */
function isOurs(pid) {
  for (let at = pid; at && at !== '0';) {
    if (Number(at) === process.pid) return true;
    at = safely(() => readFileSync(`/proc/${at}/stat`, 'utf8'))
      ?.split(') ')
      .at(-1)
      .split(' ')[1];
  }
  return false;
}

function safely(read) {
  try {
    return read();
  } catch {
    return undefined; // the process or thread has just ended
  }
}

function commit() {
  return safely(() => execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: here, encoding: 'utf8' }).trim());
}

function fail(text) {
  console.error(`bench: ${text}`);
  process.exit(2);
}
