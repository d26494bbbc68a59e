// @module-tag slow
/** Flashes and brackets change a track for a while: one at a time, and afterwards it is as before the first of them. */
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Darkroom, MotorDrive, takePhoto, type Shot } from '../../../src/index.ts';
import { AnsweredTrack } from '../../helpers/answered-track.ts';
import { countOpenFrames, openFrames } from '../../helpers/open-frames.ts';
import { pause } from '../../../src/async/pause.ts';

const darkroom = new Darkroom({ workers: 1 });
const tracks: MediaStreamTrack[] = [];
beforeEach(countOpenFrames);
afterEach(async () => {
  tracks.splice(0).forEach((track) => track.stop());
  await expect.poll(openFrames).toBe(0);
});
afterAll(() => darkroom.close());

function answered(): AnsweredTrack {
  const made = new AnsweredTrack();
  tracks.push(made.track);
  return made;
}

const OFF = { torch: false };
const ON = { torch: true };
const exposure = (exposureCompensation: number): object => ({ exposureCompensation });

/** What each way to change a track asks of it, to the end. */
const ASKS = {
  flash: [ON, OFF, 'FORMER'],
  bracket: [exposure(-1), exposure(0), exposure(1), exposure(0), 'FORMER'],
};
type Way = keyof typeof ASKS;

async function bracket({ track }: AnsweredTrack, signal?: AbortSignal): Promise<Shot[]> {
  const steps = [{ exposureCompensation: -1 }, {}, { exposureCompensation: 1 }];
  const shots: Shot[] = [];
  for await (const shot of new MotorDrive(track, { darkroom }).burst({ bracket: steps, signal })) shots.push(shot);
  return shots;
}

const flash = ({ track }: AnsweredTrack, signal?: AbortSignal): Promise<unknown> =>
  takePhoto(track, { fillLightMode: 'flash', signal }, { darkroom });

const start: Record<Way, (on: AnsweredTrack, signal?: AbortSignal) => Promise<unknown>> = { flash, bracket };

const ways = ['flash', 'bracket'] as const;
const pairs = ways.flatMap((first) => ways.map((second) => [first, second] as const));

/** Each number of answers that a way has had at some moment. */
const moments = (way: Way): number[] => [...ASKS[way].keys()];

describe('adjustments take turns', () => {
  test.each(pairs)('a %s, and a %s that begins at any moment of it', async (first, second) => {
    const tryAt = async (moment: number): Promise<void> => {
      const on = answered();
      const one = start[first](on);
      for (let number = 0; number < moment; number++) (await on.call(number)).grant();
      await on.call(moment);
      const both = Promise.all([one, start[second](on)]);
      await Promise.all([on.grantFrom(moment, both), both]);
      expect(on.changes, `after ${moment} answers`).toEqual([...ASKS[first], ...ASKS[second]]);
      expect(on.isRestored).toBe(true);
    };
    await Promise.all(moments(first).map(tryAt));
  });

  test.each(pairs)('a %s that is aborted at any moment, and a %s', async (first, second) => {
    const tryAt = async (moment: number): Promise<void> => {
      const on = answered();
      const abort = new AbortController();
      const ended = start[first](on, abort.signal).catch((reason: unknown) => reason);
      for (let number = 0; number < moment; number++) (await on.call(number)).grant();
      await on.call(moment);
      const other = start[second](on);
      abort.abort('enough');
      await Promise.all([on.grantFrom(moment, other), other]);
      // Its photos may have been made when it was only being restored.
      if (moment < ASKS[first].length - 2) expect(await ended, `after ${moment} answers`).toBe('enough');
      expect(on.changes.slice(-ASKS[second].length), `after ${moment} answers`).toEqual(ASKS[second]);
      expect(on.isRestored).toBe(true);
    };
    await Promise.all(moments(first).map(tryAt));
  });

  test('a clone waits for its turn too, because it has the same camera', async () => {
    const [on, clone] = [answered(), answered()];
    for (const one of [on, clone]) one.settings = { ...one.settings, deviceId: 'the camera of both' };
    const one = bracket(on);
    const opened = await on.call(0);
    const other = flash(clone);
    const both = Promise.all([one, other]);
    await pause(0);
    expect(clone.asked).toEqual([]);
    opened.grant();
    await Promise.all([on.grantFrom(1, both), clone.grantFrom(0, both), both]);
    expect([on.changes, clone.changes]).toEqual([ASKS.bracket, ASKS.flash]);
  });

  test('an aborted adjustment lets the next one have its turn', async () => {
    const on = answered();
    const one = flash(on);
    await on.call(0);
    const abort = new AbortController();
    const tired = flash(on, abort.signal).catch((reason: unknown) => reason);
    const other = bracket(on);
    abort.abort('tired');
    expect(await tired).toBe('tired');
    const both = Promise.all([one, other]);
    await Promise.all([on.grantFrom(0, both), both]);
    expect(on.changes).toEqual([...ASKS.flash, ...ASKS.bracket]);
  });
});

test.each([{ maxPending: 1 }, { fps: 4 }])(
  'a bracket repeats the step of a frame that was lost: %o',
  async (options) => {
    const on = answered();
    const steps = [{ exposureCompensation: -1 }, {}, { exposureCompensation: 1 }];
    const shots: (number | undefined)[] = [];
    const burst = (async () => {
      for await (const shot of new MotorDrive(on.track, { darkroom }).burst({ bracket: steps, ...options })) {
        shots.push(shot.bracket);
        // Frames come while all places are taken.
        if (options.maxPending && shots.length === 1) await on.call(on.asked.length + 2);
      }
    })();
    await Promise.all([on.grantFrom(0, burst), burst]);
    expect(shots).toEqual([0, 1, 2]);
  },
);

describe('a track that does not answer applyConstraints()', () => {
  test('fails a flash or a bracket, and the next one works', async () => {
    const tryWith = async (way: Way): Promise<void> => {
      const on = answered();
      const failed = start[way](on);
      const next = flash(on);
      await expect(failed).rejects.toMatchObject({ name: 'UnknownError', message: /applyConstraints/ });
      // It takes up its work again, in the order in which it was asked.
      await Promise.all([on.grantFrom(0, next), next]);
      expect(on.changes.slice(0, 3)).toMatchObject([ASKS[way][0]!, ASKS[way].at(-2)!, ON]);
      expect(on.isRestored).toBe(true);
    };
    await Promise.all(ways.map(tryWith));
  });

  test('does not hold up the photo when it is to be restored', async () => {
    const tryWith = async (way: Way): Promise<void> => {
      const on = answered();
      const shot = start[way](on);
      const toRestore = ASKS[way].length - 2;
      for (let number = 0; number < toRestore; number++) (await on.call(number)).grant();
      await shot;
      const next = flash(on);
      await Promise.all([on.grantFrom(toRestore, next), next]);
      expect(on.isRestored).toBe(true);
    };
    await Promise.all(ways.map(tryWith));
  });

  test.each(['stop', 'disable'] as const)(
    'rejects a flash and a bracket with OperationError when it is ended or disabled: %s',
    async (end) => {
      const on = answered();
      const failed = Promise.allSettled([bracket(on), flash(on)]);
      await on.call(0);
      if (end === 'stop') on.track.stop();
      else on.track.enabled = false;
      for (const outcome of await failed) expect(outcome).toMatchObject({ reason: { name: 'OperationError' } });
    },
  );

  test('rejects the photo with the reason when it refuses a flash, and the next photo works', async () => {
    const on = answered();
    const failed = flash(on);
    const refusal = new DOMException('no', 'OperationError');
    (await on.call(0)).refuse(refusal);
    const next = flash(on);
    const both = Promise.allSettled([failed, next]);
    await on.grantFrom(1, both);
    expect(await both).toMatchObject([{ reason: refusal }, { status: 'fulfilled' }]);
    expect(on.isRestored).toBe(true);
  });
});
