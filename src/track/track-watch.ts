import { failure, reasonText } from '../../worker/errors.ts';
import { unlessAborted } from '../async/unless-aborted.ts';

/** How often a track is looked at while something waits on it, in ms: `track.stop()` fires no event. */
const POLL_MS = 25;

/** Why a track gives no pictures now, in words; undefined when nothing keeps it from that. */
export function obstacle(track: MediaStreamTrack): string | undefined {
  if (track.readyState !== 'live') return 'The track has ended.';
  if (!track.enabled) return 'The track is disabled.';
  return undefined;
}

/** @throws InvalidStateError unless the track is live and enabled. A muted track passes: it may have frames again. */
export function assertUsable(track: MediaStreamTrack): void {
  const words = obstacle(track);
  if (words !== undefined) throw failure('InvalidStateError', words);
}

/**
 * Follows a track while an operation is pending on it. `signal` aborts with an OperationError when the track ends or is
 * disabled, and with the caller's own reason when the caller's signal aborts. Whoever makes one closes it.
 */
export class TrackWatch {
  readonly #track: MediaStreamTrack;
  readonly #caller: AbortSignal | undefined;
  readonly #controller = new AbortController();
  readonly #poll: ReturnType<typeof setInterval>;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(track: MediaStreamTrack, caller?: AbortSignal) {
    this.#track = track;
    this.#caller = caller;
    this.#poll = setInterval(this.#look, POLL_MS);
    track.addEventListener('ended', this.#look);
    caller?.addEventListener('abort', this.#look);
    this.#look();
  }

  /** Aborts when the operation can no longer succeed. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Gives the operation this many ms from now; then `signal` aborts with an UnknownError. */
  allow(milliseconds: number): void {
    this.#timer = setTimeout(() => {
      this.abort(failure('UnknownError', `The track gave no frame within ${milliseconds / 1000} s.`));
    }, milliseconds);
  }

  /** @throws what `signal` aborts with, if the operation can no longer succeed at this very moment. */
  check(): void {
    this.#look();
    if (this.signal.aborted) throw this.signal.reason;
  }

  /** Settles as `work` does, or rejects at once when `signal` aborts; what `work` still brings then is discarded. */
  async race<T>(work: Promise<T>, discard: (late: T) => void): Promise<T> {
    this.#look();
    const result = await unlessAborted(work, this.signal, discard);
    try {
      this.check();
    } catch (reason) {
      discard(result);
      throw reason;
    }
    return result;
  }

  /** Ends the operation with this reason. */
  abort(reason: unknown): void {
    this.close();
    this.#controller.abort(reason);
  }

  /** Stops following the track. */
  close(): void {
    clearInterval(this.#poll);
    clearTimeout(this.#timer);
    this.#track.removeEventListener('ended', this.#look);
    this.#caller?.removeEventListener('abort', this.#look);
  }

  readonly #look = (): void => {
    if (this.#caller?.aborted) return this.abort(this.#caller.reason);
    const words = obstacle(this.#track);
    if (words !== undefined) this.abort(failure('OperationError', words));
  };
}

/** Runs an operation on a usable track for as long as the track allows, and names its failures. */
export async function attempt<T>(
  track: MediaStreamTrack,
  signal: AbortSignal | undefined,
  operation: (watch: TrackWatch) => Promise<T>,
  discard: (late: T) => void = () => {},
): Promise<T> {
  const watch = new TrackWatch(track, signal);
  try {
    return await watch.race(operation(watch), discard);
  } catch (thrown) {
    watch.check();
    if (thrown instanceof DOMException) throw thrown;
    // Sides that are each within their range may still make a photo that is too large.
    throw failure(thrown instanceof RangeError ? 'NotSupportedError' : 'UnknownError', reasonText(thrown), thrown);
  } finally {
    watch.close();
  }
}
