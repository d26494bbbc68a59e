import { Burst } from '../src/burst/burst.ts';
import { planBurst } from '../src/burst/options.ts';
import { Darkroom } from '../src/index.ts';
import { photoLike } from './scene.ts';
import { order } from './statistics.ts';

/** A contestant's samples, one a round: shots a second, and the CPU ms of a shot, where they are known. */
export type BurstResult = { frame: string; contestant: string; rates: number[]; cpu: number[] };

/** What is shot: frames of a size and kind, so many in a round. */
export type BurstRequest = { kind: 'I420' | 'ImageBitmap'; width: number; height: number; shots: number };

/** The bursts that the bench asks for. */
export const BURSTS: readonly BurstRequest[] = [
  { kind: 'I420', width: 1920, height: 1080, shots: 60 },
  { kind: 'ImageBitmap', width: 1920, height: 1080, shots: 30 },
  { kind: 'I420', width: 3840, height: 2160, shots: 20 },
  { kind: 'ImageBitmap', width: 3840, height: 2160, shots: 8 },
];

type Frame = VideoFrame | ImageBitmap;
type Contestant = { name: string; shoot: (frames: Frame[]) => Promise<void> };

const WORKERS = 2;
/** Frames of different content, so that nothing can be remembered. */
const SCENES = 4;

/**
 * Bursts as fast as they go, with two workers, against as many workers that draw and encode.
 * @param cpu CPU ms of the page's processes so far
 */
export async function burst(
  { kind, width, height, shots }: BurstRequest,
  rounds: number,
  cpu: () => Promise<number | undefined>,
): Promise<BurstResult[]> {
  const frames = await scenes(kind, width, height);
  const loops = Array.from(
    { length: WORKERS },
    () => new Worker(new URL('./burst.worker.ts', import.meta.url), { type: 'module' }),
  );
  using darkroom = new Darkroom({ workers: WORKERS });
  await darkroom.ready();
  const contestants: Contestant[] = [
    { name: 'drawImage + convertToBlob', shoot: (of) => byCanvas(loops, of) },
    { name: 'motordrive', shoot: (of) => byBurst(darkroom, of) },
  ];
  const frame = `${kind}, ${width} × ${height}`;
  const results = contestants.map(({ name }): BurstResult => ({ frame, contestant: name, rates: [], cpu: [] }));
  for (let round = -1; round < rounds; round++) {
    for (const i of order(contestants.length, round + 1)) {
      const prepared = await Promise.all(Array.from({ length: shots }, (_, index) => frames(index)));
      const [before, started] = [await cpu(), performance.now()];
      await contestants[i]!.shoot(prepared);
      const seconds = (performance.now() - started) / 1000;
      const after = await cpu();
      if (round < 0) continue;
      results[i]!.rates.push(shots / seconds);
      if (before !== undefined && after !== undefined) results[i]!.cpu.push((after - before) / shots);
    }
  }
  for (const worker of loops) worker.terminate();
  return results;
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

/**
 * Gives frames as a camera does, by handles to pixels that are there; bitmaps have pixels of their own, as grabFrame() makes them, before the
 * clock runs: the pixels of a bitmap made of another one are copied when it is transferred, on the page.
 */
async function scenes(kind: BurstRequest['kind'], width: number, height: number): Promise<Frames> {
  const made = await Promise.all(
    Array.from({ length: SCENES }, async (_, seed) => {
      const data = photoLike(width, height, seed + 1);
      if (kind === 'ImageBitmap') return new ImageData(data, width, height);
      const init = { format: 'I420', codedWidth: width, codedHeight: height, timestamp: 0 } as const;
      return new VideoFrame(toPlanes(data, width, height), init);
    }),
  );
  return async (index) => {
    const scene = made[index % SCENES]!;
    return scene instanceof ImageData ? createImageBitmap(scene) : scene.clone();
  };
}

/** The scene as I420, roughly: grey chroma would be too easy, so the colours are those of every other pixel. */
function toPlanes(data: Uint8ClampedArray, width: number, height: number): Uint8Array<ArrayBuffer> {
  const planes = new Uint8Array((width * height * 3) / 2);
  for (let i = 0; i < width * height; i++) {
    const [r, g, b] = [data[i * 4]!, data[i * 4 + 1]!, data[i * 4 + 2]!];
    const luma = 0.299 * r + 0.587 * g + 0.114 * b;
    planes[i] = 16.5 + (luma * 219) / 255;
    const [x, y] = [i % width, Math.floor(i / width)];
    if ((x | y) & 1) continue;
    const chroma = width * height + (y >> 1) * (width >> 1) + (x >> 1);
    planes[chroma] = 128.5 + (((b - luma) / 1.772) * 224) / 255;
    planes[chroma + ((width * height) >> 2)] = 128.5 + (((r - luma) / 1.402) * 224) / 255;
  }
  return planes;
}
