/** What `npm run bench` is asked to do, of its arguments. */
import { existsSync, readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { QUESTIONS, type BenchRequest, type PeersSource, type QuestionName } from '../hosts/request.ts';
import type { SubjectSource } from '../subjects/subject.ts';
import { engineBehind, enginesNamed, type Engine } from './engines.ts';
import { UsageError } from './usage-error.ts';

/** What the command is to do. */
export type Asked = {
  request: BenchRequest;
  engines: Engine[];
  /** Whether the libraries of others take part. */
  peers: boolean;
  /** Where hosts reach this machine, if that is not where it serves. */
  address: string | undefined;
  /** Folder of photographs whose red eyes are labelled. */
  redEye: string | undefined;
  /** A result file in place of measuring. */
  from: string | undefined;
  /** A result file to compare with. */
  compare: string | undefined;
  /** Whether the run becomes a part of the history. */
  keep: boolean;
  /** Where results go. */
  json: string | undefined;
  /** Where their tables go. */
  markdown: string | undefined;
};

const GENERATED: SubjectSource[] = [
  { name: 'generated 1080p', width: 1920, height: 1080 },
  { name: 'generated 4K', width: 3840, height: 2160, isLarge: true },
];
/** Rounds that are done where no number is asked for, as far as the budget in ms of a comparison goes. */
const [ROUNDS, BUDGET] = [7, 5000];
/** Seconds after which a run is given up, where a number of rounds is asked for and where not. */
const [TIMEOUT, BRIEF_TIMEOUT] = [60, 20];

/**
 * Reads the arguments.
 * @throws UsageError for a wrong one
 */
export function readArguments(args: string[]): Asked {
  const { values, positionals } = parse(args);
  const all = Object.keys(QUESTIONS) as QuestionName[];
  const questions = positionals.filter((word) => word !== 'node');
  const unknown = questions.filter((question) => !all.includes(question as QuestionName));
  if (unknown.length > 0)
    throw new UsageError(`unknown question ${unknown.join(', ')}; there are ${all.join(', ')}, node`);
  const isBrief = values.rounds === undefined;
  const rounds = Number(values.rounds ?? ROUNDS);
  const timeout = Number(values.timeout ?? (isBrief ? BRIEF_TIMEOUT : TIMEOUT));
  if (!Number.isInteger(rounds) || rounds < 1) throw new UsageError('--rounds takes a whole number above 0');
  if (!(timeout > 0)) throw new UsageError('--timeout takes seconds above 0');
  const names = (values.browser ?? []).flatMap((word) => word.split(','));
  // `node` as a question asks in Node too; alone, in Node only.
  if (positionals.includes('node'))
    names.push(...(questions.length > 0 && names.length === 0 ? ['chromium'] : []), 'node');
  if (names.length === 0 && values.webdriver === undefined) names.push('chromium');
  const engines = enginesNamed(names);
  if (values.webdriver !== undefined) engines.push(engineBehind(values.webdriver, values.capabilities));
  const request: BenchRequest = {
    questions: questions.length > 0 ? (questions as QuestionName[]) : all,
    sources: values.photos === undefined ? GENERATED : photosIn(resolve(values.photos)),
    rounds,
    ...(isBrief && { budget: BUDGET }),
    timeout: timeout * 1000,
    peers: values.with.map(moduleAt),
    images: values.images,
    done: [],
    hung: [],
  };
  const { peers, address, from, compare, keep, json, markdown } = values;
  return { request, engines, peers, address, redEye: values['red-eye'], from, compare, keep, json, markdown };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        browser: { type: 'string', multiple: true },
        webdriver: { type: 'string' },
        capabilities: { type: 'string', default: '{}' },
        address: { type: 'string' },
        peers: { type: 'boolean', default: false },
        with: { type: 'string', multiple: true, default: [] },
        images: { type: 'boolean', default: false },
        photos: { type: 'string' },
        'red-eye': { type: 'string' },
        rounds: { type: 'string' },
        timeout: { type: 'string' },
        json: { type: 'string' },
        markdown: { type: 'string' },
        compare: { type: 'string' },
        from: { type: 'string' },
        keep: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** A module of contestants. */
function moduleAt(path: string): PeersSource {
  const file = resolve(path);
  if (!existsSync(file)) throw new UsageError(`there is no ${path}`);
  return { name: basename(file), url: `/@fs${file}`, file };
}

function photosIn(folder: string): SubjectSource[] {
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => /\.(jpe?g|png)$/i.test(file)) : [];
  if (files.length === 0) throw new UsageError(`no photographs in ${folder}`);
  return files.map((file) => ({ name: file, file: join(folder, file), url: `/@fs${join(folder, file)}` }));
}
