import { failure } from '../../worker/errors.ts';
import { frameSize } from '../../worker/frame/frame-facts.ts';
import { closeFrame, type Frame } from '../../worker/frame/frame.ts';
import type { KeptFrame } from '../../worker/frame/keep.ts';
import { count, positive, resolveOptions, type DevelopOptions, type DevelopSettings } from '../../worker/options.ts';
import type { Photo } from '../../worker/photo.ts';
import { assembleFastJpeg, assembleJpeg, assemblePng, type Ask } from './assemble.ts';
import { develop, keep } from './calls.ts';
import { Crew } from './crew.ts';
import { finish } from './finish.ts';
import { JobQueue } from './queue.ts';
import { takeFrame } from './take-frame.ts';
import { dispose } from '../async/dispose.ts';
import { fileMetadata } from './file-metadata.ts';
import { cut, divide, type Rows } from './divide.ts';
import { unlessAborted } from '../async/unless-aborted.ts';
import { announceWorkerScript } from './worker-script.ts';

/** Options of a darkroom. */
export type DarkroomOptions = {
  /**
   * Workers at most, from 1 to 64. Default: the machine's cores less one for the page, at most 4; both cores of two.
   */
  workers?: number | undefined;
  /** Where the worker script is, for hosts that place it themselves. Same origin. */
  workerUrl?: string | URL | undefined;
  /** Where the compiled kernels are, for hosts that place them themselves. */
  wasmUrl?: string | URL | undefined;
  /** Frames that a burst may hold at once, waiting or in work; default: four for each worker. */
  maxPending?: number | undefined;
  /**
   * ms after which a worker that has nothing to do ends, and its memory with it; default: 30 seconds. Another one
   * starts when there is work. `Infinity` keeps workers until {@link Darkroom.close}. While a MotorDrive is open on a
   * live track, the workers of its darkroom stay.
   */
  idleTimeout?: number | undefined;
};

/** More than any machine has use for; each may take a GiB. */
const MAX_WORKERS = 64;
const IDLE_TIMEOUT_MS = 30_000;
/** How long a worker may take to copy a frame off its camera, in ms. It usually takes a few. */
const KEEP_TIMEOUT_MS = 10_000;

/** Keeps idle workers of a darkroom until `isHeld` first returns false. */
export let holdWorkers: (darkroom: Darkroom, isHeld: () => boolean) => void;

/**
 * A pool of workers that develop frames. Workers start when there is work and end when there was none for a while; one
 * that dies is replaced, and one that cannot start fails its job, not the pool.
 */
export class Darkroom {
  static #shared: Darkroom | undefined;

  static {
    holdWorkers = (darkroom, isHeld) => {
      darkroom.#isHeld();
      darkroom.#holds.add(isHeld);
    };
  }

  /** The pool used by whoever is not given one; made on first use, and again after it was closed. */
  static get shared(): Darkroom {
    if (!Darkroom.#shared || Darkroom.#shared.#closed) Darkroom.#shared = new Darkroom();
    return Darkroom.#shared;
  }

  /** Workers at most. */
  readonly workers: number;
  /** Frames that a burst may hold at once. */
  readonly maxPending: number;
  /** ms after which a worker that has nothing to do ends. */
  readonly idleTimeout: number;
  readonly #crew: Crew;
  /** The one worker that takes frames off their cameras. */
  readonly #keepers: Crew;
  readonly #jobs: JobQueue;
  readonly #holds = new Set<() => boolean>();
  #closed = false;

  /** @throws TypeError or RangeError for an option that is wrong. Starts no worker yet. */
  constructor({ workers, maxPending, idleTimeout, workerUrl, wasmUrl }: DarkroomOptions = {}) {
    this.workers = count('workers', workers, 1, defaultWorkers());
    if (this.workers > MAX_WORKERS) {
      throw new RangeError(`options.workers must be at most ${MAX_WORKERS}, not ${this.workers}.`);
    }
    this.maxPending = count('maxPending', maxPending, 1, this.workers * 4);
    this.idleTimeout = positive('idleTimeout', idleTimeout, IDLE_TIMEOUT_MS);
    const life = {
      assets: { workerUrl, wasmUrl },
      idleTimeout: this.idleTimeout,
      isHeld: () => this.#isHeld(),
    };
    this.#crew = new Crew({ ...life, limit: this.workers });
    this.#keepers = new Crew({ ...life, limit: 1 });
    this.#jobs = new JobQueue(this.#crew);
    announceWorkerScript(workerUrl);
  }

  /** Frames held now, waiting or in work. */
  get pending(): number {
    return this.#jobs.pending;
  }

  /**
   * Develops a frame, or a picture in a file of any format that the engine decodes, upright by its Exif. The frame is
   * taken: moved to a worker (an ImageData's buffer is detached) and closed on every path, errors included.
   * @param place where the frame waits while all workers are busy: in the `pool`, for the first that is free, or
   * `ahead`, one frame at each worker, so that the worker has its next frame at hand; a worker that dies takes that
   * frame with it
   * @throws TypeError or RangeError for a wrong option; InvalidStateError for a closed frame or darkroom; EncodingError
   * for a file that cannot be decoded; OperationError when a worker cannot start, dies or runs out of memory; the
   * signal's reason when aborted. A worker that does not answer an abort within two seconds is replaced.
   */
  develop(
    frame: ImageBitmap | VideoFrame | ImageData | Blob,
    options: DevelopOptions = {},
    place: 'pool' | 'ahead' = 'pool',
  ): Promise<Photo> {
    return new Promise<Photo>((resolve) => {
      const taken = takeFrame(frame);
      try {
        if (this.#closed) throw failure('InvalidStateError', 'The darkroom is closed.');
        const settings = resolveOptions(options);
        settings.metadata &&= { ...fileMetadata(), ...settings.metadata };
        options.signal?.throwIfAborted();
        const whole = (): Promise<Photo> => this.#developWhole(taken, settings, options.signal, place === 'ahead');
        if (taken instanceof Blob) return resolve(whole());
        const parts = divide(taken, settings, this.workers);
        resolve(parts.length > 1 ? this.#developParts(taken, parts, settings, options.signal) : whole());
      } catch (error) {
        closeFrame(taken);
        throw error;
      }
    });
  }

  /**
   * Takes a frame off its camera, so that it can be kept: Chromium's cameras lend two frames at a time, and give no
   * more while those are open. The frame given is taken as by {@link develop}; the one that comes back has pixels of
   * its own and is the caller's to close. The copy is made by a worker of its own, which starts with the first call.
   * @throws AbortError when the darkroom is closed; OperationError when the worker cannot start, dies or takes ten
   * seconds, or the frame cannot be read; the signal's reason when aborted.
   */
  async keep(frame: ImageBitmap | VideoFrame, { signal }: { signal?: AbortSignal } = {}): Promise<KeptFrame> {
    try {
      if (this.#closed) throw closedReason();
      signal?.throwIfAborted();
      const keeper = this.#keepers.take(Infinity)!;
      const kept = keeper
        .ask(keep(frame), { signal, limit: KEEP_TIMEOUT_MS })
        .finally(() => this.#keepers.giveBack(keeper));
      return signal ? await unlessAborted(kept, signal, (late) => late.frame.close()) : await kept;
    } catch (error) {
      throw this.#closed ? closedReason() : error;
    } finally {
      // Nothing is left to close where it was transferred.
      frame.close();
    }
  }

  /**
   * Starts all workers, up to the limit; resolves when they can develop. Rejects with OperationError when one cannot
   * start – the next call tries again –, with AbortError when the darkroom is closed meanwhile.
   */
  async ready(): Promise<void> {
    if (this.#closed) throw failure('InvalidStateError', 'The darkroom is closed.');
    try {
      await this.#crew.fill();
    } catch (error) {
      throw this.#closed ? closedReason() : error;
    }
    if (this.#closed) throw closedReason();
  }

  /** Bytes of linear memory that the workers hold; asks them, so the answer comes when their jobs are done. */
  async memoryBytes(): Promise<number> {
    const bytes = await Promise.all(this.#crew.members.map((worker) => worker.memoryBytes()));
    return bytes.reduce((sum, one) => sum + one, 0);
  }

  /** Ends all workers; photos that are not done reject with AbortError, their frames are closed. */
  close(): void {
    this.#closed = true;
    this.#jobs.close(closedReason());
    this.#crew.close();
    this.#keepers.close();
  }

  /** As {@link close}, for `using`. */
  [dispose](): void {
    this.close();
  }

  /** Whether anybody still wants the workers to stay; those who do not are forgotten. */
  #isHeld(): boolean {
    for (const isHeld of this.#holds) if (!isHeld()) this.#holds.delete(isHeld);
    return this.#holds.size > 0;
  }

  async #developWhole(
    frame: Frame | Blob,
    settings: DevelopSettings,
    signal: AbortSignal | undefined,
    ahead: boolean,
  ): Promise<Photo> {
    const started = performance.now();
    const photo = await this.#jobs.add(frame, develop(frame, settings), { signal, ahead });
    return finish(photo, settings.type, frame instanceof Blob ? 'still' : 'frame', started);
  }

  /** One photo by several workers. */
  async #developParts(
    frame: Frame,
    rows: readonly Rows[],
    settings: DevelopSettings,
    signal: AbortSignal | undefined,
  ): Promise<Photo> {
    const started = performance.now();
    const { display: size } = frameSize(frame);
    const abort = new AbortController();
    const forward = (): void => abort.abort(signal?.reason);
    signal?.addEventListener('abort', forward, { once: true });
    try {
      const parts = { frames: await cut(frame, rows), rows, size };
      const ask: Ask = (part, call) => this.#jobs.add(part, call, { signal: abort.signal });
      const { bytes, read, encode } = await assembler(settings)(ask, parts, settings);
      const readAt = performance.timeOrigin + performance.now() - encode;
      const timings = { read, redEye: 0, scale: 0, encode };
      return finish({ file: bytes, ...size, redEyes: [], timings, readAt }, settings.type, 'frame', started);
    } catch (error) {
      // The other parts are of no use any more.
      abort.abort(error);
      throw error;
    } finally {
      signal?.removeEventListener('abort', forward);
    }
  }
}

function assembler({ type, effort }: DevelopSettings): typeof assembleJpeg {
  if (type === 'image/png') return assemblePng;
  return effort === 'speed' ? assembleFastJpeg : assembleJpeg;
}

function closedReason(): DOMException {
  return failure('AbortError', 'The darkroom was closed.');
}

function defaultWorkers(): number {
  const cores = globalThis.navigator?.hardwareConcurrency || 1;
  return cores <= 2 ? cores : Math.min(cores - 1, 4);
}
