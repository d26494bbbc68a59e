import { loadavg } from 'node:os';
import { resultFile, type ResultFile } from '../../src/bench/result-file.ts';
import type { Desk } from '../hosts/desk.ts';
import type { Driver } from '../hosts/driver.ts';
import type { BenchRequest, ImageCrop } from '../hosts/request.ts';
import { Session } from '../hosts/session.ts';
import type { Engine } from './engines.ts';
import { commitAtHand, remoteMachine, thisMachine } from './machine.ts';
import { progress } from './progress.ts';

/** Where engines are asked. */
export type Serving = { desk: Desk; address: string; signal: AbortSignal };

/** What an engine answered. */
export type Answers = { engine: Engine; results: ResultFile; images: ImageCrop[] };

/** Times that a browser which has crashed or hangs is started again. */
const RESTARTS = 8;
/** ms beyond a contestant's own limit before a silent browser is given up. */
const GRACE = 10_000;

/** Asks one engine; gives nothing when it cannot be started. */
export async function ask(engine: Engine, asked: BenchRequest, serving: Serving): Promise<Answers | undefined> {
  const { name } = engine;
  const { desk, signal } = serving;
  const session = new Session(structuredClone(asked), desk.takeLoaded, progress(name));
  desk.session = session;
  const stop = (): void => session.stop();
  signal.addEventListener('abort', stop);
  const loadBefore = loadavg()[0]!;
  const { version, isDone } = await question(engine, session, serving);
  signal.removeEventListener('abort', stop);
  const { rows, images, failures, host } = session;
  for (const failure of failures) console.error(`${name}: ${failure}`);
  if (version === undefined) return undefined;
  const whose = name === 'node' ? 'this process' : "the page's processes";
  const results = resultFile({
    date: new Date().toISOString(),
    commit: commitAtHand(),
    engine: version,
    // A device behind WebDriver may be anywhere: what it says of itself.
    machine: name === 'webdriver' ? remoteMachine(host) : { ...thisMachine(), load: [loadBefore, loadavg()[0]!] },
    clockNote: rows.some(({ measures }) => 'cpu' in measures)
      ? `CPU time of all threads of ${whose}`
      : 'wall time, as a user waits; not to be trusted on a busy machine',
    rounds: asked.rounds,
    complete: isDone && failures.length === 0,
    rows,
  });
  return { engine, results, images };
}

/** Opens the page; starts the engine again, without the contestant that was at work, when it has crashed or hangs. */
async function question(
  { name, launch }: Engine,
  session: Session,
  { address, signal }: Serving,
): Promise<{ version: string | undefined; isDone: boolean }> {
  let version: string | undefined;
  for (let attempt = 0; attempt <= RESTARTS && !signal.aborted; attempt++) {
    let driver: Driver;
    try {
      driver = await launch();
    } catch (error) {
      console.error(`${name}: ${(error as Error).message.split('\n')[0]}`);
      break;
    }
    version = driver.engine;
    session.tasks = driver.tasks;
    const outcome = session.settled(session.request.timeout + GRACE);
    const page = new URL('hosts/page.html', address).href;
    await driver.goto(page).catch((error: Error) => console.error(`${name}: ${error.message}`));
    const how = await outcome;
    await driver.close();
    if (how !== 'silent' && how !== 'ended') return { version, isDone: how === 'done' };
    const culprit = session.blame(how);
    const what = how === 'ended' ? 'ended' : 'fallen silent';
    console.error(`${name} has ${what}${culprit ? ` during ${culprit}` : ''}; it is started again.`);
    if (!culprit && attempt > 0) break;
  }
  return { version, isDone: false };
}
