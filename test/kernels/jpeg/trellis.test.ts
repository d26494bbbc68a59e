import { beforeEach, expect, test } from 'vitest';
import { loadTestKernels } from '../../helpers/kernels.ts';
import { Random } from '../../helpers/random.ts';
import {
  blockCost,
  dcCost,
  lambdaOf,
  leastCost,
  leastDcCost,
  sizeOf,
  type Weights,
} from '../../reference/jpeg/trellis.ts';

const { kernels, memory } = await loadTestKernels();
beforeEach(() => memory.reset());

const RUNS = 61;

/** Rates drawn at random but for the sense in them: longer runs and sizes cost more, as magnitude bits do. */
function weights(random: Random, step: number, strength: number): Weights {
  const rates = Array.from({ length: RUNS * 16 }, (_, i) => 256 * (2 + (i & 15)) + (i >> 4) * 60 + random.below(900));
  const alone = Array.from({ length: 32 }, (_, i) => ((i & 15) + 1) * 300 + random.below(300));
  return {
    steps: Array.from({ length: 64 }, (_, k) => Math.min(255, step + random.below(step + k))),
    rate: (run, size) => rates[run * 16 + size]!,
    end: random.below(2000),
    empty: random.below(500),
    alone: (k, size) => alone[(k - 1) * 16 + size]!,
    strength,
    calm: 90000,
  };
}

/** Levels and nonzero sets, and where they and what there is to know of DC lie. */
type Quantised = { levels: number[][]; masks: bigint[]; at: { coefs: number; masks: number; dcs: number } };

/** Runs the kernel over blocks. */
function quantise(blocks: number[][], w: Weights, inPlace: boolean): Quantised {
  const count = blocks.length;
  const src = memory.alloc(count * 128);
  const dst = inPlace ? src : memory.alloc(count * 128 + 16);
  const [masks, scratch] = [memory.alloc(count * 8), memory.alloc(64 * 20)];
  const [thresholds, reciprocals] = [memory.alloc(128), memory.alloc(128)];
  const dcs = memory.alloc(count * 16);
  const [rates, rates1, rates2] = [memory.alloc(RUNS * 64), memory.alloc(64), memory.alloc(64)];
  new Int16Array(memory.memory.buffer, src, count * 64).set(blocks.flat());
  const [least, inverse] = [thresholds, reciprocals].map((at) => new Uint16Array(memory.memory.buffer, at, 64));
  w.steps.forEach((step, k) => {
    least![k] = 4 * step;
    inverse![k] = Math.min(65535, Math.round(65536 / step));
  });
  const sizes = Array.from({ length: 16 }, (_, size) => size);
  memory.words(rates, RUNS * 16).set(Array.from({ length: RUNS * 16 }, (_, i) => w.rate(i >> 4, i & 15)));
  memory.words(rates1, 16).set(sizes.map((size) => w.alone(1, size)));
  memory.words(rates2, 16).set(sizes.map((size) => w.alone(2, size)));
  if (!inPlace) memory.bytes(dst + count * 128, 16).fill(0xa5);
  const { end, empty, strength, calm } = w;
  const weighed = { thresholds, reciprocals, rates, rates1, rates2, end, empty, strength, calm };
  kernels.optimiseBlocks({ src, dst, masks, scratch, dcs, count, ...weighed });
  if (!inPlace) expect([...memory.bytes(dst + count * 128, 16)]).toEqual(new Array(16).fill(0xa5));
  const levels = new Int16Array(memory.memory.buffer, dst, count * 64);
  return {
    levels: blocks.map((_, b) => [...levels.subarray(b * 64, b * 64 + 64)]),
    masks: [...new BigUint64Array(memory.memory.buffer, masks, count)],
    at: { coefs: dst, masks, dcs },
  };
}

test.each([
  ['coarse steps', 24, 400_000_000],
  ['fine steps', 1, 400_000_000],
  ['errors that cost little', 12, 30_000_000],
  ['errors that cost much', 12, 2_000_000_000],
])('no choice of levels is cheaper: %s', (_, step, strength) => {
  const random = new Random(step + strength);
  for (let round = 0; round < 12; round++) {
    const w = weights(random, step, strength);
    const blocks = Array.from({ length: 9 }, (_, b) =>
      Array.from({ length: 64 }, (_, k) => {
        if (k === 0) return random.below(16384) - 8192;
        const chosen = random.below(63) < 7 || (b === 1 && k === 63);
        const size = chosen ? random.below(w.steps[k]! * 8 * (1 + random.below(5))) : random.below(w.steps[k]! * 4);
        return random.below(2) ? Math.min(8191, size) : -Math.min(8191, size);
      }),
    );
    blocks[0]!.fill(0);
    const { levels, masks } = quantise(blocks, w, round % 2 === 0);
    blocks.forEach((coefs, b) => {
      if (coefs.filter((c, k) => k > 0 && Math.abs(c) >= 4 * w.steps[k]!).length > 14) return; // too many to try all
      expect(blockCost(coefs, levels[b]!, w)).toBe(leastCost(coefs, w));
      levels[b]!.forEach((level, k) => {
        expect((masks[b]! >> BigInt(k)) & 1n).toBe(level === 0 ? 0n : 1n);
        if (level !== 0) expect(Math.sign(level)).toBe(Math.sign(coefs[k]!));
        const tolerance = k === 0 ? 0.51 : 1.51;
        expect(Math.abs(level * 8 * w.steps[k]! - coefs[k]!)).toBeLessThanOrEqual(8 * w.steps[k]! * tolerance);
      });
    });
  }
});

test('full blocks of the largest coefficients keep their levels', () => {
  const w = { ...weights(new Random(1), 1, 400_000_000), steps: new Array<number>(64).fill(1) };
  const blocks = [8184, -8184].map((c) => new Array<number>(64).fill(c));
  const { levels } = quantise(blocks, w, true);
  expect(levels).toEqual([1023, -1023].map((level) => new Array<number>(64).fill(level)));
});

test('no choice of a row’s DC levels is cheaper, and masks are updated', () => {
  const random = new Random(21);
  for (const count of [1, 2, 3, 9, 11]) {
    for (const step of [1, 3, 16, 255]) {
      const w = weights(random, step, 400_000_000);
      const blocks = Array.from({ length: count }, () =>
        Array.from({ length: 64 }, (_, k) => (k === 0 ? random.below(step * 64) - step * 32 : random.below(200))),
      );
      const { at } = quantise(blocks, w, true);
      const [rates, predictor] = [memory.alloc(64), memory.alloc(16)];
      const costs = Array.from({ length: 16 }, (_, size) => size * 256 + random.below(1500));
      memory.words(rates, 16).set(costs);
      const before = random.below(9) - 4;
      memory.words(predictor, 1)[0] = before;
      kernels.optimiseDc(at.coefs, at.masks, at.dcs, rates, predictor, count);
      const view = new Int16Array(memory.memory.buffer, at.coefs, count * 64);
      const levels = blocks.map((_, b) => view[b * 64]!);
      const lambdas = blocks.map((coefs) => lambdaOf(coefs, w));
      const dcs = blocks.map((coefs) => coefs[0]!);
      let cost = 0;
      levels.forEach((level, b) => {
        const difference = level - (b === 0 ? before : levels[b - 1]!);
        cost += dcCost(dcs[b]!, level, lambdas[b]!, w.steps[0]!) + costs[sizeOf(difference)]!;
        expect(memory.bytes(at.masks + b * 8, 1)[0]! & 1).toBe(Number(level !== 0));
      });
      expect(cost).toBe(leastDcCost(dcs, lambdas, w.steps[0]!, (size) => costs[size]!, before));
      expect(memory.words(predictor, 1)[0]).toBe(levels.at(-1));
    }
  }
});
