import { beforeEach, describe, expect, test } from 'vitest';
import { BAND_RUN_BYTES, writeBandRun } from '../../../build/records.js';
import { codedBits, log2, symbolCosts } from '../../../worker/jpeg/entropy.ts';
import { writeProgressive, type CodedPicture } from '../../../worker/jpeg/progressive.ts';
import { chooseAcScans, type AcScan } from '../../../worker/jpeg/scan-script.ts';
import { judgeByDjpeg } from '../../helpers/jpeg-judge.ts';
import { loadTestKernels } from '../../helpers/kernels.ts';
import { Random } from '../../helpers/random.ts';
import { decodeCoefficients } from '../../reference/jpeg/progressive.ts';

const instance = await loadTestKernels();
const { kernels, memory } = instance;
beforeEach(() => memory.reset());

type Block = (random: Random, index: number) => number[];

/** Makes a picture of blocks: the first component's sampling factors, 1 or 3 components. */
function picture(
  [width, height]: readonly [number, number],
  [across, down]: readonly [number, number],
  count: 1 | 3,
  make: Block,
): { picture: CodedPicture; blocks: number[][][] } {
  const random = new Random(width * 7 + height);
  const mcus = Math.ceil(width / (8 * across));
  const mcuRows = Math.ceil(height / (8 * down));
  const blocks: number[][][] = [];
  const components = Array.from({ length: count }, (_, c) => {
    const [h, v] = c === 0 ? [across, down] : [1, 1];
    const of = (side: number, factor: number, most: number): number => Math.ceil(Math.ceil((side * factor) / most) / 8);
    const made = Array.from({ length: mcus * h * mcuRows * v }, (_, i) => make(random, i));
    const [coefs, masks] = [memory.alloc(made.length * 128), memory.alloc(made.length * 8)];
    new Int16Array(memory.memory.buffer, coefs, made.length * 64).set(made.flat());
    const sets = made.map((block) =>
      block.reduce((set, value, k) => (value === 0 ? set : set | (1n << BigInt(k))), 0n),
    );
    new BigUint64Array(memory.memory.buffer, masks, made.length).set(sets);
    blocks.push(made);
    const real = { realAcross: of(width, h, across), realDown: of(height, v, down) };
    return { coefs, masks, across: mcus * h, down: mcuRows * v, ...real };
  });
  const quantisers = [new Array<number>(64).fill(1), new Array<number>(64).fill(2)].slice(0, count === 1 ? 1 : 2);
  return { picture: { width, height, across, down, components, quantisers, segments: new Uint8Array(0) }, blocks };
}

/** Expects the file to hold these blocks, wherever the picture reaches. */
function expectBlocks(jpeg: Uint8Array, blocks: number[][][]): AcScan[] {
  const file = decodeCoefficients(jpeg);
  file.components.forEach(({ blocks: decoded, across, realAcross, realDown }, c) => {
    for (let y = 0; y < realDown; y++) {
      for (let x = 0; x < realAcross; x++) expect(decoded[y * across + x]).toEqual(blocks[c]![y * across + x]);
    }
  });
  judgeByDjpeg(jpeg);
  return file.scans.slice(file.components.length).map((scan) => ({ component: scan.components[0]!, ...scan }));
}

const signed = (random: Random, limit: number): number => random.below(limit * 2 + 1) - limit;
const sparse: Block = (random) =>
  Array.from({ length: 64 }, (_, k) => (k === 0 ? signed(random, 900) : random.below(k) < 2 ? signed(random, 3) : 0));
const CONTENT: [string, Block][] = [
  ['sparse', sparse],
  ['empty', () => new Array<number>(64).fill(0)],
  ['full', (random) => Array.from({ length: 64 }, () => signed(random, 1000))],
  ['small but everywhere', (random) => Array.from({ length: 64 }, (_, k) => (k % 5 ? signed(random, 2) : 5))],
  ['ends only', (_, i) => Array.from({ length: 64 }, (_, k) => (k === 0 || k === 63 ? (i % 2 ? 700 : -700) : 0))],
  ['one in fifty', (random, i) => (i % 50 === 0 ? sparse(random, i) : new Array<number>(64).fill(0))],
];

describe.each(CONTENT)('coefficients are the same after decoding: %s', (_, make) => {
  test.each([
    [[1, 1], [1, 1], 1],
    [[1, 1], [2, 2], 3],
    [[16, 16], [2, 2], 3],
    [[17, 9], [2, 2], 3],
    [[8, 33], [2, 1], 3],
    [[90, 70], [1, 1], 3],
    [[121, 131], [2, 2], 3],
    [[100, 60], [1, 1], 1],
  ] as const)('%j, sampling %j, %i components', (size, sampling, count) => {
    const made = picture(size, sampling, count, make);
    expectBlocks(writeProgressive(instance, made.picture).toBytes(), made.blocks);
  });
});

describe('scans', () => {
  test('any bands and any number of refinements code the same coefficients', () => {
    const random = new Random(11);
    for (let round = 0; round < 16; round++) {
      memory.reset();
      const made = picture([60, 45], [1, 1], 1, CONTENT[round % CONTENT.length]![1]);
      const scans: AcScan[] = [];
      for (let from = 1, to = 0; to < 63; from = to + 1) {
        to = Math.min(63, from + random.below(40));
        const deepest = random.below(4);
        scans.push({ component: 0, from, to, high: 0, low: deepest });
        for (let low = deepest; low > 0; low--) scans.push({ component: 0, from, to, high: low, low: low - 1 });
      }
      expect(expectBlocks(writeProgressive(instance, made.picture, scans).toBytes(), made.blocks)).toMatchObject(scans);
    }
  });

  test('end-of-band runs longer than 32767 are split', () => {
    const made = picture([1472, 1472], [1, 1], 1, (_, i) => {
      const block = new Array<number>(64).fill(0);
      if (i > 33000 && i % 100 === 0) block[9] = 5;
      return block;
    });
    const scan = { component: 0, from: 1, to: 63 };
    const scans = [
      { ...scan, high: 0, low: 1 },
      { ...scan, high: 1, low: 0 },
    ];
    expectBlocks(writeProgressive(instance, made.picture, scans).toBytes(), made.blocks);
  });

  test('a scan of more tokens than the buffer holds is coded in parts', () => {
    const made = picture([1088, 1088], [1, 1], 1, (random, i) => {
      const block = new Array<number>(64).fill(1 - (i % 3));
      block[1] = signed(random, 3);
      return block;
    });
    const scans = [{ component: 0, from: 1, to: 63, high: 0, low: 0 }];
    expectBlocks(writeProgressive(instance, made.picture, scans).toBytes(), made.blocks);
  });

  test('the script codes each bit of each coefficient once, whatever scans cost', () => {
    const random = new Random(5);
    for (let round = 0; round < 200; round++) {
      const scans = chooseAcScans(2, () => random.below(1000));
      const low = new Array<number>(64).fill(-1);
      for (const scan of scans) {
        expect(scan.component).toBe(2);
        for (let k = scan.from; k <= scan.to; k++) {
          expect(scan.high).toBe(low[k] === -1 ? 0 : low[k]);
          if (low[k] !== -1) expect(scan.low).toBe(scan.high - 1);
          low[k] = scan.low;
        }
      }
      expect(low.slice(1)).toEqual(new Array(63).fill(0));
    }
  });

  test('the script is the cheapest of its candidates', () => {
    const chosen = (bits: (scan: AcScan) => number): string =>
      chooseAcScans(0, bits)
        .map(({ from, to, high, low }) => `${from}-${to}:${high}${low}`)
        .join(' ');
    expect(chosen(() => 1)).toBe('1-63:00');
    expect(chosen(({ from, to }) => to - from)).toBe('1-1:00 2-2:00 3-5:00 6-63:00');
    expect(chosen(({ high, low, to }) => (to === 63 && high === 0 && low === 0 ? 99 : 1))).toBe(
      '1-2:00 3-63:01 3-63:10',
    );
    expect(chosen(({ high, low, to }) => (to === 63 && high === 0 && low < 2 ? 99 : 1))).toBe(
      '1-2:00 3-63:02 3-63:21 3-63:10',
    );
  });
});

describe('tokens', () => {
  test('nothing is written past the last token, and bits are counted', () => {
    const { picture: made } = picture([64, 64], [1, 1], 1, CONTENT[2]![1]);
    const { coefs, masks } = made.components[0]!;
    const [tokens, run, counts] = [memory.alloc(64 * 72 * 4 + 16), memory.alloc(BAND_RUN_BYTES), memory.alloc(257 * 4)];
    memory.write(run, writeBandRun, { token: 0, length: 0 });
    const bytes = memory.bytes(tokens, 64 * 72 * 4 + 16).fill(0xa5);
    const count = kernels.firstTokens(coefs, masks, tokens, run, 64, 1, 63, 0);
    kernels.closeRun(run);
    expect(count).toBeLessThanOrEqual(64 * 64);
    expect(bytes.subarray(count * 4).every((byte) => byte === 0xa5)).toBe(true);
    const totals = memory.words(counts, 257).fill(0);
    const extra = kernels.countTokens(tokens, counts, count);
    expect(totals.reduce((sum, n) => sum + n)).toBe(count);
    let bits = 0;
    for (const token of new Uint32Array(memory.memory.buffer, tokens, count)) bits += (token >> 9) & 31;
    expect(extra).toBe(bits);
  });
});

describe('entropy', () => {
  test('log2 is right to 1/256', () => {
    for (const n of [1, 2, 3, 5, 255, 256, 1000, 65535, 65536, 1234567, 2 ** 31 - 1]) {
      expect(Math.abs(log2(n) / 256 - Math.log2(n))).toBeLessThan(0.005);
    }
  });

  test('coded bits equal the entropy where no code is shorter than a bit', () => {
    expect(codedBits([4, 4, 4, 4])).toBe(32);
    expect(codedBits([9, 0])).toBe(9);
    expect(symbolCosts([1, 1, 0])).toEqual([256, 256, 512]);
  });
});
