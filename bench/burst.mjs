/** The figures of bursts: as fast as they go, and at the pace of a camera. */
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright';
import { BROWSER_FLAGS, FAKE_CAMERA_FLAGS, findBrowser } from '../scripts/browser.mjs';

const REQUESTS = [
  { kind: 'I420', width: 1920, height: 1080, shots: 60 },
  { kind: 'ImageBitmap', width: 1920, height: 1080, shots: 30 },
  { kind: 'I420', width: 3840, height: 2160, shots: 20 },
  { kind: 'ImageBitmap', width: 3840, height: 2160, shots: 8 },
];
const CAMERA = { width: 1920, height: 1080, fps: 30, frames: 300 };

/**
 * Bursts of every kind of frame in the page that is open.
 * @param {import('playwright').Page} page
 * @param {number} rounds
 */
export async function burstFigures(page, rounds) {
  const results = [];
  for (const request of REQUESTS) {
    console.error(`bursts of ${request.kind}, ${request.width} × ${request.height} …`);
    results.push(...(await page.evaluate(([of, times]) => window.bench.burst(of, times), [request, rounds])));
  }
  return results;
}

/**
 * A burst at the pace of a camera of 1080p that plays a file, in a browser of its own, and how long the page's main thread was busy at a
 * time meanwhile and on the idle page, in CPU ms.
 * @param {string} url
 */
export async function cameraFigures(url) {
  const folder = mkdtempSync(join(tmpdir(), 'motordrive-'));
  const file = join(folder, 'camera.y4m');
  writeCamera(file);
  const browser = await chromium.launch({
    executablePath: findBrowser(),
    args: [...BROWSER_FLAGS, ...FAKE_CAMERA_FLAGS, `--use-file-for-fake-video-capture=${file}`],
  });
  try {
    const page = await browser.newPage();
    await page.goto(url);
    await page.waitForFunction(() => window.bench !== undefined);
    const idle = await busy(browser, page, folder, () => page.waitForTimeout(5000));
    const { width, height, fps, frames } = CAMERA;
    let result;
    const burst = await busy(browser, page, folder, async () => {
      const video = { width, height, frameRate: fps };
      result = await page.evaluate(([of, count]) => window.bench.cameraBurst(of, count), [video, frames]);
    });
    return { ...result, idle, burst };
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true });
  }
}

/** CPU ms of the longest tasks of the page's main thread while something is done. */
async function busy(browser, page, folder, work) {
  const path = join(folder, 'trace.json');
  await browser.startTracing(page, { path, categories: ['toplevel', '__metadata'] });
  await work();
  await browser.stopTracing();
  const { traceEvents } = JSON.parse(readFileSync(path, 'utf8'));
  const threads = new Set(
    traceEvents.filter(({ args }) => args?.name === 'CrRendererMain').map(({ pid, tid }) => `${pid} ${tid}`),
  );
  const tasks = traceEvents
    .filter(({ name, tdur, pid, tid }) => name.endsWith('RunTask') && tdur && threads.has(`${pid} ${tid}`))
    .map(({ tdur }) => tdur / 1000)
    .sort((a, b) => b - a);
  return { longest: tasks.slice(0, 5), above4: tasks.filter((task) => task > 4).length, tasks: tasks.length };
}

/** A YUV4MPEG2 file of a few frames of moving texture. */
function writeCamera(file) {
  const { width, height, fps } = CAMERA;
  const out = openSync(file, 'w');
  writeSync(out, `YUV4MPEG2 W${width} H${height} F${fps}:1 Ip A1:1 C420jpeg\n`);
  const frame = Buffer.alloc((width * height * 3) / 2, 128);
  for (let i = 0; i < 8; i++) {
    for (let at = 0; at < width * height; at++) {
      const [x, y] = [at % width, Math.floor(at / width)];
      frame[at] = 40 + ((x * 5 + y * 3 + i * 16) % 128) + (Math.imul(at + i, 2654435761) >>> 29);
    }
    writeSync(out, 'FRAME\n');
    writeSync(out, frame);
  }
  closeSync(out);
}

/** The figures as lines of Markdown. */
export function burstLines(bursts, camera) {
  const spread = ({ median, low, high }) => `${median.toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)})`;
  const lines = [
    '',
    '**Bursts, JPEG q0.9, two workers**',
    '',
    '| frames | contestant | shots a second | ratio | CPU ms a shot | ratio |',
    '| --- | --- | ---: | ---: | ---: | ---: |',
  ];
  for (const { frames, contestant, shotsPerSecond, ratio, cpu, cpuRatio } of bursts) {
    const cells = [frames, contestant, shotsPerSecond.median.toFixed(1), spread(ratio)];
    cells.push(cpu?.median.toFixed(1) ?? '–', cpuRatio ? spread(cpuRatio) : '–');
    lines.push(`| ${cells.join(' | ')} |`);
  }
  if (camera) {
    const { shots, dropped, seconds, size, idle, burst } = camera;
    const longest = ({ longest: tasks }) => tasks.map((task) => task.toFixed(1)).join(', ');
    lines.push(
      '',
      `At the camera's pace, ${size}: ${shots} shots in ${seconds.toFixed(1)} s, ${dropped} frames lost. The page's longest tasks, CPU ms: ${longest(burst)}; on the idle page ${longest(idle)}.`,
    );
  }
  return lines;
}
