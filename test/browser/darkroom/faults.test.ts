// @module-tag slow
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Darkroom, ImageCapture, type DarkroomOptions } from '../../../src/index.ts';
import { engine } from '../../helpers/engine.ts';
import { countOpenFrames, openFrames } from '../../helpers/open-frames.ts';
import { cameraTrack } from '../../helpers/tracks.ts';
import { kill, restoreWorkers, spinningKernels, watchWorkers, withLateLocks } from '../../helpers/workers.ts';
import { bitmap } from '../frames.ts';
import { rejection } from '../../helpers/rejection.ts';

/** Seen of WebKitGTK 2.50: each such test would cost the ones after it a core. */
const SPINS_ON = 'a worker that was terminated spins on in WebAssembly';

const pools: Darkroom[] = [];
const unhandled: unknown[] = [];
beforeAll(() => addEventListener('unhandledrejection', ({ reason }) => unhandled.push(reason)));
beforeEach(countOpenFrames);
afterEach(() => {
  restoreWorkers();
  pools.splice(0).forEach((pool) => pool.close());
  expect(unhandled.splice(0)).toEqual([]);
});

function poolOf(options: DarkroomOptions = {}): Darkroom {
  const pool = new Darkroom({ workers: 1, ...options });
  pools.push(pool);
  return pool;
}

function frame(): VideoFrame {
  return new VideoFrame(new Uint8Array(64 * 48 * 1.5), {
    format: 'I420',
    codedWidth: 64,
    codedHeight: 48,
    timestamp: 0,
  });
}

const refuse = (): never => {
  throw new DOMException('refused', 'SecurityError');
};

/** Nothing is held, and nobody waits. */
async function expectNothingHeld(pool: Darkroom): Promise<void> {
  await expect.poll(() => pool.pending).toBe(0);
  await expect.poll(openFrames).toBe(0);
}

/** The frame is with its worker. */
async function expectBegun(given: ImageBitmap | VideoFrame): Promise<void> {
  await expect.poll(() => (given instanceof ImageBitmap ? given.width : given.codedWidth)).toBe(0);
}

const failed = (words: string): unknown =>
  expect.objectContaining({ name: 'OperationError', message: expect.stringContaining(words) as string });

describe('a worker that cannot start', () => {
  test('is refused by the browser: every promise rejects, and every frame is closed', async () => {
    watchWorkers(refuse);
    const pool = poolOf();
    const frames = [frame(), frame(), frame()];
    const errors = await Promise.all([
      rejection(pool.develop(frames[0]!)),
      rejection(pool.develop(frames[1]!)),
      rejection(pool.keep(frames[2]!)),
      rejection(pool.ready()),
      rejection(pool.develop(new ImageData(640, 480), { workers: 2 })),
    ]);
    expect(errors).toEqual(errors.map(() => failed('refused')));
    expect(frames.map(({ codedWidth }) => codedWidth)).toEqual([0, 0, 0]);
    await expectNothingHeld(pool);
  });

  test.each([
    ['a script on another host', { workerUrl: 'https://cdn.invalid/worker.js' }, 'https://cdn.invalid/worker.js'],
    ['a script that does not exist', { workerUrl: '/no-such-worker.js' }, '/no-such-worker.js'],
    ['a script with an invalid URL', { workerUrl: 'http://[' }, 'http://['],
    ['kernels that do not exist', { wasmUrl: '/no-such-kernels.wasm' }, '/no-such-kernels.wasm'],
    ['kernels with an invalid URL', { wasmUrl: 'http://[' }, 'could not be started'],
  ])('has %s: the error says so, and the next frame fails in the same way', async (_, options, words) => {
    const pool = poolOf(options);
    for (let i = 0; i < 2; i++) {
      const given = frame();
      expect(await rejection(pool.develop(given))).toEqual(failed(words));
      expect(given.codedWidth).toBe(0);
    }
    expect(await rejection(pool.ready())).toEqual(failed(words));
    await expectNothingHeld(pool);
  });

  test('leaves the camera free: frames go on after photos that failed', async () => {
    const track = await cameraTrack({ width: 640, height: 480 });
    const capture = new ImageCapture(track, { darkroom: poolOf({ workerUrl: 'https://cdn.invalid/worker.js' }) });
    for (let i = 0; i < 4; i++) expect(await rejection(capture.takePhoto())).toEqual(failed('worker'));
    const grabbed = await new ImageCapture(track).grabFrame();
    expect(grabbed.width).toBe(640);
    grabbed.close();
    track.stop();
    await expect.poll(openFrames).toBe(0);
  });

  test('was to replace one that died: both jobs reject', async ({ skip }) => {
    skip(engine === 'webkit', SPINS_ON);
    const { made } = watchWorkers((url, index) => (index > 0 ? refuse() : url));
    const pool = poolOf({ wasmUrl: await spinningKernels('crc32') });
    await pool.ready();
    const spins = rejection(pool.develop(bitmap(), { type: 'image/png' }));
    const waits = rejection(pool.develop(bitmap()));
    kill(made[0]!);
    expect(await spins).toEqual(failed('died'));
    expect(await waits).toEqual(failed('refused'));
    await expectNothingHeld(pool);
  });

  test.each([
    ['at once', (url: string | URL) => url],
    ['late', withLateLocks],
  ])(
    'was killed while starting, its lock having come %s: the job rejects, and the next one works',
    async (_, change) => {
      const { made } = watchWorkers(change, (worker) => {
        if (made.length === 1) worker.addEventListener('message', () => kill(worker), { once: true });
      });
      const pool = poolOf();
      expect(await rejection(pool.develop(bitmap()))).toEqual(failed('The worker died.'));
      expect((await pool.develop(bitmap())).width).toBe(64);
      expect(made).toHaveLength(2);
    },
  );
});

describe('ready()', () => {
  test('starts workers again after a start that failed', async () => {
    const { made } = watchWorkers((url, index) => (index === 0 ? '/no-such-worker.js' : url));
    const pool = poolOf();
    expect(await rejection(pool.ready())).toEqual(failed('could not be loaded'));
    await pool.ready();
    expect(made).toHaveLength(2);
    await pool.develop(bitmap());
    expect(made).toHaveLength(2);
  });

  test('starts new workers in place of idle ones that were killed', async () => {
    const { made } = watchWorkers();
    const pool = poolOf({ workers: 2 });
    await pool.ready();
    expect(made).toHaveLength(2);
    made.forEach(kill);
    // The death of a worker with nothing to do is noticed by and by.
    await expect.poll(() => pool.ready().then(() => made.length)).toBe(4);
  });

  test.each([Infinity, 65, 1e9])('new Darkroom({ workers: %d }) throws', (workers) => {
    expect(() => new Darkroom({ workers })).toThrow(RangeError);
    expect(new Darkroom({ workers: 64 }).workers).toBe(64);
  });

  test('rejects when the darkroom is closed before the workers have started', async () => {
    const pool = poolOf({ workers: 2 });
    const started = rejection(pool.ready());
    pool.close();
    expect(await started).toMatchObject({ name: 'AbortError' });
    expect(await rejection(pool.ready())).toMatchObject({ name: 'InvalidStateError' });
  });
});

describe('a worker that never answers', () => {
  beforeEach(({ skip }) => skip(engine === 'webkit', SPINS_ON));
  const png = { type: 'image/png' } as const;

  test('is replaced after an abort: the abort is answered at once, and the queue goes on', async () => {
    const log = watchWorkers();
    const pool = poolOf({ wasmUrl: await spinningKernels('crc32') });
    const controller = new AbortController();
    const reason = new Error('enough');
    await pool.ready();
    const given = bitmap();
    const spins = rejection(pool.develop(given, { ...png, signal: controller.signal }));
    await expectBegun(given);
    const ahead = rejection(pool.develop(bitmap(), {}, 'ahead'));
    const waits = pool.develop(bitmap(32, 24));
    controller.abort(reason);
    expect(await spins).toBe(reason);
    expect([log.made.length, log.ended, pool.pending]).toEqual([1, 0, 3]);
    expect(await ahead).toEqual(failed('did not answer'));
    expect((await waits).width).toBe(32);
    expect([log.made.length, log.ended]).toEqual([2, 1]);
    await expectNothingHeld(pool);
  });

  test('is left alone when a waiting job is aborted', async () => {
    const log = watchWorkers();
    const pool = poolOf();
    const controller = new AbortController();
    await pool.ready();
    const given = bitmap(3000, 2000);
    const works = pool.develop(given, { ...png, effort: 'size' });
    await expectBegun(given);
    const ahead = rejection(pool.develop(bitmap(), { signal: controller.signal }, 'ahead'));
    controller.abort();
    expect(await ahead).toMatchObject({ name: 'AbortError' });
    expect((await works).width).toBe(3000);
    expect([log.made.length, log.ended]).toEqual([1, 0]);
    await expectNothingHeld(pool);
  });

  test('frees all workers of a shared photo when that is aborted', async () => {
    const log = watchWorkers();
    const pool = poolOf({ workers: 2, wasmUrl: await spinningKernels('encodeBlocks') });
    const controller = new AbortController();
    await pool.ready();
    const shared = new ImageData(64, 64);
    const options = { workers: 2, effort: 'speed', signal: controller.signal } as const;
    const spins = rejection(pool.develop(shared, options));
    await expect.poll(() => pool.pending).toBe(2);
    controller.abort();
    expect(await spins).toMatchObject({ name: 'AbortError' });
    const photos = await Promise.all([pool.develop(bitmap()), pool.develop(bitmap())]);
    expect(photos.map(({ width }) => width)).toEqual([64, 64]);
    await expectNothingHeld(pool);
    expect(log.ended).toBe(2);
  });

  test('frees the other workers of a shared photo when one part fails', async () => {
    const log = watchWorkers();
    const pool = poolOf({ workers: 2, wasmUrl: await spinningKernels('encodeBlocks') });
    await pool.ready();
    const spins = rejection(pool.develop(new ImageData(64, 64), { workers: 2, effort: 'speed' }));
    await expect.poll(() => pool.pending).toBe(2);
    kill(log.made[0]!);
    expect(await spins).toEqual(failed('died'));
    const photos = await Promise.all([pool.develop(bitmap()), pool.develop(bitmap())]);
    expect(photos.map(({ width }) => width)).toEqual([64, 64]);
    await expectNothingHeld(pool);
    expect(log.ended).toBe(2);
  });

  test('is ended at once by close()', async () => {
    const log = watchWorkers();
    const pool = poolOf({ wasmUrl: await spinningKernels('crc32') });
    await pool.ready();
    const jobs = [bitmap(), bitmap()].map((given) => rejection(pool.develop(given, png)));
    pool.close();
    for (const error of await Promise.all(jobs)) expect(error).toMatchObject({ name: 'AbortError' });
    expect([log.made.length, log.ended]).toEqual([1, 1]);
    await expectNothingHeld(pool);
  });

  // It waits for both limits, and workers that spin slow the machine until the engine has ended them.
  test(
    'is given up for a frame to be kept: at once after an abort, and else after a time limit',
    { timeout: 90_000 },
    async () => {
      const log = watchWorkers();
      const pool = poolOf({ wasmUrl: await spinningKernels('laplacianEnergy') });
      const controller = new AbortController();
      const given = frame();
      const first = rejection(pool.keep(given, { signal: controller.signal }));
      await expectBegun(given);
      const behind = rejection(pool.keep(frame()));
      controller.abort(new Error('enough'));
      expect(await first).toMatchObject({ message: 'enough' });
      expect(await behind).toEqual(failed('did not answer within 2 s'));
      expect(await rejection(pool.keep(frame()))).toEqual(failed('did not answer within 10 s'));
      expect((await pool.develop(bitmap())).width).toBe(64);
      expect(log.ended).toBe(2);
      await expectNothingHeld(pool);
    },
  );
});
