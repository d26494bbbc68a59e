/** What a promise rejects with; fails where it resolves, so that a rejection with undefined is one. */
export async function rejection(promise: Promise<unknown>): Promise<{ name: string; message: string }> {
  return promise.then(
    (value) => {
      throw new Error(`resolved with ${String(value)}`);
    },
    (reason: unknown) => reason as { name: string; message: string },
  );
}
