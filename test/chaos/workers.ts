/** The workers that the library has started and nobody has ended. */
const alive = new Set<Worker>();

/** Workers alive now, the oldest first. */
export const liveWorkers = (): readonly Worker[] => [...alive];

/** Counts the workers that are made from now on; gives what ends that. */
export function countWorkers(): () => void {
  const { Worker } = globalThis;
  globalThis.Worker = class extends Worker {
    constructor(...args: ConstructorParameters<typeof Worker>) {
      super(...args);
      alive.add(this);
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
