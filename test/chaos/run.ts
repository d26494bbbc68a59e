/** Draws cases of random operations, runs them, and says what they have left behind. */
import { Darkroom, ImageCapture } from '../../src/index.ts';
import { countOpenFrames, openFrames } from '../helpers/open-frames.ts';
import { Random } from '../helpers/random.ts';
import { cameraTrack } from '../helpers/tracks.ts';
import { operations } from './operations.ts';
import { countWorkers, liveWorkers } from './workers.ts';
import { pick, World } from './world.ts';
import { pause } from '../../src/async/pause.ts';

/** One operation and the seed of what it draws, so that it stays the same when others are left out. */
export type Step = { name: string; seed: number };

/** What a case has left behind, in words, and what was done. */
export type Outcome = { faults: readonly string[]; told: readonly string[] };

/** 10 s, counted in turns of the page's timers: a page that gets no time of the machine has longer. */
const TURNS = 200;
const TURN_MS = 50;

/** What every case begins with, so that the others find something to disturb. */
const BEGINNING = ['open a track', 'start a burst', 'take a photo'];

/** So many operations, drawn by a seed. */
export function drawCase(seed: number, length: number): Step[] {
  const random = new Random(seed);
  const names = Object.entries(operations).flatMap(([name, { weight }]) => Array<string>(weight).fill(name));
  return Array.from({ length }, (_, place) => ({
    name: BEGINNING[place] ?? pick(names, random)!,
    seed: random.word(),
  }));
}

/** Runs a case in a world of its own and tells what it has left behind. */
export async function runCase(steps: readonly Step[]): Promise<Outcome> {
  const world = new World();
  const told: string[] = [];
  const stopCounting = countWorkers();
  const unhandled = (event: PromiseRejectionEvent): void => {
    event.preventDefault();
    world.faults.push(`unhandled rejection: ${String(event.reason)}`);
  };
  addEventListener('unhandledrejection', unhandled);
  countOpenFrames();
  try {
    for (const { name, seed } of steps) {
      told.push(name);
      const words = await outcomeOf(Promise.resolve(operations[name]!.run(world, new Random(seed))));
      told[told.length - 1] += `: ${words}`;
    }
    for (const stage of [settle, takeNextPhotos, close]) if (world.faults.length === 0) await stage(world);
  } finally {
    for (const darkroom of world.darkrooms) darkroom.close();
    for (const source of world.sources) source.end();
    removeEventListener('unhandledrejection', unhandled);
    stopCounting();
  }
  return { faults: world.faults, told };
}

/**
 * The operations of a failing case that are enough to make it fail, as far as leaving out one after the other finds
 * them.
 */
export async function shrinkCase(steps: readonly Step[]): Promise<readonly Step[]> {
  let least = steps;
  for (let place = steps.length - 1; place > 0; place--) {
    const fewer = least.filter((_, index) => index !== place);
    if ((await runCase(fewer)).faults.length > 0) least = fewer;
  }
  return least;
}

/** Ends what would go on for ever; then every promise settles. */
async function settle(world: World): Promise<void> {
  Reflect.deleteProperty(document, 'visibilityState');
  document.dispatchEvent(new Event('visibilitychange'));
  for (const { track, hold } of world.sources) {
    track.enabled = true;
    if (hold) await outcomeOf(hold(false));
  }
  for (const burst of world.bursts) world.hand('leaving a burst at the end', burst.leave());
  for (const drive of world.drives) drive.close();
  await until(() => world.pending.length === 0);
  world.faults.push(...world.pending.map((what) => `pending for ever: ${what}`));
}

/** The next photo of every track that is left works, and so does the camera. */
async function takeNextPhotos(world: World): Promise<void> {
  const camera = await cameraTrack({ width: 640, height: 480 });
  world.sources.push({ kind: 'camera opened at the end', track: camera, end: () => camera.stop() });
  if (world.darkrooms.length === 0) world.darkrooms.push(new Darkroom({ workers: 1 }));
  const photos = world.sources.map(async ({ kind, track }, place) => {
    if (track.readyState !== 'live') return;
    const darkroom = world.darkrooms[place % world.darkrooms.length]!;
    const photo = new ImageCapture(track, { darkroom }).takePhoto({ imageWidth: 64 });
    const outcome = await outcomeOf(photo.then(({ type }) => type));
    if (outcome !== 'image/jpeg') world.faults.push(`the next photo of a ${kind}: ${outcome}`);
  });
  await Promise.all(photos);
}

/** No frame and no worker is left. */
async function close(world: World): Promise<void> {
  for (const darkroom of world.darkrooms) darkroom.close();
  const locks = async (): Promise<number> => {
    const { held = [] } = await navigator.locks.query();
    return held.filter(({ name }) => name?.startsWith('motordrive-')).length;
  };
  const left = async (): Promise<string> =>
    `${openFrames()} open frames, ${liveWorkers().length} workers, ${await locks()} locks of workers`;
  const nothing = '0 open frames, 0 workers, 0 locks of workers';
  if (!(await until(async () => (await left()) === nothing))) world.faults.push(`left after close(): ${await left()}`);
}

/** What a promise brings, or why it rejects, or that it is pending for ever. */
async function outcomeOf(promise: Promise<string | void>): Promise<string> {
  let outcome: string | undefined;
  const settled = promise.then(
    (value) => (outcome = value ?? ''),
    (reason: unknown) => (outcome = String(reason)),
  );
  await until(() => outcome !== undefined, settled);
  return outcome ?? 'pending for ever';
}

/** Looks again every turn, and at once when `change` settles. */
async function until(isOver: () => boolean | Promise<boolean>, change?: Promise<unknown>): Promise<boolean> {
  for (let turn = 0; turn < TURNS; turn++) {
    if (await isOver()) return true;
    await Promise.race([pause(TURN_MS), ...(change ? [change] : [])]);
  }
  return isOver();
}
