import { toBlob } from '../../worker/blob.ts';
import type { DevelopSettings } from '../../worker/options.ts';
import type { Photo, WorkerPhoto } from '../../worker/photo.ts';

/**
 * Makes the Blob and adds the times that the worker cannot know: what its stages leave of the whole was spent waiting
 * and in transfer.
 */
export function finish(
  { file, timings, readAt, ...photo }: WorkerPhoto,
  type: DevelopSettings['type'],
  source: Photo['source'],
  queued: number,
): Photo {
  const came = performance.now();
  const blob = toBlob(file, type);
  const processed = performance.now();
  const total = processed - queued;
  const worked = timings.read + timings.redEye + timings.scale + timings.encode + processed - came;
  // The clocks of page and worker agree except for the browser's rounding.
  const read = Math.min(processed, Math.max(queued, readAt - performance.timeOrigin));
  return {
    blob,
    ...photo,
    source,
    timings: { ...timings, blob: processed - came, queue: Math.max(0, total - worked), total },
    times: { queued, read, processed },
  };
}
