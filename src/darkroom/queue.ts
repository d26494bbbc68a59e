import { closeFrame, type Frame } from '../../worker/frame/frame.ts';
import type { WorkerHandle } from './worker-handle.ts';
import type { Call } from './calls.ts';
import type { Crew } from './crew.ts';

/** Options of a job. */
export type JobOptions = {
  signal?: AbortSignal | undefined;
  /** Whether it may wait at a worker that has something else to do. */
  ahead?: boolean;
};

/** Work for one worker. */
type Job = {
  ahead: boolean;
  /**
   * Has the worker do it. When the worker is free again, resolves with a function that hands the result to whoever
   * waits for it.
   */
  work: (worker: WorkerHandle) => Promise<() => void>;
  reject: (reason: unknown) => void;
};

/** Jobs that wait for workers, and those being done. Every job ends, and its frame is moved to a worker or closed. */
export class JobQueue {
  readonly #crew: Crew;
  readonly #waiting: Job[] = [];
  readonly #working = new Set<Job>();
  /** Why no more jobs are taken. */
  #closed: { reason: unknown } | undefined;

  constructor(crew: Crew) {
    this.#crew = crew;
  }

  /** Jobs that wait or are being done. */
  get pending(): number {
    return this.#waiting.length + this.#working.size;
  }

  /** Waits for a worker and has it do this with the frame. Rejects at once when aborted, whatever the worker is at. */
  add<T>(frame: Frame | Blob | undefined, call: Call<T>, { signal, ahead = false }: JobOptions = {}): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const abort = (): void => {
        const place = this.#waiting.indexOf(job);
        if (place >= 0) this.#waiting.splice(place, 1);
        job.reject(signal?.reason);
      };
      const job: Job = {
        ahead,
        work: async (worker) => {
          const result = await worker.ask(call, { signal });
          signal?.removeEventListener('abort', abort);
          return () => resolve(result);
        },
        reject: (reason) => {
          signal?.removeEventListener('abort', abort);
          if (frame) closeFrame(frame);
          reject(reason);
        },
      };
      if (this.#closed) return job.reject(this.#closed.reason);
      if (signal?.aborted) return abort();
      signal?.addEventListener('abort', abort, { once: true });
      this.#waiting.push(job);
      this.#dispatch();
    });
  }

  /** Rejects all jobs, and those to come. */
  close(reason: unknown): void {
    this.#closed = { reason };
    for (const job of [...this.#waiting.splice(0), ...this.#working]) job.reject(reason);
  }

  /** Gives waiting jobs to workers, as far as there are any. */
  #dispatch(): void {
    while (this.#waiting.length > 0) {
      const worker = this.#crew.take(this.#waiting[0]!.ahead ? 2 : 1);
      if (!worker) return;
      void this.#work(worker, this.#waiting.shift()!);
    }
  }

  async #work(worker: WorkerHandle, job: Job): Promise<void> {
    this.#working.add(job);
    const settle = await job.work(worker).catch((error: unknown) => () => job.reject(error));
    this.#working.delete(job);
    this.#crew.giveBack(worker);
    // The next job comes first: whoever waits makes a Blob of the result, and the worker would be idle for those 2 ms.
    this.#dispatch();
    settle();
  }
}
