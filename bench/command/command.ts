/**
 * The command `npm run bench`: asks engines the questions, writes what they answer, compares it with earlier results.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Desk } from '../hosts/desk.ts';
import { kindOf } from '../report/kind.ts';
import { changesTable, toMarkdown } from '../report/markdown.ts';
import { readArguments, type Asked } from './arguments.ts';
import { ask, type Answers, type Serving } from './ask.ts';
import { buildLibrary, peersOrReason } from './build.ts';
import { keepRun, readFile, saveAnswers, saveTables } from './files.ts';
import { labelledRedEyes } from './labelled-red-eyes.ts';
import { confirmedChanges } from './losses.ts';
import { isSound } from './soundness.ts';
import { UsageError } from './usage-error.ts';

/** Where the command is served, and who answers there. */
type Place = {
  address: string;
  desk: { answer: ((request: IncomingMessage, response: ServerResponse) => void) | undefined };
};

/** Runs the command; gives the exit status: 1 for a loss or a broken run, 130 when it was stopped. */
export async function command(args: string[], place: Place): Promise<number> {
  const asked = readArguments(args);
  const old = asked.compare === undefined ? undefined : readFile(asked.compare);
  const signal = untilInterrupted();
  const desk = new Desk();
  place.desk.answer = desk.answer;
  const serving = { desk, address: asked.address ?? place.address, signal };
  const answers = asked.from === undefined ? await measure(asked, serving) : [];
  const runs = asked.from === undefined ? answers.map(({ results }) => results) : [readFile(asked.from)];
  if (asked.keep) runs.forEach(keepRun);
  const text = runs.map(toMarkdown).join('\n\n');
  if (answers.length > 0) saveTables(text, asked.markdown);
  console.log(text);
  let status = runs.length < asked.engines.length || !runs.every(isSound) ? 1 : 0;
  if (old) {
    const now = runs.find(({ engine }) => kindOf(engine) === kindOf(old.engine)) ?? runs[0];
    if (!now) throw new UsageError('there is nothing to compare');
    const engine = answers.find(({ results }) => results === now)?.engine;
    const changes = await confirmedChanges(old, now, async (questions) => {
      if (!engine || signal.aborted) return undefined;
      console.error('Measuring what was lost again, in a fresh host.');
      return (await ask(engine, { ...asked.request, questions }, serving))?.results;
    });
    console.log(`\n${changesTable(old, now, changes)}`);
    if (changes.some(({ loss }) => loss)) status = 1;
  }
  return signal.aborted ? 130 : status;
}

/** Asks all engines, one after the other, and saves what each answers. */
async function measure({ request, engines, peers, redEye, json }: Asked, serving: Serving): Promise<Answers[]> {
  if (peers) request.peers.push(await peersOrReason());
  if (request.questions.includes('start')) buildLibrary();
  const all: Answers[] = [];
  for (const engine of engines) {
    if (serving.signal.aborted) break;
    const answers = await ask(engine, request, serving);
    if (!answers) continue;
    const { results } = answers;
    if (redEye !== undefined && results.complete) results.rows.push(...(await labelledRedEyes(redEye)));
    saveAnswers(answers, json, engines.length > 1);
    all.push(answers);
  }
  return all;
}

/** Aborts at the first Ctrl-C; the second ends the process. */
function untilInterrupted(): AbortSignal {
  const stop = new AbortController();
  process.once('SIGINT', () => {
    console.error('\nStopping; what is done is kept. Once more to end at once.');
    process.once('SIGINT', () => process.exit(130));
    stop.abort();
  });
  return stop.signal;
}
