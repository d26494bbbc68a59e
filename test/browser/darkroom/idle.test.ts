// @module-tag slow
import { afterEach, expect, test } from 'vitest';
import { Darkroom, MotorDrive, type DarkroomOptions } from '../../../src/index.ts';
import { canvasTrack } from '../../helpers/tracks.ts';
import { restoreWorkers, watchWorkers } from '../../helpers/workers.ts';
import { bitmap, paint } from '../frames.ts';

const pools: Darkroom[] = [];
afterEach(() => {
  restoreWorkers();
  pools.splice(0).forEach((pool) => pool.close());
});

function poolOf(options: DarkroomOptions = {}): Darkroom {
  const pool = new Darkroom({ workers: 1, idleTimeout: 1, ...options });
  pools.push(pool);
  return pool;
}

/**
 * The timers of two pools with one timeout fire in the order in which they were set: when the second's has, the first's
 * has.
 */
async function until(log: { ended: number }): Promise<void> {
  const before = log.ended;
  await poolOf().ready();
  await expect.poll(() => log.ended).toBeGreaterThan(before);
}

test('idle workers end, including the one that keeps frames, and start again when needed', async () => {
  const log = watchWorkers();
  const pool = poolOf({ workers: 2 });
  const { frame } = await pool.keep(new VideoFrame(paint(64, 48), { timestamp: 0 }));
  frame.close();
  await pool.develop(bitmap());
  await expect.poll(() => log.ended).toBe(2);
  expect(await pool.memoryBytes()).toBe(0);
  expect((await pool.develop(bitmap())).width).toBe(64);
  await expect.poll(() => log.ended).toBe(3);
  expect(log.made).toHaveLength(3);
});

test('ready() starts workers although they end at once', async () => {
  const log = watchWorkers();
  const pool = poolOf({ workers: 2 });
  await pool.ready();
  expect(log.made).toHaveLength(2);
  await expect.poll(() => log.ended).toBe(2);
});

test('a worker at work is not ended, however long the work takes', async () => {
  const log = watchWorkers();
  const pool = poolOf();
  const photo = pool.develop(bitmap(1500, 1000), { type: 'image/png', effort: 'size' });
  await until(log);
  expect((await photo).width).toBe(1500);
  await expect.poll(() => log.ended).toBe(2);
  expect(log.made).toHaveLength(2);
});

test('idleTimeout Infinity keeps workers until close()', async () => {
  const log = watchWorkers();
  const pool = poolOf({ idleTimeout: Infinity });
  await pool.develop(bitmap());
  await until(log);
  expect(log).toMatchObject({ ended: 1 });
  pool.close();
  expect(log).toMatchObject({ ended: 2 });
});

test('a timeout longer than timers allow does not end workers at once', async () => {
  const log = watchWorkers();
  const pool = poolOf({ idleTimeout: 2 ** 40 });
  await pool.develop(bitmap());
  await until(log);
  expect(log).toMatchObject({ ended: 1 });
});

test.each([
  ['is closed', (drive: MotorDrive) => drive.close()],
  ['has a track that was stopped', (drive: MotorDrive) => drive.track.stop()],
])('an open MotorDrive keeps idle workers until it %s', async (_, end) => {
  const log = watchWorkers();
  const pool = poolOf();
  const drive = new MotorDrive(canvasTrack(), { darkroom: pool });
  await pool.develop(bitmap());
  await until(log);
  await until(log);
  expect(log).toMatchObject({ ended: 2 });
  end(drive);
  await expect.poll(() => log.ended).toBe(3);
});

test('the shared darkroom ends idle workers after 30 seconds', () => {
  expect(Darkroom.shared.idleTimeout).toBe(30_000);
});

test.each([
  [0, RangeError],
  [-1, RangeError],
  [NaN, TypeError],
  ['5', TypeError],
])('idleTimeout %o throws', (idleTimeout, Kind) => {
  expect(() => new Darkroom({ idleTimeout: idleTimeout as number })).toThrow(Kind);
});
