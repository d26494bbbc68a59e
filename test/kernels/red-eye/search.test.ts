// @module-tag slow
import { beforeEach, describe, expect, test } from 'vitest';
import { readSpot, SPOT_BYTES } from '../../../build/records.js';
import { reduceRedEye } from '../../../worker/red-eye/red-eye.ts';
import { judge, probability } from '../../../worker/red-eye/judge.ts';
import { describePicture } from '../../../worker/red-eye/picture.ts';
import { lookAt, searchRedEyes, type Candidate } from '../../../worker/red-eye/search.ts';
import { findSpots, noCounts, type Spot } from '../../../worker/red-eye/spots.ts';
import { sha256 } from '../../helpers/golden-jpeg.ts';
import { face } from '../../helpers/golden-red-eye.ts';
import { load } from '../../helpers/images.ts';
import { loadTestKernels } from '../../helpers/kernels.ts';
import { Random } from '../../helpers/random.ts';
import { drawn, noise, type Pixels } from '../../helpers/scene.ts';
import { candidatesOf } from '../../reference/red-eye/candidates.ts';
import { classify, questionsOf, readForest } from '../../reference/red-eye/forest.ts';

const instance = await loadTestKernels();
const { kernels, memory } = instance;
beforeEach(() => memory.reset());

/** Random discs of red, some of them cut off by the border, on skin and cloth. */
function spotted(width: number, height: number, grain: number): Pixels {
  const random = new Random(width);
  const discs = Array.from({ length: 40 }, () => ({
    ...{ x: random.below(width), y: random.below(height), r: 1 + random.below(7), red: 130 + random.below(120) },
  }));
  return drawn(width, height, (x, y) => {
    const disc = discs.find((disc) => (x - disc.x) ** 2 + (y - disc.y) ** 2 <= disc.r ** 2);
    const colour = disc ? [disc.red, 40, 45] : x + y > (width + height) * 0.75 ? [60, 80, 120] : [205, 160, 135];
    return [...colour.map((value) => value + random.below(grain)), 255];
  });
}

describe('candidates', () => {
  test.each([
    ['spots', spotted(77, 64, 1), 77, 64, 0, 64],
    ['noisy spots', spotted(90, 70, 30), 90, 70, 0, 70],
    ['a band of spots', spotted(83, 96, 6), 83, 96, 32, 64],
    ['noise', noise(50, 40, 3), 50, 40, 0, 40],
    ['a picture as small as they may be', spotted(17, 17, 4), 17, 17, 0, 17],
    ['a smaller one', spotted(16, 16, 4), 16, 16, 0, 16],
  ] as const)('of %s are the definition', (_, pixels, width, height, top, bottom) => {
    const picture = describePicture(instance, load(instance, pixels));
    const tiles = Math.ceil(width / 16) * Math.ceil(height / 16);
    const [first, last] = [Math.max(0, top - 16), Math.min(height, bottom + 16)];
    const rows = last - first;
    const [flags, map, row] = [memory.alloc(tiles), memory.alloc(width * rows + 64), memory.alloc((width + 16) * 4)];
    const table = memory.alloc((width + 16) * (rows + 1) * 2 + 64);
    const scratch = memory.alloc((width + 16) * rows * 2 + 256);
    const found = memory.alloc(SPOT_BYTES * 200);
    memory.bytes(flags, tiles).fill(1);
    const whole = memory.alloc(width * height + 64);
    kernels.rednessMap(picture.address, 0, flags, whole, row, 0, height);
    kernels.rednessMap(picture.address, 0, flags, map, row, first, last);
    kernels.summedArea(map, table, width, rows);
    const sums = new Uint16Array(memory.memory.buffer, table, (width + 16) * (rows + 1));
    const plane = { data: [...memory.bytes(whole, width * height)], width, height };
    for (let y = 0; y <= rows; y++) {
      let sum = 0;
      for (let x = 1; x <= width; x++) {
        for (let v = 0; v < y; v++) sum += plane.data[(first + v) * width + x - 1]!;
        expect(sums[y * (width + 16) + x]).toBe(sum & 0xffff);
      }
    }
    const pixel = (x: number, y: number) => [...pixels.data.subarray((y * width + x) * 4)].slice(0, 3);
    for (const [k, K] of [
      [1, 3],
      [2, 6],
      [3, 8],
    ] as const) {
      const exact = candidatesOf(plane, pixel as never, k, K, top, bottom);
      for (const capacity of [200, 3, 0]) {
        memory.bytes(found, SPOT_BYTES * 200).fill(0x55);
        const band = { first, last, top, bottom };
        const places = { map, table, marks: flags, scratch, dst: found };
        const count = kernels.findCandidates({
          ...{ picture: picture.address, level: 0, k, K, capacity },
          ...places,
          ...band,
        });
        const kept = exact.slice(0, capacity);
        expect(count).toBe(kept.length);
        const spots = kept.map(({ x, y, radius, contrast }) => ({ x: x + 0, y: y + 0, radius, contrast }));
        expect(spots.map((_, i) => memory.read(found + i * SPOT_BYTES, readSpot))).toEqual(spots);
        expect(memory.words(found + count * SPOT_BYTES, 1)[0]).toBe(0x55555555);
      }
    }
  });
});

describe('the forest', () => {
  /** The table, up to where the next constants may begin. */
  const readTable = () => readForest(memory.bytes(kernels.redEyeForest.value, 2 + 70 * 45));

  test('has trees of eleven questions about existing features', () => {
    const { trees } = readTable();
    expect(trees.length).toBe(70);
    for (const tree of trees) {
      expect(questionsOf(tree).length).toBe(11);
      for (const { feature } of questionsOf(tree)) expect(feature).toBeLessThan(kernels.redEyeFeatures.value);
    }
  });

  test('is the one that was trained: golden', async () => {
    const table = memory.bytes(kernels.redEyeForest.value, 2 + 70 * 45).slice();
    expect(await sha256(table)).toBe('ea6e4b7fd6b91973ebd4fcd540993dd14ae7cb5f16c89b5e5eac239e0bf7109c');
  });

  test('returns the sum of its trees, at their thresholds and beside them', () => {
    const forest = readTable();
    const questions = forest.trees.flatMap(questionsOf);
    const thresholds = Array.from({ length: 72 }, (_, feature) =>
      questions.flatMap((question) => (question.feature === feature ? [question.threshold] : [])),
    );
    const random = new Random(5);
    const address = memory.alloc(256);
    const seen = new Set<number>();
    for (let i = 0; i < 3000; i++) {
      const features = thresholds.map((asked) => {
        const threshold = asked[random.below(asked.length)] ?? 0;
        return i < 10 ? (random.word() << 16) >> 16 : threshold * 4 + random.below(9) - 2;
      });
      new Int16Array(memory.memory.buffer, address, 72).set(features);
      const sum = kernels.classifyEye(address);
      expect(sum).toBe(classify(forest, features));
      seen.add(sum);
    }
    expect(seen.size).toBeGreaterThan(500);
  });
});

describe('the search', () => {
  test('corrects 64 eyes of a crowd a search, in five searches at most', () => {
    const one = face(48, 48, [{ x: 24, y: 24, r: 5 }]);
    const crowd = drawn(960, 960, (x, y) => [...one.data.subarray(((y % 48) * 48 + (x % 48)) * 4).subarray(0, 4)]);
    const image = load(instance, crowd);
    const counts = noCounts();
    expect(reduceRedEye(instance, image, counts).length).toBe(5 * 64);
    expect(counts.searches).toBe(5);
    expect(counts.circles).toBe(5 * 1024);
    // There was more to be found.
    expect(reduceRedEye(instance, image).length).toBe(400 - 5 * 64);
  });

  test('keeps 8192 spots of a level, and looks at the 1024 of most contrast', () => {
    const dots = drawn(1400, 1400, (x, y) =>
      ((x % 12) - 6) ** 2 + ((y % 12) - 6) ** 2 < 7 ? [170, 38, 44, 255] : [205, 160, 135, 255],
    );
    const picture = describePicture(instance, load(instance, dots));
    const counts = noCounts();
    const spots = findSpots(instance, picture, counts);
    expect(spots.filter(({ level }) => level === 0).length).toBe(8192);
    expect(counts.spots).toBe(spots.length);
  });

  test('looks at the same spots whatever their order', () => {
    const eyes = [{ x: 120, y: 110, r: 9 }];
    const picture = describePicture(instance, load(instance, face(240, 220, eyes)));
    const [eye] = findSpots(instance, picture, noCounts()).sort((a, b) => b.contrast - a.contrast);
    const weak: Spot = { ...eye!, contrast: eye!.contrast - 1 };
    const counted = (spots: Spot[]): number => {
      const counts = noCounts();
      lookAt(instance, picture, spots, counts);
      return counts.circles;
    };
    const off: Spot = { level: 0, x: 0, y: -80 * 256, radius: 900, contrast: eye!.contrast };
    expect(counted([eye!])).toBe(1);
    expect(counted([off])).toBe(0);
    const many = new Array<Spot>(1023).fill(off);
    expect(counted([...many, eye!])).toBe(1);
    expect(counted([...many, off, weak])).toBe(0);
    expect(counted([weak, ...many, off])).toBe(0);
    expect(counted([weak, ...many, { ...off, contrast: 1 }])).toBe(1);
  });

  test('searches a picture without spots once', () => {
    const counts = noCounts();
    expect(reduceRedEye(instance, load(instance, face(100, 80, [])), counts)).toEqual([]);
    expect(counts.searches).toBe(1);
    expect(searchRedEyes(instance, describePicture(instance, load(instance, face(100, 80, []))))).toEqual([]);
  });
});

describe('judging', () => {
  const at = (x: number, y: number, logit: number, radius = 10): Candidate => ({
    ...{ x, y, radius, logit, features: new Int16Array(0) },
  });
  const places = (candidates: Candidate[]): [number, number][] => judge(candidates).map(({ x, y }) => [x, y]);

  test('computes the logistic function within a 256th', () => {
    for (let logit = -1280; logit <= 1280; logit += 16) {
      expect(Math.abs(probability(logit) - 256 / (1 + Math.exp(-logit / 256)))).toBeLessThan(2);
    }
    expect([probability(-9999), probability(9999)]).toEqual([2, 254]);
  });

  test('accepts a single eye from log-odds of 355 on, after the deduction for having no partner', () => {
    expect(places([at(0, 0, 355 + 64 + 128)])).toEqual([[0, 0]]);
    expect(places([at(0, 0, 355 + 64 + 127)])).toEqual([]);
  });

  test.each([
    [81, true],
    [80, false],
    [279, true],
    [280, false],
  ])('takes two pupils of radius ten, %i pixels apart, for a pair: %s', (distance, isPair) => {
    expect(places([at(0, 0, 300), at(distance, 0, 300)]).length).toBe(isPair ? 2 : 0);
  });

  test.each([
    [16.6, true],
    [16.8, false],
    [6.1, true],
    [5.9, false],
  ])('takes radii of ten and %d for a pair: %s', (radius, isPair) => {
    expect(places([at(0, 0, 300), at(150, 0, 300, radius)]).length).toBe(isPair ? 2 : 0);
  });

  test('keeps the likeliest of two that overlap or touch, and both of two that do not', () => {
    expect(places([at(0, 0, 700), at(19, 0, 900)])).toEqual([[19, 0]]);
    expect(places([at(0, 0, 700), at(20, 0, 900)])).toEqual([[20, 0]]);
    expect(places([at(0, 0, 700), at(21, 0, 900)]).length).toBe(2);
    expect(places([at(0, 0, 700), at(0, 0, 900, 13), at(3, 4, 950)])).toEqual([[3, 4]]);
  });

  test('accepts the likeliest partner of an eye that is sure and alone', () => {
    const sure = at(0, 0, 1100 + 64 + 128);
    expect(places([sure, at(150, 0, -300), at(0, 150, -310)])).toEqual([
      [0, 0],
      [150, 0],
    ]);
    expect(places([at(0, 0, 1000), at(150, 0, -480)])).toEqual([[0, 0]]);
  });

  test('accepts 64 at most', () => {
    const crowd = Array.from({ length: 80 }, (_, i) => at((i % 10) * 500, Math.floor(i / 10) * 500, 900 + i));
    expect(places(crowd).length).toBe(64);
    expect(places(crowd)[0]).toEqual([4500, 3500]);
  });
});
