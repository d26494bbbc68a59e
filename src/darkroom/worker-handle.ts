import { releaseProxy, wrap, type Remote } from 'comlink';
import { failure, reasonText } from '../../worker/errors.ts';
import { keepErrorIdentity } from '../../worker/rpc.ts';
import type { DevelopService } from '../../worker/service.ts';
import type { Call } from './calls.ts';

/** How long a worker may take to start, in ms: a minute, for slow networks and busy machines. */
const START_TIMEOUT_MS = 60_000;

/** How long a worker may go on after an abort, in ms: kernels cannot be interrupted. */
const ABORT_TIMEOUT_MS = 2000;

/** Where a pool's workers come from. */
export type WorkerAssets = { workerUrl: string | URL | undefined; wasmUrl: string | URL | undefined };

/** How long a worker is waited for. */
export type Patience = {
  /** From its abort on the worker has two seconds. */
  signal?: AbortSignal | undefined;
  /** How many ms the worker may be at it. */
  limit?: number;
};

keepErrorIdentity();

/**
 * One worker, alive or dead. Death is noticed however it comes: a worker that the browser refuses, a script that does
 * not load, an uncaught error, a wasm trap, `terminate()`, a crash, a call that takes too long. Then everything pending
 * rejects with one OperationError.
 */
export class WorkerHandle {
  /** Resolves when the worker can develop; rejects with OperationError when it cannot start. */
  readonly ready: Promise<void>;
  #worker: Worker | undefined;
  #remote: Remote<DevelopService> | undefined;
  /** What ends the calls that are under way. */
  readonly #pending = new Set<(reason: unknown) => void>();
  /** How long each call may be at work, in the order in which the worker does them. */
  readonly #turns: { limit: number }[] = [];
  #patience: ReturnType<typeof setTimeout> | undefined;
  readonly #lockRequest = new AbortController();
  #started = false;
  /** Why the worker is dead. */
  #death: DOMException | undefined;

  /** Never throws: a worker that is refused is a dead one. */
  constructor(assets: WorkerAssets) {
    this.ready = this.#start(assets);
    this.ready.catch(() => {});
  }

  /** Whether the worker can still take work. */
  get alive(): boolean {
    return this.#death === undefined;
  }

  /** Whether the worker is on its way to its first work. */
  get starting(): boolean {
    return this.alive && !this.#started;
  }

  /**
   * Has the worker do something; calls are answered in their order. Always settles. After an abort it settles only when
   * the worker has answered or was ended, so that whoever waits knows that the worker is free. A call that was aborted
   * before the worker had started is not begun.
   */
  async ask<T>(call: Call<T>, { signal, limit = Infinity }: Patience = {}): Promise<T> {
    await this.ready;
    signal?.throwIfAborted();
    const turn = { limit };
    const hurry = (): void => {
      turn.limit = Math.min(limit, ABORT_TIMEOUT_MS);
      if (turn === this.#turns[0]) this.#watchTurn();
    };
    signal?.addEventListener('abort', hurry);
    if (this.#turns.push(turn) === 1) this.#watchTurn();
    try {
      return await this.#unlessDead(() => call(this.#remote!));
    } catch (error) {
      // After a trap or a refused allocation the instance is not to be trusted: its owner starts another.
      if (isOperationError(error)) this.#die(error);
      throw error;
    } finally {
      signal?.removeEventListener('abort', hurry);
      const isFirst = turn === this.#turns[0];
      this.#turns.splice(this.#turns.indexOf(turn), 1);
      if (isFirst) this.#watchTurn();
    }
  }

  /** Bytes of linear memory that the worker holds; none when it is dead. */
  async memoryBytes(): Promise<number> {
    try {
      await this.ready;
      return await this.#unlessDead(() => this.#remote!.memoryBytes());
    } catch {
      return 0;
    }
  }

  /** Ends the worker; whatever is pending rejects with OperationError. */
  terminate(): void {
    this.#die(failure('OperationError', 'The worker was ended.'));
  }

  async #start({ workerUrl, wasmUrl }: WorkerAssets): Promise<void> {
    const timer = setTimeout(
      () => this.#die(failure('OperationError', `The worker did not start within ${START_TIMEOUT_MS / 1000} s.`)),
      START_TIMEOUT_MS,
    );
    try {
      const kernels = wasmUrl === undefined ? undefined : new URL(wasmUrl, document.baseURI).href;
      const worker = (this.#worker = startWorker(workerUrl));
      worker.addEventListener('error', (event) => {
        event.preventDefault();
        this.#die(failure('OperationError', errorWords(event, workerUrl)));
      });
      worker.addEventListener('messageerror', () =>
        this.#die(failure('OperationError', 'A message to or from the worker could not be read.')),
      );
      const remote = (this.#remote = wrap<DevelopService>(worker));
      await Promise.all([this.#watchLife(remote), this.#unlessDead(() => remote.start(kernels))]);
      this.#started = true;
    } catch (error) {
      this.#die(isOperationError(error) ? error : failure('OperationError', startWords(error), error));
      throw this.#death;
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * Not Promise.race() with a promise of the worker's death: each call would leave a reaction to that promise for as
   * long as the worker lives.
   */
  #unlessDead<T>(call: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#death) throw this.#death;
      this.#pending.add(reject);
      const settled = (): void => void this.#pending.delete(reject);
      call().then(resolve, reject).finally(settled);
    });
  }

  /**
   * No event tells that a worker was terminated or crashed; but then a lock that it held becomes free. If the page
   * asked for the lock first, it would get it and take the worker for dead. So the worker takes the lock before
   * anything else and says so, and only then does the page ask.
   */
  async #watchLife(remote: Remote<DevelopService>): Promise<void> {
    const lock = `motordrive-${crypto.randomUUID?.() ?? Math.random()}`;
    if (!(await this.#unlessDead(() => remote.hold(lock)))) return;
    navigator.locks
      .request(lock, { signal: this.#lockRequest.signal }, () =>
        this.#die(failure('OperationError', 'The worker died.')),
      )
      .catch(() => {});
  }

  /** Gives the call that is at work its time. */
  #watchTurn(): void {
    clearTimeout(this.#patience);
    const limit = this.#turns[0]?.limit ?? Infinity;
    if (limit === Infinity || !this.alive) return;
    const late = failure('OperationError', `The worker did not answer within ${limit / 1000} s.`);
    this.#patience = setTimeout(() => this.#die(late), limit);
  }

  #die(reason: DOMException): void {
    if (this.#death) return;
    this.#death = reason;
    clearTimeout(this.#patience);
    this.#lockRequest.abort();
    this.#remote?.[releaseProxy]();
    this.#worker?.terminate();
    for (const reject of this.#pending) reject(reason);
  }
}

function isOperationError(error: unknown): error is DOMException {
  return error instanceof DOMException && error.name === 'OperationError';
}

function startWords(error: unknown): string {
  return `The worker could not be started: ${reasonText(error)}`;
}

function errorWords({ message }: ErrorEvent, workerUrl: string | URL | undefined): string {
  if (message) return `The worker failed: ${message}`;
  return `The worker script could not be loaded${from(workerUrl)}.`;
}

/** Where a script was looked for, as far as that is known here: a bundler puts its own address into the other case. */
function from(workerUrl: string | URL | undefined): string {
  return workerUrl === undefined ? '' : ` from ${String(workerUrl)}`;
}

/**
 * Starts the library's worker script, from this address or where it was built.
 * @throws OperationError when the browser refuses to.
 */
export function startWorker(workerUrl: string | URL | undefined): Worker {
  try {
    if (workerUrl !== undefined) return new Worker(workerUrl, { type: 'module', name: 'motordrive' });
    return new Worker(new URL('../../worker/index.ts', import.meta.url), { type: 'module', name: 'motordrive' });
  } catch (cause) {
    const words = `The browser refused to start the worker${from(workerUrl)}: ${reasonText(cause)}`;
    throw failure('OperationError', words, cause);
  }
}
