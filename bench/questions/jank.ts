import { motordriveTakePhoto, nativeTakePhoto, videoToBlob } from '../../src/bench/contestants.ts';
import { Darkroom, MotorDrive } from '../../src/index.ts';
import type { Link } from '../hosts/link.ts';
import type { HoldingSamples, Sampled } from '../contests/samples.ts';
import { openViewfinder } from '../subjects/viewfinder.ts';

const SIZE = { width: 1920, height: 1080 };
/** ms that are shot in one sample. */
const WINDOW = 1000;
/** ms beyond which a wait counts as blocking, as in the Long Tasks API. */
const LONG = 50;

const QUANTITIES = {
  standstill: { unit: 'ms', better: 'less' },
  task: { unit: 'CPU ms', better: 'less' },
  blocked: { unit: 'ms a second', better: 'less', hasRatio: false },
  gap: { unit: 'ms', better: 'less' },
  photos: { unit: 'a second', better: 'more' },
  lost: { unit: '% of frames', better: 'less', hasRatio: false },
} as const;

/**
 * What shooting at the camera's pace does to a page with a viewfinder, and how many of the camera's frames are lost.
 * `standstill`: the longest that a timer waited; `blocked`: what such waits had beyond 50 ms, in all; `gap`: the
 * longest between two animation frames; `task`: the longest task of the page's main thread by its own clock, where the
 * host can tell. An idle page shows what each is at rest.
 */
export async function jank(link: Link, rounds: number, holding: HoldingSamples): Promise<void> {
  const { track, video, width, height, period, close } = await openViewfinder(SIZE);
  const darkroom = new Darkroom({ workers: 2 });
  await darkroom.ready();
  const drive = new MotorDrive(track, { darkroom });
  const byHand = videoToBlob(video, { quality: 0.9 });
  const own = motordriveTakePhoto({ quality: 0.9 }, { darkroom });
  const native = nativeTakePhoto();
  const shooting = (name: string, shoot: () => Promise<number>, open?: () => unknown) => ({
    name,
    ...(open && { open }),
    sample: async () => {
      const { result: photos, elapsed, ...waits } = await watched(link, shoot);
      const lost = Math.max(0, 1 - photos / Math.floor(elapsed / period)) * 100;
      return { ...waits, photos: (photos * 1000) / elapsed, lost };
    },
  });
  const contestants: Sampled<keyof typeof QUANTITIES>[] = [
    shooting(
      byHand.name,
      repeated(async () => {
        await new Promise((resolve) => video.requestVideoFrameCallback(resolve));
        await byHand.run(track);
      }),
    ),
    shooting(
      'motordrive takePhoto',
      repeated(() => own.run(track)),
    ),
    shooting('motordrive burst', async () => {
      let photos = 0;
      for await (const { blob } of drive.burst({ duration: WINDOW, quality: 0.9 })) photos += Number(blob.size > 0);
      return photos;
    }),
    shooting(
      'native takePhoto',
      repeated(() => native.run(track)),
      native.open,
    ),
    {
      name: 'nothing',
      sample: async () => {
        const { standstill, blocked, gap, task } = await watched(link, idle);
        return { standstill, blocked, gap, task };
      },
    },
  ];
  try {
    const frame = `camera, ${width} × ${height}, ${(1000 / period).toFixed(0)} fps`;
    const task = 'shooting JPEG q0.9 beside a viewfinder';
    await holding({ frame })({ task, quantities: QUANTITIES, contestants, rounds });
  } finally {
    drive.close();
    darkroom.close();
    close();
  }
}

/** One photo after the other; gives how many. */
function repeated(take: () => unknown): () => Promise<number> {
  return async () => {
    const end = performance.now() + WINDOW;
    let photos = 0;
    for (; performance.now() < end; photos++) await take();
    return photos;
  };
}

function idle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, WINDOW));
}

/** Does something and tells what the page's timers and animation frames waited meanwhile, in ms. */
async function watched<T>(link: Link, work: () => Promise<T>) {
  await link.longestTask('start');
  const [started, waits, gaps] = [performance.now(), [] as number[], [] as number[]];
  const timers = chain((next) => setTimeout(next), waits);
  const frames = chain((next) => requestAnimationFrame(next), gaps);
  const result = await work();
  const elapsed = performance.now() - started;
  timers();
  frames();
  const task = await link.longestTask('stop');
  const blocked = waits.reduce((sum, wait) => sum + Math.max(0, wait - LONG), 0);
  return {
    result,
    elapsed,
    standstill: Math.max(...waits),
    task,
    blocked: (blocked * 1000) / elapsed,
    gap: Math.max(...gaps),
  };
}

/**
 * Asks to be called again and again, and writes down what lay between; gives a function that ends it, which counts the
 * wait at hand.
 */
function chain(ask: (next: () => void) => void, waits: number[]): () => void {
  let last = performance.now();
  let isOver = false;
  const count = (): void => {
    const now = performance.now();
    waits.push(now - last);
    last = now;
  };
  const next = (): void => {
    if (isOver) return;
    count();
    ask(next);
  };
  ask(next);
  return () => {
    isOver = true;
    count();
  };
}
