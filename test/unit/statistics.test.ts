import { expect, test } from 'vitest';
import { photoLike } from '../../bench/scene.ts';
import { order, ratios, summarise } from '../../bench/statistics.ts';

test('median and quartiles interpolate between order statistics', () => {
  expect(summarise([5])).toEqual({ median: 5, low: 5, high: 5 });
  expect(summarise([4, 1, 3, 2])).toEqual({ median: 2.5, low: 1.75, high: 3.25 });
  expect(summarise([9, 1, 5, 100, 7])).toEqual({ median: 7, low: 5, high: 9 });
});

test('ratios are taken round by round', () => {
  expect(ratios([2, 9], [1, 3])).toEqual([2, 3]);
});

test('every contestant runs once a round, and each leads in turn', () => {
  const rounds = [0, 1, 2].map((round) => order(3, round));
  for (const round of rounds) expect([...round].sort()).toEqual([0, 1, 2]);
  expect(rounds.map(([first]) => first)).toEqual([0, 1, 2]);
});

test('generated frames are opaque, repeat by seed and differ between seeds', () => {
  const [a, b, c] = [photoLike(320, 64), photoLike(320, 64), photoLike(320, 64, 2)];
  expect(a).toEqual(b);
  expect(a).not.toEqual(c);
  expect(a.filter((_, i) => i % 4 === 3).every((alpha) => alpha === 255)).toBe(true);
});
