import { releaseProxy, transfer, wrap, type Remote } from 'comlink';
import { failure, reasonText } from '../worker/errors.ts';
import type { Frame } from '../worker/frame.ts';
import type { KeptFrame } from '../worker/keep.ts';
import type { DevelopSettings } from '../worker/options.ts';
import type { WorkerPhoto } from '../worker/photo.ts';
import type { PartPlace } from '../worker/jpeg/parts.ts';
import { keepErrorIdentity } from '../worker/rpc.ts';
import type { DevelopService } from '../worker/service.ts';
import type { CodedRows, CompressedRows, DevelopedRows, EncodedRows, PngPlace } from '../worker/share.ts';

/** A worker that has not reported within this time will not: a minute, for slow lines and busy machines. */
const START_TIMEOUT_MS = 60_000;

/** Where a pool's workers come from. */
export type WorkerAssets = { workerUrl: string | URL | undefined; wasmUrl: string | URL | undefined };

keepErrorIdentity();

/**
 * One worker, alive or dead. Death is noticed however it comes: a script that does not load, an uncaught error, a wasm
 * trap, `terminate()`, a crash. Then everything pending rejects with OperationError.
 */
export class WorkerHandle {
  /** Resolves when the worker can develop; rejects with OperationError when it cannot start. */
  readonly ready: Promise<void>;
  readonly #worker: Worker;
  readonly #remote: Remote<DevelopService>;
  /** What ends the calls that are under way. */
  readonly #pending = new Set<(reason: unknown) => void>();
  readonly #lockRequest = new AbortController();
  /** Why the worker is dead. */
  #death: DOMException | undefined;

  constructor(assets: WorkerAssets) {
    this.#worker = startWorker(assets.workerUrl);
    this.#worker.addEventListener('error', (event) => {
      event.preventDefault();
      this.#die(event.message ? `The worker failed: ${event.message}` : 'The worker script could not be loaded.');
    });
    this.#worker.addEventListener('messageerror', () =>
      this.#die('A message to or from the worker could not be read.'),
    );
    this.#remote = wrap<DevelopService>(this.#worker);
    this.ready = this.#start(assets.wasmUrl);
    this.ready.catch(() => {});
  }

  /** Whether the worker can still take work. */
  get alive(): boolean {
    return this.#death === undefined;
  }

  /** Develops a frame, which is transferred, or a picture in a file. The promise always settles. */
  develop(frame: Frame | Blob, settings: DevelopSettings): Promise<WorkerPhoto> {
    const given = frame instanceof Blob ? frame : transfer(frame, [pixelsOf(frame)]);
    return this.#ask((remote) => remote.develop(given, settings));
  }

  /** Takes a frame, which is transferred, off its camera. */
  keep(frame: VideoFrame | ImageBitmap): Promise<KeptFrame> {
    return this.#ask((remote) => remote.keep(transfer(frame, [frame])));
  }

  /** Develops rows of a photo, a frame of their own that is transferred, as far as that goes without the other rows. */
  developRows(frame: Frame, settings: DevelopSettings): Promise<DevelopedRows> {
    return this.#ask((remote) => remote.developRows(transfer(frame, [pixelsOf(frame)]), settings));
  }

  /** Makes the bytes of rows of a photo, a frame of their own that is transferred. */
  encodeRows(frame: Frame, place: Omit<PartPlace, 'counts'>, settings: DevelopSettings): Promise<EncodedRows> {
    return this.#ask((remote) => remote.encodeRows(transfer(frame, [pixelsOf(frame)]), place, settings));
  }

  /** Makes the bytes of developed rows, which are transferred. */
  codeRows(rows: DevelopedRows, place: PartPlace, settings: DevelopSettings): Promise<CodedRows> {
    return this.#ask((remote) => remote.codeRows(transfer(rows, [rows.part.tokens.buffer]), place, settings));
  }

  /** Compresses rows of a photo, a frame of their own that is transferred. */
  compressRows(frame: Frame, place: PngPlace, settings: DevelopSettings): Promise<CompressedRows> {
    return this.#ask((remote) => remote.compressRows(transfer(frame, [pixelsOf(frame)]), place, settings));
  }

  /** Says what comes before and behind compressed rows. */
  framePng(...args: Parameters<DevelopService['framePng']>): ReturnType<DevelopService['framePng']> {
    return this.#ask((remote) => remote.framePng(...args));
  }

  async #ask<T>(call: (remote: Remote<DevelopService>) => Promise<T>): Promise<T> {
    await this.ready;
    try {
      return await this.#unlessDead(() => call(this.#remote));
    } catch (error) {
      // After a trap or a refused allocation the instance is not to be trusted: its owner starts another.
      if (error instanceof DOMException && error.name === 'OperationError') this.#die(error.message);
      throw error;
    }
  }

  /** Not a race with a promise of the worker's death: that would keep something of every call for as long as the worker lives. */
  #unlessDead<T>(call: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#death) throw this.#death;
      this.#pending.add(reject);
      const settled = (): void => void this.#pending.delete(reject);
      call().then(resolve, reject).finally(settled);
    });
  }

  /** Bytes of linear memory that the worker holds. */
  async memoryBytes(): Promise<number> {
    await this.ready;
    return this.#unlessDead(() => this.#remote.memoryBytes());
  }

  /** Ends the worker; whatever is pending rejects with OperationError. */
  terminate(): void {
    this.#die('The darkroom was closed.');
  }

  async #start(wasmUrl: string | URL | undefined): Promise<void> {
    const lifeLock = `motordrive-${crypto.randomUUID?.() ?? Math.random()}`;
    const url = wasmUrl === undefined ? undefined : new URL(wasmUrl, document.baseURI).href;
    const timer = setTimeout(
      () => this.#die(`The worker did not start within ${START_TIMEOUT_MS / 1000} s.`),
      START_TIMEOUT_MS,
    );
    try {
      // Asked for before the worker holds it, the lock would be ours and the worker look dead.
      const held = await this.#unlessDead(() => this.#remote.start({ wasmUrl: url, lifeLock }));
      if (held) this.#watch(lifeLock);
    } catch (error) {
      this.#die(reasonText(error));
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** No event tells that a worker was terminated or crashed; but then the lock it held becomes free. */
  #watch(lifeLock: string): void {
    navigator.locks
      .request(lifeLock, { signal: this.#lockRequest.signal }, () => this.#die('The worker died.'))
      .catch(() => {});
  }

  #die(message: string): void {
    if (this.#death) return;
    this.#death = failure('OperationError', message);
    this.#lockRequest.abort();
    this.#remote[releaseProxy]();
    this.#worker.terminate();
    for (const reject of this.#pending) reject(this.#death);
  }
}

function pixelsOf(frame: Frame): Transferable {
  return frame instanceof VideoFrame || frame instanceof ImageBitmap ? frame : frame.data.buffer;
}

/**
 * Starts the library's worker script, from this address or where it was built.
 * @throws OperationError when the browser refuses to.
 */
export function startWorker(workerUrl: string | URL | undefined): Worker {
  try {
    if (workerUrl !== undefined) return new Worker(workerUrl, { type: 'module', name: 'motordrive' });
    return new Worker(new URL('../worker/index.ts', import.meta.url), { type: 'module', name: 'motordrive' });
  } catch (cause) {
    throw failure('OperationError', `The browser refused to start the worker: ${reasonText(cause)}`, cause);
  }
}
