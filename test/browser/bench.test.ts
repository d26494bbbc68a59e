import { expect, test } from 'vitest';
import {
  bench,
  convertToBlob,
  motordrive,
  motordriveTakePhoto,
  nativeTakePhoto,
  toBlob,
  type BenchFrame,
  type Picture,
} from '../../src/bench/index.ts';
import { Darkroom } from '../../src/index.ts';

const [width, height] = [960, 640];

/** A frame that is half black and half of a colour, new for each run. */
const frame: BenchFrame<Picture> = {
  name: 'two halves',
  width,
  height,
  take: () => {
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d')!;
    context.fillStyle = '#369';
    context.fillRect(0, 0, width, height / 2);
    return new VideoFrame(canvas, { timestamp: 0 });
  },
};

test('each built-in contestant makes a photo of the size asked for, and Motordrive reports its stages', async () => {
  const darkroom = new Darkroom({ workers: 1 });
  const { rows, complete } = await bench({
    contestants: [
      convertToBlob({ quality: 0.9 }),
      toBlob({ type: 'image/png' }),
      motordrive({ darkroom, quality: 0.9 }),
    ],
    frames: [frame],
    rounds: 2,
    // More than a tick of any engine's clock.
    minimum: 20,
  });
  darkroom.close();
  expect(complete).toBe(true);
  expect(rows.map(({ contestant, status }) => [contestant, status])).toEqual([
    ['drawImage + convertToBlob', 'ok'],
    ['drawImage + toBlob', 'ok'],
    ['motordrive', 'ok'],
  ]);
  for (const { bytes, measures } of rows) {
    expect(bytes).toBeGreaterThan(100);
    expect(measures['wall']!.samples).toHaveLength(2);
    expect(measures['wall']!.ratio).toBeDefined();
  }
  expect(Object.keys(rows[2]!.stages!)).toEqual(expect.arrayContaining(['read', 'encode', 'total']));
});

test('a contestant whose photo has another size is invalid', async () => {
  const darkroom = new Darkroom({ workers: 1 });
  const { rows } = await bench({
    contestants: [convertToBlob(), motordrive({ darkroom, imageWidth: 48 })],
    frames: [frame],
    rounds: 1,
    minimum: 0,
  });
  darkroom.close();
  expect(rows[0]!.status).toBe('ok');
  expect(rows[1]).toMatchObject({ status: 'invalid', reason: 'made 48 × 32, not 960 × 640', measures: {} });
});

test('takePhoto() of a track: ours makes a photo; the native one makes one too, or is reported as missing or failed', async () => {
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  const context = canvas.getContext('2d')!;
  const drawing = setInterval(() => context.fillRect(0, 0, width, height), 20);
  const [track] = canvas.captureStream().getVideoTracks();
  const darkroom = new Darkroom({ workers: 1 });
  const { rows } = await bench({
    contestants: [motordriveTakePhoto({}, { darkroom }), nativeTakePhoto()],
    frames: [{ name: 'canvas track', width, height, take: () => track! }],
    rounds: 1,
    warmUp: 0,
    minimum: 0,
    timeout: 10_000,
  });
  clearInterval(drawing);
  track!.stop();
  darkroom.close();
  expect(rows[0]).toMatchObject({ contestant: 'motordrive takePhoto', status: 'ok' });
  // Browsers refuse to take photos of a canvas, or have no ImageCapture.
  expect(rows[1]!.status).toMatch(/^(failed|missing)$/);
  expect(rows[1]!.reason).not.toBe('');
});
