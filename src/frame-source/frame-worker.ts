import { releaseProxy, transfer, wrap, type Remote } from 'comlink';
import { failure } from '../../worker/errors.ts';
import type { FrameTap } from '../../worker/frame/frame-tap.ts';
import type { DevelopService } from '../../worker/service.ts';
import { startWorker } from '../darkroom/worker-handle.ts';
import { workerScript } from '../darkroom/worker-script.ts';

/** How long the worker outlives its last tap, in ms: photos taken one after the other need not start one each. */
const LINGER_MS = 2000;

/** A tap on a clone of a track, which was moved to the worker. */
export type OpenTap = {
  remote: Remote<FrameTap>;
  /** Resolves when the tap misses no frame any more; rejects when it cannot be opened. */
  opened: Promise<unknown>;
  /** Aborts when the worker dies. */
  death: AbortSignal;
  /** Closes the tap and ends the clone, once. */
  close(): void;
};

/** The worker that reads frames, one for all tracks; it lives while it has taps, and a little longer. */
class FrameWorker {
  static #current: FrameWorker | undefined;
  readonly #worker: Worker;
  readonly #remote: Remote<DevelopService>;
  readonly #death = new AbortController();
  readonly #lifeLock = `motordrive-${crypto.randomUUID?.() ?? Math.random()}`;
  #taps = 0;
  #watched = false;
  #lingering: ReturnType<typeof setTimeout> | undefined;

  /** @throws OperationError when the browser refuses to start it. */
  private constructor() {
    this.#worker = startWorker(workerScript());
    this.#worker.addEventListener('error', (event) => {
      event.preventDefault();
      this.#die('The worker that reads frames failed.');
    });
    this.#remote = wrap<DevelopService>(this.#worker);
  }

  static get(): FrameWorker {
    return (FrameWorker.#current ??= new FrameWorker());
  }

  /** The clone becomes the tap's, which ends it on every path. */
  open(clone: MediaStreamTrack): OpenTap {
    clearTimeout(this.#lingering);
    this.#taps++;
    const { port1, port2 } = new MessageChannel();
    const remote = wrap<FrameTap>(port1);
    const request = { track: clone as unknown, port: port2, lifeLock: this.#lifeLock };
    const opened = this.#remote.openTap(transfer(request, [port2, clone as unknown as Transferable])).then(
      (held) => held && this.#watch(),
      (error: unknown) => {
        // Not moved, perhaps.
        clone.stop();
        throw error;
      },
    );
    opened.catch(() => {});
    let open = true;
    const close = (): void => {
      if (!open) return;
      open = false;
      // A frame that is under way arrives before the answer, and is closed by who asked for it. A dead worker gives
      // none.
      const release = (): void => remote[releaseProxy]();
      remote.close().then(release, release);
      if (--this.#taps === 0) this.#lingering = setTimeout(() => this.#die('The worker had no more to do.'), LINGER_MS);
    };
    return { remote, opened, death: this.#death.signal, close };
  }

  /** No event tells that a worker was terminated or crashed; but then the lock it held becomes free. */
  #watch(): void {
    if (this.#watched) return;
    this.#watched = true;
    const { signal } = this.#death;
    navigator.locks
      .request(this.#lifeLock, { signal }, () => this.#die('The worker that reads frames died.'))
      .catch(() => {});
  }

  #die(message: string): void {
    if (FrameWorker.#current === this) FrameWorker.#current = undefined;
    this.#worker.terminate();
    this.#death.abort(failure('OperationError', message));
  }
}

/**
 * Opens a tap on a track, which stays as it is.
 * @throws OperationError when the browser refuses to start the worker.
 */
export function openTap(track: MediaStreamTrack): OpenTap {
  const worker = FrameWorker.get();
  return worker.open(track.clone());
}

/** Whether tracks can be moved, those of canvases and others. */
const movable = new Map<boolean, boolean>();

/** Whether this engine moves such tracks to workers: WebKit, which has the processor there and there alone. */
export function canMove(track: MediaStreamTrack): boolean {
  const kind = 'canvas' in track;
  const known = movable.get(kind);
  if (known !== undefined) return known;
  const clone = track.clone();
  let moves = true;
  try {
    structuredClone(clone, { transfer: [clone as unknown as Transferable] }).stop();
  } catch {
    moves = false;
  } finally {
    clone.stop();
  }
  movable.set(kind, moves);
  return moves;
}
