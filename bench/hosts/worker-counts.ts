/** Numbers of workers to measure with: 1, 2, 4, 8, as far as this device has processors; two are always worth a try. */
export function workerCounts(): number[] {
  const most = Math.max(2, Math.min(8, navigator.hardwareConcurrency));
  return [1, 2, 4, 8].filter((count) => count <= most);
}

/** `one worker`, `4 workers`. */
export function countedWorkers(count: number): string {
  return count === 1 ? 'one worker' : `${count} workers`;
}
