/** Why a contestant is given up that gave nothing in time. */
export class Hung extends Error {}

/**
 * Waits for work as long as it may take, in ms.
 * @throws Hung when that is over; the work itself cannot be stopped.
 */
export async function within<T>(timeout: number, work: T | Promise<T>): Promise<T> {
  if (!(work instanceof Promise)) return work;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Hung(`gave nothing within ${timeout / 1000} s`)), timeout);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
