import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Darkroom, MotorDrive, type BurstOptions, type BurstProgress, type Shot } from '../../../src/index.ts';
import { engine, has } from '../../helpers/engine.ts';
import { countOpenFrames, openFrames } from '../../helpers/open-frames.ts';
import { Random } from '../../helpers/random.ts';
import { remote } from '../../helpers/track-sources.ts';
import { cameraTrack, generatorTrack, twoColours } from '../../helpers/tracks.ts';
import { trapIn } from '../../helpers/trapping-kernels.ts';
import { bitmap, movingTrack } from '../frames.ts';

const cleanups: (() => void)[] = [];
const shared = new Darkroom({ workers: 2 });
beforeEach(countOpenFrames);
afterEach(() => cleanups.splice(0).forEach((clean) => clean()));
afterAll(() => shared.close());

function moving(): MediaStreamTrack {
  const { track, stop } = movingTrack(320, 240);
  cleanups.push(stop);
  return track;
}

function driveOf(track: MediaStreamTrack, darkroom = shared): MotorDrive {
  const drive = new MotorDrive(track, { darkroom });
  cleanups.push(() => drive.close());
  return drive;
}

/** Runs a burst to its end: the shots, and what it threw. `each` sees every shot as it comes. */
async function run(
  drive: MotorDrive,
  options: BurstOptions,
  each: (shot: Shot) => unknown = () => {},
): Promise<{ shots: Shot[]; error: unknown }> {
  const shots: Shot[] = [];
  try {
    for await (const shot of drive.burst(options)) {
      shots.push(shot);
      await each(shot);
    }
    return { shots, error: undefined };
  } catch (error) {
    return { shots, error };
  }
}

/** Nothing is held any more, and the next photo works. */
async function expectHealthy(darkroom = shared): Promise<void> {
  await expect.poll(openFrames).toBe(0);
  await expect.poll(() => darkroom.pending).toBe(0);
  expect((await darkroom.develop(bitmap(40, 30))).width).toBe(40);
}

const name = (error: unknown): string | undefined => (error as DOMException | undefined)?.name;

describe('a track in the middle of a burst', () => {
  test('ends: the burst delivers the shots that were made, then rejects', async () => {
    const track = moving();
    const { shots, error } = await run(driveOf(track), { policy: 'wait' }, ({ index }) => index === 2 && track.stop());
    expect(shots.length).toBeGreaterThanOrEqual(3);
    expect(name(error)).toMatch(/OperationError|InvalidStateError/);
    await expectHealthy();
  });

  test('is disabled: the burst rejects, and works again when the track is enabled', async () => {
    const track = moving();
    const { error } = await run(driveOf(track), {}, () => (track.enabled = false));
    expect(name(error)).toMatch(/OperationError|InvalidStateError/);
    track.enabled = true;
    expect((await run(driveOf(track), { count: 2 })).shots).toHaveLength(2);
    await expectHealthy();
  });

  test('gives no frames for a while: the burst goes on when frames come', async () => {
    const { track, send } = generatorTrack();
    cleanups.push(() => track.stop());
    let silent = false;
    const timer = setInterval(() => !silent && void send(twoColours(64, 48)).catch(() => {}), 20);
    cleanups.push(() => clearInterval(timer));
    const { shots, error } = await run(driveOf(track), { count: 5, maxPending: 1 }, async ({ index }) => {
      silent = index === 1;
      if (silent) setTimeout(() => (silent = false), 600);
    });
    expect([shots.length, error]).toEqual([5, undefined]);
    await expectHealthy();
  });

  test('is muted: the burst goes on when the track is unmuted', async ({ skip }) => {
    skip(!('RTCPeerConnection' in globalThis), 'no peer connections');
    const { track, end, hold } = await remote();
    cleanups.push(end);
    const muted: boolean[] = [];
    const { shots, error } = await run(driveOf(track), { count: 6, maxPending: 1 }, async ({ index }) => {
      if (index !== 1) return;
      await hold(true);
      await expect.poll(() => track.muted).toBe(true);
      muted.push(track.muted);
      setTimeout(() => void hold(false), 600);
    });
    expect([shots.length, error, muted, track.muted]).toEqual([6, undefined, [true], false]);
    await expectHealthy();
  });

  test('has its constraints changed: the burst goes on', async ({ skip }) => {
    skip(engine === 'firefox', 'the fake camera keeps its size');
    const track = await cameraTrack({ width: 640, height: 480 });
    cleanups.push(() => track.stop());
    const widths = new Set<number>();
    const options = { maxPending: 2, signal: AbortSignal.timeout(20_000) };
    for await (const { index, width } of driveOf(track).burst(options)) {
      if (index === 1) await track.applyConstraints({ width: 320, height: 240 });
      widths.add(width);
      if (widths.size === 2) break;
    }
    expect([...widths]).toEqual([640, 320]);
    await expectHealthy();
  });

  test('changes its size and is turned: each shot has the size of its frame', async () => {
    const { track, send } = generatorTrack();
    cleanups.push(() => track.stop());
    let make = (): VideoFrame => twoColours(64, 48);
    const timer = setInterval(() => void send(make()).catch(() => {}), 20);
    cleanups.push(() => clearInterval(timer));
    const turned = has.rotation ? [() => twoColours(64, 48, { rotation: 90 })] : [];
    const makers = [() => twoColours(80, 40), ...turned];
    const sizes: string[] = [];
    for await (const { width, height } of driveOf(track).burst({ maxPending: 1 })) {
      if (sizes.includes(`${width} × ${height}`)) continue;
      sizes.push(`${width} × ${height}`);
      const next = makers.shift();
      if (!next) break;
      make = next;
    }
    expect(sizes).toEqual(['64 × 48', '80 × 40', ...(has.rotation ? ['48 × 64'] : [])]);
    await expectHealthy();
  });

  test('is read by two bursts, and its clone by a third: each gets all its shots', async () => {
    const track = await cameraTrack({ width: 640, height: 480 });
    const clone = track.clone();
    cleanups.push(
      () => track.stop(),
      () => clone.stop(),
    );
    const drives = [driveOf(track), driveOf(track), driveOf(clone)];
    const results = await Promise.all(drives.map((drive) => run(drive, { count: 5 })));
    expect(results.map(({ shots }) => shots.length)).toEqual([5, 5, 5]);
    await expectHealthy();
  });
});

describe('a worker in the middle of a burst', () => {
  test.each(['drop', 'wait'] as const)(
    'is killed: its shots count as dropped, and the burst goes on: %s',
    async (policy) => {
      const workers: Worker[] = [];
      const Native = globalThis.Worker;
      globalThis.Worker = class extends Native {
        constructor(...args: ConstructorParameters<typeof Worker>) {
          super(...args);
          workers.push(this);
        }
      };
      cleanups.push(() => (globalThis.Worker = Native));
      const darkroom = new Darkroom({ workers: 1 });
      cleanups.push(() => darkroom.close());
      await darkroom.ready();
      const { track, stop } = movingTrack(1280, 720);
      cleanups.push(stop);
      let pending = 0;
      const onprogress = (now: BurstProgress): void => void ({ pending } = now);
      let killed = false;
      const { shots, error } = await run(
        driveOf(track, darkroom),
        { count: 8, effort: 'size', maxPending: 3, policy, onprogress },
        async () => {
          if (killed) return;
          killed = true;
          await expect.poll(() => pending).toBe(3);
          workers[0]!.terminate();
        },
      );
      expect(error).toBeUndefined();
      expect(shots.map(({ index }) => index)).toEqual([...Array(8).keys()]);
      expect(workers.length).toBeGreaterThan(1);
      await expectHealthy(darkroom);
    },
  );

  test('traps twice in a row: the burst rejects, and the next one works', async () => {
    const response = await fetch(new URL('../../../build/kernels.wasm', import.meta.url));
    const trapping = trapIn(new Uint8Array(await response.arrayBuffer()), 'crc32');
    const wasmUrl = URL.createObjectURL(new Blob([trapping], { type: 'application/wasm' }));
    const darkroom = new Darkroom({ workers: 1, wasmUrl });
    cleanups.push(() => darkroom.close());
    const drive = driveOf(moving(), darkroom);
    const { shots, error } = await run(drive, { count: 3, type: 'image/png' });
    expect([shots.length, name(error)]).toEqual([0, 'OperationError']);
    expect((await run(drive, { count: 3 })).shots).toHaveLength(3);
    await expectHealthy(darkroom);
  });

  test('has too little memory for the photo: the burst rejects with RangeError, and the next one works', async () => {
    const drive = driveOf(moving());
    const { error } = await run(drive, { count: 3, imageWidth: 60_000, imageHeight: 60_000 });
    expect(error).toBeInstanceOf(RangeError);
    expect((await run(drive, { count: 3 })).shots).toHaveLength(3);
    await expectHealthy();
  });
});

describe('a consumer', () => {
  test.each(['drop', 'wait'] as const)('that stops reading holds maxPending shots at most: %s', async (policy) => {
    let progress: BurstProgress | undefined;
    let most = 0;
    const onprogress = (now: BurstProgress): void => {
      progress = now;
      most = Math.max(most, now.pending);
    };
    const burst = driveOf(moving()).burst({ maxPending: 3, policy, onprogress })[Symbol.asyncIterator]();
    await burst.next();
    await expect.poll(() => progress!.pending).toBe(3);
    await expect.poll(() => shared.pending).toBe(0);
    await expect.poll(openFrames).toBeLessThanOrEqual(1);
    expect(most).toBe(3);
    await burst.return!();
    await expectHealthy();
  });

  test('that throws ends the burst', async () => {
    const mine = new Error('mine');
    const { error } = await run(driveOf(moving()), {}, () => {
      throw mine;
    });
    expect(error).toBe(mine);
    await expectHealthy();
  });

  test('that leaves while it waits for a shot is let go at once', async () => {
    const { track } = generatorTrack();
    cleanups.push(() => track.stop());
    const burst = driveOf(track).burst()[Symbol.asyncIterator]();
    const pending = burst.next();
    expect(await burst.return!()).toEqual({ done: true, value: undefined });
    // Waited for, the shot would have been missed with an UnknownError.
    expect(await pending).toEqual({ done: true, value: undefined });
    expect(await burst.next()).toEqual({ done: true, value: undefined });
    await expectHealthy();
  });

  test('that leaves before the first shot opens no source', async () => {
    const burst = driveOf(moving()).burst()[Symbol.asyncIterator]();
    await burst.return!();
    expect(await burst.next()).toEqual({ done: true, value: undefined });
    expect(openFrames()).toBe(0);
  });

  test('that asks for several shots at once gets them in order', async () => {
    const burst = driveOf(moving()).burst({ count: 3 })[Symbol.asyncIterator]();
    const results = await Promise.all([burst.next(), burst.next(), burst.next(), burst.next()]);
    expect(results.map(({ done, value }) => (done ? 'done' : (value as Shot).index))).toEqual([0, 1, 2, 'done']);
    await expectHealthy();
  });
});

describe('a burst that is ended at any moment', () => {
  test('settles for 50 aborts, each at another moment, and leaves no frame open', { timeout: 90_000 }, async () => {
    const random = new Random(20);
    const track = moving();
    const kinds: BurstOptions[] = [{}, { policy: 'wait', maxPending: 1 }, { pick: 2, count: 4 }, { effort: 'size' }];
    for (let i = 0; i < 50; i++) {
      const controller = new AbortController();
      const reason = new Error(`abort ${i}`);
      // Counted in events of the burst, not in time: the same moments on every machine.
      let left = random.below(8);
      const step = (): void => void (left-- <= 0 && controller.abort(reason));
      const options = { ...kinds[i % kinds.length], signal: controller.signal, onprogress: step };
      const drive = new MotorDrive(track, { darkroom: shared, buffer: i % 3 === 2 ? 2 : 0 });
      const { shots, error } = await run(drive, options, step);
      if (error === undefined) expect(options.pick).toBe(shots.length);
      else expect(error).toBe(reason);
      drive.close();
    }
    await expectHealthy();
    expect((await run(driveOf(track), { count: 2 })).shots).toHaveLength(2);
  });

  test('rejects when the darkroom is closed', async () => {
    const darkroom = new Darkroom({ workers: 2 });
    const { error } = await run(driveOf(moving(), darkroom), {}, () => darkroom.close());
    expect(name(error)).toMatch(/AbortError|InvalidStateError/);
    await expect.poll(openFrames).toBe(0);
    expect(darkroom.pending).toBe(0);
  });

  test('rejects when the drive is closed', async () => {
    const drive = driveOf(moving());
    const { error } = await run(drive, {}, ({ index }) => index === 1 && drive.close());
    expect(name(error)).toBe('AbortError');
    await expectHealthy();
  });
});
