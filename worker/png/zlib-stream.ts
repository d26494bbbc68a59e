import type { KernelInstance } from '../memory/kernels.ts';
import type { MatchSearch } from './search.ts';
import { ADLER32_START } from '../metadata/zlib.ts';

/** How a piece of the stream ends, by the names of constants that the kernel `deflate` exports. */
export type Ending = 'endingOpen' | 'endingEnds' | 'endingFlushes';

/** What the checksum of a stream that is made in pieces depends on. */
export type PieceCheck = {
  /** Adler-32 of a piece's bytes before they were compressed. */
  adler32: number;
  /** How many there are. */
  filteredBytes: number;
};

/**
 * The compressed data of a zlib stream (RFC 1950), a window at a time, and the checksum that ends it. Its memory is
 * taken when it is made.
 */
export class ZlibStream {
  /** Where the next bytes are to be put: there is room for a window. */
  readonly input: number;
  /** The most bytes that a window may become. */
  readonly bound: number;
  /** Of all bytes so far. */
  readonly check: PieceCheck = { adler32: ADLER32_START, filteredBytes: 0 };
  readonly #instance: KernelInstance;
  readonly #matches: number;
  /** Bytes before the input that matches may refer to. */
  readonly #window: number;
  readonly #state: number;
  readonly #trialState: number | undefined;

  /**
   * @param bytes the most that are compressed at a time
   * @param hasTrials whether {@link trial} will be called
   */
  constructor(instance: KernelInstance, bytes: number, matches: MatchSearch, hasTrials: boolean) {
    const { kernels, memory } = instance;
    this.#instance = instance;
    this.#matches = kernels[matches].value;
    this.#window = kernels.deflateWindow.value;
    this.#state = memory.alloc(kernels.deflateScratch());
    this.#trialState = hasTrials ? memory.alloc(kernels.deflateScratch()) : undefined;
    this.input = memory.alloc(this.#window + bytes + kernels.deflateLookahead.value) + this.#window;
    this.bound = kernels.deflateBound(bytes);
    kernels.deflateStart(this.#state);
  }

  /**
   * Compresses so many bytes of the input to an address; returns how many they became. Their last bits wait for the
   * next call, which `endingOpen` announces; `endingEnds` ends the stream; behind `endingFlushes` the data of another
   * stream may follow.
   */
  compress(bytes: number, to: number, ending: Ending): number {
    const { kernels } = this.#instance;
    const { check } = this;
    const known = Math.min(this.#window, check.filteredBytes);
    const written = this.#deflate(this.#state, bytes, to, known, check.filteredBytes, ending);
    check.adler32 = kernels.adler32(this.input, bytes, check.adler32) >>> 0;
    check.filteredBytes += bytes;
    if (ending === 'endingOpen') this.#keepHistory(bytes);
    return written;
  }

  /** How many bytes the first of the input would take by themselves; there is room for them at `to`. */
  trial(bytes: number, to: number): number {
    this.#instance.kernels.deflateStart(this.#trialState!);
    return this.#deflate(this.#trialState!, bytes, to, 0, 0, 'endingEnds');
  }

  /** What memory held behind the input must not change a photo's bytes. */
  #deflate(state: number, bytes: number, to: number, known: number, position: number, ending: Ending): number {
    const { kernels, memory } = this.#instance;
    memory.bytes(this.input + bytes, kernels.deflateLookahead.value).fill(0);
    return kernels.deflate(this.input, to, state, bytes, known, position, this.#matches, kernels[ending].value);
  }

  /** Moves the last bytes of the input before it. */
  #keepHistory(bytes: number): void {
    const kept = Math.min(this.#window, this.check.filteredBytes);
    const history = this.#instance.memory.bytes(this.input - this.#window, this.#window + bytes);
    history.copyWithin(this.#window - kept, this.#window + bytes - kept);
  }
}
