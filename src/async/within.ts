/** Promises with an end. */

/**
 * Settles as the promise does, or rejects with the signal's reason as soon as it aborts; what comes after that is
 * discarded.
 */
export async function within<T>(
  promise: Promise<T>,
  signal: AbortSignal,
  discard: (late: T) => void = () => {},
): Promise<T> {
  let stop = (): void => {};
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
  });
  let taken = false;
  try {
    const result = await Promise.race([promise, stopped]);
    taken = true;
    return result;
  } finally {
    signal.removeEventListener('abort', stop);
    if (!taken) promise.then(discard, () => {});
  }
}

/** Settles as the promise does, or after so many ms with what `late` returns or throws. */
export function atMost<T>(milliseconds: number, promise: Promise<T>, late: () => T): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(Promise.resolve().then(late)), milliseconds);
    const settled = (): void => clearTimeout(timer);
    promise.then(resolve, reject).then(settled, settled);
  });
}

/** What the promise brings within so many ms; undefined when it rejects or takes longer. */
export function answerWithin<T>(milliseconds: number, promise: Promise<T>): Promise<T | undefined> {
  const answer = promise.catch(() => undefined);
  return atMost<T | undefined>(milliseconds, answer, () => undefined);
}

/** Resolves after so many ms; rejects with the signal's reason as soon as it aborts. */
export function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal!.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    signal?.addEventListener('abort', stop, { once: true });
    if (signal?.aborted) stop();
  });
}
