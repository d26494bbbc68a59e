/**
 * CPU time and memory of the processes that this one has started, where there is a /proc. Other browsers may be running
 * beside.
 */
import { readdirSync, readFileSync } from 'node:fs';

/** Whose processes count: those that run pages, or all of the browser. */
export type Part = 'page' | 'browser';

const BROWSER = /chrom|msedge|firefox|WebKit|MiniBrowser/i;
const PAGE = /--type=renderer|-contentproc.*\b(tab|isolated|web|file)\b|WebKitWebProcess/;
/** ms for which a list of processes is good. */
const FRESH = 2000;

/** The processes of one browser. */
export class Processes {
  #listed = -Infinity;
  #ids: Record<Part, string[]> = { page: [], browser: [] };
  /** Nanoseconds of each thread when it was last looked at. */
  #spent: Record<Part, Map<string, number>> = { page: new Map(), browser: new Map() };

  /**
   * CPU ms so far, of all threads, those that have ended too as far as they were seen; undefined where it cannot be
   * told.
   */
  cpu(part: Part): number | undefined {
    const spent = this.#spent[part];
    for (const pid of this.#list()[part]) {
      for (const thread of attempt(() => readdirSync(`/proc/${pid}/task`)) ?? []) {
        const nanoseconds = read(`${pid}/task/${thread}/schedstat`)?.split(' ')[0];
        if (nanoseconds !== undefined) spent.set(thread, Number(nanoseconds));
      }
    }
    let sum = 0;
    for (const nanoseconds of spent.values()) sum += nanoseconds;
    return sum > 0 ? sum / 1e6 : undefined;
  }

  /**
   * MB held now by all of the browser, memory shared between its processes counted once, without the files of programs,
   * which other browsers share; undefined where it cannot be told.
   */
  memory(): number | undefined {
    let sum = 0;
    for (const pid of this.#list().browser) {
      for (const [, kib] of (read(`${pid}/smaps_rollup`) ?? '').matchAll(/^Pss_(?:Anon|Shmem):\s+(\d+)/gm))
        sum += Number(kib);
    }
    return sum > 0 ? (sum * 1024) / 1e6 : undefined;
  }

  /**
   * MB of proportional set size of all of the browser's processes, the files of programs included; undefined where it
   * cannot be told.
   */
  proportional(): number | undefined {
    const sizes = this.#list().browser.map((pid) => /^Pss:\s+(\d+)/m.exec(read(`${pid}/smaps_rollup`) ?? '')?.[1] ?? 0);
    const sum = sizes.reduce<number>((all, kib) => all + Number(kib), 0);
    return sum > 0 ? (sum * 1024) / 1e6 : undefined;
  }

  /** Begins anew, with the processes that are there then. */
  forget(): void {
    this.#listed = -Infinity;
    this.#spent = { page: new Map(), browser: new Map() };
  }

  #list(): Record<Part, string[]> {
    if (performance.now() - this.#listed < FRESH) return this.#ids;
    const parents = new Map<string, string>();
    for (const pid of attempt(() => readdirSync('/proc')) ?? []) {
      const parent = /^\d+$/.test(pid) && read(`${pid}/stat`)?.split(') ').at(-1)?.split(' ')[1];
      if (parent) parents.set(pid, parent);
    }
    const ours = [...parents.keys()].filter((pid) => {
      let at = parents.get(pid);
      while (at !== undefined && at !== String(process.pid)) at = parents.get(at);
      return at !== undefined;
    });
    const commands = ours.map((pid) => ({ pid, command: (read(`${pid}/cmdline`) ?? '').replaceAll('\0', ' ') }));
    const browser = commands.filter(({ command }) => BROWSER.test(command.split(' ')[0]!));
    const page = browser.filter(({ command }) => PAGE.test(command));
    this.#ids = { browser: browser.map(({ pid }) => pid), page: page.map(({ pid }) => pid) };
    this.#listed = performance.now();
    return this.#ids;
  }
}

/** A file of /proc, or nothing when the process or thread has just ended. */
function read(path: string): string | undefined {
  return attempt(() => readFileSync(`/proc/${path}`, 'utf8'));
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
