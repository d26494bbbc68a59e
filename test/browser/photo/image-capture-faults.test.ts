import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Darkroom } from '../../../src/darkroom/darkroom.ts';
import { ImageCapture } from '../../../src/photo/image-capture.ts';
import { countOpenFrames, openFrames } from '../../helpers/open-frames.ts';
import { Random } from '../../helpers/random.ts';
import { trackSources } from '../../helpers/track-sources.ts';
import { cameraTrack, canvasTrack } from '../../helpers/tracks.ts';
import { pause } from '../../../src/async/pause.ts';
import { rejection } from '../../helpers/rejection.ts';

const tracks: MediaStreamTrack[] = [];
const used = <T extends MediaStreamTrack>(track: T): T => (tracks.push(track), track);
beforeEach(countOpenFrames);
afterEach(() => tracks.splice(0).forEach((track) => track.stop()));

/** A photo that takes a worker long, of a track that shows one. */
const LONG_WORK = { effort: 'size', type: 'image/png' } as const;
const largeCamera = async (): Promise<MediaStreamTrack> => used(await cameraTrack({ width: 1280, height: 720 }));

const camera = async (): Promise<MediaStreamTrack> => used(await cameraTrack({ width: 640, height: 480 }));

/** What every fault leaves behind: no frame open, and a track of which the next photo can be taken. */
async function expectSound(capture: ImageCapture): Promise<void> {
  await expect.poll(openFrames).toBe(0);
  expect((await capture.takePhoto({ imageWidth: 64 })).type).toBe('image/jpeg');
  (await capture.grabFrame()).close();
  await expect.poll(openFrames).toBe(0);
}

/** The names of what calls rejected with; '' for those that were fulfilled, whose bitmaps are closed. */
async function outcomes(calls: readonly Promise<unknown>[]): Promise<string[]> {
  const results = await Promise.allSettled(calls);
  return results.map((result) => {
    if (result.status === 'rejected') return (result.reason as DOMException).name;
    if (result.value instanceof ImageBitmap) result.value.close();
    return '';
  });
}

const callAll = (capture: ImageCapture): Promise<unknown>[] => [
  capture.takePhoto({ imageWidth: 600, effort: 'size' }),
  capture.grabFrame(),
  capture.getPhotoCapabilities(),
  capture.getPhotoSettings(),
];

test.each(Object.keys(trackSources))(
  'calls reject when their track ends, and those of another track succeed: %s',
  async (source) => {
    const { track, end } = await trackSources[source]!();
    const calls = callAll(new ImageCapture(track));
    end();
    expect(await outcomes(calls)).toEqual(Array(4).fill('OperationError'));
    expect(await outcomes(callAll(new ImageCapture(track)))).toEqual(Array(4).fill('InvalidStateError'));
    await expectSound(new ImageCapture(await camera()));
  },
);

test('photos succeed again when a disabled track is enabled', async () => {
  const capture = new ImageCapture(await camera());
  for (let round = 0; round < 3; round++) {
    const calls = callAll(capture);
    capture.track.enabled = false;
    expect(await outcomes(calls)).toEqual(Array(4).fill('OperationError'));
    capture.track.enabled = true;
  }
  await expectSound(capture);
});

test('photos of a track and its clones succeed together, and when one of them stops', async () => {
  const track = await camera();
  const clones = [used(track.clone()), used(track.clone())];
  const captures = [track, track, ...clones].map((one) => new ImageCapture(one));
  expect(await outcomes(captures.flatMap(callAll))).toEqual(Array(16).fill(''));
  const calls = captures.map((capture) => capture.takePhoto());
  clones[1]!.stop();
  expect(await outcomes(calls)).toEqual(['', '', '', 'OperationError']);
  await expectSound(captures[0]!);
});

test('every photo succeeds while constraints change all the time', async () => {
  const track = await camera();
  const clone = used(track.clone());
  const capture = new ImageCapture(track);
  const photos = Array.from({ length: 20 }, (_, i) => capture.takePhoto({ imageWidth: 100 + i }));
  const changes = Array.from({ length: 20 }, (_, i) => clone.applyConstraints({ width: 320 + 16 * i }));
  expect(await outcomes(photos)).toEqual(Array(20).fill(''));
  await Promise.allSettled(changes);
  await expectSound(capture);
});

test('a photo has the new size when the size changes between two photos', async () => {
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d')!;
  const drawing = setInterval(() => context.fillRect(0, 0, 9, 9), 30);
  const capture = new ImageCapture(used(canvas.captureStream().getVideoTracks()[0]!));
  for (const [width, height] of [
    [320, 240],
    [240, 320],
    [111, 99],
  ] as const) {
    Object.assign(canvas, { width, height });
    const photoSize = async (): Promise<number[]> => {
      const bitmap = await createImageBitmap(await capture.takePhoto());
      const size = [bitmap.width, bitmap.height];
      bitmap.close();
      return size;
    };
    await expect.poll(photoSize).toEqual([width, height]);
  }
  clearInterval(drawing);
  await expectSound(capture);
});

test('only the photo at work rejects when its worker is killed', async () => {
  const NativeWorker = globalThis.Worker;
  const workers: Worker[] = [];
  vi.stubGlobal(
    'Worker',
    class extends NativeWorker {
      constructor(...args: ConstructorParameters<typeof Worker>) {
        super(...args);
        workers.push(this);
      }
    },
  );
  using darkroom = new Darkroom({ workers: 1 });
  await darkroom.ready();
  vi.unstubAllGlobals();
  const capture = new ImageCapture(await largeCamera(), { darkroom });
  const photo = rejection(capture.takePhoto(LONG_WORK));
  await expect.poll(() => darkroom.pending, { interval: 1 }).toBe(1);
  workers[0]!.terminate();
  expect((await photo).name).toBe('OperationError');
  await expectSound(capture);
});

test('photos reject when their darkroom is closed, and those of another darkroom succeed', async () => {
  const track = await largeCamera();
  const darkroom = new Darkroom({ workers: 1 });
  const capture = new ImageCapture(track, { darkroom });
  await darkroom.ready();
  const photos = [1, 2, 3].map(() => capture.takePhoto(LONG_WORK));
  await expect.poll(() => darkroom.pending, { interval: 1 }).toBeGreaterThan(0);
  darkroom.close();
  const [first, ...others] = await outcomes(photos);
  expect(first).toBe('AbortError');
  // Their frames may come when the darkroom is closed already.
  for (const other of others) expect(other).toMatch(/AbortError|InvalidStateError/);
  expect((await rejection(capture.takePhoto())).name).toBe('InvalidStateError');
  await expectSound(new ImageCapture(track));
});

test('every photo succeeds or rejects with its own reason, for 50 aborts at random moments', async () => {
  const random = new Random(50);
  const capture = new ImageCapture(await camera());
  const calls = Array.from({ length: 50 }, async (_, index) => {
    const abort = new AbortController();
    await pause(random.below(300));
    const photo = capture.takePhoto({ imageWidth: 64 + index, signal: abort.signal }).then(
      (blob) => blob.type,
      (reason: unknown) => reason,
    );
    await pause(random.below(60));
    abort.abort(index);
    expect(['image/jpeg', index]).toContain(await photo);
  });
  await Promise.all(calls);
  await expectSound(capture);
});

test('photos arrive although nothing refers to their ImageCapture', async () => {
  const track = used(canvasTrack({ moving: true }));
  const photos = Array.from({ length: 40 }, () => new ImageCapture(track).takePhoto({ imageWidth: 40 }));
  (globalThis as { gc?: () => void }).gc?.();
  expect(await outcomes(photos)).toEqual(Array(40).fill(''));
});
