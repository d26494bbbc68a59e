import { afterEach, describe, expect, test } from 'vitest';
import { Darkroom, MotorDrive, type BurstProgress, type Shot } from '../../../src/index.ts';
import { countOpenFrames, openFrames } from '../../helpers/open-frames.ts';
import { cameraTrack, generatorTrack } from '../../helpers/tracks.ts';
import { collect, movingTrack, paint } from '../frames.ts';
import { rejection } from '../../helpers/rejection.ts';

const cleanups: (() => void)[] = [];
afterEach(() => cleanups.splice(0).forEach((clean) => clean()));

function moving(width = 320, height = 240): MediaStreamTrack {
  const { track, stop } = movingTrack(width, height);
  cleanups.push(stop);
  return track;
}

function pool(workers = 1): Darkroom {
  const darkroom = new Darkroom({ workers });
  cleanups.push(() => darkroom.close());
  return darkroom;
}

/** A picture that was made smaller by this factor and large again: the more, the less can be seen. */
function blurred(factor: number): VideoFrame {
  const sharp = paint(320, 240);
  const context = sharp.getContext('2d')!;
  context.fillStyle = '#fff';
  for (let i = 0; i < 200; i++) context.fillRect((i * 67) % 320, (i * 41) % 240, 2, 2);
  const [width, height] = [320 / factor, 240 / factor];
  const small = new OffscreenCanvas(width, height);
  small.getContext('2d')!.drawImage(sharp, 0, 0, width, height);
  context.drawImage(small, 0, 0, 320, 240);
  return new VideoFrame(sharp, { timestamp: Math.round(performance.now() * 1000) });
}

/** Sends these frames over and over until the test is over. */
function looping(frames: () => VideoFrame): MediaStreamTrack {
  const { track, send } = generatorTrack();
  const timer = setInterval(() => void send(frames()).catch(() => {}), 20);
  cleanups.push(() => {
    clearInterval(timer);
    track.stop();
  });
  return track;
}

describe('a shot', () => {
  test('has times that follow each other, from capture to delivery', async () => {
    const shots = await collect(new MotorDrive(moving(), { darkroom: pool(2) }).burst({ count: 5 }));
    for (const { times, timestamp } of shots) {
      const { captured, queued, read, processed, delivered } = times;
      const way = [captured, queued, read, processed, delivered, performance.now()];
      expect(way).toEqual([...way].sort((a, b) => a - b));
      expect(captured).toBe(timestamp);
    }
  });

  test('has the sharpness of its frame, whatever size the photo has', async () => {
    let blur = 1;
    const track = looping(() => blurred(blur));
    const values: number[] = [];
    for (blur of [1, 2, 5]) {
      // The first shots may still be of the blur before.
      const shots = await collect(new MotorDrive(track, { darkroom: pool() }).burst({ count: 6, imageWidth: 64 }));
      values.push(shots.at(-1)!.sharpness);
    }
    expect(values[0]!).toBeGreaterThan(values[1]! * 1.5);
    expect(values[1]!).toBeGreaterThan(values[2]! * 1.5);
  });

  test('has a sharpness, which other photos have only with measureSharpness', async () => {
    const photo = await pool().develop(new VideoFrame(paint(64, 64), { timestamp: 0 }));
    expect(photo.sharpness).toBeUndefined();
    const measured = await pool().develop(new VideoFrame(paint(64, 64), { timestamp: 0 }), { measureSharpness: true });
    expect(measured.sharpness).toBeGreaterThan(0);
  });
});

describe('pick', () => {
  test('delivers only the sharpest frames, in the order of their capture, and encodes no others', async () => {
    countOpenFrames();
    let progress: BurstProgress | undefined;
    // By the frames taken, however many the engine skips; those under way are fewer than four.
    const isSharp = (taken: number): boolean => taken % 10 >= 4 && taken % 10 < 8;
    const track = looping(() => blurred(isSharp(progress?.taken ?? 0) ? 1 : 5));
    const darkroom = pool(2);
    let encoded = 0;
    const develop = darkroom.develop.bind(darkroom);
    darkroom.develop = (...args) => {
      encoded++;
      return develop(...args);
    };
    const onprogress = (now: BurstProgress): void => void (progress = now);
    const shots = await collect(new MotorDrive(track, { darkroom }).burst({ count: 20, pick: 2, onprogress }));
    expect(encoded).toBe(2);
    expect(shots.map(({ index }) => index)).toEqual([0, 1]);
    expect(shots[1]!.timestamp).toBeGreaterThan(shots[0]!.timestamp);
    const blurriest = (
      await collect(
        new MotorDrive(
          looping(() => blurred(5)),
          { darkroom },
        ).burst({ count: 1 }),
      )
    )[0]!;
    for (const { sharpness } of shots) expect(sharpness).toBeGreaterThan(blurriest.sharpness * 1.5);
    expect(progress).toMatchObject({ taken: 20, delivered: 2, pending: 0 });
    track.stop();
    await expect.poll(openFrames).toBe(0);
  });

  test('delivers what there is when the track ends before so many frames, then rejects', async () => {
    countOpenFrames();
    const track = moving();
    const shots: Shot[] = [];
    const onprogress = ({ taken }: BurstProgress): void => void (taken === 4 && track.stop());
    const error = await rejection(
      (async () => {
        const burst = new MotorDrive(track, { darkroom: pool() }).burst({ count: 50, pick: 3, onprogress });
        for await (const shot of burst) shots.push(shot);
      })(),
    );
    expect(shots).toHaveLength(3);
    expect((error as DOMException).name).toMatch(/OperationError|InvalidStateError/);
    await expect.poll(openFrames).toBe(0);
  });

  test('rejects when so many frames would fill the memory', async () => {
    countOpenFrames();
    const burst = new MotorDrive(moving(), { darkroom: pool() }).burst({ count: 5000, pick: 4000 });
    expect(await rejection(collect(burst))).toBeInstanceOf(RangeError);
    await expect.poll(openFrames).toBe(0);
  });
});

describe('back-pressure', () => {
  test('with `wait` no frame is taken while all places are taken, and none is copied', async () => {
    const darkroom = pool();
    darkroom.keep = () => Promise.reject(new Error('copied'));
    const seen: BurstProgress[] = [];
    const onprogress = (now: BurstProgress): void => void seen.push(now);
    const drive = new MotorDrive(moving(), { darkroom });
    const burst = drive.burst({ count: 8, maxPending: 2, policy: 'wait', onprogress })[Symbol.asyncIterator]();
    await burst.next();
    await expect.poll(() => seen.at(-1)!.pending).toBe(2);
    const rest: Shot[] = [];
    for (let next = await burst.next(); !next.done; next = await burst.next()) rest.push(next.value);
    expect(rest).toHaveLength(7);
    expect(Math.max(...seen.map(({ pending }) => pending))).toBe(2);
    // Dropped is what the source lost alone: the burst itself has closed nothing.
    expect(seen.at(-1)!.taken).toBe(8);
  });

  test('with `drop` frames are taken all the same, and each one that is lost is counted', async () => {
    const seen: BurstProgress[] = [];
    const onprogress = (now: BurstProgress): void => void seen.push(now);
    const drive = new MotorDrive(moving(), { darkroom: pool() });
    const burst = drive.burst({ maxPending: 2, onprogress })[Symbol.asyncIterator]();
    const first = await burst.next();
    await expect.poll(() => seen.at(-1)).toMatchObject({ taken: 3, pending: 2, delivered: 1 });
    const before = seen.at(-1)!.dropped;
    await expect.poll(() => seen.at(-1)!.dropped).toBeGreaterThan(before + 5);
    const shots = [first, await burst.next(), await burst.next(), await burst.next()];
    const dropped = shots.map(({ value }) => (value as Shot).dropped);
    expect(dropped[0]! + dropped[1]! + dropped[2]!).toBeLessThanOrEqual(before);
    expect(dropped[3]).toBeGreaterThan(5);
    await burst.return!();
  });

  test('an error thrown by onprogress is reported, and the burst goes on', async () => {
    const reported: unknown[] = [];
    const original = globalThis.reportError;
    globalThis.reportError = (error: unknown) => void reported.push(error);
    cleanups.push(() => (globalThis.reportError = original));
    const mine = new Error('mine');
    const onprogress = (): void => {
      throw mine;
    };
    expect(await collect(new MotorDrive(moving(), { darkroom: pool() }).burst({ count: 3, onprogress }))).toHaveLength(
      3,
    );
    expect(reported[0]).toBe(mine);
  });
});

describe('the camera', () => {
  test('goes on giving frames after a burst in which 12 shots waited', async () => {
    countOpenFrames();
    const track = await cameraTrack({ width: 640, height: 480 });
    cleanups.push(() => track.stop());
    const darkroom = pool();
    // Nothing is fetched: far more frames wait than the camera has to lend.
    const seen: BurstProgress[] = [];
    const onprogress = (now: BurstProgress): void => void seen.push(now);
    const drive = new MotorDrive(track, { darkroom });
    const burst = drive.burst({ maxPending: 12, effort: 'size', onprogress })[Symbol.asyncIterator]();
    await burst.next();
    await expect.poll(() => seen.at(-1)!.pending).toBe(12);
    await burst.return!();
    await expect.poll(openFrames).toBe(0);
    expect(await collect(drive.burst({ count: 2 }))).toHaveLength(2);
  });
});
