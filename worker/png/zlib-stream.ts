import type { KernelInstance } from '../memory/kernels.ts';

/** Bytes before the new ones that matches may refer to (RFC 1951, 2). */
const HISTORY = 32768;
/** Bytes behind the new ones that the kernel `deflate` hashes with them. */
const HASHED = 8;

/** How a piece of the stream ends, as the kernel `deflate` has it. */
const ENDINGS = { open: 0, ends: 1, flushes: 2 };

/** Deflate with a window of 32 KiB, and the check bits that make it a multiple of 31 (RFC 1950, 2.2). */
export const ZLIB_HEADER = Uint8Array.of(0x78, 0x01);
const ADLER32_START = 1;

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
  readonly #state: number;
  readonly #trialState: number | undefined;

  /**
   * @param matches what the kernel `deflate` looks for
   * @param hasTrials whether {@link trial} will be called
   */
  constructor(instance: KernelInstance, window: number, matches: number, hasTrials: boolean) {
    const { kernels, memory } = instance;
    this.#instance = instance;
    this.#matches = matches;
    this.#state = memory.alloc(kernels.deflateScratch());
    this.#trialState = hasTrials ? memory.alloc(kernels.deflateScratch()) : undefined;
    this.input = memory.alloc(HISTORY + window + HASHED) + HISTORY;
    this.bound = kernels.deflateBound(window);
    kernels.deflateStart(this.#state);
  }

  /**
   * Compresses so many bytes of the input to an address; returns how many they became. Their last bits wait for the next
   * call, which `open` announces; `ends` ends the stream; behind `flushes` the data of another stream may follow.
   */
  compress(bytes: number, to: number, ending: keyof typeof ENDINGS): number {
    const { kernels } = this.#instance;
    const { check } = this;
    const known = Math.min(HISTORY, check.filteredBytes);
    const written = this.#deflate(this.#state, bytes, to, known, check.filteredBytes, ENDINGS[ending]);
    check.adler32 = kernels.adler32(this.input, bytes, check.adler32) >>> 0;
    check.filteredBytes += bytes;
    if (ending === 'open') this.#keepHistory(bytes);
    return written;
  }

  /** How many bytes the first of the input would take by themselves; there is room for them at `to`. */
  trial(bytes: number, to: number): number {
    this.#instance.kernels.deflateStart(this.#trialState!);
    return this.#deflate(this.#trialState!, bytes, to, 0, 0, ENDINGS.ends);
  }

  /** What memory held behind the input must not change a photo's bytes. */
  #deflate(state: number, bytes: number, to: number, known: number, position: number, ending: number): number {
    const { kernels, memory } = this.#instance;
    memory.bytes(this.input + bytes, HASHED).fill(0);
    return kernels.deflate(this.input, to, state, bytes, known, position, this.#matches, ending);
  }

  /** Moves the last bytes of the input before it. */
  #keepHistory(bytes: number): void {
    const kept = Math.min(HISTORY, this.check.filteredBytes);
    const history = this.#instance.memory.bytes(this.input - HISTORY, HISTORY + bytes);
    history.copyWithin(HISTORY - kept, HISTORY + bytes - kept);
  }
}
