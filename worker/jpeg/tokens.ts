/** The symbols of a photo before they have codes (assembly/jpeg/tokens.ts). */
import type { KernelInstance } from '../memory/kernels.ts';
import type { BlockLayout, Blocks } from './blocks.ts';
import { SYMBOLS } from './statistics.ts';

/** Tokens that lie one behind the other. */
export type Tokens = { address: number; count: number };

/** Bytes that the tokens of one block can take: one of DC, 63 of AC, end of block. */
const BLOCK_BOUND = 65 * 4;

/** Linear memory is asked for in steps of 1 MiB. */
const STEP = 1 << 20;

/**
 * Tokens in coding order and how often each symbol occurs. The store grows at the top of the memory's stack: while
 * tokens are added, nothing else may lie there.
 */
export class TokenStore implements Tokens {
  /** Where the tokens lie. */
  readonly address: number;
  /** The same, row by row. */
  readonly rows: Tokens[] = [];
  readonly #instance: KernelInstance;
  readonly #source: BlockLayout;
  readonly #predictors: number;
  readonly #magnitudes: number;
  readonly #counts: number;
  #length = 0;
  #end: number;

  constructor(instance: KernelInstance, source: BlockLayout) {
    const { memory } = instance;
    this.#instance = instance;
    this.#source = source;
    this.#predictors = memory.alloc(16);
    this.#magnitudes = memory.alloc(1024);
    this.#counts = memory.alloc(SYMBOLS * 2 * 4);
    this.address = memory.alloc(source.count * BLOCK_BOUND);
    this.#end = this.address + source.count * BLOCK_BOUND;
    memory.words(this.#magnitudes, 256).set(magnitudes());
    memory.words(this.#counts, SYMBOLS * 2).fill(0);
    this.restart();
  }

  /** How many tokens there are. */
  get count(): number {
    return this.#length / 4;
  }

  /** Adds the tokens of a row of MCUs. */
  add({ records, wide }: Blocks): void {
    const { kernels, memory } = this.#instance;
    const { count, perMcu, components } = this.#source;
    const needed = this.address + this.#length + count * BLOCK_BOUND - this.#end;
    if (needed > 0) {
      const more = Math.max(STEP, needed);
      memory.extend(more);
      this.#end += more;
    }
    const address = this.address + this.#length;
    const bytes = kernels.tokenise({
      blocks: records,
      wide,
      components,
      predictors: this.#predictors,
      magnitudes: this.#magnitudes,
      tokens: address,
      counts: this.#counts,
      count,
      perMcu,
    });
    this.rows.push({ address, count: bytes / 4 });
    this.#length += bytes;
  }

  /** DC is predicted from 0 again (F.1.1.5.1). */
  restart(): void {
    this.#instance.memory.words(this.#predictors, 3).fill(0);
  }

  /** How often each symbol occurred in all tokens that were added: luminance DC, AC, chrominance DC, AC. A copy. */
  counts(): Int32Array<ArrayBuffer> {
    return this.#instance.memory.words(this.#counts, SYMBOLS * 2).slice();
  }
}

/** Category and additional bits of each i8 (F.1.2.1), `size | bits << 16`; 0 for the two at which saturation stops. */
function magnitudes(): Int32Array {
  return Int32Array.from({ length: 256 }, (_, byte) => {
    const value = (byte << 24) >> 24;
    if (value === 127 || value === -128) return 0;
    const size = 32 - Math.clz32(Math.abs(value));
    return size | (((value < 0 ? value - 1 : value) & ((1 << size) - 1)) << 16);
  });
}
