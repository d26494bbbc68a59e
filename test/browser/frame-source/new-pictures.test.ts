// @module-tag slow
/** A frame is never an old picture sold as a new one, in any engine, from any source, at any pace. */
import { afterEach, beforeEach, describe, expect, test as base } from 'vitest';
import { FrameBuffer } from '../../../src/burst/frame-buffer.ts';
import { openTap } from '../../../src/frame-source/frame-worker.ts';
import { guard, openFrameSource, type FrameSource } from '../../../src/frame-source/frame-source.ts';
import { samePicture } from '../../../src/frame-source/same-picture.ts';
import { VideoGrabber } from '../../../src/frame-source/video.ts';
import { Darkroom, MotorDrive } from '../../../src/index.ts';
import { engine } from '../../helpers/engine.ts';
import { lossySources, numberedSources, readNumber, slowCamera, type NumberedSource } from '../../helpers/numbered.ts';
import { countOpenFrames, openFrames } from '../../helpers/open-frames.ts';
import { cameraTrack } from '../../helpers/tracks.ts';
import { pause } from '../../../src/async/pause.ts';
import { rejection } from '../../helpers/rejection.ts';

const darkroom = new Darkroom({ workers: 1 });
beforeEach(countOpenFrames);

/**
 * Ends or closes what the test asked for, when the test is over. Tests of still pictures run side by side: most of
 * their time is silence.
 */
const test = base.extend<{
  later(clean: () => void): void;
  used<T extends NumberedSource>(source: T): T;
  opened(track: MediaStreamTrack, open?: (track: MediaStreamTrack) => FrameSource): FrameSource;
}>({
  later: async ({}, use) => {
    const cleanups: (() => void)[] = [];
    await use((clean) => void cleanups.push(clean));
    cleanups.forEach((clean) => clean());
  },
  used: async ({ later }, use) => {
    await use((source) => {
      later(() => source.end());
      return source;
    });
  },
  opened: async ({ later }, use) => {
    await use((track, open = openFrameSource) => {
      const source = open(track);
      later(() => source.close());
      return source;
    });
  },
});

/** Resolves when the browser has long presented what is drawn now. */
async function presented(): Promise<void> {
  await pause(250);
  for (let i = 0; i < 5; i++) await new Promise(requestAnimationFrame);
}

const numberOf = async (source: FrameSource): Promise<number> => readNumber((await source.next()).frame);

/** Draws a number over and over until somebody has seen it: what is drawn before a source listens may be lost. */
async function begin(source: FrameSource, draw: (number: number) => void): Promise<void> {
  const timer = setInterval(() => draw(1), 20);
  while ((await numberOf(source)) !== 1);
  clearInterval(timer);
}

describe.each(Object.entries(numberedSources))('%s', (_, make) => {
  test('gives each picture once, however late it is asked for', async ({ used, opened }) => {
    const { track, draw } = used(make());
    const source = opened(track);
    let [number, last] = [0, 0];
    for (let i = 0; i < 12; i++) {
      draw(++number);
      if (i % 4 === 0) await pause(300);
      // What is drawn before the source listens may be lost, and one of some thirty drawings in WebKitGTK 2.50.
      const timer = setInterval(() => draw(++number), 1000);
      const seen = await numberOf(source);
      clearInterval(timer);
      expect(seen).toBeGreaterThan(last);
      expect(seen).toBeLessThanOrEqual(number);
      last = seen;
    }
    source.close();
    await expect.poll(openFrames).toBe(0);
  });
});

describe.concurrent.each(Object.entries(lossySources))('%s', (_, make) => {
  test.for([20, 100, 300, 600])(
    'gives as many frames as pictures, in order, when drawn every %i ms',
    async (period, { later, used, opened }) => {
      const { track, draw } = used(await make());
      let drawn = 0;
      const timer = setInterval(() => draw(++drawn), period);
      later(() => clearInterval(timer));
      const source = opened(track);
      const [numbers, times]: [number[], number[]] = [[], []];
      let missed = 0;
      for (let i = 0; i < (period > 100 ? 6 : 20); i++) {
        const grabbed = await source.next();
        if (i > 0) missed += grabbed.missed;
        times.push(grabbed.timestamp);
        numbers.push(readNumber(grabbed.frame));
      }
      expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
      expect(times).toEqual([...times].sort((a, b) => a - b));
      expect(missed).toBeLessThanOrEqual(numbers.at(-1)! - numbers[0]! - numbers.length + 1);
    },
  );
});

test('a slow camera gives each frame once', async ({ later, opened }) => {
  const track = await slowCamera();
  later(() => track.stop());
  const source = opened(track);
  const times: number[] = [];
  for (let i = 0; i < 8; i++) {
    const { frame, timestamp } = await source.next();
    // Firefox counts the timestamps of frames in seconds.
    times.push(engine === 'firefox' ? timestamp : (frame as VideoFrame).timestamp);
    frame.close();
  }
  expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
  source.close();
  const shots: number[] = [];
  const drive = new MotorDrive(track, { darkroom });
  for await (const { timestamp } of drive.burst({ count: 6 })) shots.push(timestamp);
  expect(shots).toEqual([...new Set(shots)].sort((a, b) => a - b));
});

describe.concurrent('a still canvas', () => {
  test('is given once, and again only when it is drawn again', async ({ used, opened }) => {
    const { track, draw } = used(numberedSources['a canvas']!());
    const source = opened(track);
    await begin(source, draw);
    // What was drawn last may still be on its way.
    let error: { name: string } | undefined;
    while (!error)
      error = await numberOf(source).then(
        () => undefined,
        (reason: { name: string }) => reason,
      );
    expect(error.name).toBe('UnknownError');
    draw(7);
    expect(await numberOf(source)).toBe(7);
    const other = opened(track);
    expect(await numberOf(other)).toBe(7);
  });

  test('is given as it was last drawn', async ({ used, opened }) => {
    const { track, draw } = used(numberedSources['a canvas']!());
    for (let number = 1; number < 5; number++) {
      const source = opened(track);
      draw(number);
      // The picture before this one is what the canvas shows until the browser has presented this one.
      let seen: number;
      while ((seen = await numberOf(source)) !== number) expect(seen).toBe(number + 99);
      source.close();
      // Chromium 156 loses a picture that is drawn while its last reader leaves.
      await presented();
      draw(number + 100);
      await presented();
      const other = opened(track);
      expect(await numberOf(other)).toBe(number + 100);
      other.close();
    }
  });

  test.for<MediaTrackConstraints>([{ frameRate: 20 }, { width: 200, frameRate: 20 }, { height: 40 }])(
    'is given to one source after the other under the constraints %o, as large as the track says',
    async (constraints, { used, opened }) => {
      const { track, draw } = used(numberedSources['a canvas']!());
      draw(0x5a);
      await presented();
      // Engines that cannot limit or scale the track of a canvas give it as it is.
      await track.applyConstraints(constraints).catch(() => {});
      const { width, height } = engine === 'chromium' ? track.getSettings() : { width: 320, height: 64 };
      const frames: VideoFrame[] = [];
      for (let i = 0; i < 3; i++) {
        const source = opened(track);
        frames.push((await source.next()).frame as VideoFrame);
        source.close();
      }
      const sizes = frames.map(({ displayWidth, displayHeight }) => [displayWidth, displayHeight]);
      expect(sizes).toEqual([0, 1, 2].map(() => [width, height]));
      expect(frames.map((frame) => samePicture(frame, frames[0]!))).toEqual([true, true, true]);
      frames.forEach((frame) => frame.close());
    },
  );

  test('gives one shot of a burst, which then rejects', async ({ used }) => {
    const { track } = used(numberedSources['a canvas']!());
    let shots = 0;
    const drive = new MotorDrive(track, { darkroom });
    const error = await rejection(
      (async () => {
        for await (const { width } of drive.burst({ count: 3 })) shots += width > 0 ? 1 : 0;
      })(),
    );
    expect([shots, error.name]).toEqual([1, 'UnknownError']);
  });

  test('is in the buffer once', async ({ later, used }) => {
    const { track, draw } = used(numberedSources['a canvas']!());
    const buffer = new FrameBuffer(track, 4, (frame) => darkroom.keep(frame));
    later(() => buffer.close());
    await expect.poll(() => buffer.length).toBe(1);
    const reader = buffer.open(performance.now());
    later(() => reader.close());
    const first = await reader.next();
    first.frame.close();
    expect((await rejection(reader.next())).name).toBe('UnknownError');
    expect(buffer.length).toBe(1);
    draw(9);
    const second = await reader.next();
    expect(readNumber(second.frame)).toBe(9);
    expect(second.timestamp).toBeGreaterThan(first.timestamp);
  });
});

describe('a <video>', () => {
  /** The elements played while this runs. */
  function watchVideos(later: (clean: () => void) => void): HTMLVideoElement[] {
    const videos: HTMLVideoElement[] = [];
    const { play } = HTMLMediaElement.prototype;
    HTMLMediaElement.prototype.play = function () {
      videos.push(this as HTMLVideoElement);
      return play.call(this);
    };
    later(() => (HTMLMediaElement.prototype.play = play));
    return videos;
  }

  const playing = (track: MediaStreamTrack): FrameSource => guard(track, new VideoGrabber(track));

  test('that was paused is played again', async ({ later, used, opened }) => {
    const videos = watchVideos(later);
    const { track, draw } = used(await lossySources['a canvas with a frame rate']!());
    const source = opened(track, playing);
    await begin(source, draw);
    videos[0]!.pause();
    await pause(100);
    const timer = setInterval(() => draw(5), 30);
    later(() => clearInterval(timer));
    let seen: number;
    // Pictures of before may still be on their way.
    while ((seen = await numberOf(source)) === 1);
    expect(seen).toBe(5);
  });

  test('that was paused and may not play rejects', async ({ later, used, opened }) => {
    const videos = watchVideos(later);
    const { track, draw } = used(await lossySources['a canvas with a frame rate']!());
    const source = opened(track, playing);
    await begin(source, draw);
    videos[0]!.play = () => Promise.reject(new DOMException('no gesture', 'NotAllowedError'));
    videos[0]!.pause();
    await pause(100);
    let error: { name: string; message: string } | undefined;
    while (!error)
      error = await numberOf(source).then(
        () => undefined,
        (reason: typeof error) => reason,
      );
    expect([error.name, error.message]).toEqual(['UnknownError', expect.stringContaining('no gesture')]);
  });
});

describe('the worker that reads frames', () => {
  const Native = globalThis.Worker;
  const clones: MediaStreamTrack[] = [];
  const { clone } = MediaStreamTrack.prototype;
  beforeEach(({ skip }) => {
    skip(engine !== 'webkit', 'only WebKit has it');
    MediaStreamTrack.prototype.clone = function () {
      const copy = clone.call(this);
      clones.push(copy);
      return copy;
    };
  });
  afterEach(() => {
    globalThis.Worker = Native;
    MediaStreamTrack.prototype.clone = clone;
    clones.splice(0);
  });
  const live = (): number => clones.filter(({ readyState }) => readyState === 'live').length;

  /** Lets the last worker end: the next source starts its own. */
  const withoutWorker = (): Promise<void> => pause(2500);

  test('is refused by the browser: the <video> gives frames, and no clone is left', async ({ later, opened }) => {
    await withoutWorker();
    globalThis.Worker = class {
      constructor() {
        throw new DOMException('refused', 'SecurityError');
      }
    } as never;
    const track = await cameraTrack({ width: 640, height: 480 });
    later(() => track.stop());
    const source = opened(track);
    for (let i = 0; i < 3; i++) (await source.next()).frame.close();
    expect(live()).toBe(0);
    source.close();
    await expect.poll(openFrames).toBe(0);
  });

  test('serves one tap after the other, and two at the same time', async ({ later, used }) => {
    const { track, draw } = used(numberedSources['a canvas']!());
    let number = 0;
    const timer = setInterval(() => draw(++number & 255), 30);
    later(() => clearInterval(timer));
    const taps = [openTap(track), openTap(track)];
    later(() => taps.forEach((tap) => tap.close()));
    for (const tap of taps) {
      await tap.opened;
      (await tap.remote.next()).frame.close();
    }
    taps[0]!.close();
    const third = openTap(track);
    taps.push(third);
    await third.opened;
    (await third.remote.next()).frame.close();
  });

  test('is killed: the <video> gives frames', async ({ later, opened }) => {
    await withoutWorker();
    const workers: Worker[] = [];
    globalThis.Worker = class extends Native {
      constructor(...args: ConstructorParameters<typeof Worker>) {
        super(...args);
        workers.push(this);
      }
    };
    const track = await cameraTrack({ width: 640, height: 480 });
    later(() => track.stop());
    const source = opened(track);
    (await source.next()).frame.close();
    workers[0]!.terminate();
    for (let i = 0; i < 20; i++) (await source.next()).frame.close();
    expect(live()).toBe(0);
    source.close();
    await expect.poll(openFrames).toBe(0);
  });

  test('starts from the workerUrl that a darkroom was given', async ({ later, opened }) => {
    await withoutWorker();
    const urls: string[] = [];
    globalThis.Worker = class extends Native {
      constructor(url: string | URL, options?: WorkerOptions) {
        super(url, options);
        urls.push(String(url));
      }
    };
    const workerUrl = new URL('../../../worker/index.ts?elsewhere', import.meta.url);
    new Darkroom({ workerUrl }).close();
    const track = await cameraTrack({ width: 640, height: 480 });
    later(() => track.stop());
    (await opened(track).next()).frame.close();
    expect(urls).toEqual([workerUrl.href]);
  });
});
