/** What page.ts is to a browser, for Node: asks the command what to do, does it, and tells. */
import { pathToFileURL } from 'node:url';
import sharp from 'sharp';
import type { Pixels } from '../../src/bench/likeness.ts';
import { hold, type Contest } from '../contests/contest.ts';
import { loadPeers, type Peers } from '../peers/peers.ts';
import { jpeg } from '../questions/jpeg.node.ts';
import { kernels } from '../questions/kernels.ts';
import { png } from '../questions/png.node.ts';
import { scale } from '../questions/scale.node.ts';
import { decodeInNode, prepareInNode, type NodeSubject } from '../subjects/node-subject.ts';
import type { SubjectSource } from '../subjects/subject.ts';
import { Link } from './link.ts';
import { isAskedOf, QUESTIONS, type BenchRequest, type QuestionName } from './request.ts';

/** The kernels beside native code on one thread: sharp's libjpeg-turbo, mozjpeg, libpng and libvips. */
const ASKED: Partial<Record<QuestionName, (subject: NodeSubject, peers: Peers<Pixels>) => Contest[]>> = {
  jpeg,
  png,
  scale,
  kernels,
};

/** Asks the command at an address what to do, does it, and tells. */
export async function run(origin: string): Promise<void> {
  sharp.concurrency(1);
  sharp.cache(false);
  const link = new Link(origin);
  link.stay();
  const request = await link.request();
  const peers = await loadPeers<Pixels>(request.peers, ({ file }) => pathToFileURL(file).href);
  for (const source of request.sources) {
    const asked = request.questions.filter((name) => QUESTIONS[name].perPicture && isAskedOf(name, source));
    await ask(link, request, source, asked, peers);
  }
  const rest = request.questions.filter((name) => !QUESTIONS[name].perPicture);
  await ask(link, request, { name: 'generated 4K', width: 3840, height: 2160 }, rest, peers);
  await link.tell({ kind: 'done' });
}

async function ask(
  link: Link,
  request: BenchRequest,
  source: SubjectSource,
  questions: QuestionName[],
  peers: Peers<Pixels>,
): Promise<void> {
  for (const question of questions) {
    const contests = ASKED[question];
    if (!contests) continue;
    try {
      const subject = await prepareInNode(source);
      const { width, height } = subject;
      const about = { question, frame: `${source.name}, ${width} × ${height}`, width, height };
      for (const contest of contests(subject, peers))
        await hold(contest, about, { request, link, decode: decodeInNode, isProcess: true });
    } catch (error) {
      await link.tell({ kind: 'failed', key: `${question} | ${source.name}`, reason: String(error) });
    }
  }
}
