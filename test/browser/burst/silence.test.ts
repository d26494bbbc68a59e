/** Bursts whose workers have started, as far as anybody can tell, and never answer. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Darkroom, MotorDrive, type BurstProgress } from '../../../src/index.ts';
import { countOpenFrames, openFrames } from '../../helpers/open-frames.ts';
import { movingTrack } from '../frames.ts';

const cleanups: (() => void)[] = [];
beforeEach(countOpenFrames);
afterEach(() => cleanups.splice(0).forEach((clean) => clean()));

function silentDarkroom(): Darkroom {
  const script = new Blob(['onmessage = () => {};'], { type: 'text/javascript' });
  const darkroom = new Darkroom({ workers: 1, workerUrl: URL.createObjectURL(script) });
  cleanups.push(() => darkroom.close());
  return darkroom;
}

function moving(): MediaStreamTrack {
  const { track, stop } = movingTrack(320, 240);
  cleanups.push(stop);
  return track;
}

const options = [{ pick: 1, count: 3 }, { maxPending: 3 }, { maxPending: 3, policy: 'wait' }] as const;

test.each(options)(
  'leaving a burst returns at once and closes all frames, though the darkroom never answers: %o',
  async (options) => {
    let taken = 0;
    const onprogress = (now: BurstProgress): void => void ({ taken } = now);
    const drive = new MotorDrive(moving(), { darkroom: silentDarkroom() });
    const burst = drive.burst({ ...options, onprogress })[Symbol.asyncIterator]();
    const pending = burst.next();
    await expect.poll(() => taken).toBeGreaterThan(1);
    await burst.return!();
    expect(await pending).toEqual({ done: true, value: undefined });
    await expect.poll(openFrames).toBe(0);
  },
);

test.each(options)(
  'close() ends a burst and closes all frames, though the darkroom never answers: %o',
  async (options) => {
    let taken = 0;
    const onprogress = (now: BurstProgress): void => void ({ taken } = now);
    const drive = new MotorDrive(moving(), { darkroom: silentDarkroom() });
    const pending = drive
      .burst({ ...options, onprogress })
      [Symbol.asyncIterator]()
      .next();
    await expect.poll(() => taken).toBeGreaterThan(1);
    drive.close();
    await expect(pending).rejects.toMatchObject({ name: 'AbortError' });
    await expect.poll(openFrames).toBe(0);
  },
);

test('close() also closes a buffer that waits for its first frame', async () => {
  const drive = new MotorDrive(moving(), { darkroom: silentDarkroom(), buffer: 2 });
  // The frame that is being kept, and in Firefox the one that its <video> shows.
  await expect.poll(openFrames).toBeGreaterThan(0);
  drive.close();
  await expect.poll(openFrames).toBe(0);
});
