/** Holds the contests that run on one thread: both sides in this worker. */
import { hold, type Result } from './contest.ts';
import { jpeg } from './jpeg.ts';
import { path } from './path.ts';
import type { Peers } from './peers.ts';
import { png } from './png.ts';
import { redEye } from './red-eye.ts';
import { scale } from './scale.ts';
import { prepare, type SubjectSource } from './subject.ts';

const QUESTIONS = { jpeg, png, scale, 'red-eye': redEye, path };

/** What the page asks for. */
export type Request = { source: SubjectSource; questions: string[]; rounds: number; peers: boolean };

/** What comes back: a request for the CPU clock, or the end. */
export type Reply =
  { kind: 'cpu' } | { kind: 'done'; width: number; height: number; bitsPerPixel: number; results: Result[] };

const reply = (message: Reply): void => postMessage(message);
let answer: ((cpu: number | undefined) => void) | undefined;

addEventListener('message', (event: MessageEvent<Request | { cpu: number | undefined }>) => {
  if ('cpu' in event.data) answer?.(event.data.cpu);
  else void answerQuestions(event.data);
});

function cpu(): Promise<number | undefined> {
  reply({ kind: 'cpu' });
  return new Promise((resolve) => (answer = resolve));
}

async function sizeOf(photo: Blob): Promise<{ width: number; height: number }> {
  const image = await createImageBitmap(photo);
  const { width, height } = image;
  image.close();
  return { width, height };
}

async function answerQuestions({ source, questions, rounds, peers }: Request): Promise<void> {
  const subject = await prepare(source);
  const { width, height, canvas } = subject;
  const { size } = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 });
  const built = new URL('./peers/dist/peers.js', import.meta.url).href;
  const others = peers ? ((await import(/* @vite-ignore */ built)) as Peers) : undefined;
  const results: Result[] = [];
  for (const [name, question] of Object.entries(QUESTIONS)) {
    if (!questions.includes(name)) continue;
    // The path resets linear memory, so every question finds its pixels anew.
    const fresh = name === 'path' ? subject : await prepare(source);
    for (const contest of question(fresh, others)) results.push(...(await hold(contest, rounds, { cpu, sizeOf })));
  }
  reply({ kind: 'done', width, height, bitsPerPixel: (size * 8) / (width * height), results });
}
