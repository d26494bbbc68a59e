/** Holds the comparisons that run on one thread, of one picture: both sides in this worker. */
import { hold, type Contest } from '../contests/contest.ts';
import { jpeg } from '../questions/jpeg.ts';
import { kernels } from '../questions/kernels.ts';
import { Link } from './link.ts';
import { path } from '../questions/path.ts';
import { loadPeers, type Peers } from '../peers/peers.ts';
import { png } from '../questions/png.ts';
import { readout } from '../questions/readout.ts';
import { redEye } from '../questions/red-eye.ts';
import type { BenchRequest, QuestionName } from './request.ts';
import { scale } from '../questions/scale.ts';
import { shrink } from '../questions/shrink.ts';
import { prepare, type Subject, type SubjectSource } from '../subjects/subject.ts';

const ASKED: Partial<Record<QuestionName, (subject: Subject, peers: Peers) => Contest[]>> = {
  jpeg,
  png,
  scale,
  'red-eye': redEye,
  path,
  shrink,
  readout,
  kernels,
};

/** What the page asks for: these questions, of this picture. */
export type WorkerRequest = { request: BenchRequest; source: SubjectSource; questions: QuestionName[] };

addEventListener('message', ({ data }: MessageEvent<WorkerRequest>) => {
  answer(data).then(
    () => postMessage({ done: true }),
    (error: unknown) => postMessage({ failed: String(error) }),
  );
});

async function answer({ request, source, questions }: WorkerRequest): Promise<void> {
  const link = new Link(location.origin);
  const peers = await loadPeers<ImageData>(request.peers, ({ url }) => new URL(url, location.origin).href);
  for (const question of questions) {
    // Some leave other things in linear memory, so every question finds its pixels anew.
    const subject = await prepare(source);
    const { width, height } = subject;
    const about = { question, frame: `${source.name}, ${width} × ${height}`, width, height };
    for (const contest of ASKED[question]!(subject, peers)) await hold(contest, about, { request, link });
  }
}
