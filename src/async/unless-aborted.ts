/**
 * Settles as the work does, or rejects with the signal's reason as soon as it aborts. The work itself goes on; its
 * result is discarded.
 */
export async function unlessAborted<T>(
  work: Promise<T>,
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
    const result = await Promise.race([work, stopped]);
    taken = true;
    return result;
  } finally {
    signal.removeEventListener('abort', stop);
    if (!taken) work.then(discard, () => {});
  }
}
