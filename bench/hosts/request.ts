/**
 * What the command asks of a host – a page or Node – and what comes back; JSON over HTTP, so that any device can be
 * asked.
 */
import type { ResultRow } from '../../src/bench/result-file.ts';
import type { SubjectSource } from '../subjects/subject.ts';

/**
 * Where each question runs, on the thread of a worker or on the page; whether it is asked of pictures, and then also of
 * the large ones among those that are generated.
 */
export const QUESTIONS = {
  jpeg: { where: 'worker', perPicture: true, ofLarge: true },
  png: { where: 'worker', perPicture: true },
  scale: { where: 'worker', perPicture: true },
  'red-eye': { where: 'worker', perPicture: true },
  path: { where: 'worker', perPicture: true, ofLarge: true },
  shrink: { where: 'worker', perPicture: true },
  readout: { where: 'worker', perPicture: true },
  share: { where: 'page', perPicture: true },
  kernels: { where: 'worker', perPicture: false },
  burst: { where: 'page', perPicture: false },
  latency: { where: 'page', perPicture: false },
  jank: { where: 'page', perPicture: false },
  memory: { where: 'page', perPicture: false },
  start: { where: 'page', perPicture: false },
  energy: { where: 'page', perPicture: false },
} as const satisfies Record<string, { where: 'worker' | 'page'; perPicture: boolean; ofLarge?: true }>;

/** A question by its name. */
export type QuestionName = keyof typeof QUESTIONS;

/** Where a module of contestants is: its address for browsers, its path for Node. */
export type PeersSource = { name: string; url: string; file: string };

/** What a host is to do; asked for again after a crash, when it says what is done and who was to blame. */
export type BenchRequest = {
  questions: QuestionName[];
  sources: SubjectSource[];
  rounds: number;
  /** ms that a comparison may take, beyond the first five rounds. */
  budget?: number;
  /** ms after which a run is given up. */
  timeout: number;
  /** Where more contestants come from. */
  peers: PeersSource[];
  /** Whether crops of the photos are wanted, to be looked at. */
  images: boolean;
  /** Comparisons that are done, by {@link keyOf}. */
  done: string[];
  hung: { key: string; contestant: string; reason: string }[];
};

/** A part of a photo, decoded. */
export type ImageCrop = { key: string; contestant: string; width: number; height: number; rgba: string };

/** What a host knows of itself. */
export type HostFacts = { userAgent: string; cores: number };

/** What a host tells. */
export type BenchEvent =
  | { kind: 'progress'; key: string; contestant: string; phase: string; round: number; rounds: number }
  | { kind: 'rows'; key: string; rows: ResultRow[] }
  | { kind: 'image'; image: ImageCrop }
  | { kind: 'host'; host: HostFacts }
  | { kind: 'done' }
  | { kind: 'failed'; key: string; reason: string };

/** Memory of the browser's processes in MB, while it was watched. */
export type MemoryUse = { before: number; peak: number; after: number };

/**
 * Whether a question is asked of a picture: those that are generated large are left to the questions that size matters
 * to.
 */
export function isAskedOf(question: QuestionName, { isLarge }: SubjectSource): boolean {
  return !isLarge || 'ofLarge' in QUESTIONS[question];
}

/** Names one comparison: what contestants do on one frame. */
export function keyOf(about: { question: string; frame: string; task: string }): string {
  return [about.question, about.frame, about.task].join(' | ');
}
