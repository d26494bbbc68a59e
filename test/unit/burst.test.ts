import { afterEach, describe, expect, test, vi } from 'vitest';
import { holds } from '../../src/burst/bracket.ts';
import { StartingAt, type BurstFrame, type BurstSource } from '../../src/burst/burst-source.ts';
import { planBurst, type BurstOptions } from '../../src/burst/options.ts';
import { Pace } from '../../src/burst/pace.ts';
import { MAX_HELD_BYTES, Places } from '../../src/burst/places.ts';
import { Selection } from '../../src/burst/selection.ts';
import { Random } from '../helpers/random.ts';

/** The moments out of these that a pace takes. */
function taken(pace: Pace, moments: number[]): number[] {
  return moments.filter((moment) => {
    if (pace.judge(moment) !== 'due') return false;
    pace.took(moment);
    return true;
  });
}

describe('pace', () => {
  const camera = (fps: number, frames: number): number[] => Array.from({ length: frames }, (_, i) => (i * 1000) / fps);

  test('takes every frame of a camera with the rate asked for, with and without jitter', () => {
    const random = new Random(1);
    const jittery = camera(30, 300).map((moment) => moment + random.below(8));
    expect(taken(new Pace(1000 / 30, Infinity), jittery)).toEqual(jittery);
  });

  test('skips frames of a faster camera to keep the rate', () => {
    const tenSeconds = taken(new Pace(100, Infinity), camera(60, 600)).length;
    expect([100, 101]).toContain(tenSeconds);
    expect(taken(new Pace(1000 / 25, Infinity), camera(30, 300)).length).toBeLessThanOrEqual(251);
  });

  test('takes no extra frames after a gap', () => {
    expect(taken(new Pace(100, Infinity), [0, 100, 1000, 1010, 1020, 1100])).toEqual([0, 100, 1000, 1100]);
  });

  test('is over when its duration has passed', () => {
    const pace = new Pace(0, 100);
    expect([5, 50, 105, 106].map((moment) => pace.judge(moment))).toEqual(['due', 'due', 'due', 'over']);
  });
});

describe('places', () => {
  test('are as many as asked for, and free again when left', () => {
    const places = new Places(2);
    places.take(10);
    places.take(10);
    expect(places.hasRoom()).toBe(false);
    places.developed(10);
    expect(places.hasRoom()).toBe(false);
    places.leave();
    expect([places.hasRoom(), places.taken]).toEqual([true, 1]);
  });

  test('hold a limited number of bytes, but always one frame', () => {
    const places = new Places(100);
    expect(places.hasRoom(MAX_HELD_BYTES * 2)).toBe(true);
    places.take(MAX_HELD_BYTES - 5);
    expect([places.hasRoom(5), places.hasRoom(6)]).toEqual([true, false]);
    places.developed(MAX_HELD_BYTES - 5);
    expect(places.hasRoom(6)).toBe(true);
  });

  test('hold a limited number of undeveloped frames, when that is lower', () => {
    const places = new Places(5, 2);
    places.take(1);
    places.take(1);
    expect(places.hasRoom()).toBe(false);
    places.developed(1);
    expect(places.hasRoom()).toBe(true);
    for (let i = 0; i < 3; i++) {
      places.take(1);
      places.developed(1);
    }
    expect([places.hasRoom(), places.taken]).toEqual([false, 5]);
  });

  test('can be waited for until one is free or the signal aborts', async () => {
    const places = new Places(1);
    places.take(1);
    const controller = new AbortController();
    const order: string[] = [];
    const first = places.room(1, new AbortController().signal).then(() => order.push('room'));
    const second = places.room(1, controller.signal).then(() => order.push('aborted'));
    controller.abort();
    await second;
    places.leave();
    await first;
    expect(order).toEqual(['aborted', 'room']);
  });
});

test('a selection keeps the sharpest, in order, and closes the others', () => {
  const random = new Random(7);
  const open = new Set<number>();
  const candidates = Array.from({ length: 40 }, (_, i) => {
    open.add(i);
    return { i, sharpness: random.below(12), frame: { close: () => open.delete(i) } };
  });
  const selection = new Selection<(typeof candidates)[number]>(5);
  for (const candidate of candidates) {
    selection.offer(candidate);
    expect([...open].filter((i) => i <= candidate.i).length).toBeLessThanOrEqual(5);
  }
  const best = [...candidates].sort((a, b) => b.sharpness - a.sharpness || a.i - b.i).slice(0, 5);
  const expected = best.map(({ i }) => i).sort((a, b) => a - b);
  expect([...open]).toEqual(expected);
  expect(selection.take().map(({ i }) => i)).toEqual(expected);
  selection.close();
  expect(open.size).toBe(5);
});

test.each([
  [-1, -1, true],
  [-0.99, -1, true],
  [-0.66, -1, false],
  [0, 0, true],
  ['manual', 'manual', true],
  ['continuous', 'manual', false],
  ['manual', ['manual', 'continuous'], true],
  [50, { exact: 50 }, true],
  [50, { ideal: 20 }, false],
  [50, { min: 20, max: 60 }, true],
  [50, { max: 20 }, false],
  [true, true, true],
  [undefined, 1, false],
])('a setting of %o satisfies %o: %o', (setting, wanted, expected) => {
  expect(holds(setting, wanted)).toBe(expected);
});

test.each<[BurstOptions, typeof TypeError | typeof RangeError, string]>([
  [{ at: NaN }, TypeError, 'at'],
  [{ at: '5' as never }, TypeError, 'at'],
  [{ at: Infinity }, RangeError, 'at'],
  [{ at: -Infinity }, RangeError, 'at'],
  [{ at: Date.now() }, RangeError, 'at'],
  [{ at: performance.now() + 120_000 }, RangeError, 'at'],
  [{ pick: 0, count: 3 }, RangeError, 'pick'],
  [{ pick: 3 }, TypeError, 'pick'],
  [{ policy: 'queue' as 'wait' }, TypeError, 'policy'],
  [{ onprogress: 5 as never }, TypeError, 'onprogress'],
  [{ bracket: [] }, RangeError, 'bracket'],
  [{ bracket: [1] as never }, TypeError, 'bracket'],
  [{ bracket: [{}], at: 5 }, TypeError, 'bracket'],
  [{ bracket: [{}], pick: 1, count: 3 }, TypeError, 'bracket'],
])('%o throws an error that names the option', (options, kind, name) => {
  expect(() => planBurst(options, 4)).toThrow(kind);
  expect(() => planBurst(options, 4)).toThrow(`options.${name}`);
});

test('`at` may be any moment of the past, and of the next minute', () => {
  for (const at of [-1e9, -1, 0, performance.now(), performance.now() + 59_000])
    expect(planBurst({ at }, 4).at).toBe(at);
  expect(() => planBurst({ at: Date.now() }, 4)).toThrow(/performance\.now\(\)/);
});

test('options that are left out have their defaults', () => {
  expect(planBurst({}, 4)).toMatchObject({
    count: Infinity,
    maxPending: 4,
    policy: 'drop',
    develop: { effort: 'speed' },
  });
  expect(planBurst({ bracket: [{}, {}], effort: 'size' }, 4)).toMatchObject({ count: 2, develop: { effort: 'size' } });
});

describe('a source that gives old frames only', () => {
  afterEach(() => void vi.useRealTimers());
  /** Frames of one moment, one a second. */
  function frozen(): BurstSource & { given: number } {
    vi.useFakeTimers({ toFake: ['performance'] });
    const frame = { close: () => {} } as ImageBitmap;
    return {
      given: 0,
      async next() {
        this.given++;
        vi.advanceTimersByTime(1000);
        return { frame, timestamp: 7, missed: 0 };
      },
      close: () => {},
    };
  }

  test('has its newest frame taken 5 s after the moment asked for', async () => {
    const source = frozen();
    const at = performance.now() + 10_000;
    expect((await new StartingAt(source, at).next(new AbortController().signal)).timestamp).toBe(7);
    expect(source.given).toBe(15);
  });
});

test.each([
  ['UnknownError', 'starts with that picture'],
  ['OperationError', 'gives none'],
])('a source that gives one picture and then rejects with %s, before the moment asked for, %s', async (name) => {
  let closed = 0;
  const frame = { close: () => closed++ } as unknown as ImageBitmap;
  const frames = [{ frame, timestamp: 7, missed: 2 }];
  const reason = new DOMException('no more', name);
  const next = async (): Promise<BurstFrame> => frames.shift() ?? Promise.reject(reason);
  const first = new StartingAt({ next, close: () => {} }, performance.now() + 1000).next(new AbortController().signal);
  if (name === 'UnknownError') expect([await first, closed]).toEqual([{ frame, timestamp: 7, missed: 0 }, 0]);
  else expect([await first.catch((error: unknown) => error), closed]).toEqual([reason, 1]);
});
