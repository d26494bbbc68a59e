import { afterEach, describe, expect, test } from 'vitest';
import { FrameBuffer } from '../../../src/burst/frame-buffer.ts';
import { openFrameSource } from '../../../src/frame-source/frame-source.ts';
import { Darkroom, MotorDrive, type BurstOptions, type Shot } from '../../../src/index.ts';
import { has } from '../../helpers/engine.ts';
import { countOpenFrames, openFrames } from '../../helpers/open-frames.ts';
import { cameraTrack, generatorTrack } from '../../helpers/tracks.ts';
import { decode, movingTrack } from '../frames.ts';
import { rejection } from '../../helpers/rejection.ts';

const cleanups: (() => void)[] = [];
afterEach(() => cleanups.splice(0).forEach((clean) => clean()));

const darkroom = new Darkroom({ workers: 1 });

function bufferOf(track: MediaStreamTrack, frames: number): FrameBuffer {
  const buffer = new FrameBuffer(track, frames, (frame, signal) => darkroom.keep(frame, { signal }));
  cleanups.push(() => buffer.close());
  return buffer;
}

function moving(): MediaStreamTrack {
  const { track, stop } = movingTrack(320, 240);
  cleanups.push(stop);
  return track;
}

function driveOf(track: MediaStreamTrack, buffer: number): MotorDrive {
  const drive = new MotorDrive(track, { darkroom, buffer });
  cleanups.push(() => drive.close());
  return drive;
}

/** A grey frame of 64 × 64 captured now. */
function grey(level: number): VideoFrame {
  const data = new Uint8Array(64 * 64 * 4).fill(level);
  return new VideoFrame(data, {
    format: 'RGBX',
    codedWidth: 64,
    codedHeight: 64,
    timestamp: Math.round(performance.now() * 1000),
  });
}

async function levelOf({ blob }: Shot): Promise<number> {
  return Math.round((await decode(blob)).data[0]! / 40) * 40;
}

async function firstOf(drive: MotorDrive, options: BurstOptions = {}): Promise<Shot> {
  for await (const shot of drive.burst({ count: 1, ...options })) return shot;
  throw new Error('The burst was empty.');
}

/** A drive whose buffer has black frames, then one each of the levels 40, 80 … 240; and the shots of those. */
async function filled(): Promise<{ drive: MotorDrive; shots: Shot[] }> {
  const { track, send } = generatorTrack();
  cleanups.push(() => track.stop());
  const drive = driveOf(track, 32);
  // What is sent before the buffer listens is lost.
  const timer = setInterval(() => void send(grey(0)), 20);
  await firstOf(drive).finally(() => clearInterval(timer));
  const shots: Shot[] = [];
  for (const level of [40, 80, 120, 160, 200, 240]) {
    await send(grey(level));
    let shot: Shot;
    do shot = await firstOf(drive);
    while ((await levelOf(shot)) !== level);
    shots.push(shot);
  }
  return { drive, shots };
}

describe('zero shutter lag', () => {
  test('a burst begins with the newest frame in the buffer, though no other comes', async ({ skip }) => {
    skip(!has.generator, 'a canvas cannot be fed frame by frame');
    const { drive, shots } = await filled();
    const called = performance.now();
    const shot = await firstOf(drive);
    expect(shot.timestamp).toBeLessThanOrEqual(called);
    expect(shot.timestamp).toBeGreaterThanOrEqual(shots[5]!.timestamp);
    expect(await levelOf(shot)).toBe(240);
  });

  test('with `at` a burst begins with the frame nearest to that moment', async ({ skip }) => {
    skip(!has.generator, 'a canvas cannot be fed frame by frame');
    const { drive, shots } = await filled();
    const [early, late] = [shots[2]!.timestamp, shots[3]!.timestamp];
    const levels: number[] = [];
    for (const share of [0, 0.1, 0.9, 1]) {
      levels.push(await levelOf(await firstOf(drive, { at: early + (late - early) * share })));
    }
    expect(levels).toEqual([120, 120, 160, 160]);
    expect(await levelOf(await firstOf(drive, { at: 0 }))).toBe(0);
  });

  test('a burst goes on without a gap, from frames in the buffer to those still to come', async () => {
    const track = await cameraTrack({ width: 320, height: 240 });
    cleanups.push(() => track.stop());
    const drive = driveOf(track, 6);
    await firstOf(drive);
    const called = performance.now();
    const shots: Shot[] = [];
    for await (const shot of drive.burst({ count: 12, maxPending: 12 })) shots.push(shot);
    expect(shots[0]!.timestamp).toBeLessThanOrEqual(called);
    const times = shots.map((shot) => shot.timestamp);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times.at(-1)).toBeGreaterThan(times[0]!);
  });

  test('without a buffer a burst with `at` skips frames until the nearest one', async () => {
    const drive = driveOf(moving(), 0);
    const at = performance.now() + 300;
    const shots: Shot[] = [];
    for await (const shot of drive.burst({ count: 2, at })) shots.push(shot);
    const nearest = Math.abs(shots[0]!.timestamp - at);
    expect(nearest).toBeLessThanOrEqual(Math.abs(shots[1]!.timestamp - at));
    expect(shots[0]!.dropped).toBe(0);
  });

  test('a wrong buffer size throws', () => {
    const { track, stop } = movingTrack(32, 32);
    cleanups.push(stop);
    expect(() => new MotorDrive(track, { buffer: -1 })).toThrow(RangeError);
    expect(() => new MotorDrive(track, { buffer: 1.5 })).toThrow(RangeError);
  });
});

describe('the buffer', () => {
  test('keeps as many frames as asked for, and the camera goes on giving others', async () => {
    countOpenFrames();
    const track = await cameraTrack({ width: 640, height: 480 });
    cleanups.push(() => track.stop());
    const buffer = bufferOf(track, 8);
    await expect.poll(() => buffer.length).toBe(8);
    const source = openFrameSource(track);
    for (let i = 0; i < 3; i++) (await source.next()).frame.close();
    source.close();
    expect(buffer.length).toBe(8);
    buffer.close();
    expect(buffer.length).toBe(0);
    await expect.poll(openFrames).toBe(0);
  });

  test('gives several readers the same frames, and tells each how many it has missed', async () => {
    const buffer = bufferOf(moving(), 3);
    await expect.poll(() => buffer.length).toBe(3);
    const [fast, slow] = [buffer.open(performance.now()), buffer.open(performance.now())];
    const first = await slow.next();
    first.frame.close();
    let missed = 0;
    for (let i = 0; i < 8; i++) {
      const { frame, timestamp } = await fast.next();
      frame.close();
      if (timestamp > first.timestamp) missed++;
    }
    const next = await slow.next();
    next.frame.close();
    expect(missed).toBeGreaterThan(3);
    expect(next.missed).toBeGreaterThanOrEqual(missed - 4);
    fast.close();
    slow.close();
  });

  test('is emptied when the page is hidden, and fills when it is shown', async () => {
    countOpenFrames();
    const buffer = bufferOf(moving(), 3);
    await expect.poll(() => buffer.length).toBe(3);
    setVisibility('hidden');
    cleanups.push(() => setVisibility('visible'));
    expect(buffer.length).toBe(0);
    await expect.poll(openFrames).toBe(0);
    setVisibility('visible');
    await expect.poll(() => buffer.length).toBe(3);
  });

  test('is emptied while the track is disabled, and fills when it is enabled', async () => {
    countOpenFrames();
    const track = moving();
    const buffer = bufferOf(track, 3);
    await expect.poll(() => buffer.length).toBe(3);
    track.enabled = false;
    await expect.poll(() => buffer.length).toBe(0);
    await expect.poll(openFrames).toBe(0);
    track.enabled = true;
    await expect.poll(() => buffer.length).toBe(3);
  });

  test('is closed when its track ends, and readers are rejected', async () => {
    countOpenFrames();
    const track = moving();
    const buffer = bufferOf(track, 3);
    await expect.poll(() => buffer.length).toBe(3);
    const reader = buffer.open(performance.now() + 1e6);
    (await reader.next()).frame.close();
    track.stop();
    const error = await rejection(
      (async () => {
        for (;;) (await reader.next()).frame.close();
      })(),
    );
    expect((error as DOMException).name).toMatch(/OperationError|InvalidStateError/);
    await expect.poll(() => buffer.length).toBe(0);
    await expect.poll(openFrames).toBe(0);
  });

  test('rejects readers with the reason when frames cannot be copied', async () => {
    const broken = new Darkroom({ wasmUrl: '/no-such-kernels.wasm' });
    cleanups.push(() => broken.close());
    const drive = new MotorDrive(moving(), { darkroom: broken, buffer: 3 });
    cleanups.push(() => drive.close());
    expect(((await rejection(firstOf(drive))) as DOMException).message).toContain('kernels could not be loaded');
  });
});

/** A page in a test cannot be hidden: it says that it is, and fires the event. */
function setVisibility(state: DocumentVisibilityState): void {
  Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
  document.dispatchEvent(new Event('visibilitychange'));
}
