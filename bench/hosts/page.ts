/** The page that a browser under test opens: asks the command what to do, does it, and tells. */
import { burst } from '../questions/burst.ts';
import { hold, type Holding } from '../contests/contest.ts';
import type { WorkerRequest } from './contestants.worker.ts';
import { energy } from '../questions/energy.ts';
import { jank } from '../questions/jank.ts';
import { latency } from '../questions/latency.ts';
import { Link } from './link.ts';
import { memory } from '../questions/memory.ts';
import { isAskedOf, QUESTIONS, type BenchRequest, type QuestionName } from './request.ts';
import { holdSamples, type HoldingSamples } from '../contests/samples.ts';
import { share } from '../questions/share.ts';
import { start } from '../questions/start.ts';
import type { SubjectSource } from '../subjects/subject.ts';

void run();

async function run(): Promise<void> {
  const link = new Link(location.origin);
  link.stay();
  const request = await link.request();
  const { userAgent, hardwareConcurrency: cores } = navigator;
  await link.tell({ kind: 'host', host: { userAgent, cores } });
  for (const source of request.sources) {
    const asked = request.questions.filter((question) => isAskedOf(question, source));
    await attempt(link, source.name, () => inWorker(request, source, asked.filter(isOf('worker', true))));
    for (const question of asked.filter(isOf('page', true))) {
      await attempt(link, `${question} | ${source.name}`, () => onPage(question, request, link, source));
    }
  }
  const scene = { name: 'generated 4K', width: 3840, height: 2160 };
  await attempt(link, 'kernels', () => inWorker(request, scene, request.questions.filter(isOf('worker', false))));
  for (const question of request.questions.filter(isOf('page', false))) {
    await attempt(link, question, () => onPage(question, request, link, scene));
  }
  await link.tell({ kind: 'done' });
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
  const rounds = request.rounds;
  const host = { request, link };
  const holding: Holding = (about) => (contest) => hold(contest, { question, ...about }, host);
  const sampling: HoldingSamples = (about) => (contest) => holdSamples(contest, { question, ...about }, host);
  if (question === 'share') await share(source, rounds, sampling);
  if (question === 'burst') await burst(link, request, sampling);
  if (question === 'latency') await latency(rounds, holding, sampling);
  if (question === 'jank') await jank(link, rounds, sampling);
  if (question === 'memory') await memory(link, request.budget === undefined ? rounds : 3, sampling);
  if (question === 'start') await start(link, holding);
  if (question === 'energy') await energy(holding);
}
