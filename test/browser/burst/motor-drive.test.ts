// @module-tag slow
import { afterEach, describe, expect, test } from 'vitest';
import { Darkroom, MotorDrive, type Shot } from '../../../src/index.ts';
import { engine } from '../../helpers/engine.ts';
import { countOpenFrames, openFrames } from '../../helpers/open-frames.ts';
import { collect, decode, movingTrack } from '../frames.ts';
import { rejection } from '../../helpers/rejection.ts';
import { cameraTrack } from '../../helpers/tracks.ts';
import { pause } from '../../../src/async/pause.ts';

const cleanups: (() => void)[] = [];
afterEach(() => cleanups.splice(0).forEach((clean) => clean()));

function moving(width = 320, height = 240, fps = 30): MediaStreamTrack {
  const { track, stop } = movingTrack(width, height, fps);
  cleanups.push(stop);
  return track;
}

function pool(workers = 1, maxPending?: number): Darkroom {
  const darkroom = new Darkroom({ workers, maxPending });
  cleanups.push(() => darkroom.close());
  return darkroom;
}

describe('bursts', () => {
  test('deliver as many photos as asked for, in order', async () => {
    const drive = new MotorDrive(await cameraTrack({ width: 640, height: 480 }), { darkroom: pool(2) });
    cleanups.push(() => drive.track.stop());
    const shots = await collect(drive.burst({ count: 12, imageWidth: 160 }));
    expect(shots.map((shot) => shot.index)).toEqual([...Array(12).keys()]);
    const times = shots.map((shot) => shot.timestamp);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times.at(-1)).toBeGreaterThan(times[0]!);
    for (const shot of shots) expect(await decode(shot.blob)).toMatchObject({ width: 160, height: 120 });
  });

  test(
    '300 frames at 1080p (60 where canvases are slow): all delivered, memory flat from the tenth on, no frame left open',
    { timeout: 120_000 },
    async () => {
      countOpenFrames();
      const count = engine === 'chromium' ? 300 : 60;
      const darkroom = pool(2);
      await darkroom.ready();
      const drive = new MotorDrive(moving(1920, 1080, 60), { darkroom });
      let early = 0;
      let delivered = 0;
      for await (const shot of drive.burst({ count })) {
        expect(shot.index).toBe(delivered++);
        if (delivered === 10) early = await darkroom.memoryBytes();
      }
      expect(delivered).toBe(count);
      expect(early).toBeGreaterThan(0);
      expect(await darkroom.memoryBytes()).toBe(early);
      expect(darkroom.pending).toBe(0);
      expect(openFrames()).toBe(0);
    },
  );

  test('never hold more than maxPending for a slow reader, and count what is lost', async () => {
    const darkroom = pool(1);
    let held = 0;
    const develop = darkroom.develop.bind(darkroom);
    let open = 0;
    darkroom.develop = (...args) => {
      held = Math.max(held, ++open);
      return develop(...args);
    };
    const drive = new MotorDrive(moving(), { darkroom });
    let dropped = 0;
    for await (const shot of drive.burst({ count: 6, maxPending: 2 })) {
      dropped += shot.dropped;
      await pause(200);
      open--;
    }
    expect(held).toBeLessThanOrEqual(3);
    expect(dropped).toBeGreaterThan(5);
  });

  test('take fewer frames with fps, and end after duration', async () => {
    const drive = new MotorDrive(moving(), { darkroom: pool() });
    const shots = await collect(drive.burst({ fps: 5, duration: 1000 }));
    expect(shots.length).toBeGreaterThanOrEqual(3);
    expect(shots.length).toBeLessThanOrEqual(6);
  });

  test('end when the loop is left, and leave the track as it was', async () => {
    countOpenFrames();
    const track = moving();
    const darkroom = pool();
    for await (const shot of new MotorDrive(track, { darkroom }).burst()) if (shot.index === 2) break;
    await expect.poll(() => darkroom.pending).toBe(0);
    await expect.poll(() => openFrames()).toBe(0);
    expect(track.readyState).toBe('live');
    expect(track.enabled).toBe(true);
  });
});

describe('a burst ends', () => {
  test('when aborted: it delivers the photos already made, then throws the reason', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const shots: Shot[] = [];
    const drive = new MotorDrive(moving(), { darkroom: pool() });
    const error = await rejection(
      (async () => {
        for await (const shot of drive.burst({ signal: controller.signal })) {
          shots.push(shot);
          if (shots.length === 3) controller.abort(reason);
        }
      })(),
    );
    expect(error).toBe(reason);
    expect(shots.length).toBeGreaterThanOrEqual(3);
  });

  test('when the track stops: it delivers the photos already made, then throws a DOMException at once', async () => {
    const track = moving();
    const shots: Shot[] = [];
    const drive = new MotorDrive(track, { darkroom: pool() });
    const error = await rejection(
      (async () => {
        for await (const shot of drive.burst()) {
          shots.push(shot);
          if (shots.length === 3) track.stop();
        }
      })(),
    );
    expect(error).toBeInstanceOf(DOMException);
    expect((error as DOMException).name).toMatch(/OperationError|InvalidStateError/);
    expect(shots.length).toBeGreaterThanOrEqual(3);
  });

  test('with AbortError when close() is called', async () => {
    const drive = new MotorDrive(moving(), { darkroom: pool() });
    const error = await rejection(
      (async () => {
        for await (const shot of drive.burst()) if (shot.index === 1) drive.close();
      })(),
    );
    expect((error as DOMException).name).toBe('AbortError');
    expect(((await rejection(collect(drive.burst()))) as DOMException).name).toBe('AbortError');
  });

  test('with the darkroom’s error when the darkroom cannot work', async () => {
    const darkroom = new Darkroom({ wasmUrl: '/no-such-kernels.wasm' });
    cleanups.push(() => darkroom.close());
    const error = await rejection(collect(new MotorDrive(moving(), { darkroom }).burst({ count: 3 })));
    expect((error as DOMException).name).toBe('OperationError');
  });

  test('before it begins when options or track are wrong', async () => {
    const drive = new MotorDrive(moving(), { darkroom: pool() });
    expect(() => drive.burst({ count: 0 })).toThrow(RangeError);
    expect(() => drive.burst({ count: NaN })).toThrow(TypeError);
    expect(() => drive.burst({ fps: -1 })).toThrow(RangeError);
    expect(() => drive.burst({ duration: 0 })).toThrow(RangeError);
    expect(() => drive.burst({ maxPending: 0.5 })).toThrow(RangeError);
    expect(() => drive.burst({ quality: 2 })).toThrow(RangeError);
    expect(() => new MotorDrive({} as MediaStreamTrack)).toThrow(TypeError);
    const audio = (await navigator.mediaDevices.getUserMedia({ audio: true })).getAudioTracks()[0]!;
    cleanups.push(() => audio.stop());
    expect(() => new MotorDrive(audio)).toThrow(expect.objectContaining({ name: 'NotSupportedError' }));
  });
});
