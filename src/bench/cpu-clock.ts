import { summarise } from './statistics.ts';

/** Tells CPU time so far, in ms, where it can. */
type ReadCpu = () => number | undefined | Promise<number | undefined>;

/** How often the clock is read to learn what reading it costs. */
const READINGS = 9;

/** A clock of CPU time that does not count what reading it costs: short runs would seem longer by that. */
export class CpuClock {
  readonly read: ReadCpu;
  /** ms that reading it twice costs. */
  #cost = 0;

  /** @param read default: the CPU time of this process, all threads, where there is such a thing */
  constructor(read: ReadCpu = processCpu) {
    this.read = read;
  }

  /** Learns what reading costs. */
  async weigh(): Promise<void> {
    const costs: number[] = [];
    for (let i = 0; i < READINGS; i++) {
      const [before, after] = [await this.read(), await this.read()];
      if (before !== undefined && after !== undefined) costs.push(after - before);
    }
    if (costs.length > 0) this.#cost = summarise(costs).median;
  }

  /** ms of work between two readings; undefined where the clock tells nothing. */
  between(before: number | undefined, after: number | undefined): number | undefined {
    if (before === undefined || after === undefined) return undefined;
    return Math.max(0, after - before - this.#cost);
  }
}

function processCpu(): number | undefined {
  type Host = { cpuUsage?: () => { user: number; system: number } };
  const usage = (globalThis as { process?: Host }).process?.cpuUsage?.();
  return usage && (usage.user + usage.system) / 1000;
}
