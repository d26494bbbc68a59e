/** What chaos is made of. */
import {
  ImageCapture,
  type BurstOptions,
  type Darkroom,
  type DevelopOptions,
  type MotorDrive,
} from '../../src/index.ts';
import { bitmap, paint } from '../browser/frames.ts';
import type { Random } from '../helpers/random.ts';
import { remote } from '../helpers/track-sources.ts';
import { cameraTrack, canvasTrack, twoColours } from '../helpers/tracks.ts';
import { awakeWorkers } from './workers.ts';
import { pick, Stop, type Source, type World } from './world.ts';
import { pause } from '../../src/async/pause.ts';

/**
 * Something that a page may do; draws what it needs, and gives words for it. Nothing is waited for but what makes a
 * track.
 */
type Operation = (world: World, random: Random) => string | Promise<string>;

const either = (random: Random): boolean => random.below(2) === 0;

/** A signal that aborts within a tenth of a second, in two of three cases. */
function signal(random: Random): AbortSignal | undefined {
  const [kind, moment] = [random.below(3), random.below(100)];
  if (kind === 0) return undefined;
  const controller = new AbortController();
  if (moment < 5) controller.abort(new Stop());
  else setTimeout(() => controller.abort(new Stop()), moment);
  return controller.signal;
}

function developOptions(random: Random): DevelopOptions {
  return {
    type: pick(['image/jpeg', 'image/jpeg', 'image/png'] as const, random)!,
    effort: pick(['speed', 'balanced', 'size'] as const, random)!,
    imageWidth: pick([undefined, 40, 333], random),
    redEyeReduction: random.below(6) === 0,
    workers: 1 + random.below(2),
    signal: signal(random),
  };
}

function burstOptions(random: Random): BurstOptions {
  const develop = { ...developOptions(random), workers: undefined };
  const kinds: BurstOptions[] = [
    { count: 1 + random.below(5) },
    {},
    { duration: 300, pick: 1 + random.below(2) },
    { count: 4, at: performance.now() + random.below(400) - 200 },
    { bracket: [{ width: 160 }, {}] },
    { count: 2, fps: 5 },
  ];
  const policy = pick(['drop', 'wait'] as const, random)!;
  return { ...develop, ...pick(kinds, random), policy, maxPending: 1 + random.below(4) };
}

/** Starts a burst and reads it: to its end, slowly, only so many shots, or not beyond the first. */
function startBurst(drive: MotorDrive, world: World, random: Random): string {
  const options = burstOptions(random);
  const controller = new AbortController();
  const forward = (): void => controller.abort(options.signal!.reason);
  if (options.signal?.aborted) forward();
  options.signal?.addEventListener('abort', forward);
  const iterator = drive.burst({ ...options, signal: controller.signal })[Symbol.asyncIterator]();
  const [slow, shots] = [either(random) ? random.below(50) : 0, pick([1, 2, Infinity], random)!];
  const leaves = either(random);
  const read = async (): Promise<void> => {
    for (let index = 0; index < shots; index++) {
      const { done, value: shot } = await iterator.next();
      if (done) return;
      const isSound = shot.index === index && shot.blob.size > 0 && shot.blob.type === options.type;
      if (!isSound) world.faults.push(`shot ${shot.index} came as number ${index}: ${shot.blob.size} bytes`);
      await pause(slow);
    }
    if (leaves) await iterator.return!();
  };
  world.hand('reading a burst', read());
  world.bursts.push({ leave: () => iterator.return!(), abort: (reason) => controller.abort(reason) });
  return `${JSON.stringify({ ...options, signal: undefined })}, reads ${shots}${leaves ? ' and leaves' : ''}`;
}

/** A frame of each kind that a darkroom takes. */
async function frame(random: Random): Promise<Parameters<Darkroom['develop']>[0]> {
  const kinds = [
    () => bitmap(60, 40),
    () => twoColours(90, 60),
    () => new ImageData(50, 50),
    () => new Blob(['no picture'], { type: 'image/png' }),
    () => paint(20, 20).convertToBlob(),
  ];
  return pick(kinds, random)!();
}

async function openTrack(world: World, random: Random): Promise<string> {
  const simple = (kind: string, track: MediaStreamTrack): Source => ({ kind, track, end: () => track.stop() });
  const former = pick(world.sources, random);
  const kinds: (() => Source | Promise<Source>)[] = [
    async () => simple('camera', await cameraTrack({ width: 640, height: 480 })),
    () => simple('canvas', canvasTrack({ moving: true })),
    () => simple('still canvas', canvasTrack()),
    ...('RTCPeerConnection' in globalThis ? [async () => ({ kind: 'remote', ...(await remote()) })] : []),
    ...(former ? [() => simple(`clone of ${former.kind}`, former.track.clone())] : []),
  ];
  const source = await pick(kinds, random)!();
  world.sources.push(source);
  return source.kind;
}

/** The operations by name; one that is named more often comes more often. */
export const operations: Record<string, { weight: number; run: Operation }> = {
  'open a track': { weight: 3, run: openTrack },
  'start a burst': {
    weight: 6,
    run: (world, random) => {
      const drive = world.drive(random);
      return drive ? startBurst(drive, world, random) : 'no track';
    },
  },
  'leave a burst': {
    weight: 2,
    run: (world, random) => {
      const burst = pick(world.bursts, random);
      if (burst) world.hand('leaving a burst', burst.leave());
      return '';
    },
  },
  'abort a burst': {
    weight: 2,
    run: (world, random) => {
      pick(world.bursts, random)?.abort(new Stop());
      return '';
    },
  },
  'take a photo': {
    weight: 6,
    run: (world, random) => {
      const source = pick(world.sources, random);
      if (!source) return 'no track';
      const light = either(random) ? { fillLightMode: 'flash' as const } : {};
      const settings = { ...developOptions(random), ...light } as Parameters<ImageCapture['takePhoto']>[0];
      const capture = new ImageCapture(source.track, { darkroom: world.darkroom(random) });
      world.hand(`taking a photo of a ${source.kind}`, capture.takePhoto(settings));
      return source.kind;
    },
  },
  'grab a frame': {
    weight: 2,
    run: (world, random) => {
      const source = pick(world.sources, random);
      if (!source) return 'no track';
      const grabbed = new ImageCapture(source.track).grabFrame().then((picture) => picture.close());
      world.hand(`grabbing a frame of a ${source.kind}`, grabbed);
      return source.kind;
    },
  },
  'ask for capabilities': {
    weight: 1,
    run: (world, random) => {
      const source = pick(world.sources, random);
      if (!source) return 'no track';
      const capture = new ImageCapture(source.track);
      world.hand('capabilities', capture.getPhotoCapabilities());
      world.hand('settings', capture.getPhotoSettings());
      return source.kind;
    },
  },
  'develop a frame': {
    weight: 4,
    run: async (world, random) => {
      const taken = await frame(random);
      world.hand(
        `developing a ${taken.constructor.name}`,
        world.darkroom(random).develop(taken, developOptions(random)),
      );
      return taken.constructor.name;
    },
  },
  'keep a frame': {
    weight: 2,
    run: (world, random) => {
      const kept = world.darkroom(random).keep(either(random) ? bitmap(60, 40) : twoColours(90, 60));
      const closed = kept.then(({ frame }) => frame.close());
      world.hand('keeping a frame', closed);
      return '';
    },
  },
  'make ready': {
    weight: 1,
    run: (world, random) => {
      const darkroom = world.darkroom(random);
      world.hand('ready()', darkroom.ready());
      world.hand('memoryBytes()', darkroom.memoryBytes());
      return '';
    },
  },
  'close a drive': {
    weight: 2,
    run: (world, random) => {
      const drive = pick(world.drives, random);
      drive?.close();
      if (drive) world.drives.splice(world.drives.indexOf(drive), 1);
      return '';
    },
  },
  'close a darkroom': {
    weight: 1,
    run: (world, random) => {
      const darkroom = pick(world.darkrooms, random);
      darkroom?.close();
      if (darkroom) world.darkrooms.splice(world.darkrooms.indexOf(darkroom), 1);
      return '';
    },
  },
  'kill a worker': {
    weight: 3,
    run: (_, random) => {
      const worker = pick(awakeWorkers(), random);
      worker?.terminate();
      return worker ? '' : 'none awake';
    },
  },
  'change constraints': {
    weight: 2,
    run: (world, random) => {
      const source = pick(world.sources, random);
      const wanted = { width: 160 + random.below(480), frameRate: 5 + random.below(25) };
      if (source?.track.readyState === 'live') {
        void source.track.applyConstraints(wanted).catch(() => {});
      }
      return JSON.stringify(wanted);
    },
  },
  'disable or enable a track': {
    weight: 2,
    run: (world, random) => {
      const source = pick(world.sources, random);
      if (source) source.track.enabled = !source.track.enabled;
      return source ? `${source.kind}: ${source.track.enabled}` : '';
    },
  },
  'mute or unmute a track': {
    weight: 2,
    run: async (world, random) => {
      const source = pick(
        world.sources.filter(({ hold }) => hold),
        random,
      );
      const mute = either(random);
      await source?.hold!(mute);
      return source ? `${mute}` : 'none can be';
    },
  },
  'hide or show the page': {
    weight: 1,
    run: (_, random) => {
      const state = either(random) ? 'hidden' : 'visible';
      Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
      return state;
    },
  },
  'stop a track': {
    weight: 1,
    run: (world, random) => {
      const source = pick(world.sources, random);
      source?.end();
      if (source) world.sources.splice(world.sources.indexOf(source), 1);
      return source?.kind ?? '';
    },
  },
  'wait a little': {
    weight: 4,
    run: async (_, random) => {
      const time = random.below(120);
      await pause(time);
      return `${time} ms`;
    },
  },
};
