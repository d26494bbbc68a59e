/**
 * Puts the timestamps of a track's frames, which count from anywhere, on the clock of `performance.now()`. The frame
 * that was delivered fastest sets the difference of the two clocks, so that the intervals between frames stay those of
 * the camera however late a frame is read.
 */
export class FrameClock {
  #offset = Infinity;
  #former = -Infinity;
  #last = -Infinity;

  /** The time in ms of a frame read now, whose timestamp is given in µs. Never in the future, never before the last. */
  read(timestamp: number, now = performance.now()): number {
    // Timestamps that do not grow tell nothing: a page made them up, or the source has begun anew.
    if (timestamp <= this.#former) this.#offset = Infinity;
    this.#former = timestamp;
    this.#offset = Math.min(this.#offset, now - timestamp / 1000);
    // A page's timestamps may run at any pace: the frame came after the last one and before now.
    this.#last = Math.max(this.#last, Math.min(now, timestamp / 1000 + this.#offset));
    return this.#last;
  }
}
