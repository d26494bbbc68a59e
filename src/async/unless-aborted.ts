/** Settles as the work does, or rejects with the reason of the first signal that aborts; the work goes on. */
export async function unlessAborted<T>(work: Promise<T>, ...signals: AbortSignal[]): Promise<T> {
  let stop = (): void => {};
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(signals.find((signal) => signal.aborted)?.reason);
    for (const signal of signals) signal.addEventListener('abort', stop);
    if (signals.some((signal) => signal.aborted)) stop();
  });
  try {
    return await Promise.race([work, stopped]);
  } finally {
    for (const signal of signals) signal.removeEventListener('abort', stop);
  }
}
