/** The symbols of a photo before they have codes (assembly/jpeg/tokens.ts). */
import type { KernelInstance } from '../kernels.ts';
import type { Blocks, BlockSource } from './blocks.ts';
import type { HuffmanTables } from './header.ts';
import { optimalTable } from './huffman.ts';

/** Symbols of one destination: 16 of its DC table, 256 of its AC table. */
export const SYMBOLS = 272;

/** Bytes that the tokens of one block can take: one of DC, 63 of AC, end of block. */
const BLOCK_BOUND = 65 * 4;

/** Linear memory is asked for in steps of 1 MiB. */
const STEP = 1 << 20;

/**
 * Tokens in coding order and how often each symbol occurs. There is room for a row; for more the store grows at the top of the
 * memory's stack, where nothing else may lie then.
 */
export class TokenStore {
  /** Where the tokens lie. */
  readonly address: number;
  readonly #instance: KernelInstance;
  readonly #source: Pick<BlockSource, 'frame' | 'count' | 'perMcu'>;
  readonly #components: number;
  readonly #predictors: number;
  readonly #magnitudes: number;
  readonly #counts: number;
  #length = 0;
  #end: number;

  constructor(instance: KernelInstance, source: Pick<BlockSource, 'frame' | 'count' | 'perMcu'>) {
    const { memory } = instance;
    this.#instance = instance;
    this.#source = source;
    this.#components = memory.alloc(16);
    this.#predictors = memory.alloc(16);
    this.#magnitudes = memory.alloc(1024);
    this.#counts = memory.alloc(SYMBOLS * 2 * 4);
    this.address = memory.alloc(source.count * BLOCK_BOUND);
    this.#end = memory.mark();
    const luma = source.frame.across * source.frame.down;
    memory.bytes(this.#components, 16).fill(0).set([1, 2], luma);
    memory.words(this.#predictors, 3).fill(0);
    memory.words(this.#counts, SYMBOLS * 2).fill(0);
    memory.words(this.#magnitudes, 256).set(magnitudes());
  }

  /** How many tokens there are. */
  get count(): number {
    return this.#length / 4;
  }

  /** Adds the tokens of a row of MCUs. */
  add({ records, wide }: Blocks): void {
    const { kernels, memory } = this.#instance;
    const { count, perMcu } = this.#source;
    const needed = this.address + this.#length + count * BLOCK_BOUND - this.#end;
    if (needed > 0) {
      memory.alloc(Math.max(STEP, needed));
      this.#end = memory.mark();
    }
    this.#length += kernels.tokenise(
      records,
      wide,
      this.#components,
      this.#predictors,
      this.#magnitudes,
      this.address + this.#length,
      this.#counts,
      count,
      perMcu,
    );
  }

  /** Forgets the tokens, not what the next ones depend on. */
  clear(): void {
    this.#length = 0;
  }

  /** The best tables for all tokens that were added. */
  optimalTables(): HuffmanTables {
    const counts = this.#instance.memory.words(this.#counts, SYMBOLS * 2);
    const tables = [0, 16, SYMBOLS, SYMBOLS + 16].map((from, t) =>
      optimalTable(counts.subarray(from, from + (t & 1 ? 256 : 16))),
    );
    return tables.slice(0, this.#source.frame.quantisers.length * 2);
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
