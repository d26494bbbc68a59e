/**
 * Rate-distortion optimised quantisation of a picture's components: what rates the kernels work with, and how they are
 * learnt.
 */
import type { KernelInstance } from '../memory/kernels.ts';
import { BIT, symbolCosts } from './entropy.ts';
import { codeTable } from './huffman.ts';
import type { Component } from './progressive.ts';
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

/** Rates of AC: the band's, then those of coefficients 1 and 2; behind them the ones of DC. */
const ALONE = RUNS * SIZES;
const DC = ALONE + 2 * SIZES;
const RATES = DC + SIZES;

/** The bands whose symbols are counted, first and last coefficient. */
const BANDS = [
  [3, 63],
  [1, 1],
  [2, 2],
] as const;

/** 256 symbols, and what counting tokens adds. */
const COUNTS = 258;

/** One row of blocks in this many is looked at to learn the statistics. */
const SAMPLE = 4;

/** By how much the bits of an end-of-band run grow with the logarithm of its length: 2 / ln 2. */
const RUN_GROWTH = Math.round(2.885 * BIT);

/** Quantises pictures; it holds buffers on the memory's stack. */
export class Quantiser {
  readonly #instance: KernelInstance;
  readonly #table: number;
  readonly #rates: number;
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
    this.#table = memory.alloc(256);
    this.#rates = memory.alloc(RATES * 4);
    this.#counts = memory.alloc((BANDS.length + 1) * COUNTS * 4);
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
          kernels.optimiseDc(at, sets, this.#dcs, this.#rates + DC * 4, this.#predictor, realAcross);
        }
      }
    });
  }

  /** Learns rates from a sample of the rows. */
  #learn(group: readonly Component[]): void {
    const { kernels, memory } = this.#instance;
    const counts = (band: number): number => this.#counts + band * COUNTS * 4;
    memory.words(this.#counts, (BANDS.length + 1) * COUNTS).fill(0);
    const run = this.#scratch;
    let blocks = 0;
    memory.words(this.#predictor, 1)[0] = 0;
    for (const { coefs, across, realAcross, realDown } of group) {
      for (let row = Math.min(SAMPLE >> 1, realDown - 1); row < realDown; row += SAMPLE) {
        this.#run(coefs + row * across * 128, this.#row, this.#masks, realAcross);
        blocks += realAcross;
        BANDS.forEach(([from, to], band) => {
          memory.words(run, 2).fill(0);
          const count = kernels.firstTokens(this.#row, this.#masks, this.#tokens, run, realAcross, from, to, 0);
          kernels.closeRun(run);
          kernels.countTokens(this.#tokens, counts(band), count);
        });
        kernels.dcTokens(this.#row, this.#tokens, this.#predictor, realAcross);
        kernels.countTokens(this.#tokens, counts(BANDS.length), realAcross);
      }
    }
    this.#setBandRates(memory.words(counts(0), 256), blocks);
    for (const k of [1, 2]) {
      // As if each 0 had a symbol: end-of-band runs come near to its entropy.
      const sizes = Array.from(memory.words(counts(k), SIZES));
      sizes[0] = 0;
      sizes[0] = blocks - sizes.reduce((sum, count) => sum + count);
      this.#setSizeRates(ALONE + (k - 1) * SIZES, symbolCosts(sizes));
    }
    this.#setSizeRates(DC, symbolCosts(memory.words(counts(BANDS.length), SIZES)));
  }

  #run(src: number, dst: number, masks: number, count: number): void {
    this.#instance.kernels.optimiseBlocks(
      src,
      dst,
      masks,
      this.#table,
      this.#rates,
      this.#scratch,
      this.#dcs,
      count,
      STRENGTH * BIT,
      CALM,
    );
  }

  #setTable(table: readonly number[]): void {
    const { memory } = this.#instance;
    const bytes = memory.bytes(this.#table, 256);
    const fields = new Uint16Array(bytes.buffer, bytes.byteOffset, 128);
    ZIGZAG.forEach((at, k) => {
      fields[k] = 4 * table[at]!;
      fields[64 + k] = Math.min(65535, Math.round(65536 / table[at]!));
    });
  }

  /** Rates of sequential coding with Annex K's tables, to begin with. */
  #setTypicalRates(t: number): void {
    const costs = Array.from(codeTable(TYPICAL_TABLES[t * 2 + 1]!, 256), (code) => (code & 255 || 16) * BIT);
    this.#setRunRates(costs, costs[0]!, costs[0]!);
    this.#setSizeRates(ALONE, costs);
    this.#setSizeRates(ALONE + SIZES, costs);
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
    const rates = this.#instance.memory.words(this.#rates, RATES);
    for (let run = 0; run < RUNS; run++) {
      for (let size = 1; size < SIZES; size++) {
        rates[run * SIZES + size] = (run >> 4) * costs[0xf0]! + costs[((run & 15) << 4) | size]! + size * BIT;
      }
    }
    rates[0] = end;
    rates[SIZES] = empty;
  }

  /** Rates of sizes alone, magnitude bits included. */
  #setSizeRates(at: number, costs: readonly number[]): void {
    const rates = this.#instance.memory.words(this.#rates, RATES);
    for (let size = 0; size < SIZES; size++) rates[at + size] = costs[size]! + size * BIT;
  }
}
