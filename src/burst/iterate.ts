import type { Burst } from './burst.ts';
import type { Shot } from './shot.ts';

/**
 * The shots of a burst that begins with the first `next()`. Unlike an async generator's, `return()` and `throw()` do
 * not wait for a pending `next()`: they end the burst, and that `next()` resolves as done.
 */
export function iterate(open: () => Burst): AsyncIterableIterator<Shot> {
  let burst: Burst | undefined;
  let over = false;
  let turn: Promise<unknown> = Promise.resolve();

  const end = async (): Promise<void> => {
    over = true;
    burst?.leave();
    await burst?.done;
  };

  const advance = async (): Promise<IteratorResult<Shot, undefined>> => {
    if (over) return { done: true, value: undefined };
    try {
      burst ??= open();
      const shot = await burst.next();
      if (shot && !over) return { done: false, value: shot };
    } catch (error) {
      await end();
      throw error;
    }
    await end();
    return { done: true, value: undefined };
  };

  return {
    next() {
      const result = turn.then(advance);
      turn = result.catch(() => {});
      return result;
    },
    async return(value?: unknown) {
      await end();
      return { done: true, value: (await value) as undefined };
    },
    async throw(error: unknown) {
      await end();
      throw error;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
