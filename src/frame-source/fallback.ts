import { failure } from '../../worker/errors.ts';
import type { GrabbedFrame, Grabber } from './grabber.ts';

/** How long the first way may take to its first frame, in ms. */
const TRIAL_MS = 2000;

/**
 * Gives frames by the first way as long as that works. When it gives none soon, or fails, the second way takes over.
 */
export class FallbackGrabber implements Grabber {
  readonly #first: Grabber;
  readonly #second: Grabber;
  #state: 'trial' | 'proven' | 'failed' = 'trial';

  constructor(first: Grabber, second: Grabber) {
    this.#first = first;
    this.#second = second;
  }

  async grab(signal: AbortSignal): Promise<GrabbedFrame> {
    if (this.#state === 'failed') return this.#second.grab(signal);
    const trial = new AbortController();
    const stop = (): void => trial.abort(signal.reason);
    signal.addEventListener('abort', stop);
    const late = (): void => trial.abort(failure('UnknownError', 'No frame came.'));
    const timer = this.#state === 'trial' ? setTimeout(late, TRIAL_MS) : undefined;
    try {
      const grabbed = await this.#first.grab(trial.signal);
      this.#state = 'proven';
      return grabbed;
    } catch (error) {
      if (signal.aborted) throw error;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
    }
    this.#first.close();
    this.#state = 'failed';
    return this.#second.grab(signal);
  }

  close(): void {
    this.#first.close();
    this.#second.close();
  }
}
