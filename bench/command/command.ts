/** The command `npm run bench`: asks engines the questions, writes what they answer, compares it with earlier results. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { arch, cpus, loadavg, platform, release } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Measure } from '../../src/bench/row.ts';
import { compareResults, type Change } from '../../src/bench/compare.ts';
import { readResults, resultFile, writeResults, type ResultFile } from '../../src/bench/result-file.ts';
import { changesTable, toMarkdown } from '../report/markdown.ts';
import { Desk } from '../hosts/desk.ts';
import type { Driver } from '../hosts/driver.ts';
import { launchNode } from '../hosts/node.ts';
import { launchChromium, launchFirefox } from '../hosts/playwright.ts';
import { launchWebKit, openWebDriver } from '../hosts/web-driver.ts';
import { saveImages } from './images.ts';
import { buildPeers } from '../peers/build.mjs';
import { redEyeFigures } from '../questions/red-eye-figures.mjs';
import { QUESTIONS, type BenchRequest, type PeersSource, type QuestionName } from '../hosts/request.ts';
import { Session } from '../hosts/session.ts';
import type { SubjectSource } from '../subjects/subject.ts';

const here = fileURLToPath(new URL('..', import.meta.url));
const LAUNCHERS: Record<string, () => Promise<Driver>> = {
  chromium: launchChromium,
  firefox: launchFirefox,
  webkit: launchWebKit,
  node: launchNode,
};
const GENERATED: SubjectSource[] = [
  { name: 'generated 1080p', width: 1920, height: 1080 },
  { name: 'generated 4K', width: 3840, height: 2160, isLarge: true },
];
/** Bits per pixel of the browser's JPEG at quality 0.9 that photographs have. */
const PHOTO_LIKE = { least: 1.2, most: 3.5 };
/** Rounds that are done where no number is asked for, as far as the budget in ms of a comparison goes. */
const [ROUNDS, BUDGET] = [7, 5000];
/** Seconds after which a run is given up, where a number of rounds is asked for and where not. */
const [TIMEOUT, BRIEF_TIMEOUT] = [60, 20];
/** Times that a browser which has crashed or hangs is started again. */
const RESTARTS = 8;
/** ms beyond a contestant's own limit before a silent browser is given up. */
const GRACE = 10_000;

/** A wrong argument. */
class UsageError extends Error {
  override name = 'UsageError';
}

type Serving = {
  address: string;
  desk: { answer: ((request: IncomingMessage, response: ServerResponse) => void) | undefined };
};

/** Runs the command; gives the exit status: 1 for a loss or a broken run, 130 when it was stopped. */
export async function command(args: string[], { address, desk: place }: Serving): Promise<number> {
  const asked = readArguments(args);
  const old = asked.compare === undefined ? undefined : readFile(asked.compare);
  const desk = new Desk();
  place.answer = desk.answer;
  const stop = new AbortController();
  process.once('SIGINT', () => {
    console.error('\nStopping; what is done is kept. Once more to end at once.');
    process.once('SIGINT', () => process.exit(130));
    stop.abort();
  });
  const files: ResultFile[] = asked.from === undefined ? [] : [readFile(asked.from)];
  if (asked.from === undefined) {
    if (asked.peers) asked.request.peers.push(await peersOrReason());
    if (asked.request.questions.includes('start')) buildLibrary();
    for (const { name, launch } of asked.engines) {
      if (stop.signal.aborted) break;
      const serving = asked.address ?? address;
      const made = await ask(name, launch, structuredClone(asked.request), desk, serving, asked.redEye, stop.signal);
      if (!made) continue;
      files.push(made.results);
      save(made.results, made.session, asked.json, asked.engines.length > 1 ? name : undefined);
    }
  }
  const text = files.map(toMarkdown).join('\n\n');
  if (asked.from === undefined && files.length > 0) write(asked.markdown, text);
  console.log(text);
  let status = files.length < asked.engines.length || files.some((file) => !isSound(file)) ? 1 : 0;
  if (old) {
    const now = files.find(({ engine }) => kindOf(engine) === kindOf(old.engine)) ?? files[0];
    if (!now) throw new UsageError('there is nothing to compare');
    let changes = compareResults(old, now);
    const engine = asked.engines[files.indexOf(now)];
    if (asked.from === undefined && engine && changes.some(({ loss }) => loss) && !stop.signal.aborted) {
      console.error('Measuring what was lost again, in a fresh host: one run may have a bad day as a whole.');
      const questions = [
        ...new Set(changes.filter(({ loss }) => loss).map(({ question }) => question as QuestionName)),
      ];
      const request = { ...structuredClone(asked.request), questions };
      const again = await ask(
        engine.name,
        engine.launch,
        request,
        desk,
        asked.address ?? address,
        undefined,
        stop.signal,
      );
      if (again) changes = confirmed(changes, compareResults(old, again.results));
    }
    console.log(`\n${changesTable(old, now, changes)}`);
    if (changes.some(({ loss }) => loss)) status = 1;
  }
  return stop.signal.aborted ? 130 : status;
}

/** Changes of which only those losses remain that a second run has too. */
function confirmed(changes: readonly Change[], again: readonly Change[]): Change[] {
  return changes.map((change) => {
    const { question, task, frame, contestant, measure } = change;
    const isSame = (other: Change): boolean =>
      other.question === question &&
      other.task === task &&
      other.frame === frame &&
      other.contestant === contestant &&
      other.measure === measure;
    if (!change.loss || again.some((other) => isSame(other) && other.loss)) return change;
    return { ...change, loss: false, verdict: 'same' };
  });
}

/** Asks one engine; starts it again, without the contestant that was at work, when it has crashed or hangs. */
async function ask(
  name: string,
  launch: () => Promise<Driver>,
  request: BenchRequest,
  desk: Desk,
  address: string,
  redEye: string | undefined,
  signal: AbortSignal,
): Promise<{ results: ResultFile; session: Session } | undefined> {
  const session = new Session(request, desk.takeLoaded, progress(name));
  desk.session = session;
  const stop = (): void => session.stop();
  signal.addEventListener('abort', stop);
  const loadBefore = loadavg()[0]!;
  let engine: string | undefined;
  let complete = false;
  for (let attempt = 0; attempt <= RESTARTS && !signal.aborted; attempt++) {
    let driver: Driver;
    try {
      driver = await launch();
    } catch (error) {
      console.error(`${name}: ${(error as Error).message.split('\n')[0]}`);
      break;
    }
    engine = driver.engine;
    session.tasks = driver.tasks;
    const outcome = session.settled(request.timeout + GRACE);
    await driver
      .goto(new URL('hosts/page.html', address).href)
      .catch((error: Error) => console.error(`${name}: ${error.message}`));
    const how = await outcome;
    await driver.close();
    complete = how === 'done';
    if (how !== 'silent' && how !== 'ended') break;
    const culprit = session.blame(how);
    const what = how === 'ended' ? 'ended' : 'fallen silent';
    console.error(`${name} has ${what}${culprit ? ` during ${culprit}` : ''}; it is started again.`);
    if (!culprit && attempt > 0) break;
  }
  signal.removeEventListener('abort', stop);
  for (const failure of session.failures) console.error(`${name}: ${failure}`);
  if (engine === undefined) return undefined;
  if (redEye !== undefined && complete) session.rows.push(...(await labelledRedEyes(redEye)));
  const { rows } = session;
  const hasCpu = rows.some(({ measures }) => 'cpu' in measures);
  const whose = name === 'node' ? 'this process' : "the page's processes";
  const results = resultFile({
    date: new Date().toISOString(),
    commit: commit(),
    engine,
    // A device behind WebDriver may be anywhere: what it says of itself.
    machine:
      name === 'webdriver'
        ? { cores: session.host?.cores, system: /\(([^)]+)\)/.exec(session.host?.userAgent ?? '')?.[1] }
        : {
            cpu: cpus()[0]?.model.trim(),
            cores: cpus().length,
            system: `${platform()} ${release()} ${arch()}`,
            load: [loadBefore, loadavg()[0]!],
          },
    clockNote: hasCpu
      ? `CPU time of all threads of ${whose}`
      : 'wall time, as a user waits; not to be trusted on a busy machine',
    rounds: request.rounds,
    complete: complete && session.failures.length === 0,
    rows,
  });
  return { results, session };
}

function readArguments(args: string[]) {
  let parsed;
  try {
    parsed = parseArgs({
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
        markdown: { type: 'string', default: join(here, 'results/latest.md') },
        compare: { type: 'string' },
        from: { type: 'string' },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  const { values, positionals } = parsed;
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
  const strange = names.filter((name) => !LAUNCHERS[name]);
  if (strange.length > 0)
    throw new UsageError(`unknown browser ${strange.join(', ')}; there are ${Object.keys(LAUNCHERS).join(', ')}`);
  const engines = [...new Set(names)].map((name) => ({ name, launch: LAUNCHERS[name]! }));
  if (values.webdriver !== undefined) {
    const [endpoint, capabilities] = [values.webdriver, capabilitiesOf(values.capabilities)];
    engines.push({ name: 'webdriver', launch: () => openWebDriver(endpoint, capabilities) });
  }
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
  const { json, markdown, compare, from, address, peers } = values;
  return { request, engines, json, markdown, compare, from, address, peers, redEye: values['red-eye'] };
}

function capabilitiesOf(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    throw new UsageError('--capabilities takes a JSON object');
  }
}

function readFile(file: string): ResultFile {
  try {
    return readResults(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UsageError(`${file}: ${(error as Error).message}`);
  }
}

/** A module of contestants. */
function moduleAt(path: string): PeersSource {
  const file = resolve(path);
  if (!existsSync(file)) throw new UsageError(`there is no ${path}`);
  return { name: basename(file), url: `/@fs${file}`, file };
}

/** The peers; where they cannot be installed the run goes on, and says why they are missing. */
async function peersOrReason(): Promise<PeersSource> {
  try {
    return await buildPeers();
  } catch (error) {
    console.error(`The peers cannot be installed: ${(error as Error).message}`);
    return { name: 'peers', url: '/peers/dist/not-installed.js', file: join(here, 'peers/not-installed.js') };
  }
}

function photosIn(folder: string): SubjectSource[] {
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => /\.(jpe?g|png)$/i.test(file)) : [];
  if (files.length === 0) throw new UsageError(`no photographs in ${folder}`);
  return files.map((file) => ({ name: file, file: join(folder, file), url: `/@fs${join(folder, file)}` }));
}

/** Writes the results: where it was asked for, else into the history. */
function save(results: ResultFile, session: Session, json: string | undefined, engine: string | undefined): void {
  const stamp = `${results.date.slice(0, 16).replace(/[-:]/g, '')}-${results.commit ?? 'unknown'}`;
  const file = json ?? join(here, 'results', `${stamp}-${kindOf(results.engine)}.json`);
  const path = json !== undefined && engine !== undefined ? file.replace(/(\.json)?$/, `-${engine}.json`) : file;
  write(path, writeResults(results).trimEnd());
  if (session.images.length > 0) saveImages(session.images, path.replace(/(\.json)?$/, '.images.json'));
  console.error(`Results: ${path}`);
}

function write(file: string, text: string): void {
  mkdirSync(dirname(resolve(file)), { recursive: true });
  writeFileSync(file, `${text}\n`);
}

/** The first word of an engine's name, in small letters. */
function kindOf(engine: string): string {
  return engine.split(' ')[0]!.toLowerCase();
}

/** Whether a run tells anything: generated frames must be like photographs. */
function isSound({ rows, complete, engine }: ResultFile): boolean {
  for (const { frame, contestant, question, bytes } of rows) {
    if (question !== 'jpeg' || contestant !== 'convertToBlob' || !frame.startsWith('generated')) continue;
    const [, width, height] = /(\d+) × (\d+)$/.exec(frame)!.map(Number);
    const bits = ((bytes ?? 0) * 8) / (width! * height!);
    if (kindOf(engine) !== 'chromium' || (bits >= PHOTO_LIKE.least && bits <= PHOTO_LIKE.most)) continue;
    console.error(`${frame} has ${bits.toFixed(2)} bits per pixel: not like a photograph`);
    return false;
  }
  return complete;
}

/** Shows what is done now: on a terminal in one line, else a line for each comparison. */
function progress(name: string): (line: string) => void {
  let last = '';
  return (line) => {
    if (process.stderr.isTTY) {
      process.stderr.write(`\r\u001b[2K${`${name}: ${line}`.slice(0, (process.stderr.columns ?? 80) - 1)}`);
      return;
    }
    const key = line.split(': ')[0]!;
    if (key !== last) console.error(`${name}: ${key} …`);
    last = key;
  };
}

/** What is found in photographs that are labelled as `scripts/red-eye/train.mjs` says. */
async function labelledRedEyes(folder: string): Promise<ResultFile['rows']> {
  console.error('what is found in labelled photographs …');
  const figures = await redEyeFigures(resolve(folder));
  return figures.map(({ contestant, found, clean, touched, falseRegions }) => ({
    question: 'red-eye',
    task: 'red eyes in labelled photographs',
    frame: basename(folder),
    contestant,
    baseline: figures[0]!.contestant,
    status: 'ok',
    measures: {
      ...Object.fromEntries(
        Object.entries(found as Record<string, { found: number; of: number }>).map(([kind, { found: count, of }]) => [
          `${kind}, of ${of}`,
          bareMeasure('found', 'more', count),
        ]),
      ),
      ...(clean > 0 && {
        'false regions': bareMeasure('a clean photograph', 'less', falseRegions / clean),
        touched: bareMeasure(`of ${clean} clean photographs`, 'less', touched),
      }),
    },
  }));
}

/** A measure that is one number. */
function bareMeasure(unit: string, better: 'less' | 'more', value: number): Measure {
  return { unit, better, median: value, mad: 0, low: value, high: value, samples: [] };
}

/** Builds the library as it is shipped, whose first photo is timed. */
function buildLibrary(): void {
  const script = join(here, '../scripts/build-library.mjs');
  execFileSync(process.execPath, [script], { stdio: ['ignore', 'ignore', 'inherit'] });
}

function commit(): string | undefined {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: here, encoding: 'utf8' }).trim();
  } catch {
    return undefined; // no repository
  }
}
