import { failure } from '../../worker/errors.ts';
import { NativeImageCapture, nativeHas } from '../native-image-capture.ts';
import type { GrabbedFrame, Grabber } from './grabber.ts';

/** Pause before another try, in ms. */
const RETRY_MS = 50;

/**
 * Frames through the engine's own `ImageCapture.grabFrame()`. Chromium 156 takes one call at a time per object, and
 * rejects with undefined on a second one, on stop and after 2 s without a frame; so a failed call is tried again for as
 * long as the caller is willing to wait.
 */
export class NativeGrabber implements Grabber {
  readonly #track: MediaStreamTrack;

  constructor(track: MediaStreamTrack) {
    this.#track = track;
  }

  static get supported(): boolean {
    return nativeHas('grabFrame');
  }

  async grab(signal: AbortSignal): Promise<GrabbedFrame> {
    if (NativeImageCapture === undefined) throw failure('NotSupportedError', 'ImageCapture is missing.');
    for (;;) {
      try {
        const frame = await new NativeImageCapture(this.#track).grabFrame();
        return { frame, timestamp: performance.now(), missed: 0 };
      } catch (thrown) {
        if (signal.aborted || thrown !== undefined) throw thrown;
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }

  close(): void {}
}
