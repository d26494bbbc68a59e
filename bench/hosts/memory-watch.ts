import type { Processes } from './processes.ts';
import type { MemoryUse } from './request.ts';

/** ms between two looks. */
const LOOK = 50;

/** Watches how far the memory of a browser goes up. */
export class MemoryWatch {
  readonly #processes: Processes;
  #watched: { before: number; peak: number; timer: ReturnType<typeof setInterval> } | undefined;

  constructor(processes: Processes) {
    this.#processes = processes;
  }

  /** Begins, and tells the memory now; undefined where it cannot be told. */
  start(): MemoryUse | undefined {
    this.#end();
    const now = this.#processes.memory();
    if (now === undefined) return undefined;
    const watched = { before: now, peak: now };
    const look = (): void => void (watched.peak = Math.max(watched.peak, this.#processes.memory() ?? 0));
    this.#watched = Object.assign(watched, { timer: setInterval(look, LOOK) });
    return { before: now, peak: now, after: now };
  }

  /** Ends, and tells what was seen; undefined when nothing was watched. */
  stop(): MemoryUse | undefined {
    const watched = this.#end();
    const now = this.#processes.memory();
    if (now === undefined || !watched) return undefined;
    return { before: watched.before, peak: Math.max(watched.peak, now), after: now };
  }

  #end() {
    const watched = this.#watched;
    if (watched) clearInterval(watched.timer);
    this.#watched = undefined;
    return watched;
  }
}
