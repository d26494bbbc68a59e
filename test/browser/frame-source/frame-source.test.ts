import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { FallbackGrabber } from '../../../src/frame-source/fallback.ts';
import { FrameClock } from '../../../src/frame-source/frame-clock.ts';
import { guard, openFrameSource, type FrameSource } from '../../../src/frame-source/frame-source.ts';
import { ProcessorGrabber } from '../../../src/frame-source/processor.ts';
import { VideoGrabber } from '../../../src/frame-source/video.ts';
import { WorkerProcessorGrabber } from '../../../src/frame-source/worker-processor.ts';
import { engine, has } from '../../helpers/engine.ts';
import { countOpenFrames, openFrames } from '../../helpers/open-frames.ts';
import { cameraTrack, canvasTrack, generatorTrack, twoColours } from '../../helpers/tracks.ts';
import { pause } from '../../../src/async/pause.ts';
import { rejection } from '../../helpers/rejection.ts';

type Open = (track: MediaStreamTrack) => FrameSource;
const ways: Record<string, { open: Open; supported: boolean }> = {
  processor: { open: (track) => guard(track, new ProcessorGrabber(track)), supported: ProcessorGrabber.supported },
  worker: {
    open: (track) => guard(track, new FallbackGrabber(new WorkerProcessorGrabber(track), new VideoGrabber(track))),
    supported: engine === 'webkit',
  },
  video: { open: (track) => guard(track, new VideoGrabber(track)), supported: true },
};

const tracks: MediaStreamTrack[] = [];
const used = <T extends MediaStreamTrack>(track: T): T => (tracks.push(track), track);
beforeAll(countOpenFrames);
beforeEach(countOpenFrames);
afterEach(() => tracks.splice(0).forEach((track) => track.stop()));

describe.each(Object.entries(ways))('%s', (_, { open, supported }) => {
  beforeEach(({ skip }) => skip(!supported, 'the engine has no such way'));

  test('gives frames of the camera one after the other and leaves the track as it was', async () => {
    const track = used(await cameraTrack({ width: 640, height: 480 }));
    const constraints = track.getConstraints();
    const source = open(track);
    let [first, last] = [Infinity, -Infinity];
    for (let i = 0; i < 3; i++) {
      const { frame, timestamp, missed } = await source.next();
      expect('displayWidth' in frame ? frame.displayWidth : frame.width).toBe(640);
      expect(timestamp).toBeGreaterThanOrEqual(last);
      expect(timestamp).toBeLessThanOrEqual(performance.now());
      expect(missed).toBeGreaterThanOrEqual(0);
      first = Math.min(first, timestamp);
      last = timestamp;
      frame.close();
    }
    expect(last).toBeGreaterThan(first);
    source.close();
    await pause(50);
    expect([track.readyState, track.enabled, track.getConstraints()]).toEqual(['live', true, constraints]);
    expect(openFrames()).toBe(0);
  });

  test('answers calls made together, in order', async () => {
    const source = open(used(canvasTrack({ moving: true })));
    const order: number[] = [];
    await Promise.all([0, 1, 2, 3].map(async (i) => ((await source.next()).frame.close(), order.push(i))));
    expect(order).toEqual([0, 1, 2, 3]);
    source.close();
    expect(openFrames()).toBe(0);
  });

  test('gives the picture of a canvas that is never redrawn to each source', async () => {
    const track = used(canvasTrack());
    await pause(100);
    for (let i = 0; i < 3; i++) {
      const source = open(track);
      (await source.next()).frame.close();
      source.close();
    }
    await expect.poll(openFrames).toBe(0);
  });

  test('rejects with OperationError soon after the track is stopped', async () => {
    const { track } = generatorTrack();
    const source = open(used(track));
    const pending = rejection(source.next());
    await pause(30);
    track.stop();
    // Not the UnknownError of five seconds of silence.
    expect((await pending).name).toBe('OperationError');
    source.close();
  });

  test('rejects with OperationError when the track is stopped or disabled in the same task', async () => {
    for (const hinder of [(t: MediaStreamTrack) => t.stop(), (t: MediaStreamTrack) => void (t.enabled = false)]) {
      const track = used(canvasTrack({ moving: true }));
      const source = open(track);
      const pending = rejection(source.next());
      hinder(track);
      expect((await pending).name).toBe('OperationError');
      source.close();
    }
    await expect.poll(openFrames).toBe(0);
  });

  test('rejects with InvalidStateError on an ended or disabled track', async () => {
    const ended = canvasTrack();
    ended.stop();
    const disabled = used(canvasTrack());
    disabled.enabled = false;
    for (const track of [ended, disabled]) {
      const source = open(track);
      expect((await rejection(source.next())).name).toBe('InvalidStateError');
      source.close();
    }
  });

  test('rejects with the reason of an abort, and serves the next call', async () => {
    const { track, send } = generatorTrack();
    const source = open(used(track));
    const reason = { any: 'value' };
    const abort = new AbortController();
    const pending = source.next(abort.signal);
    const queued = source.next(abort.signal);
    setTimeout(() => abort.abort(reason), 50);
    expect(await rejection(pending)).toBe(reason);
    expect(await rejection(queued)).toBe(reason);
    expect(await rejection(source.next(abort.signal))).toBe(reason);
    const feeding = setInterval(() => void send(twoColours(16, 16)), 30);
    (await source.next()).frame.close();
    clearInterval(feeding);
    source.close();
    await expect.poll(openFrames).toBe(0);
  });

  test('rejects pending calls with OperationError when closed, later ones with InvalidStateError', async () => {
    const { track } = generatorTrack();
    const source = open(used(track));
    const pending = [rejection(source.next()), rejection(source.next())];
    await pause(20);
    source.close();
    source.close();
    expect((await Promise.all(pending)).map(({ name }) => name)).toEqual(['OperationError', 'OperationError']);
    expect((await rejection(source.next())).name).toBe('InvalidStateError');
  });
});

test('rejects with UnknownError after 5 s without a frame, while other tracks give theirs', async () => {
  await Promise.all(
    Object.values(ways).map(async ({ open, supported }) => {
      if (!supported) return;
      const source = open(used(generatorTrack().track));
      let given = false;
      const silent = rejection(source.next()).then(({ name, message }) => [name, message, given]);
      const other = open(used(canvasTrack()));
      (await other.next()).frame.close();
      given = true;
      expect(await silent).toEqual(['UnknownError', expect.stringContaining('within 5 s'), true]);
      source.close();
      other.close();
    }),
  );
  expect(openFrames()).toBe(0);
});

test('rejects with a DOMException whatever the engine throws', async () => {
  for (const thrown of [undefined, 'words', new TypeError('no')]) {
    const source = guard(used(canvasTrack()), { grab: () => Promise.reject(thrown), close() {} });
    const error = await rejection(source.next());
    expect(error).toBeInstanceOf(DOMException);
    expect(error.name).toBe('UnknownError');
    expect((error as { cause?: unknown }).cause).toBe(thrown);
  }
});

test('the processor counts frames lost between two grabs', async ({ skip }) => {
  skip(!has.processor, 'no MediaStreamTrackProcessor');
  const source = ways.processor!.open(used(await cameraTrack()));
  (await source.next()).frame.close();
  const missedSoFar = async (): Promise<number> => {
    await pause(400);
    const { frame, missed } = await source.next();
    frame.close();
    return missed;
  };
  await expect.poll(missedSoFar).toBeGreaterThan(2);
  source.close();
});

test('a track that was disabled gives frames of its own size as soon as it is enabled', async () => {
  const track = used(await cameraTrack({ width: 640, height: 480 }));
  const [one, other] = [openFrameSource(track), openFrameSource(track)];
  (await one.next()).frame.close();
  const pending = rejection(other.next());
  track.enabled = false;
  await pending;
  await pause(200);
  track.enabled = true;
  const { frame } = await one.next();
  expect('displayWidth' in frame ? frame.displayWidth : frame.width).toBe(640);
  frame.close();
  one.close();
  other.close();
});

test('a hundred sources of one track all answer', async () => {
  const track = used(await cameraTrack());
  await Promise.all(
    Array.from({ length: 100 }, async () => {
      const source = openFrameSource(track);
      (await source.next()).frame.close();
      source.close();
    }),
  );
  expect(openFrames()).toBe(0);
});

describe('FrameClock', () => {
  test('keeps the intervals of the camera when frames are read late', () => {
    const clock = new FrameClock();
    expect(clock.read(50_000_000, 1000)).toBe(1000);
    expect(clock.read(50_100_000, 1160)).toBe(1100);
    expect(clock.read(50_200_000, 1200)).toBe(1200);
  });

  test('returns a time between the last frame and now when timestamps are made up', () => {
    const clock = new FrameClock();
    expect(clock.read(0, 1000)).toBe(1000);
    expect(clock.read(0, 1050)).toBe(1050);
    expect(clock.read(9_000_000, 1060)).toBe(1060);
    expect(clock.read(9_100_000, 1300)).toBe(1160);
    expect(clock.read(3_000_000, 1400)).toBe(1400);
  });
});
