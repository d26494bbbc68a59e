/** The workers that the library has started and nobody has ended, and whether each has said anything yet. */
const alive = new Map<Worker, boolean>();

/** Workers alive now, the oldest first. */
export const liveWorkers = (): readonly Worker[] => [...alive.keys()];

/**
 * Those whose script has run: one that is killed before can be noticed by the time of its start only, which is a
 * minute.
 */
export const awakeWorkers = (): readonly Worker[] => liveWorkers().filter((worker) => alive.get(worker));

/** Counts the workers that are made from now on; gives what ends that. */
export function countWorkers(): () => void {
  const { Worker } = globalThis;
  globalThis.Worker = class extends Worker {
    constructor(...args: ConstructorParameters<typeof Worker>) {
      super(...args);
      alive.set(this, false);
      this.addEventListener('message', () => alive.has(this) && alive.set(this, true), { once: true });
    }

    override terminate(): void {
      alive.delete(this);
      super.terminate();
    }
  };
  return () => {
    globalThis.Worker = Worker;
    alive.clear();
  };
}
