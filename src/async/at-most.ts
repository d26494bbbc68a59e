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
