/** Rate-distortion optimised quantisation of a picture's components: what the kernel needs to know, and in which order it learns it. */
import type { KernelInstance } from '../kernels.ts';
import { BIT, symbolCosts } from './entropy.ts';
import { codeTable } from './huffman.ts';
import type { Component } from './size.ts';
import { TYPICAL_TABLES, ZIGZAG } from './tables.ts';

/** λ in bits for a squared quantiser step is STRENGTH / (CALM + a block's mean squared AC coefficient, times 64). */
const STRENGTH = () => (globalThis as any).STRENGTH ?? 1763000;
const CALM = () => (globalThis as any).CALM ?? 92682;

/** Rates for 63 runs of 16 sizes. */
const RATES = 63 * 16;

/** One row of blocks in this many is looked at to learn the statistics. */
const SAMPLE = 4;

export class Quantiser {
  readonly #instance: KernelInstance;
  readonly #table: number;
  readonly #rates: number;
  readonly #counts: number;
  readonly #scratch: number;
  readonly #row: number;
  readonly #masks: number;

  /** For components of at most `across` blocks a row. */
  constructor(instance: KernelInstance, across: number) {
    const { memory } = instance;
    this.#instance = instance;
    this.#table = memory.alloc(256);
    this.#rates = memory.alloc(RATES * 4);
    this.#counts = memory.alloc(1024);
    this.#scratch = memory.alloc(64 * 20);
    this.#row = memory.alloc(across * 128);
    this.#masks = memory.alloc(across * 8);
  }

  /** Quantises the coefficients of all components in place: the first with the first table, the others with the second. */
  quantise(components: readonly Component[], tables: readonly (readonly number[])[]): void {
    tables.forEach((table, t) => {
      const group = t === 0 ? components.slice(0, 1) : components.slice(1);
      this.#setTable(table);
      const typical = Array.from(codeTable(TYPICAL_TABLES[t * 2 + 1]!, 256), (code) => (code & 255 || 16) * BIT);
      this.#setRates(typical);
      this.#setRates(this.#learn(group));
      for (const { coefs, masks, across, down } of group) this.#run(coefs, coefs, masks, across * down);
    });
  }

  /** Costs of symbols in a sample of the rows. */
  #learn(group: readonly Component[]): number[] {
    const { kernels, memory } = this.#instance;
    memory.words(this.#counts, 256).fill(0);
    for (const { coefs, across, realAcross, realDown } of group) {
      for (let row = Math.min(SAMPLE >> 1, realDown - 1); row < realDown; row += SAMPLE) {
        this.#run(coefs + row * across * 128, this.#row, this.#masks, realAcross);
        kernels.countRuns(this.#row, this.#masks, this.#counts, realAcross);
      }
    }
    return symbolCosts(memory.words(this.#counts, 256));
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
      STRENGTH() * BIT,
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

  /** Rates of all runs and sizes from those of the 256 symbols (F.1.2.2). */
  #setRates(costs: readonly number[]): void {
    const rates = this.#instance.memory.words(this.#rates, RATES);
    for (let run = 0; run < 63; run++) {
      for (let size = 1; size < 16; size++) {
        rates[run * 16 + size] = (run >> 4) * costs[0xf0]! + costs[((run & 15) << 4) | size]! + size * BIT;
      }
    }
    rates[0] = costs[0]!;
  }
}
