import { failure } from '../../worker/errors.ts';
import type { GrabbedFrame, Grabber } from './grabber.ts';

/** How long the first way may take to its first frame, in ms. */
const TRIAL_MS = 500;

/** Frames the first way if it gives one soon, else the second way from then on. */
export class FallbackGrabber implements Grabber {
  readonly #first: Grabber;
  readonly #second: Grabber;
  #chosen: Grabber | undefined;

  constructor(first: Grabber, second: Grabber) {
    this.#first = first;
    this.#second = second;
  }

  async grab(signal: AbortSignal): Promise<GrabbedFrame> {
    if (this.#chosen) return this.#chosen.grab(signal);
    const trial = new AbortController();
    const stop = (): void => trial.abort(signal.reason);
    signal.addEventListener('abort', stop);
    const timer = setTimeout(() => trial.abort(failure('UnknownError', 'No frame came.')), TRIAL_MS);
    try {
      const grabbed = await this.#first.grab(trial.signal);
      this.#chosen = this.#first;
      return grabbed;
    } catch (error) {
      if (signal.aborted) throw error;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
    }
    this.#first.close();
    this.#chosen = this.#second;
    return this.#second.grab(signal);
  }

  close(): void {
    this.#first.close();
    this.#second.close();
  }
}
