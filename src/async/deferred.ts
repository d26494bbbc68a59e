/** A promise and the functions that settle it (`Promise.withResolvers` is younger than the browsers supported). */
export type Deferred<T> = { promise: Promise<T>; resolve: (value: T) => void; reject: (reason: unknown) => void };

/** Makes a pending promise. */
export function deferred<T>(): Deferred<T> {
  let levers!: Omit<Deferred<T>, 'promise'>;
  const promise = new Promise<T>((resolve, reject) => {
    levers = { resolve, reject };
  });
  return { promise, ...levers };
}
