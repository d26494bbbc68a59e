import { failure } from '../worker/errors.ts';
import { closeFrame, frameSize, type Frame, type ImageDataRecord } from '../worker/frame.ts';
import type { KeptFrame } from '../worker/keep.ts';
import { count, resolveOptions, type DevelopOptions, type DevelopSettings } from '../worker/options.ts';
import { toBlob, type Photo, type WorkerPhoto } from '../worker/photo.ts';
import { assembleFastJpeg, assembleJpeg, assemblePng, type Ask } from './assemble.ts';
import { dispose } from './dispose.ts';
import { cut, divide, type Rows } from './share.ts';
import { fileMetadata } from './photo-metadata.ts';
import { readableBitmap } from './readable-bitmap.ts';
import { WorkerHandle, type WorkerAssets } from './worker-handle.ts';

/** How a pool is made. */
export type DarkroomOptions = {
  /** Workers at most; default: the machine's cores less one for the page, from 1 to 4 (both of two). */
  workers?: number | undefined;
  /** Where the worker script is, for hosts that place it themselves. Same origin. */
  workerUrl?: string | URL | undefined;
  /** Where the compiled kernels are, for hosts that place them themselves. */
  wasmUrl?: string | URL | undefined;
  /** Frames that a burst may hold at once, waiting or in work; default: four for each worker. */
  maxPending?: number | undefined;
};

/** Work for one worker, with the frame it is given. */
type Job = {
  frame: Frame | Blob | undefined;
  /** Whether it may wait at a worker that has something else to do. */
  ahead: boolean;
  /** Resolves with what tells the result to whoever waits for it. */
  work: (worker: WorkerHandle) => Promise<() => void>;
  reject: (reason: unknown) => void;
};

/**
 * A pool of workers that develop frames. Workers start when there is work, one that dies is replaced, and a worker that
 * cannot start fails its job, not the pool.
 */
export class Darkroom {
  static #shared: Darkroom | undefined;

  /** The pool used by whoever is not given one; made on first use, and again after it was closed. */
  static get shared(): Darkroom {
    if (!Darkroom.#shared || Darkroom.#shared.#closed) Darkroom.#shared = new Darkroom();
    return Darkroom.#shared;
  }

  /** Workers at most. */
  readonly workers: number;
  /** Frames that a burst may hold at once. */
  readonly maxPending: number;
  readonly #assets: WorkerAssets;
  readonly #idle: WorkerHandle[] = [];
  /** Workers with jobs, and how many. */
  readonly #busy = new Map<WorkerHandle, number>();
  readonly #queue: Job[] = [];
  readonly #working = new Set<Job>();
  #keeper: WorkerHandle | undefined;
  #closed = false;

  /** @throws TypeError or RangeError for an option that is wrong. Starts no worker yet. */
  constructor(options: DarkroomOptions = {}) {
    this.workers = count('workers', options.workers, 1, defaultWorkers());
    this.maxPending = count('maxPending', options.maxPending, 1, this.workers * 4);
    this.#assets = { workerUrl: options.workerUrl, wasmUrl: options.wasmUrl };
  }

  /** Frames held now, waiting or in work. */
  get pending(): number {
    return this.#queue.length + this.#working.size;
  }

  /**
   * Develops a frame, or a picture in a file of any format that the engine decodes, upright by its Exif. The frame is taken:
   * moved to a worker (an ImageData's buffer is detached) and closed on every path, errors included.
   * @param place where it waits while all workers are at work: in the `pool`, for the first that is free, or `ahead`, one frame at each worker,
   * which then has nothing to wait for between two of them; a worker that dies takes that one with it
   * @throws TypeError or RangeError for a wrong option; InvalidStateError for a closed frame or darkroom; EncodingError for
   * a file that cannot be decoded; OperationError when a worker cannot start, dies or runs out of memory; the signal's reason when aborted.
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
   * Takes a frame off its camera, so that it can be kept: Chromium's cameras lend two frames at a time, and give no more while those are
   * open. The frame given is taken as by {@link develop}; the one that comes back has pixels of its own and is the caller's to close. Made
   * by a worker beside the others, which begins with the first call.
   * @throws AbortError when the darkroom is closed; OperationError when the worker cannot start or dies, or the frame cannot be read.
   */
  async keep(frame: ImageBitmap | VideoFrame): Promise<KeptFrame> {
    try {
      if (this.#closed) throw closedReason();
      if (!this.#keeper?.alive) this.#keeper = new WorkerHandle(this.#assets);
      return await this.#keeper.keep(frame);
    } catch (error) {
      throw this.#closed ? closedReason() : error;
    } finally {
      // Nothing is left to close where it was transferred.
      frame.close();
    }
  }

  /** Starts all workers; resolves when they can develop. Rejects with OperationError when one cannot start. */
  async ready(): Promise<void> {
    if (this.#closed) throw failure('InvalidStateError', 'The darkroom is closed.');
    while (this.#idle.length + this.#busy.size < this.workers) this.#idle.push(new WorkerHandle(this.#assets));
    await Promise.all([...this.#idle, ...this.#busy.keys()].map((worker) => worker.ready));
  }

  /** Bytes of linear memory that the workers hold; asks them, so the answer comes when they are idle. */
  async memoryBytes(): Promise<number> {
    const workers = [...this.#idle, ...this.#busy.keys()].filter((worker) => worker.alive);
    const bytes = await Promise.all(workers.map((worker) => worker.memoryBytes()));
    return bytes.reduce((sum, one) => sum + one, 0);
  }

  /** Ends all workers; photos that are not done reject with AbortError, their frames are closed. */
  close(): void {
    this.#closed = true;
    for (const job of [...this.#queue.splice(0), ...this.#working]) job.reject(closedReason());
    for (const worker of [...this.#idle.splice(0), ...this.#busy.keys()]) worker.terminate();
    this.#keeper?.terminate();
  }

  /** As {@link close}, for `using`. */
  [dispose](): void {
    this.close();
  }

  async #developWhole(
    frame: Frame | Blob,
    settings: DevelopSettings,
    signal: AbortSignal | undefined,
    ahead: boolean,
  ): Promise<Photo> {
    const started = performance.now();
    const photo = await this.#enqueue(frame, (worker) => worker.develop(frame, settings), signal, ahead);
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
      const ask: Ask = (part, work) => this.#enqueue(part, work, abort.signal);
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

  /** Waits for a worker and gives it the frame, which is closed on every path. Rejects at once when aborted. */
  #enqueue<T>(
    frame: Frame | Blob | undefined,
    work: (worker: WorkerHandle) => Promise<T>,
    signal: AbortSignal | undefined,
    ahead = false,
  ): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const abort = (): void => {
        const place = this.#queue.indexOf(job);
        if (place >= 0) this.#queue.splice(place, 1);
        job.reject(signal?.reason);
      };
      const job: Job = {
        frame,
        ahead,
        work: async (worker) => {
          const result = await work(worker);
          signal?.removeEventListener('abort', abort);
          return () => resolve(result);
        },
        reject: (reason) => {
          signal?.removeEventListener('abort', abort);
          if (frame) closeFrame(frame);
          reject(reason);
        },
      };
      if (signal?.aborted) return abort();
      signal?.addEventListener('abort', abort, { once: true });
      if (this.#closed) return job.reject(closedReason());
      this.#queue.push(job);
      this.#dispatch();
    });
  }

  /** Gives waiting jobs to idle workers, starting workers up to the limit. */
  #dispatch(): void {
    while (this.#queue.length > 0) {
      const worker = this.#takeWorker(this.#queue[0]!.ahead);
      if (!worker) return;
      void this.#work(worker, this.#queue.shift()!);
    }
  }

  #takeWorker(ahead: boolean): WorkerHandle | undefined {
    let worker: WorkerHandle | undefined;
    do worker = this.#idle.pop();
    while (worker && !worker.alive);
    if (worker) return worker;
    if (this.#busy.size < this.workers) return new WorkerHandle(this.#assets);
    return ahead ? [...this.#busy].find(([busy, jobs]) => jobs === 1 && busy.alive)?.[0] : undefined;
  }

  async #work(worker: WorkerHandle, job: Job): Promise<void> {
    this.#busy.set(worker, (this.#busy.get(worker) ?? 0) + 1);
    this.#working.add(job);
    const settle = await job.work(worker).catch((error: unknown) => () => job.reject(error));
    this.#working.delete(job);
    const left = this.#busy.get(worker)! - 1;
    if (left > 0) this.#busy.set(worker, left);
    else this.#busy.delete(worker);
    if (left === 0 && worker.alive && !this.#closed) this.#idle.push(worker);
    // First, because whoever waits makes a Blob of the result, 2 ms in which the worker would have nothing to do.
    if (!this.#closed) this.#dispatch();
    settle();
  }
}

function assembler({ type, effort }: DevelopSettings): typeof assembleJpeg {
  if (type === 'image/png') return assemblePng;
  return effort === 'speed' ? assembleFastJpeg : assembleJpeg;
}

function closedReason(): DOMException {
  return failure('AbortError', 'The darkroom was closed.');
}

/** Makes the Blob and adds what the worker cannot know: what is left of the whole time was spent waiting and under way. */
function finish(
  { file, timings, readAt, ...photo }: WorkerPhoto,
  type: DevelopSettings['type'],
  source: Photo['source'],
  queued: number,
): Photo {
  const came = performance.now();
  const blob = toBlob(file, type);
  const processed = performance.now();
  const total = processed - queued;
  const worked = timings.read + timings.redEye + timings.scale + timings.encode + processed - came;
  // The clocks of page and worker agree but for what the browser rounds away.
  const read = Math.min(processed, Math.max(queued, readAt - performance.timeOrigin));
  return {
    blob,
    ...photo,
    source,
    timings: { ...timings, blob: processed - came, queue: Math.max(0, total - worked), total },
    times: { queued, read, processed },
  };
}

/** @throws TypeError for what is no frame, InvalidStateError for a closed one. */
function takeFrame(frame: ImageBitmap | VideoFrame | ImageData | Blob): Frame | Blob {
  if (typeof VideoFrame !== 'undefined' && frame instanceof VideoFrame) {
    if (frame.codedWidth === 0) throw failure('InvalidStateError', 'The VideoFrame is closed.');
    return frame;
  }
  if (typeof ImageBitmap !== 'undefined' && frame instanceof ImageBitmap) {
    if (frame.width === 0) throw failure('InvalidStateError', 'The ImageBitmap is closed.');
    return readableBitmap(frame);
  }
  if (typeof ImageData !== 'undefined' && frame instanceof ImageData) return takeImageData(frame);
  if (frame instanceof Blob) return frame;
  throw new TypeError('frame must be an ImageBitmap, a VideoFrame, an ImageData or a Blob.');
}

/** The bytes alone are moved; a view on a part of a buffer is copied out, so that the rest stays where it is. */
function takeImageData({ data, width, height, colorSpace }: ImageData): ImageDataRecord {
  if (data.length === 0) throw failure('InvalidStateError', 'The ImageData is detached.');
  return { data: data.byteLength === data.buffer.byteLength ? moved(data) : data.slice(), width, height, colorSpace };
}

/** The same elements in a buffer that can be moved on: that of a WebAssembly memory cannot, and is copied. */
function moved<T extends ImageData['data']>(data: T): T {
  try {
    const buffer = structuredClone(data.buffer, { transfer: [data.buffer] });
    return new (data.constructor as new (buffer: ArrayBuffer) => T)(buffer);
  } catch {
    return data.slice() as T;
  }
}

function defaultWorkers(): number {
  const cores = globalThis.navigator?.hardwareConcurrency || 1;
  return cores <= 2 ? cores : Math.min(cores - 1, 4);
}
