/** The page that a browser under test opens: asks the command what to do, does it, and tells. */
import { burst, BURSTS } from './burst.ts';
import { burstRows, shareRows } from './bare-rows.ts';
import { hold, type About } from './contest.ts';
import type { WorkerRequest } from './contestants.worker.ts';
import { energy } from './energy.ts';
import { latency } from './latency.ts';
import { Link } from './link.ts';
import { memory } from './memory.ts';
import { QUESTIONS, keyOf, type BenchRequest, type QuestionName } from './request.ts';
import { share } from './share.ts';
import { sheet } from './sheet.ts';
import { start } from './start.ts';
import type { SubjectSource } from './subject.ts';

/** ms between signs of life of questions that tell nothing else. */
const BEAT = 5000;

(window as unknown as { bench: unknown }).bench = { sheet };
if (new URLSearchParams(location.search).has('run')) void run();

async function run(): Promise<void> {
  const link = new Link(location.origin);
  const request = await link.request();
  for (const source of request.sources) {
    await attempt(link, source.name, () => inWorker(request, source, request.questions.filter(isOf('worker', true))));
    for (const question of request.questions.filter(isOf('page', true))) {
      await attempt(link, `${question} | ${source.name}`, () => onPage(question, request, link, source));
    }
  }
  const scene = { name: 'generated 4K', width: 3840, height: 2160 };
  await attempt(link, 'kernels', () => inWorker(request, scene, request.questions.filter(isOf('worker', false))));
  for (const question of request.questions.filter(isOf('page', false))) {
    await attempt(link, question, () => onPage(question, request, link, scene));
  }
  await link.tell({ kind: 'done', userAgent: navigator.userAgent });
}

function isOf(where: 'worker' | 'page', perPicture: boolean): (question: QuestionName) => boolean {
  return (question) => QUESTIONS[question].where === where && QUESTIONS[question].perPicture === perPicture;
}

/** What fails as a whole is told, and the run goes on. */
async function attempt(link: Link, key: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    await link.tell({ kind: 'failed', key, reason: String(error) });
  }
}

/** Asks a fresh worker. */
async function inWorker(request: BenchRequest, source: SubjectSource, questions: QuestionName[]): Promise<void> {
  if (questions.length === 0) return;
  const worker = new Worker(new URL('./contestants.worker.ts', import.meta.url), { type: 'module' });
  await new Promise<void>((resolve, reject) => {
    worker.addEventListener('error', (event) => reject(new Error(event.message || 'the worker could not start')));
    worker.addEventListener('message', ({ data }: MessageEvent<{ failed?: string }>) =>
      data.failed === undefined ? resolve() : reject(new Error(data.failed)),
    );
    worker.postMessage({ request, source, questions } satisfies WorkerRequest);
  }).finally(() => worker.terminate());
}

async function onPage(question: QuestionName, request: BenchRequest, link: Link, source: SubjectSource): Promise<void> {
  const { rounds, done } = request;
  const host = { request, link };
  const holding = (about: Omit<About, 'question'>) => (contest: Parameters<typeof hold>[0]) =>
    hold(contest, { question, ...about }, host);
  /** Questions that give all their rows at the end. */
  const atOnce = async (frame: string, work: () => Promise<Parameters<typeof tellRows>[2]>): Promise<void> => {
    const key = keyOf({ question, frame, task: '' });
    if (done.includes(key) || request.hung.some((one) => one.key === key)) return;
    const beat = setInterval(() => void link.tell({ kind: 'alive', key }), BEAT);
    try {
      await tellRows(link, key, await work());
    } finally {
      clearInterval(beat);
    }
  };
  if (question === 'share') await atOnce(source.name, async () => shareRows(await share(source, rounds)));
  if (question === 'burst') {
    for (const wanted of BURSTS) {
      const frame = `${wanted.kind}, ${wanted.width} × ${wanted.height}`;
      const work = async () => burstRows(await burst(wanted, Math.min(rounds, 5), () => link.cpu('page')));
      await attempt(link, `burst | ${frame}`, () => atOnce(frame, work));
    }
  }
  if (question === 'memory') await atOnce('4000 × 3000', () => memory(link, rounds));
  if (question === 'latency') await latency(rounds, holding);
  if (question === 'energy') await energy(holding);
  if (question === 'start') await start(link, holding);
}

async function tellRows(link: Link, key: string, rows: Awaited<ReturnType<typeof memory>>): Promise<void> {
  await link.tell({ kind: 'rows', key, rows });
}
