/** Huffman coding of tokens into a sink (assembly/jpeg/huffman.ts). */
import type { KernelInstance } from '../kernels.ts';
import type { Sink } from '../sink.ts';
import type { HuffmanTables } from './header.ts';
import { codeTable } from './huffman.ts';
import { SYMBOLS } from './statistics.ts';
import type { Tokens } from './tokens.ts';

/** Tokens that are coded at a time. */
const PIECE = 16384;

/** Bits of a token: a code of 16 and 11 more. */
const TOKEN_BITS = 27;

const WORDS_BYTES = (PIECE * TOKEN_BITS) / 8 + 16;

/** The most that a piece can take when every byte is stuffed. */
export const PIECE_BOUND = 2 * WORDS_BYTES;

/** Writes tokens with the codes of its tables. */
export class TokenCoder {
  readonly #instance: KernelInstance;
  readonly #codes: number;
  readonly #state: number;
  readonly #words: number;

  constructor(instance: KernelInstance) {
    const { memory } = instance;
    this.#instance = instance;
    this.#codes = memory.alloc(SYMBOLS * 2 * 4);
    this.#state = memory.alloc(16);
    this.#words = memory.alloc(WORDS_BYTES);
  }

  /** Begins a scan. */
  start(tables: HuffmanTables): void {
    const { memory } = this.#instance;
    const codes = memory.words(this.#codes, SYMBOLS * 2);
    tables.forEach((table, t) => {
      const first = (t >> 1) * SYMBOLS + (t & 1) * 16;
      codeTable(table, t & 1 ? 256 : 16).forEach((entry, symbol) => {
        // The additional bits count as a part of the code: a DC symbol is their number, of an AC symbol the low four bits are.
        const size = symbol & 15;
        codes[first + symbol] = ((entry >> 8) << (size + 5)) | ((entry & 255) + size);
      });
    });
    memory.words(this.#state, 4).set([0, 0, 64, 0]);
  }

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
    sink.write(new Uint8Array([0xff, 0xd0 | (row & 7)]));
  }
}
