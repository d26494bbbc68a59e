import { WorkerHandle, type WorkerAssets } from './worker-handle.ts';

/** The longest that a timer can be set to. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** How a crew lives. */
export type CrewOptions = {
  /** Workers at most. */
  limit: number;
  assets: WorkerAssets;
  /** ms after which a worker without work ends; Infinity keeps it. */
  idleTimeout: number;
  /** Whether workers are to stay though there is nothing to do. */
  isHeld: () => boolean;
};

/**
 * Workers that start when there is work and end when there was none for a while; one that dies is replaced by the next
 * that is needed.
 */
export class Crew {
  readonly #options: CrewOptions;
  /** Idle workers, the one that worked last at the end, and the timers that end them. */
  readonly #idle = new Map<WorkerHandle, ReturnType<typeof setTimeout> | undefined>();
  /** Workers with jobs, and how many. */
  readonly #busy = new Map<WorkerHandle, number>();

  constructor(options: CrewOptions) {
    this.#options = options;
  }

  /** All that are alive. */
  get members(): WorkerHandle[] {
    return [...this.#idle.keys(), ...this.#busy.keys()].filter(({ alive }) => alive);
  }

  /**
   * A worker for a job: an idle one, else a new one, else one that has fewer than `depth` jobs. Whoever takes it gives
   * it back.
   */
  take(depth: number): WorkerHandle | undefined {
    const worker = this.#rested() ?? this.#recruit() ?? this.#leastBusy(depth);
    if (worker) this.#busy.set(worker, (this.#busy.get(worker) ?? 0) + 1);
    return worker;
  }

  /** The job is done, or the worker is dead. */
  giveBack(worker: WorkerHandle): void {
    const left = this.#busy.get(worker)! - 1;
    if (left > 0) return void this.#busy.set(worker, left);
    this.#busy.delete(worker);
    this.#rest(worker);
  }

  /** Starts as many as there may be; resolves when all have started. */
  async fill(): Promise<void> {
    for (let worker = this.#recruit(); worker; worker = this.#recruit()) {
      if (!worker.alive) return worker.ready;
      this.#rest(worker);
    }
    await Promise.all(this.members.map(({ ready }) => ready));
  }

  /** Ends all. */
  close(): void {
    for (const timer of this.#idle.values()) clearTimeout(timer);
    for (const worker of this.members) worker.terminate();
    this.#idle.clear();
  }

  #rested(): WorkerHandle | undefined {
    for (const worker of [...this.#idle.keys()].reverse()) {
      clearTimeout(this.#idle.get(worker));
      this.#idle.delete(worker);
      if (worker.alive) return worker;
    }
    return undefined;
  }

  #recruit(): WorkerHandle | undefined {
    return this.members.length < this.#options.limit ? new WorkerHandle(this.#options.assets) : undefined;
  }

  #leastBusy(depth: number): WorkerHandle | undefined {
    return [...this.#busy].find(([{ alive }, jobs]) => alive && jobs < depth)?.[0];
  }

  #rest(worker: WorkerHandle): void {
    if (worker.alive) this.#idle.set(worker, this.#timer(worker));
  }

  #timer(worker: WorkerHandle): ReturnType<typeof setTimeout> | undefined {
    const { idleTimeout, isHeld } = this.#options;
    if (idleTimeout === Infinity) return undefined;
    const end = (): void => {
      if (isHeld() || worker.starting) return void this.#idle.set(worker, this.#timer(worker));
      this.#idle.delete(worker);
      worker.terminate();
    };
    return setTimeout(end, Math.min(idleTimeout, LONGEST_TIMER_MS));
  }
}
