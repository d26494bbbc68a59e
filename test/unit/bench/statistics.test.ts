import { expect, test } from 'vitest';
import { photoLike } from '../../../bench/subjects/scene.ts';
import { order } from '../../../src/bench/order.ts';
import {
  changeInterval,
  generator,
  medianInterval,
  percentile,
  ratioInterval,
  ratioIntervalByTurns,
  ratios,
  summarise,
} from '../../../src/bench/statistics.ts';

test('median, deviation and quartiles interpolate between order statistics', () => {
  expect(summarise([5])).toEqual({ median: 5, mad: 0, low: 5, high: 5 });
  expect(summarise([4, 1, 3, 2])).toEqual({ median: 2.5, mad: 1, low: 1.75, high: 3.25 });
  expect(summarise([9, 1, 5, 100, 7])).toEqual({ median: 7, mad: 2, low: 5, high: 9 });
  expect(percentile([10, 20, 30, 40, 50], 0.95)).toBeCloseTo(48);
});

test('ratios are taken round by round', () => {
  expect(ratios([2, 9], [1, 3])).toEqual([2, 3]);
});

test.each([2, 3, 4, 5, 6, 7, 12])('every one of %i contestants runs once a round, and each leads in turn', (count) => {
  const rounds = Array.from({ length: count * 2 }, (_, round) => order(count, round));
  for (const round of rounds)
    expect([...round].sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
  for (let i = 0; i < count; i++) expect(rounds.filter(([first]) => first === i)).toHaveLength(2);
});

test.each([2, 3, 4, 5, 6, 7])('each of %i contestants follows each other one equally often', (count) => {
  const follows = new Map<string, number>();
  for (let round = 0; round < count * 2; round++) {
    order(count, round).forEach((one, place, all) => {
      if (place > 0) follows.set(`${all[place - 1]} ${one}`, (follows.get(`${all[place - 1]} ${one}`) ?? 0) + 1);
    });
  }
  expect([...follows.values()]).toEqual(Array.from({ length: count * (count - 1) }, () => 2));
});

test.each([2, 3, 4, 5, 6, 7, 12])('each of %i contestants runs before each other one in every other round', (count) => {
  for (let round = 0; round < count * 2; round += 2) {
    expect(order(count, round + 1)).toEqual(order(count, round).reverse());
  }
});

test('the generator is even, repeats by seed and differs between seeds', () => {
  const draw = (seed: number): number[] => Array.from({ length: 20_000 }, generator(seed));
  expect(draw(3)).toEqual(draw(3));
  expect(draw(3)).not.toEqual(draw(4));
  const tenths = new Array<number>(10).fill(0);
  for (const value of draw(3)) tenths[Math.floor(value * 10)]!++;
  for (const count of tenths) expect(count).toBeGreaterThan(1850);
});

test('an interval covers the true median as often as it claims', () => {
  const random = generator(11);
  const covered = Array.from({ length: 300 }, (_, seed) => {
    const { low, high } = medianInterval(Array.from({ length: 25 }, random), { seed, resamples: 500 });
    return low <= 0.5 && high >= 0.5;
  });
  expect(covered.filter(Boolean).length / 300).toBeGreaterThan(0.92);
});

/**
 * Times of a busy machine: its speed drifts by half, each run differs, one in ten is disturbed and takes up to three
 * times as long.
 */
function busyRounds(seed: number, work: readonly number[], rounds: number): number[][] {
  const random = generator(seed);
  const noise = (): number => (random() + random() + random() - 1.5) * 0.05;
  let speed = 1;
  const times = work.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const i of order(work.length, round)) {
      speed = Math.min(1.5, Math.max(0.75, speed * (1 + noise())));
      const disturbed = random() < 0.1 ? 1 + 2 * random() : 1;
      times[i]!.push(20 * work[i]! * speed * (1 + noise()) * disturbed);
    }
  }
  return times;
}

test('two identical contestants come out within 3 %, in 9 of 10 runs with 1 inside the interval', () => {
  const runs = Array.from({ length: 100 }, (_, seed) => {
    const [base, same] = busyRounds(seed + 1, [1, 1], 15);
    return ratioInterval(same!, base!, { resamples: 500 });
  });
  expect(runs.filter(({ low, high }) => low <= 1 && high >= 1).length).toBeGreaterThanOrEqual(90);
  expect(runs.filter(({ median }) => Math.abs(median - 1) <= 0.03).length).toBeGreaterThanOrEqual(90);
});

test('two identical contestants come out the same although who runs later takes longer', () => {
  const runs = Array.from({ length: 100 }, (_, seed) => {
    const random = generator(seed + 1);
    const times: number[][] = [[], []];
    const isLater: boolean[] = [];
    for (let round = 0; round < 45; round++) {
      const turns = order(2, round);
      turns.forEach((i, turn) => times[i]!.push(20 * (1 + 0.006 * turn) * (1 + 0.004 * (random() + random() - 1))));
      isLater.push(turns[1] === 1);
    }
    return ratioIntervalByTurns(times[1]!, times[0]!, isLater, { resamples: 500 });
  });
  expect(runs.filter(({ low, high }) => low <= 1 && high >= 1).length).toBeGreaterThanOrEqual(90);
  expect(Math.max(...runs.map(({ low, high }) => high - low))).toBeLessThan(0.006);
});

test('a contestant with 10 % more work is told apart', () => {
  const runs = Array.from({ length: 100 }, (_, seed) => {
    const [base, more] = busyRounds(seed + 1, [1, 1.1], 15);
    return ratioInterval(more!, base!, { resamples: 500 });
  });
  expect(runs.filter(({ low }) => low > 1).length).toBeGreaterThanOrEqual(90);
  expect(summarise(runs.map(({ median }) => median)).median).toBeCloseTo(1.1, 1);
});

test('a change between runs is found, and no change is not', () => {
  const steady = (seed: number, work: number): number[] =>
    Array.from({ length: 15 }, generator(seed)).map((x) => work * (1 + x / 10));
  const same = changeInterval(steady(1, 1), steady(2, 1));
  expect(same.low).toBeLessThan(1);
  expect(same.high).toBeGreaterThan(1);
  const more = changeInterval(steady(1, 1.2), steady(2, 1));
  expect(more.low).toBeGreaterThan(1.1);
  expect(more.high).toBeLessThan(1.3);
});

test('generated frames are opaque, repeat by seed and differ between seeds', () => {
  const [a, b, c] = [photoLike(320, 64), photoLike(320, 64), photoLike(320, 64, 2)];
  expect(a).toEqual(b);
  expect(a).not.toEqual(c);
  expect(a.filter((_, i) => i % 4 === 3).every((alpha) => alpha === 255)).toBe(true);
});
