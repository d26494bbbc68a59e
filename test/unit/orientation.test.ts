import { expect, test } from 'vitest';
import {
  isUpright,
  mirrored,
  storedRect,
  turned,
  turnedSize,
  UPRIGHT,
  uprightPoint,
} from '../../worker/frame/orientation.ts';

const hd = { width: 1920, height: 1080 };

test('a picture turned clockwise by a quarter has its left column on top', () => {
  const orientation = turned(90, false);
  expect(turnedSize(hd, orientation)).toEqual({ width: 1080, height: 1920 });
  expect(storedRect({ x: 0, y: 0, width: 1080, height: 10 }, hd, orientation)).toEqual({
    x: 0,
    y: 0,
    width: 10,
    height: 1080,
  });
  // The left of what is seen was the bottom.
  expect(storedRect({ x: 0, y: 0, width: 10, height: 1920 }, hd, orientation)).toEqual({
    x: 0,
    y: 1070,
    width: 1920,
    height: 10,
  });
});

test.each([
  [0, false, { x: 1, y: 2, width: 3, height: 4 }],
  [0, true, { x: 1916, y: 2, width: 3, height: 4 }],
  [180, false, { x: 1916, y: 1074, width: 3, height: 4 }],
  [180, true, { x: 1, y: 1074, width: 3, height: 4 }],
  [90, false, { x: 2, y: 1076, width: 4, height: 3 }],
  [90, true, { x: 2, y: 1, width: 4, height: 3 }],
  [270, false, { x: 1914, y: 1, width: 4, height: 3 }],
  [270, true, { x: 1914, y: 1076, width: 4, height: 3 }],
])('%i degrees, mirrored: %s', (degrees, mirror, expected) => {
  const rect = { x: 1, y: 2, width: 3, height: 4 };
  expect(storedRect(rect, hd, turned(degrees, mirror))).toEqual(expected);
});

test.each([0, 90, 180, 270].flatMap((degrees) => [false, true].map((mirror) => [degrees, mirror] as const)))(
  '%i degrees, mirrored: %s: a point lies in the centre of the rectangle about it',
  (degrees, mirror) => {
    const orientation = turned(degrees, mirror);
    const stored = storedRect({ x: 10, y: 20, width: 2, height: 4 }, hd, orientation);
    const centre = { x: stored.x + stored.width / 2, y: stored.y + stored.height / 2 };
    expect(uprightPoint(centre, hd, orientation)).toEqual({ x: 11, y: 22 });
  },
);

test.each([
  [-90, 270],
  [360, 0],
  [450, 90],
  [4230, 270],
])('%i degrees are %i', (degrees, same) => expect(turned(degrees, false)).toEqual(turned(same, false)));

test('mirroring twice changes nothing', () => {
  expect(isUpright(mirrored(mirrored(UPRIGHT)))).toBe(true);
  expect(isUpright(mirrored(UPRIGHT))).toBe(false);
  expect(turned(0, true)).toEqual(mirrored(UPRIGHT));
});
