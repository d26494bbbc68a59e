/** Rate-distortion optimised quantisation of a picture's components: what rates the kernel works with, and how they are learnt. */
import type { KernelInstance } from '../kernels.ts';
import { BIT, symbolCosts } from './entropy.ts';
import { codeTable } from './huffman.ts';
import type { Component } from './progressive.ts';
import { TYPICAL_TABLES, ZIGZAG } from './tables.ts';

/** λ in bits for a squared quantiser step is STRENGTH / (CALM + a block's mean squared AC coefficient, times 64). */
const STRENGTH = () => (globalThis as any).STRENGTH ?? 1060000;
const CS = () => (globalThis as any).CS ?? 1;
const CALM = () => (globalThis as any).CALM ?? 92682;

/** The bands that have rates of their own, first and last coefficient. */
const BANDS = [
  [3, 63],
  [1, 1],
  [2, 2],
] as const;

/** Runs of the first band, and sizes. */
const RUNS = 61;
const SIZES = 16;

/** One row of blocks in this many is looked at to learn the statistics. */
const SAMPLE = 4;

/** 256 symbols, and what counting tokens adds. */
const COUNTS = 258;

/** Costs of a band's symbols, and that of leaving the rest of a block 0, which end-of-band runs share. */
type BandCosts = { symbols: number[]; end: number; empty: number };

const DOUBLING = 739;

export class Quantiser {
  readonly #instance: KernelInstance;
  readonly #table: number;
  readonly #rates: number;
  readonly #counts: number;
  readonly #scratch: number;
  readonly #row: number;
  readonly #masks: number;
  readonly #tokens: number;
  #strength = 0;

  /** For components of at most `across` blocks a row. */
  constructor(instance: KernelInstance, across: number) {
    const { memory } = instance;
    this.#instance = instance;
    this.#table = memory.alloc(256);
    this.#rates = memory.alloc((RUNS + 2) * SIZES * 4);
    this.#counts = memory.alloc(BANDS.length * COUNTS * 4);
    this.#scratch = memory.alloc(64 * 20);
    this.#row = memory.alloc(across * 128);
    this.#masks = memory.alloc(across * 8);
    this.#tokens = memory.alloc(across * 65 * 4);
  }

  /** Quantises the coefficients of all components in place: the first with the first table, the others with the second. */
  quantise(components: readonly Component[], tables: readonly (readonly number[])[]): void {
    tables.forEach((table, t) => {
      const group = t === 0 ? components.slice(0, 1) : components.slice(1);
      this.#setTable(table);
      this.#strength = Math.round(STRENGTH() * BIT * (t === 0 ? 1 : CS()));
      const symbols = Array.from(codeTable(TYPICAL_TABLES[t * 2 + 1]!, 256), (code) => (code & 255 || 16) * BIT);
      this.#setRates(BANDS.map(() => ({ symbols, end: symbols[0]!, empty: symbols[0]! })));
      this.#setRates(this.#learn(group));
      for (const { coefs, masks, across, down } of group) this.#run(coefs, coefs, masks, across * down);
    });
  }

  /** Costs of the bands' symbols in a sample of the rows. */
  #learn(group: readonly Component[]): BandCosts[] {
    const { kernels, memory } = this.#instance;
    memory.words(this.#counts, BANDS.length * COUNTS).fill(0);
    const run = this.#scratch;
    let blocks = 0;
    for (const { coefs, across, realAcross, realDown } of group) {
      for (let row = Math.min(SAMPLE >> 1, realDown - 1); row < realDown; row += SAMPLE) {
        this.#run(coefs + row * across * 128, this.#row, this.#masks, realAcross);
        blocks += realAcross;
        BANDS.forEach(([from, to], b) => {
          memory.words(run, 2).fill(0);
          const count = kernels.firstTokens(this.#row, this.#masks, this.#tokens, run, realAcross, from, to, 0);
          kernels.closeRun(run);
          kernels.countTokens(this.#tokens, this.#counts + b * COUNTS * 4, count);
        });
      }
    }
    return BANDS.map(([from, to], b) => {
      const counts = memory.words(this.#counts + b * COUNTS * 4, 256);
      if (from === to) {
        const sizes = Array.from(counts.subarray(0, SIZES));
        sizes[0] = 0;
        sizes[0] = blocks - sizes.reduce((sum, count) => sum + count);
        const symbols = symbolCosts(sizes);
        return { symbols, end: symbols[0]!, empty: 0 };
      }
      const symbols = symbolCosts(counts);
      let bits = 0;
      let runs = 0;
      for (let size = 0; size < 15; size++) {
        bits += counts[size << 4]! * (symbols[size << 4]! + size * BIT);
        runs += counts[size << 4]!;
      }
      const empty = Math.round((DOUBLING * runs) / blocks);
      return { symbols, end: runs > 0 ? Math.max(0, Math.round(bits / runs) - DOUBLING) + empty : 0, empty };
    });
  }

  #run(src: number, dst: number, masks: number, count: number): void {
    this.#instance.kernels.quantiseBlocks(
      src,
      dst,
      masks,
      this.#table,
      this.#rates,
      this.#scratch,
      count,
      this.#strength,
      CALM(),
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

  /** Rates of all runs and sizes from the costs of symbols (F.1.2.2). */
  #setRates([rest, ...alone]: BandCosts[]): void {
    const rates = this.#instance.memory.words(this.#rates, (RUNS + 2) * SIZES);
    const { symbols, end, empty } = rest!;
    for (let run = 0; run < RUNS; run++) {
      for (let size = 1; size < SIZES; size++) {
        rates[run * SIZES + size] = (run >> 4) * symbols[0xf0]! + symbols[((run & 15) << 4) | size]! + size * BIT;
      }
    }
    rates[0] = end;
    rates[SIZES] = empty;
    alone.forEach((costs, i) => {
      const at = (RUNS + i) * SIZES;
      rates[at] = costs.end;
      for (let size = 1; size < SIZES; size++) rates[at + size] = costs.symbols[size]! + size * BIT;
    });
  }
}
