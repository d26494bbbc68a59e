import { Burst } from '../../src/burst/burst.ts';
import { planBurst } from '../../src/burst/options.ts';
import { Darkroom } from '../../src/index.ts';
import type { Link } from '../hosts/link.ts';
import type { BenchRequest } from '../hosts/request.ts';
import type { HoldingSamples } from '../contests/samples.ts';
import { toI420 } from '../subjects/i420.ts';
import { photoLike } from '../subjects/scene.ts';
import { countedWorkers, workerCounts } from '../hosts/worker-counts.ts';

/** What is shot: frames of a size and kind, so many by each worker in a round. */
type Scene = { kind: 'I420' | 'ImageBitmap'; width: number; height: number; shots: number };

/** The first is shot by every number of workers, the others by the most. */
const SCENES: readonly Scene[] = [
  { kind: 'I420', width: 1920, height: 1080, shots: 30 },
  { kind: 'ImageBitmap', width: 1920, height: 1080, shots: 15 },
  { kind: 'I420', width: 3840, height: 2160, shots: 8 },
  { kind: 'ImageBitmap', width: 3840, height: 2160, shots: 4 },
];

/** How many of them are shot where time is short. */
const BRIEF = 2;

type Frame = VideoFrame | ImageBitmap;

/** Frames of different content, so that nothing can be remembered. */
const VARIANTS = 3;

/** Bursts as fast as they go, against as many workers that draw and encode. */
export async function burst(link: Link, { rounds, budget }: BenchRequest, holding: HoldingSamples): Promise<void> {
  const counts = workerCounts();
  for (const scene of budget === undefined ? SCENES : SCENES.slice(0, BRIEF)) {
    let made: Promise<Frames> | undefined;
    const frames = async (index: number): Promise<Frame> => (await (made ??= framesOf(scene)))(index);
    const about = { frame: `${scene.kind}, ${scene.width} × ${scene.height}` };
    for (const workers of scene === SCENES[0] ? counts : counts.slice(-1)) {
      await withWorkers(workers, (loops, darkroom) => {
        const contestant = (name: string, shoot: (frames: Frame[]) => Promise<void>) => ({
          name,
          sample: () => timed(link, scene.shots * workers, frames, shoot),
        });
        return holding(about)({
          task: `burst, JPEG q0.9, ${countedWorkers(workers)}`,
          quantities: { rate: { unit: 'shots/s', better: 'more' }, cpu: { unit: 'ms a shot', better: 'less' } },
          contestants: [
            contestant('drawImage + convertToBlob', (given) => byCanvas(loops, given)),
            contestant('motordrive', (given) => byBurst(darkroom, given)),
          ],
          rounds,
        });
      });
    }
  }
}

/** Does something with so many workers of both sides. */
async function withWorkers(count: number, work: (loops: Worker[], darkroom: Darkroom) => Promise<void>): Promise<void> {
  const script = new URL('./burst.worker.ts', import.meta.url);
  const loops = Array.from({ length: count }, () => new Worker(script, { type: 'module' }));
  const darkroom = new Darkroom({ workers: count });
  try {
    await darkroom.ready();
    await work(loops, darkroom);
  } finally {
    darkroom.close();
    for (const worker of loops) worker.terminate();
  }
}

/** One burst: shots a second, and the CPU ms of a shot, where they are known. */
async function timed(
  link: Link,
  shots: number,
  frames: Frames,
  shoot: (frames: Frame[]) => Promise<void>,
): Promise<{ rate: number; cpu: number | undefined }> {
  const prepared = await Promise.all(Array.from({ length: shots }, (_, index) => frames(index)));
  const [before, started] = [await link.cpu('page'), performance.now()];
  await shoot(prepared);
  const seconds = (performance.now() - started) / 1000;
  const after = await link.cpu('page');
  const isKnown = before !== undefined && after !== undefined;
  return { rate: shots / seconds, cpu: isKnown ? (after - before) / shots : undefined };
}

/** The loop of a user: every worker gets the next frame when it has sent its photo. */
async function byCanvas(workers: Worker[], frames: Frame[]): Promise<void> {
  await Promise.all(
    workers.map(async (worker) => {
      for (let frame = frames.pop(); frame; frame = frames.pop()) {
        const given = frame;
        await new Promise((resolve) => {
          worker.addEventListener('message', resolve, { once: true });
          worker.postMessage(given, [given]);
        });
      }
    }),
  );
}

/** A burst that is given frames as fast as it takes them. */
async function byBurst(darkroom: Darkroom, frames: Frame[]): Promise<void> {
  let timestamp = 0;
  const source = {
    next: async () => ({ frame: frames.pop()!, timestamp: timestamp++, missed: 0 }),
    close: () => {},
  };
  const plan = planBurst({ count: frames.length, quality: 0.9, policy: 'wait', metadata: false }, darkroom.maxPending);
  const track = document.createElement('canvas').captureStream(0).getVideoTracks()[0]!;
  const burst = new Burst(track, source, darkroom, plan, []);
  while (await burst.next());
  await burst.done;
  track.stop();
}

type Frames = (index: number) => Promise<Frame>;

/** Pictures that were generated last, which takes a while: scenes of one size follow each other. */
let pictures: { width: number; made: Uint8ClampedArray<ArrayBuffer>[] } | undefined;

/**
 * Gives frames as a camera does, by handles to pixels that are there; bitmaps have pixels of their own, as grabFrame()
 * makes them, before the clock runs: the pixels of a bitmap made of another one are copied when it is transferred, on
 * the page.
 */
async function framesOf({ kind, width, height }: Scene): Promise<Frames> {
  if (pictures?.width !== width)
    pictures = { width, made: Array.from({ length: VARIANTS }, (_, seed) => photoLike(width, height, seed + 1)) };
  const made = pictures.made.map((data) => {
    if (kind === 'ImageBitmap') return new ImageData(data, width, height);
    const init = { format: 'I420', codedWidth: width, codedHeight: height, timestamp: 0 } as const;
    return new VideoFrame(toI420(data, width, height), init);
  });
  return async (index) => {
    const scene = made[index % VARIANTS]!;
    return scene instanceof ImageData ? createImageBitmap(scene) : scene.clone();
  };
}
