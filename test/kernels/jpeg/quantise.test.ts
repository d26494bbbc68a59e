import { beforeEach, expect, test } from 'vitest';
import { BlockSource } from '../../../worker/jpeg/blocks.ts';
import { load } from '../../helpers/images.ts';
import { loadTestKernels } from '../../helpers/kernels.ts';
import { levelsOf, transposed } from '../../helpers/quantised.ts';
import { drawn } from '../../helpers/scene.ts';
import { islow } from '../../reference/jpeg/islow.ts';
import { fdct8x8 } from '../../reference/jpeg/jpeg.ts';
import { noiseYuv } from '../../helpers/yuv.ts';

const instance = await loadTestKernels();
const { kernels, memory } = instance;
beforeEach(() => memory.reset());

/** What eight times a coefficient can be, and a little more: each one once, in blocks of 64. */
const LARGEST = 8192 + 31;
const BLOCKS = Math.ceil((2 * LARGEST + 1) / 64);

/**
 * A photo's row of as many blocks as all values take; grey, so that luma alone is quantised, or of three components.
 */
function source(grey: boolean): BlockSource {
  const perMcu = grey ? 1 : 3;
  const pixels = drawn(Math.ceil(BLOCKS / perMcu) * 8, 8, (x) => [x, grey ? x : 0, x, 255]);
  return new BlockSource(instance, load(instance, pixels), '4:4:4');
}

/** Every value, quantised, by what it is, in which component of the MCU, and what it became. */
function quantiseAll(
  blocks: BlockSource,
  steps: [number[], number[]],
  each: (value: number, level: number, component: number) => void,
): void {
  blocks.quantiseBy(steps);
  const coefs = memory.alloc(blocks.coefsBytes);
  const values = new Int16Array(memory.memory.buffer, coefs, blocks.count * 64);
  for (let i = 0; i < values.length; i++) values[i] = Math.min(LARGEST, i - LARGEST);
  const { records, wide } = blocks.quantise(coefs);
  for (let b = 0; b < blocks.count; b++) {
    const levels = levelsOf(memory, records + b * kernels.quantisedBytes.value, wide + b * kernels.exactBytes.value);
    for (let k = 0; k < 64; k++) each(values[b * 64 + PLACES[k]!]!, levels[k]!, b % blocks.perMcu);
  }
}

const PLACES = Array.from({ length: 64 }, (_, k) => transposed(k));

const table = (step: number): number[] => new Array<number>(64).fill(step);

/** The nearest level, ties away from zero (T.81 A.3.4). */
const definition = (value: number, step: number): number =>
  Math.sign(value) * Math.floor((Math.abs(value) + 4 * step) / (8 * step)) + 0;

test('the level is the nearest one at every step, or the one beside it near the middle', () => {
  const blocks = source(true);
  const mark = memory.mark();
  for (let step = 1; step <= 255; step++) {
    memory.release(mark);
    // A reciprocal of 16 bits is off by half at most, so a level by as many parts of 2^16 as the coefficient has. What
    // is negative is taken one lower before it is rounded.
    const exact = Number.isInteger(32768 / (8 * step));
    let [bias, others] = [0, 0];
    quantiseAll(blocks, [table(step), table(1)], (value, level) => {
      bias += level * 8 * step - value;
      if (level === definition(value, step)) return;
      others++;
      const off = Math.abs(level - value / (8 * step));
      const most = 0.5 + Math.abs(value) / 65536 + (value < 0 ? 1 / (8 * step) : 0);
      if (exact || off > most) expect.fail(`${value} at step ${step}: ${level}`);
    });
    const count = blocks.count * 64;
    expect(Math.abs(bias / count), `bias at step ${step}`).toBeLessThan(1);
    expect(others / count, `step ${step}`).toBeLessThan(0.07);
  }
});

test('chroma has its own steps', () => {
  const blocks = source(false);
  expect(blocks.perMcu).toBe(3);
  quantiseAll(blocks, [table(4), table(32)], (value, level, component) => {
    const step = component === 0 ? 4 : 32;
    if (level !== definition(value, step)) expect.fail(`${value} at step ${step}: ${level}`);
  });
});

test('each coefficient is divided by the step at its place', () => {
  const blocks = source(true);
  const steps = Array.from({ length: 64 }, (_, i) => 2 ** (i % 7));
  blocks.quantiseBy([steps, steps]);
  const coefs = memory.alloc(blocks.coefsBytes);
  new Int16Array(memory.memory.buffer, coefs, blocks.count * 64).fill(8 * 64 * 15);
  const { records, wide } = blocks.quantise(coefs);
  const levels = levelsOf(memory, records, wide);
  const rowMajor = Array.from({ length: 64 }, (_, k) => [k, (transposed(k) & 7) * 8 + (transposed(k) >> 3)] as const);
  for (const [k, at] of rowMajor) expect(levels[k]).toBe((64 * 15) / steps[at]!);
});

test('records say which coefficients are not 0, and keep large ones separately', () => {
  const blocks = source(true);
  blocks.quantiseBy([table(1), table(1)]);
  const coefs = memory.alloc(blocks.coefsBytes);
  for (const large of [126, 127, 128, 129, 1023]) {
    for (const sign of [1, -1]) {
      for (let k = 0; k < 64; k++) {
        const values = new Int16Array(memory.memory.buffer, coefs, 64).fill(0);
        values[transposed(k)] = large * 8 * sign;
        const { records, wide } = blocks.quantise(coefs);
        const want = new Array<number>(64).fill(0);
        want[k] = large * sign;
        expect([...levelsOf(memory, records, wide)]).toEqual(want);
        const set = new BigUint64Array(memory.memory.buffer, records + 64, 1)[0]!;
        expect(set).toBe(k === 0 ? 0n : 1n << BigInt(k));
      }
    }
  }
});

test('the DCT equals the integer one of the IJG', () => {
  const across = 40;
  const { y } = noiseYuv(across * 8, 8, 5);
  // The patterns that reach furthest: each basis function's signs, at the ends of the range.
  const extremes = Array.from({ length: 64 }, (_, i) => basisSigns(i >> 3, i & 7));
  const samples = new Uint8Array((across + 128) * 64);
  for (let row = 0; row < 8; row++) {
    const at = row * (across + 128) * 8;
    samples.set(y.subarray(row * across * 8, (row + 1) * across * 8), at);
    extremes.forEach((signs, i) => {
      const part = signs.slice(row * 8, row * 8 + 8);
      samples.set(
        part.map((sign) => (sign > 0 ? 255 : 0)),
        at + (across + 2 * i) * 8,
      );
      samples.set(
        part.map((sign) => (sign > 0 ? 0 : 255)),
        at + (across + 2 * i + 1) * 8,
      );
    });
  }
  const count = across + 128;
  const [src, dst, scratch] = [memory.alloc(samples.length), memory.alloc(count * 128), memory.alloc(128)];
  memory.bytes(src, samples.length).set(samples);
  kernels.forwardBlocks(src, dst, scratch, count, count * 8);
  const got = new Int16Array(memory.memory.buffer, dst, count * 64);
  for (let b = 0; b < count; b++) {
    const block = Array.from({ length: 64 }, (_, i) => samples[(i >> 3) * count * 8 + b * 8 + (i & 7)]!);
    const want = islow(block);
    const definition = b % 5 === 0 ? fdct8x8(block) : want.map((value) => value / 8);
    for (let k = 0; k < 64; k++) {
      const at = (transposed(k) & 7) * 8 + (transposed(k) >> 3);
      if (got[b * 64 + k] !== want[at])
        expect.fail(`block ${b}, coefficient ${k}: ${got[b * 64 + k]}, not ${want[at]}`);
      if (Math.abs(want[at]! - 8 * definition[at]!) > 1.5) expect.fail(`block ${b}, coefficient ${k} of the reference`);
    }
  }
});

/** The signs of a basis function of the DCT. */
function basisSigns(v: number, u: number): number[] {
  return Array.from({ length: 64 }, (_, i) => {
    const [x, y] = [i & 7, i >> 3];
    return Math.cos(((2 * x + 1) * u * Math.PI) / 16) * Math.cos(((2 * y + 1) * v * Math.PI) / 16);
  });
}
