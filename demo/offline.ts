/** Keeps the built pages for when there is no network; while they are developed the files change too often. */
export function keepForOffline(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  // Where it is not allowed, as in a private window, the pages work all the same while there is a network.
  navigator.serviceWorker.register('./offline-worker.js').catch(() => undefined);
}
