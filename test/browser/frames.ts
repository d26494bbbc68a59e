/** Frames and tracks with known content, for the browser tests. */
import { expect } from 'vitest';
import type { Shot, Timings } from '../../src/index.ts';

/** A canvas with a gradient and a coloured square, so that a crop, a swap of channels or a shift shows. */
export function paint(width: number, height: number): OffscreenCanvas {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d')!;
  const gradient = context.createLinearGradient(0, 0, width, height);
  gradient.addColorStop(0, '#205080');
  gradient.addColorStop(1, '#e0c090');
  context.fillStyle = gradient;
  context.fillRect(0, 0, width, height);
  context.fillStyle = '#c04020';
  context.fillRect(width >> 2, height >> 2, width >> 2, height >> 2);
  return canvas;
}

/** An ImageBitmap of {@link paint}. */
export function bitmap(width = 64, height = 48): ImageBitmap {
  return paint(width, height).transferToImageBitmap();
}

/** The pixels of anything that a canvas draws. */
export function pixels(image: CanvasImageSource, width: number, height: number): Uint8ClampedArray<ArrayBuffer> {
  const context = new OffscreenCanvas(width, height).getContext('2d')!;
  context.drawImage(image, 0, 0);
  return context.getImageData(0, 0, width, height).data;
}

/** The decoded pixels of a photo, by the browser's own decoder. */
export async function decode(blob: Blob): Promise<{ width: number; height: number; data: Uint8ClampedArray }> {
  const image = await createImageBitmap(blob);
  const { width, height } = image;
  const data = pixels(image, width, height);
  image.close();
  return { width, height, data };
}

/** Peak signal-to-noise ratio over R, G and B in dB; 99 for equal pixels. */
export function psnr(a: Uint8ClampedArray, b: Uint8ClampedArray): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 4) {
    for (let c = 0; c < 3; c++) sum += (a[i + c]! - b[i + c]!) ** 2;
  }
  return sum === 0 ? 99 : 10 * Math.log10((255 ** 2 * (a.length / 4) * 3) / sum);
}

/** A canvas track that draws a new frame `fps` times a second until `stop()`. */
export function movingTrack(width: number, height: number, fps = 30): { track: MediaStreamTrack; stop: () => void } {
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  const context = canvas.getContext('2d')!;
  const scene = paint(width, height);
  let step = 0;
  const draw = (): void => {
    context.drawImage(scene, 0, 0);
    context.fillStyle = `hsl(${(step * 37) % 360} 80% 50%)`;
    context.fillRect((step++ * 7) % width, height >> 1, 40, 40);
  };
  draw();
  const timer = setInterval(draw, 1000 / fps);
  const track = canvas.captureStream(fps).getVideoTracks()[0]!;
  return {
    track,
    stop: () => {
      clearInterval(timer);
      track.stop();
    },
  };
}

/** All shots of a burst. */
export async function collect(shots: AsyncIterable<Shot>): Promise<Shot[]> {
  const all: Shot[] = [];
  for await (const shot of shots) all.push(shot);
  return all;
}

/**
 * Every step takes its time, and all together the whole, but for what the clocks of page and worker round away: a ms
 * each at most.
 */
export function expectTimingsAddUp({ total, ...steps }: Timings): void {
  const sum = Object.values(steps).reduce((all, step) => all + step, 0);
  expect(Math.min(...Object.values(steps))).toBeGreaterThanOrEqual(0);
  expect(Math.abs(sum - total)).toBeLessThanOrEqual(2.1);
}
