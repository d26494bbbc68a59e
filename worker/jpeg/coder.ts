/** Huffman coding into a sink: of tokens (assembly/jpeg/huffman.ts), or of blocks at once (assembly/jpeg/direct.ts). */
import type { KernelInstance } from '../memory/kernels.ts';
import type { Sink } from '../memory/sink.ts';
import type { HuffmanTables } from './header.ts';
import { codeTable } from './huffman.ts';
import type { Blocks, BlockLayout } from './blocks.ts';
import { SYMBOLS } from './statistics.ts';
import type { Tokens } from './tokens.ts';

/** Tokens that are coded at a time, and blocks of at most 65 tokens: a multiple of all numbers of blocks in an MCU. */
const PIECE = 16384;
const BLOCKS = 252;

/** Bits of a token: a code of 16 and 11 more. */
const TOKEN_BITS = 27;

const WORDS_BYTES = (PIECE * TOKEN_BITS) / 8 + 16;

/** The most that a piece can take when every byte is stuffed. */
export const PIECE_BOUND = 2 * WORDS_BYTES;

/** Writes what is to be coded with the codes of its tables. */
export class Coder {
  readonly #instance: KernelInstance;
  readonly #codes: number;
  readonly #direct: number;
  readonly #predictors: number;
  readonly #state: number;
  readonly #words: number;

  constructor(instance: KernelInstance) {
    const { kernels, memory } = instance;
    this.#instance = instance;
    this.#codes = memory.alloc(SYMBOLS * 2 * 4);
    this.#direct = memory.alloc((kernels.smallCodes.value + SYMBOLS) * 2 * 4);
    this.#predictors = memory.alloc(16);
    this.#state = memory.alloc(16);
    this.#words = memory.alloc(WORDS_BYTES);
  }

  /** Begins a scan. */
  start(tables: HuffmanTables): void {
    const { kernels, memory } = this.#instance;
    const small = kernels.smallCodes.value;
    const codes = memory.words(this.#codes, SYMBOLS * 2);
    tables.forEach((table, t) => {
      const first = (t >> 1) * SYMBOLS + (t & 1) * 16;
      codeTable(table, t & 1 ? 256 : 16).forEach((entry, symbol) => {
        // The additional bits count as a part of the code: a DC symbol is their number, of an AC symbol the low four
        // bits are.
        const size = symbol & 15;
        codes[first + symbol] = ((entry >> 8) << (size + 5)) | ((entry & 255) + size);
      });
    });
    for (const destination of [0, 1]) {
      const from = codes.subarray(destination * SYMBOLS, (destination + 1) * SYMBOLS);
      const to = memory.words(this.#direct + destination * (small + SYMBOLS) * 4, small + SYMBOLS);
      to.set(smallEntries(from.subarray(16), small));
      to.set(from, small);
    }
    memory.words(this.#predictors, 3).fill(0);
    kernels.startBits(this.#state);
  }

  /** Codes a row of blocks of the source. */
  encodeBlocks({ records, wide }: Blocks, source: BlockLayout, sink: Sink): void {
    const { kernels } = this.#instance;
    const { count, perMcu, components } = source;
    for (let at = 0; at < count; at += BLOCKS) {
      const room = sink.room(PIECE_BOUND);
      const bytes = kernels.encodeBlocks({
        blocks: records + at * kernels.quantisedBytes.value,
        wide: wide + at * kernels.exactBytes.value,
        components,
        predictors: this.#predictors,
        tables: this.#direct,
        state: this.#state,
        words: this.#words,
        dst: room,
        count: Math.min(BLOCKS, count - at),
        perMcu,
      });
      sink.advance(bytes);
    }
  }

  /** Codes tokens. */
  encode({ address, count }: Tokens, sink: Sink): void {
    const { kernels } = this.#instance;
    for (let at = 0; at < count; at += PIECE) {
      const tokens = address + at * 4;
      const room = sink.room(PIECE_BOUND);
      const piece = Math.min(PIECE, count - at);
      sink.advance(kernels.encodeTokens(tokens, piece, this.#codes, this.#state, this.#words, room));
    }
  }

  /** Fills the last byte, so that a marker can follow. */
  flush(sink: Sink): void {
    sink.advance(this.#instance.kernels.flushBits(this.#state, sink.room(24)));
  }

  /** Ends the restart interval of a row of MCUs with its marker (F.1.1.5.2). */
  restart(sink: Sink, row: number): void {
    this.flush(sink);
    this.#instance.memory.words(this.#predictors, 3).fill(0);
    sink.write(new Uint8Array([0xff, 0xd0 | (row & 7)]));
  }
}

/**
 * Entries of AC symbols with the additional bits of small values, 16 runs of -16 to 15; no table has a code for all of
 * them.
 */
function smallEntries(codes: Int32Array, length: number): Int32Array {
  return Int32Array.from({ length }, (_, i) => {
    const run = i >> 5;
    const value = (i & 31) - 16;
    // The place of 0 is that of end of block, and of sixteen zeros.
    if (value === 0) return run === 15 ? codes[0xf0]! : codes[0]!;
    const size = 32 - Math.clz32(Math.abs(value));
    const bits = (value < 0 ? value - 1 : value) & ((1 << size) - 1);
    return codes[(run << 4) | size]! | (bits << 5);
  });
}
