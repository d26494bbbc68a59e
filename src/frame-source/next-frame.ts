import { openFrameSource } from './frame-source.ts';
import type { GrabbedFrame } from './grabber.ts';

/** Each call listens for itself: calls made together get the same frame, which the engine shares without a copy. */
export async function nextFrame(track: MediaStreamTrack, signal: AbortSignal): Promise<GrabbedFrame> {
  const source = openFrameSource(track);
  try {
    return await source.next(signal);
  } finally {
    source.close();
  }
}
