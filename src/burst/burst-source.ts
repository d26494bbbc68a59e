import type { GrabbedFrame } from '../frame-source/grabber.ts';

/** How long frames from before the moment of the first shot may still come after it, in ms. */
const LATE_MS = 5000;

/** A frame for a burst. */
export type BurstFrame = GrabbedFrame & {
  /** How sharp it is, where that is known; such a frame has pixels of its own. */
  sharpness?: number;
  /** Which set of a bracket's constraints held. */
  step?: number;
};

/** Where a burst takes its frames from. */
export interface BurstSource {
  /** The next frame; the caller closes it. Rejects as `FrameSource.next()` does. */
  next(signal: AbortSignal): Promise<BurstFrame>;
  /** This frame became no shot: the source repeats what was special about it. */
  again?(frame: BurstFrame): void;
  /** Lets go of the track; resolves, always, when it is as it was. */
  close(): void | Promise<void>;
}

/** The frames of another source from the one nearest to `at` on (ms on the clock of `performance.now()`). */
export class StartingAt implements BurstSource {
  readonly #source: BurstSource;
  readonly #at: number;
  #started = false;
  #following: BurstFrame | undefined;

  constructor(source: BurstSource, at: number) {
    this.#source = source;
    this.#at = at;
  }

  async next(signal: AbortSignal): Promise<BurstFrame> {
    const following = this.#following;
    this.#following = undefined;
    if (following) return following;
    if (this.#started) return this.#source.next(signal);
    this.#started = true;
    return this.#nearest(signal);
  }

  close(): void | Promise<void> {
    this.#following?.frame.close();
    this.#following = undefined;
    return this.#source.close();
  }

  async #nearest(signal: AbortSignal): Promise<BurstFrame> {
    const distance = ({ timestamp }: BurstFrame): number => Math.abs(timestamp - this.#at);
    const end = Math.max(this.#at, performance.now()) + LATE_MS;
    let nearest = await this.#source.next(signal);
    while (nearest.timestamp < this.#at && performance.now() < end) {
      let next: BurstFrame;
      try {
        next = await this.#source.next(signal);
      } catch (error) {
        // A still track has no other picture.
        if (error instanceof DOMException && error.name === 'UnknownError') break;
        nearest.frame.close();
        throw error;
      }
      if (distance(nearest) < distance(next)) {
        this.#following = next;
        break;
      }
      nearest.frame.close();
      nearest = next;
    }
    // Frames lost before the first shot do not count.
    return { ...nearest, missed: 0 };
  }
}
