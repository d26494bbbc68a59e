/**
 * Rate-distortion optimised quantisation of a picture's components: what rates the kernels work with, and how they are
 * learnt.
 */
import { writeBandRun } from '../../build/records.js';
import type { KernelInstance } from '../memory/kernels.ts';
import { BIT, symbolCosts } from './entropy.ts';
import { codeTable } from './huffman.ts';
import { SCAN_SYMBOLS, type Component } from './progressive.ts';
import { TYPICAL_TABLES, ZIGZAG } from './tables.ts';

/**
 * What an error costs: λ in bits for a squared quantiser step is STRENGTH / (CALM + the mean of a block's squared AC
 * coefficients, times 64). Found with the quantisation tables, in the same measurements.
 */
const STRENGTH = 384_000;
const CALM = 36_000;

/** Sizes of a level or a difference, in bits: 0 to 15. */
const SIZES = 16;

/** Runs of zeros in the band of coefficients 3 to 63. */
const RUNS = 61;

/** The bands whose symbols are counted, first and last coefficient. */
const BANDS = [
  [3, 63],
  [1, 1],
  [2, 2],
] as const;

/** One row of blocks in this many is looked at to learn the statistics. */
const SAMPLE = 4;

/** By how much the bits of an end-of-band run grow with the logarithm of its length: 2 / ln 2. */
const RUN_GROWTH = Math.round(2.885 * BIT);

/** Quantises pictures; it holds buffers on the memory's stack. */
export class Quantiser {
  readonly #instance: KernelInstance;
  readonly #thresholds: number;
  readonly #reciprocals: number;
  /** Rates of the band by run and size, and by size those of coefficients 1 and 2, and of DC. */
  readonly #rates: number;
  readonly #rates1: number;
  readonly #rates2: number;
  readonly #dcRates: number;
  /** Rates of a block's end, and of an empty one. */
  #end = 0;
  #empty = 0;
  readonly #counts: number;
  readonly #scratch: number;
  readonly #dcs: number;
  readonly #predictor: number;
  readonly #row: number;
  readonly #masks: number;
  readonly #tokens: number;

  /** For components of at most `across` blocks a row. */
  constructor(instance: KernelInstance, across: number) {
    const { memory } = instance;
    this.#instance = instance;
    this.#thresholds = memory.alloc(128);
    this.#reciprocals = memory.alloc(128);
    this.#rates = memory.alloc(RUNS * SIZES * 4);
    this.#rates1 = memory.alloc(SIZES * 4);
    this.#rates2 = memory.alloc(SIZES * 4);
    this.#dcRates = memory.alloc(SIZES * 4);
    this.#counts = memory.alloc((BANDS.length + 1) * SCAN_SYMBOLS * 4);
    this.#scratch = memory.alloc(64 * 20);
    this.#dcs = memory.alloc(across * 16);
    this.#predictor = memory.alloc(16);
    this.#row = memory.alloc(across * 128);
    this.#masks = memory.alloc(across * 8);
    this.#tokens = memory.alloc(across * 65 * 4);
  }

  /**
   * Quantises the coefficients of all components in place: the first with the first table, the others with the second.
   */
  quantise(components: readonly Component[], tables: readonly (readonly number[])[]): void {
    const { kernels, memory } = this.#instance;
    tables.forEach((table, t) => {
      const group = t === 0 ? components.slice(0, 1) : components.slice(1);
      this.#setTable(table);
      this.#setTypicalRates(t);
      this.#learn(group);
      for (const { coefs, masks, across, realAcross, realDown } of group) {
        memory.words(this.#predictor, 1)[0] = 0;
        for (let row = 0; row < realDown; row++) {
          const [at, sets] = [coefs + row * across * 128, masks + row * across * 8];
          this.#run(at, at, sets, realAcross);
          kernels.optimiseDc(at, sets, this.#dcs, this.#dcRates, this.#predictor, realAcross);
        }
      }
    });
  }

  /** Learns rates from a sample of the rows. */
  #learn(group: readonly Component[]): void {
    const { kernels, memory } = this.#instance;
    const counts = (band: number): number => this.#counts + band * SCAN_SYMBOLS * 4;
    memory.words(this.#counts, (BANDS.length + 1) * SCAN_SYMBOLS).fill(0);
    const run = this.#scratch;
    let blocks = 0;
    memory.words(this.#predictor, 1)[0] = 0;
    for (const { coefs, across, realAcross, realDown } of group) {
      for (let row = Math.min(SAMPLE >> 1, realDown - 1); row < realDown; row += SAMPLE) {
        this.#run(coefs + row * across * 128, this.#row, this.#masks, realAcross);
        blocks += realAcross;
        BANDS.forEach(([from, to], band) => {
          memory.write(run, writeBandRun, { token: 0, length: 0 });
          const count = kernels.firstTokens(this.#row, this.#masks, this.#tokens, run, realAcross, from, to, 0);
          kernels.closeRun(run);
          kernels.countTokens(this.#tokens, counts(band), count);
        });
        kernels.dcTokens(this.#row, this.#tokens, this.#predictor, realAcross);
        kernels.countTokens(this.#tokens, counts(BANDS.length), realAcross);
      }
    }
    this.#setBandRates(memory.words(counts(0), 256), blocks);
    for (const [k, rates] of [
      [1, this.#rates1],
      [2, this.#rates2],
    ] as const) {
      // As if each 0 had a symbol: end-of-band runs come near to its entropy.
      const sizes = Array.from(memory.words(counts(k), SIZES));
      sizes[0] = 0;
      sizes[0] = blocks - sizes.reduce((sum, count) => sum + count);
      this.#setSizeRates(rates, symbolCosts(sizes));
    }
    this.#setSizeRates(this.#dcRates, symbolCosts(memory.words(counts(BANDS.length), SIZES)));
  }

  #run(src: number, dst: number, masks: number, count: number): void {
    this.#instance.kernels.optimiseBlocks({
      src,
      dst,
      masks,
      thresholds: this.#thresholds,
      reciprocals: this.#reciprocals,
      rates: this.#rates,
      rates1: this.#rates1,
      rates2: this.#rates2,
      end: this.#end,
      empty: this.#empty,
      scratch: this.#scratch,
      dcs: this.#dcs,
      count,
      strength: STRENGTH * BIT,
      calm: CALM,
    });
  }

  #setTable(table: readonly number[]): void {
    const { memory } = this.#instance;
    const thresholds = new Uint16Array(memory.memory.buffer, this.#thresholds, 64);
    const reciprocals = new Uint16Array(memory.memory.buffer, this.#reciprocals, 64);
    ZIGZAG.forEach((at, k) => {
      thresholds[k] = 4 * table[at]!;
      reciprocals[k] = Math.min(65535, Math.round(65536 / table[at]!));
    });
  }

  /** Rates of sequential coding with Annex K's tables, to begin with. */
  #setTypicalRates(t: number): void {
    const costs = Array.from(codeTable(TYPICAL_TABLES[t * 2 + 1]!, 256), (code) => (code & 255 || 16) * BIT);
    this.#setRunRates(costs, costs[0]!, costs[0]!);
    this.#setSizeRates(this.#rates1, costs);
    this.#setSizeRates(this.#rates2, costs);
  }

  /**
   * Rates of the band of coefficients 3 to 63 from its symbols in `blocks` blocks. A block that is not empty adds an
   * end-of-band run, and makes others shorter; one that is empty makes a run longer.
   */
  #setBandRates(counts: Int32Array, blocks: number): void {
    const costs = symbolCosts(counts);
    let bits = 0;
    let runs = 0;
    for (let size = 0; size < 15; size++) {
      bits += counts[size << 4]! * (costs[size << 4]! + size * BIT);
      runs += counts[size << 4]!;
    }
    const empty = Math.round((RUN_GROWTH * runs) / blocks);
    const end = runs > 0 ? Math.max(0, Math.round(bits / runs) - RUN_GROWTH) + empty : costs[0]!;
    this.#setRunRates(costs, end, empty);
  }

  /** Rates of all runs and sizes from the costs of symbols (F.1.2.2); those of a block's end and of an empty one. */
  #setRunRates(costs: readonly number[], end: number, empty: number): void {
    const rates = this.#instance.memory.words(this.#rates, RUNS * SIZES);
    for (let run = 0; run < RUNS; run++) {
      for (let size = 1; size < SIZES; size++) {
        rates[run * SIZES + size] = (run >> 4) * costs[0xf0]! + costs[((run & 15) << 4) | size]! + size * BIT;
      }
    }
    this.#end = end;
    this.#empty = empty;
  }

  /** Rates of sizes alone, magnitude bits included. */
  #setSizeRates(address: number, costs: readonly number[]): void {
    const rates = this.#instance.memory.words(address, SIZES);
    for (let size = 0; size < SIZES; size++) rates[size] = costs[size]! + size * BIT;
  }
}
