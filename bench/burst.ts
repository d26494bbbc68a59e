import { Darkroom } from '../src/index.ts';
import { photoLike } from './scene.ts';
import { ratios, summarise, type Summary } from './statistics.ts';

/** Shots a second of a burst, and the ratio to the browser's loop in the same round. */
export type BurstResult = { workers: number; contestant: string; shotsPerSecond: Summary; ratio: Summary };

const FRAMES = 64;
const WIDTH = 1920;
const HEIGHT = 1080;

/** Bursts of 64 frames at 1080p from I420 frames, with one and two workers, against as many workers that use a canvas. */
export async function burst(rounds: number): Promise<BurstResult[]> {
  const scene = new OffscreenCanvas(WIDTH, HEIGHT);
  scene.getContext('2d')!.putImageData(new ImageData(photoLike(WIDTH, HEIGHT), WIDTH, HEIGHT), 0, 0);
  const planes = await toPlanes(scene);
  const frame = (): VideoFrame =>
    new VideoFrame(planes, { format: 'I420', codedWidth: WIDTH, codedHeight: HEIGHT, timestamp: 0 });
  const results: BurstResult[] = [];
  for (const workers of [1, 2]) {
    const darkroom = new Darkroom({ workers });
    await darkroom.ready();
    const loops = Array.from(
      { length: workers },
      () => new Worker(new URL('./burst.worker.ts', import.meta.url), { type: 'module' }),
    );
    const contestants = [
      () => spread(loops.map((worker) => () => byCanvas(worker, frame()))),
      () => spread(loops.map(() => () => darkroom.develop(frame(), { quality: 0.9 }))),
    ];
    const rates: number[][] = [[], []];
    for (let round = -1; round < rounds; round++) {
      for (const i of [(round + 1) % 2, round % 2 === 0 ? 0 : 1]) {
        const started = performance.now();
        await contestants[i]!();
        if (round >= 0) rates[i]!.push((FRAMES * 1000) / (performance.now() - started));
      }
    }
    darkroom.close();
    for (const worker of loops) worker.terminate();
    ['drawImage + convertToBlob', 'motordrive'].forEach((contestant, i) =>
      results.push({
        workers,
        contestant,
        shotsPerSecond: summarise(rates[i]!),
        ratio: summarise(ratios(rates[i]!, rates[0]!)),
      }),
    );
  }
  return results;
}

/** Every lane takes the next of the frames as soon as it is free. */
async function spread(lanes: (() => Promise<unknown>)[]): Promise<void> {
  let left = FRAMES;
  await Promise.all(
    lanes.map(async (shoot) => {
      while (left-- > 0) await shoot();
    }),
  );
}

function byCanvas(worker: Worker, frame: VideoFrame): Promise<Blob> {
  return new Promise((resolve) => {
    worker.addEventListener('message', ({ data }: MessageEvent<Blob>) => resolve(data), { once: true });
    worker.postMessage(frame, [frame]);
  });
}

/** The scene as I420, roughly: grey chroma would be too easy, so the colours are those of every other pixel. */
async function toPlanes(scene: OffscreenCanvas): Promise<Uint8Array<ArrayBuffer>> {
  const { data } = scene.getContext('2d')!.getImageData(0, 0, WIDTH, HEIGHT);
  const planes = new Uint8Array((WIDTH * HEIGHT * 3) / 2);
  for (let i = 0; i < WIDTH * HEIGHT; i++) {
    const [r, g, b] = [data[i * 4]!, data[i * 4 + 1]!, data[i * 4 + 2]!];
    const luma = 0.299 * r + 0.587 * g + 0.114 * b;
    planes[i] = 16.5 + (luma * 219) / 255;
    const [x, y] = [i % WIDTH, Math.floor(i / WIDTH)];
    if ((x | y) & 1) continue;
    const chroma = WIDTH * HEIGHT + (y >> 1) * (WIDTH >> 1) + (x >> 1);
    planes[chroma] = 128.5 + (((b - luma) / 1.772) * 224) / 255;
    planes[chroma + ((WIDTH * HEIGHT) >> 2)] = 128.5 + (((r - luma) / 1.402) * 224) / 255;
  }
  return planes;
}
