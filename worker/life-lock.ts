const locks = new Map<string, Promise<boolean>>();

/** Takes a Web Lock, once, that only this worker's death frees. Resolves with false where there are no Web Locks. */
export function holdForLife(name: string): Promise<boolean> {
  const held = locks.get(name) ?? request(name);
  locks.set(name, held);
  return held;
}

function request(name: string): Promise<boolean> {
  return new Promise((resolve) => {
    if (!navigator.locks) return resolve(false);
    const hold = (): Promise<never> => {
      resolve(true);
      return new Promise(() => {});
    };
    navigator.locks.request(name, hold).catch(() => resolve(false));
  });
}
