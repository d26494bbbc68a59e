import sharp from 'sharp';
import { expect, test } from 'vitest';
import {
  bench,
  photoCheck,
  psnr,
  ssim,
  type BenchFrame,
  type Contestant,
  type Pixels,
} from '../../../src/bench/index.ts';
import { photoLike } from '../../../bench/subjects/scene.ts';
import { pause } from '../../../src/async/pause.ts';

const frame: BenchFrame<number> = { name: 'a number', width: 4, height: 3, take: () => 7 };
const idle = (name: string): Contestant<number> => ({ name, run: () => undefined });
/** A clock that each run advances, so that times are known. */
function workingClock(): { cpu: () => number; spend: (ms: number) => void } {
  let now = 0;
  return { cpu: () => now, spend: (ms) => void (now += ms) };
}

test('contestants run in turn, equally often, and ratios follow the clock', async () => {
  const { cpu, spend } = workingClock();
  const calls: string[] = [];
  const working = (name: string, ms: number): Contestant<number> => ({
    name,
    run: (given) => {
      expect(given).toBe(7);
      calls.push(name);
      spend(ms);
    },
  });
  const { rows, complete } = await bench({
    contestants: [working('base', 10), working('double', 20)],
    frames: [frame],
    rounds: 4,
    warmUp: 1,
    minimum: 0,
    cpu,
  });
  expect(complete).toBe(true);
  expect(calls.slice(2).join(' ')).toBe('base double double base double base base double base double');
  const [base, double] = rows;
  expect(base!.measures['cpu']).toMatchObject({ median: 10, samples: [10, 10, 10, 10], ratio: { median: 1 } });
  expect(double!.measures['cpu']).toMatchObject({ median: 20, ratio: { median: 2, low: 2, high: 2 } });
  expect(double!.measures['wall']!.samples).toHaveLength(4);
});

test('a contestant that is missing, fails, hangs or makes something else is reported, and the others go on', async () => {
  const wrong = new Blob(['no photo'], { type: 'image/jpeg' });
  const { rows } = await bench<number>({
    contestants: [
      idle('fine'),
      { ...idle('missing'), open: () => Promise.reject(new Error('not installed')) },
      { name: 'failing', run: () => Promise.reject(new Error('cannot')) },
      { name: 'hanging', run: () => new Promise<void>(() => {}) },
      { name: 'wrong', run: () => wrong },
      idle('fine too'),
    ],
    frames: [frame],
    rounds: 2,
    timeout: 50,
    check: photoCheck({ decode: () => Promise.reject(new Error('no JPEG')) }),
  });
  expect(rows.map(({ contestant, status, reason }) => [contestant, status, reason])).toEqual([
    ['fine', 'ok', undefined],
    ['missing', 'missing', 'not installed'],
    ['failing', 'failed', 'cannot'],
    ['hanging', 'hung', 'gave nothing within 0.05 s'],
    ['wrong', 'invalid', 'no JPEG'],
    ['fine too', 'ok', undefined],
  ]);
  expect(rows.map(({ measures }) => 'wall' in measures)).toEqual([true, false, false, false, false, true]);
});

test('the rows so far are reported after each round', async () => {
  const told: number[] = [];
  await bench({
    contestants: [idle('one'), idle('other')],
    frames: [frame],
    rounds: 3,
    onRound: (rows) => told.push(...rows.map(({ measures }) => measures['wall']!.samples.length)),
  });
  expect(told).toEqual([1, 1, 2, 2, 3, 3]);
});

test('the cost of reading the clock is subtracted', async () => {
  let [now, readings] = [0, 0];
  const costly = (): number => (now += readings++ % 3 === 0 ? 4 : 3);
  const work: Contestant<number> = { name: 'work', run: () => void (now += 10) };
  const { rows } = await bench({ contestants: [work], frames: [frame], rounds: 9, minimum: 0, cpu: costly });
  expect(rows[0]!.measures['cpu']!.median).toBe(10);
});

test('what the second turn of a round costs more is no difference between contestants', async () => {
  const { cpu, spend } = workingClock();
  let turns = 0;
  const same = (name: string): Contestant<number> => ({ name, run: () => spend(turns++ % 2 === 0 ? 10 : 11) });
  const { rows } = await bench({
    contestants: [same('one'), same('the same')],
    frames: [frame],
    rounds: 25,
    minimum: 0,
    cpu,
  });
  const { median, low, high } = rows[1]!.measures['cpu']!.ratio!;
  for (const end of [median, low, high]) expect(end).toBeCloseTo(1, 10);
});

test('a first contestant that is missing leaves the others without ratios', async () => {
  const missing = { ...idle('first'), open: () => Promise.reject(new Error('not here')) };
  const { rows } = await bench({ contestants: [missing, idle('second')], frames: [frame], rounds: 2 });
  expect(rows[1]!.measures['wall']!.samples).toHaveLength(2);
  expect(rows[1]!.measures['wall']!.ratio).toBeUndefined();
});

test('a contestant that fails in the third round loses its times', async () => {
  let runs = 0;
  const tiring: Contestant<number> = {
    name: 'tiring',
    run: () => {
      if (++runs > 5) throw new Error('tired');
    },
  };
  const { rows } = await bench({ contestants: [idle('fine'), tiring], frames: [frame], rounds: 5, minimum: 0 });
  expect(rows[0]!.measures['wall']!.samples).toHaveLength(5);
  expect(rows[1]).toMatchObject({ status: 'failed', reason: 'tired', measures: {} });
});

test('a run that is too short for the clock is repeated in every round, however often it warmed up', async () => {
  let runs = 0;
  const short: Contestant<number> = {
    name: 'short',
    run: async () => {
      runs++;
      await pause(1);
    },
  };
  const inRounds: number[] = [];
  const onRound = (): void => void inRounds.push(runs);
  await bench({ contestants: [short], frames: [frame], rounds: 3, warmUp: 3, minimum: 60, onRound });
  for (let round = 1; round < 3; round++) expect(inRounds[round]! - inRounds[round - 1]!).toBeGreaterThan(1);
});

test('five rounds are run when the budget is spent, and count as complete', async () => {
  const { rows, complete } = await bench({ contestants: [idle('a')], frames: [frame], rounds: 50, budget: 0 });
  expect(rows[0]!.measures['wall']!.samples).toHaveLength(5);
  expect(complete).toBe(true);
});

test('a run that is stopped keeps its complete rounds', async () => {
  const stop = new AbortController();
  let runs = 0;
  const counting: Contestant<number> = { name: 'counting', run: () => void (++runs === 6 && stop.abort()) };
  const { rows, complete } = await bench({
    contestants: [counting, idle('other')],
    frames: [frame, { ...frame, name: 'another' }],
    rounds: 9,
    warmUp: 1,
    minimum: 0,
    signal: stop.signal,
  });
  expect(complete).toBe(false);
  // One run is looked at and one warms up; the sixth is of the fourth round.
  expect(rows.map(({ measures }) => measures['wall']!.samples.length)).toEqual([3, 3]);
});

test('every contestant is closed, and garbage is collected before each run', async () => {
  const closed: string[] = [];
  let collected = 0;
  const closing = (name: string): Contestant<number> => ({ ...idle(name), close: () => closed.push(name) });
  const lacking = { ...closing('lacking'), open: () => Promise.reject(new Error('not here')) };
  await bench({
    contestants: [closing('a'), lacking],
    frames: [frame],
    rounds: 3,
    warmUp: 2,
    collect: () => collected++,
  });
  expect(closed).toEqual(['a', 'lacking']);
  expect(collected).toBe(5);
});

test('the stages that a photo reports are summarised', async () => {
  const photo = { blob: new Blob(['x']), timings: { read: 1, encode: 5 } };
  const { rows } = await bench({
    contestants: [{ name: 'staged', run: () => photo }],
    frames: [frame],
    rounds: 3,
    check: () => ({}),
  });
  expect(rows[0]!.stages).toMatchObject({ read: { median: 1 }, encode: { median: 5, mad: 0 } });
});

test.each([
  [{ rounds: 0 }, RangeError, 'rounds'],
  [{ warmUp: -1 }, RangeError, 'warmUp'],
  [{ timeout: 0 }, RangeError, 'timeout'],
  [{ budget: NaN }, RangeError, 'budget'],
  [{ contestants: [idle('twin'), idle('twin')] }, TypeError, 'names'],
  [{ frames: undefined as never }, TypeError, 'frames'],
])('wrong options throw: %o', async (wrong, kind, word) => {
  const asked = bench({ contestants: [idle('a')], frames: [frame], ...wrong });
  await expect(asked).rejects.toThrow(kind);
  await expect(asked).rejects.toThrow(word);
});

const [width, height] = [96, 64];
const original: Pixels = { data: photoLike(width, height), width, height };
const decode = async (photo: Blob): Promise<Pixels> => {
  const { data, info } = await sharp(await photo.arrayBuffer())
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
};
async function jpegOf({ data }: Pixels, options = {}): Promise<Blob> {
  const raw = sharp(Uint8Array.from(data), { raw: { width, height, channels: 4 } });
  return new Blob([new Uint8Array(await raw.jpeg({ quality: 90, ...options }).toBuffer())], { type: 'image/jpeg' });
}

test('a photo counts only after it was decoded and compared with the original', async () => {
  const about = { frame: { ...frame, width, height }, contestant: idle('any') };
  const good = await jpegOf(original);
  const found = await photoCheck({ original, decode })(good, about);
  expect(found.bytes).toBe(good.size);
  expect(found.psnr).toBeGreaterThan(30);
  expect(found.ssim).toBeGreaterThan(0.9);
  const black = await jpegOf({ ...original, data: new Uint8Array(width * height * 4) });
  await expect(photoCheck({ original, decode })(black, about)).rejects.toThrow('looks different');
  await expect(photoCheck({ decode, width: 95 })(good, about)).rejects.toThrow('made 96 × 64, not 95 × 64');
  await expect(photoCheck({ decode, type: 'image/png' })(good, about)).rejects.toThrow(
    'made image/jpeg, not image/png',
  );
});

test('PSNR and SSIM equal their definitions', () => {
  const grey = (value: number): Pixels => ({ data: new Uint8Array(8 * 8 * 4).fill(value), width: 8, height: 8 });
  expect(psnr(grey(9), grey(9))).toBe(100);
  expect(psnr(grey(100), grey(110))).toBeCloseTo(10 * Math.log10((255 * 255) / 100));
  expect(ssim(original, original)).toBeCloseTo(1, 6);
  // Flat pictures differ in luminance alone: (2ab + C1) / (a² + b² + C1).
  expect(ssim(grey(100), grey(110))).toBeCloseTo((2 * 100 * 110 + 6.5025) / (100 ** 2 + 110 ** 2 + 6.5025), 5);
  const negative: Pixels = { ...original, data: Array.from(original.data, (value) => 255 - value) };
  expect(ssim(original, negative)).toBeLessThan(0);
});
