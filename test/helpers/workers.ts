/** The workers that the library makes and ends, seen from the page; and workers that go wrong. */
import { spinIn } from './trapping-kernels.ts';

const Native = globalThis.Worker;

/** What became of the workers. */
export type WorkerLog = { made: Worker[]; ended: number };

/** Counts workers from here on, until {@link restoreWorkers}; `change` sees the arguments of each, and may throw. */
export function watchWorkers(
  change: (url: string | URL, index: number) => string | URL = (url) => url,
  started: (worker: Worker) => void = () => {},
): WorkerLog {
  const log: WorkerLog = { made: [], ended: 0 };
  globalThis.Worker = class extends Native {
    #ended = false;

    constructor(url: string | URL, options?: WorkerOptions) {
      super(change(url, log.made.length), options);
      log.made.push(this);
      started(this);
    }

    override terminate(): void {
      if (!this.#ended) log.ended++;
      this.#ended = true;
      super.terminate();
    }
  };
  return log;
}

/** Kills a worker as a crash does: nobody is told, and it does not count as ended. */
export function kill(worker: Worker): void {
  Native.prototype.terminate.call(worker);
}

export function restoreWorkers(): void {
  globalThis.Worker = Native;
}

/** Kernels of which the one named never returns. */
export async function spinningKernels(name: string): Promise<string> {
  const response = await fetch(new URL('../../build/kernels.wasm', import.meta.url));
  const spinning = spinIn(new Uint8Array(await response.arrayBuffer()), name);
  return URL.createObjectURL(new Blob([spinning], { type: 'application/wasm' }));
}

/** The worker of this script, in a browser that is slow to give it its locks. */
export function withLateLocks(script: string | URL): string {
  const slow = `const { request } = LockManager.prototype;
    LockManager.prototype.request = async function (...args) {
      await new Promise((resolve) => setTimeout(resolve, 1000));
      return request.apply(this, args);
    };`;
  const imports = [moduleOf(slow), new URL(script, document.baseURI).href].map((url) => `import '${url}';`);
  return moduleOf(imports.join('\n'));
}

function moduleOf(code: string): string {
  return URL.createObjectURL(new Blob([code], { type: 'text/javascript' }));
}
