/** Keeps the sharpest of the frames offered, as many as asked for. */
export class Selection<T extends { sharpness: number; frame: { close(): void } }> {
  readonly #size: number;
  readonly #kept: T[] = [];

  constructor(size: number) {
    this.#size = size;
  }

  /** Keeps the frame and closes the least sharp one, which may be this frame. Of equals the earlier stays. */
  offer(candidate: T): void {
    this.#kept.push(candidate);
    if (this.#kept.length <= this.#size) return;
    const least = Math.min(...this.#kept.map(({ sharpness }) => sharpness));
    const loser = this.#kept.findLastIndex(({ sharpness }) => sharpness === least);
    this.#kept.splice(loser, 1)[0]!.frame.close();
  }

  /** Hands over what was kept, in the order in which it was offered. */
  take(): T[] {
    return this.#kept.splice(0);
  }

  /** Closes what is kept. */
  close(): void {
    for (const { frame } of this.take()) frame.close();
  }
}
