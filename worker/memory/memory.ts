import { failure } from '../errors.ts';

const PAGE = 65536;

/** Bytes behind the last allocation that kernels may read, never write: a vector load may run past its input. */
const OVERREAD = 64;

/** Linear memory is never grown past this unless the owner says otherwise: 1 GiB. */
export const DEFAULT_MAXIMUM_BYTES = 1024 * 1024 * 1024;

/**
 * How a record of assembly/ is written to words of memory, from `at` on, and read; build/records.js has such functions.
 */
type RecordWriter<Fields> = (words: Int32Array, at: number, fields: Fields) => void;
type RecordReader<Fields> = (words: Int32Array, at: number) => Fields;

/**
 * Owner of the kernels' linear memory, used as a stack: `mark`, `alloc`, `release`. Kernels get addresses and never
 * allocate, grow or keep one. Memory grows here and nowhere else, to what the largest job needed, and is reused.
 */
export class KernelMemory {
  readonly memory: WebAssembly.Memory;
  readonly maximumBytes: number;
  #base: number;
  #top: number;
  #bytes!: Uint8Array<ArrayBuffer>;
  #words!: Int32Array<ArrayBuffer>;

  constructor(maximumBytes = DEFAULT_MAXIMUM_BYTES) {
    this.maximumBytes = Math.floor(maximumBytes / PAGE) * PAGE;
    this.memory = new WebAssembly.Memory({ initial: 4, maximum: this.maximumBytes / PAGE });
    this.#base = this.#top = 0;
    this.#view();
  }

  /** Starts the stack behind what the kernels keep for themselves. Called once, after instantiation. */
  setBase(heapBase: number): void {
    this.#base = this.#top = align(heapBase);
  }

  /** Bytes of linear memory held now. */
  get byteLength(): number {
    return this.memory.buffer.byteLength;
  }

  /** The top of the stack, to be handed to {@link release}. */
  mark(): number {
    return this.#top;
  }

  /**
   * Takes `bytes` from the stack; the address is a multiple of 16. The content is undefined. May grow memory, so every
   * view taken before is dead. Throws as {@link reserve} does.
   */
  alloc(bytes: number): number {
    const address = this.#top;
    this.extend(bytes);
    return address;
  }

  /** Makes the last allocation longer, as {@link alloc} does. */
  extend(bytes: number): void {
    this.reserve(bytes);
    this.#top = align(this.#top + bytes);
  }

  /**
   * Makes sure that the next `bytes` can be taken, growing memory now.
   * @throws RangeError past the maximum, OperationError when the host refuses to grow.
   */
  reserve(bytes: number): void {
    const top = align(this.#top + bytes);
    if (!(bytes >= 0) || top + OVERREAD > this.maximumBytes) {
      const needed = Math.ceil((top + OVERREAD - this.#base) / 1048576);
      throw new RangeError(
        `The photo needs ${needed} MiB of working memory; the limit is ${Math.floor(this.maximumBytes / 1048576)} MiB.`,
      );
    }
    const missing = Math.ceil((top + OVERREAD - this.byteLength) / PAGE);
    if (missing > 0) {
      try {
        this.memory.grow(missing);
      } catch (cause) {
        throw failure('OperationError', `The browser refused ${missing * PAGE} more bytes of memory.`, cause);
      }
      this.#view();
    }
  }

  /** Makes the views on all memory, which end when it grows. */
  #view(): void {
    const buffer = this.memory.buffer as ArrayBuffer;
    this.#bytes = new Uint8Array(buffer);
    this.#words = new Int32Array(buffer);
  }

  /** Gives back everything taken since `mark`. */
  release(mark: number): void {
    this.#top = mark;
  }

  /** Gives back everything. */
  reset(): void {
    this.#top = this.#base;
  }

  /** A view on `length` bytes at `address`. It lives until the next {@link alloc}; never store, return or post it. */
  bytes(address: number, length: number): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(address, address + length);
  }

  /** A 32-bit view on `count` elements at `address`, which is a multiple of 4. Lives until the next {@link alloc}. */
  words(address: number, count: number): Int32Array<ArrayBuffer> {
    return new Int32Array(this.#words.buffer, address, count);
  }

  /** Writes a record of assembly/ to `address`, a multiple of 4, by the function of build/records.js for it. */
  write<Fields>(address: number, writer: RecordWriter<Fields>, fields: Fields): void {
    writer(this.allWords(), address / 4, fields);
  }

  /** Reads a record as {@link write} writes one. */
  read<Fields>(address: number, reader: RecordReader<Fields>): Fields {
    return reader(this.allWords(), address / 4);
  }

  /** The 32-bit words of all memory. Lives until the next {@link alloc}. */
  allWords(): Int32Array<ArrayBuffer> {
    return this.#words;
  }
}

function align(address: number): number {
  return Math.ceil(address / 16) * 16;
}
