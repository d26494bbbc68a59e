import type { KernelMemory } from './memory.ts';

/**
 * Where an encoder writes: an area of linear memory, taken from the stack before work starts. When the next piece might
 * not fit, what is there is copied out, so the area may be far smaller than the worst case.
 */
export class Sink {
  readonly #memory: KernelMemory;
  readonly #start: number;
  readonly #capacity: number;
  readonly #spilled: Uint8Array<ArrayBuffer>[] = [];
  #length = 0;
  #spilledBytes = 0;

  constructor(memory: KernelMemory, capacity: number) {
    this.#memory = memory;
    this.#capacity = capacity;
    this.#start = memory.alloc(capacity);
  }

  /** Bytes written so far. */
  get byteLength(): number {
    return this.#spilledBytes + this.#length;
  }

  /** An address with room for `bytes`; at most the capacity. */
  room(bytes: number): number {
    if (this.#length + bytes > this.#capacity) {
      if (bytes > this.#capacity) throw new Error(`A piece of ${bytes} bytes cannot fit ${this.#capacity}.`);
      this.#spilled.push(this.#memory.bytes(this.#start, this.#length).slice());
      this.#spilledBytes += this.#length;
      this.#length = 0;
    }
    return this.#start + this.#length;
  }

  /**
   * Counts the bytes that were written at the address {@link room} gave. A negative count is a kernel that overflowed.
   */
  advance(bytes: number): void {
    if (bytes < 0) throw new Error('A kernel ran out of the room its bound promised.');
    this.#length += bytes;
  }

  /** Writes bytes that TypeScript made (headers, trailers), however many. */
  write(bytes: Uint8Array): void {
    if (bytes.length > this.#capacity) {
      this.room(this.#capacity);
      this.#spilled.push(bytes.slice());
      this.#spilledBytes += bytes.length;
      return;
    }
    const address = this.room(bytes.length);
    this.#memory.bytes(address, bytes.length).set(bytes);
    this.#length += bytes.length;
  }

  /** All that was written, in order; the last part is a view on linear memory and lives until the next alloc. */
  parts(): Uint8Array<ArrayBuffer>[] {
    return [...this.#spilled, this.#memory.bytes(this.#start, this.#length)];
  }

  /** A copy of all that was written, in one piece. */
  toBytes(): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(this.byteLength);
    let at = 0;
    for (const part of this.parts()) {
      bytes.set(part, at);
      at += part.length;
    }
    return bytes;
  }
}
