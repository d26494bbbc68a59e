/** Which frames of a source become shots: as many a second as asked for, until the time is over. */
export class Pace {
  readonly #interval: number;
  readonly #duration: number;
  #end: number | undefined;
  #due = -Infinity;

  /** Milliseconds between shots at least, and from the first frame to the last at most. */
  constructor(interval: number, duration: number) {
    this.#interval = interval;
    this.#duration = duration;
  }

  /** Whether a frame of this moment comes too early, is to be taken, or comes when the time is over. */
  judge(timestamp: number): 'early' | 'due' | 'over' {
    this.#end ??= timestamp + this.#duration;
    if (timestamp > this.#end) return 'over';
    // A quarter of an interval's tolerance: a camera at 30 frames a second asked for 30 must not lose every other one.
    return timestamp < this.#due - this.#interval / 4 ? 'early' : 'due';
  }

  /** A frame of this moment was taken. */
  took(timestamp: number): void {
    const late = timestamp - this.#due > this.#interval;
    this.#due = (late ? timestamp : this.#due) + this.#interval;
  }
}
