import { afterEach, beforeEach, expect, test } from 'vitest';
import { Darkroom, MotorDrive, type BurstOptions, type Shot } from '../../../src/index.ts';
import { engine } from '../../helpers/engine.ts';
import { countOpenFrames, openFrames } from '../../helpers/open-frames.ts';
import { rejection } from '../../helpers/rejection.ts';
import { cameraTrack } from '../../helpers/tracks.ts';

const cleanups: (() => void)[] = [];
beforeEach(({ skip }) => skip(engine !== 'chromium', 'the fake camera has no exposure time'));
afterEach(() => cleanups.splice(0).forEach((clean) => clean()));

const darkroom = new Darkroom({ workers: 1 });

/** The fake camera, which has an exposure time, and a drive for it. */
async function exposing(): Promise<{
  track: MediaStreamTrack;
  drive: MotorDrive;
  settings: () => Record<string, unknown>;
}> {
  const track = await cameraTrack({ width: 640, height: 480 });
  cleanups.push(() => track.stop());
  const settings = (): Record<string, unknown> => ({ ...track.getSettings() });
  return { track, drive: new MotorDrive(track, { darkroom }), settings };
}

const TIMES = { bracket: [{ exposureTime: 20 }, {}, { exposureTime: 80 }] };

/** What the settings were when each frame was taken. */
async function shoot(
  track: MediaStreamTrack,
  drive: MotorDrive,
  options: BurstOptions,
): Promise<{ shots: Shot[]; seen: unknown[] }> {
  const seen: unknown[] = [];
  let before = 0;
  const onprogress = ({ taken }: { taken: number }): void => {
    if (taken > before) seen.push((track.getSettings() as { exposureTime?: number }).exposureTime);
    before = taken;
  };
  const shots: Shot[] = [];
  for await (const shot of drive.burst({ ...options, onprogress })) shots.push(shot);
  return { shots, seen };
}

test('each shot is taken under its set of constraints, and the track is as before afterwards', async () => {
  const { track, drive, settings } = await exposing();
  await track.applyConstraints({
    width: 640,
    height: 480,
    advanced: [{ focusDistance: 30 } as MediaTrackConstraintSet],
  });
  const [before, constraints] = [settings(), track.getConstraints()];
  const { shots, seen } = await shoot(track, drive, TIMES);
  expect(shots.map(({ bracket }) => bracket)).toEqual([0, 1, 2]);
  expect(seen).toEqual([20, before.exposureTime, 80]);
  expect(settings()).toEqual(before);
  expect(track.getConstraints()).toEqual(constraints);
  expect(shots.map(({ width }) => width)).toEqual([640, 640, 640]);
});

test('the sets are repeated when count is larger than their number', async () => {
  const { track, drive } = await exposing();
  const { shots, seen } = await shoot(track, drive, {
    bracket: [{ exposureTime: 20 }, { exposureTime: 80 }],
    count: 5,
  });
  expect(shots.map(({ bracket }) => bracket)).toEqual([0, 1, 0, 1, 0]);
  expect(seen).toEqual([20, 80, 20, 80, 20]);
});

test('a bracket can set sizes', async () => {
  const { drive, settings } = await exposing();
  const sizes: number[] = [];
  const bracket = [{ width: 320, height: 240 }, {}];
  for await (const { width } of drive.burst({ bracket })) sizes.push(width);
  expect(sizes).toEqual([320, 640]);
  expect(settings()).toMatchObject({ width: 640, height: 480 });
});

test.each(['break', 'throw', 'abort', 'close'] as const)('the track is as before after %s', async (way) => {
  countOpenFrames();
  const { drive, settings } = await exposing();
  const before = settings();
  const controller = new AbortController();
  const reason = new Error('enough');
  const taking = (async () => {
    for await (const shot of drive.burst({ ...TIMES, count: 30, signal: controller.signal })) {
      if (shot.index < 2) continue;
      if (way === 'break') break;
      if (way === 'throw') throw reason;
      if (way === 'abort') controller.abort(reason);
      if (way === 'close') drive.close();
    }
  })();
  if (way === 'break') await taking;
  else if (way === 'close') expect((await rejection(taking)).name).toBe('AbortError');
  else expect(await rejection(taking)).toBe(reason);
  expect(settings()).toEqual(before);
  await expect.poll(openFrames).toBe(0);
});

test('rejects when the track has no such property, and changes nothing', async () => {
  const { drive, settings } = await exposing();
  const before = settings();
  const shots: Shot[] = [];
  const error = await rejection(
    (async () => {
      const bracket = [{ exposureTime: 20 }, { exposureCompensation: -1 }];
      for await (const shot of drive.burst({ bracket })) shots.push(shot);
    })(),
  );
  expect((error as DOMException).name).toMatch(/OverconstrainedError|OperationError/);
  expect(shots).toHaveLength(1);
  expect(settings()).toEqual(before);
});

test('delivers the shots that were made, then rejects, when the track ends', async () => {
  const { track, drive } = await exposing();
  const shots: Shot[] = [];
  const error = await rejection(
    (async () => {
      for await (const shot of drive.burst({ ...TIMES, count: 30 })) {
        shots.push(shot);
        track.stop();
      }
    })(),
  );
  expect(shots.length).toBeGreaterThan(0);
  expect((error as DOMException).name).toMatch(/OperationError|InvalidStateError/);
});

test('two brackets on one track take turns', async () => {
  const { track, drive, settings } = await exposing();
  const before = settings();
  const both = await Promise.all([shoot(track, drive, TIMES), shoot(track, drive, TIMES)]);
  for (const { seen } of both) expect(seen).toEqual([20, before.exposureTime, 80]);
  expect(settings()).toEqual(before);
});
