import type { GrabbedFrame, Grabber } from './grabber.ts';
import { Player } from './player.ts';

/**
 * After so many ms without a new frame the one on display is taken: a still canvas sends no second frame, and
 * requestVideoFrameCallback is silent in a hidden page, and in WebKitGTK without a compositor.
 */
const STILL_MS = 250;

/** Frames through a `<video>` outside the document, announced by requestVideoFrameCallback. */
export class VideoGrabber implements Grabber {
  readonly #track: MediaStreamTrack;
  #player: Player | undefined;
  #presented = 0;
  #last = -Infinity;

  constructor(track: MediaStreamTrack) {
    this.#track = track;
  }

  static get supported(): boolean {
    return (
      typeof HTMLVideoElement === 'function' &&
      'requestVideoFrameCallback' in HTMLVideoElement.prototype &&
      typeof VideoFrame === 'function'
    );
  }

  async grab(signal: AbortSignal): Promise<GrabbedFrame> {
    const letGo = (): void => this.close();
    signal.addEventListener('abort', letGo);
    try {
      const { video } = (this.#player ??= Player.of(this.#track));
      for (;;) {
        const shown = await nextShown(video, signal);
        const frame = (await picture(video)) ?? (shown ? undefined : canvasPicture(this.#track));
        if (frame === undefined) continue;
        const presented = shown?.presentedFrames ?? this.#presented;
        const missed = this.#presented > 0 ? Math.max(0, presented - this.#presented - 1) : 0;
        this.#presented = presented;
        const timestamp = shown?.captureTime ?? shown?.presentationTime ?? performance.now();
        // One without facts is as old as it is looked at, which may be later than the next one's capture.
        this.#last = Math.max(this.#last, timestamp);
        return { frame, timestamp: this.#last, missed };
      }
    } finally {
      signal.removeEventListener('abort', letGo);
      if (signal.aborted) letGo();
    }
  }

  close(): void {
    this.#player?.release();
    this.#player = undefined;
    this.#presented = 0;
  }
}

/** Resolves with the facts of a new frame when the element shows one; with undefined when it shows none for a while. */
function nextShown(video: HTMLVideoElement, signal: AbortSignal): Promise<VideoFrameCallbackMetadata | undefined> {
  return new Promise((resolve, reject) => {
    const finish = (): void => {
      clearTimeout(still);
      if (request !== undefined) video.cancelVideoFrameCallback(request);
      signal.removeEventListener('abort', stop);
    };
    const stop = (): void => {
      finish();
      reject(signal.reason);
    };
    const still = setTimeout(() => {
      finish();
      resolve(undefined);
    }, STILL_MS);
    const request = video.requestVideoFrameCallback?.((_, facts) => {
      finish();
      resolve(facts);
    });
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
  });
}

/**
 * What the element shows; undefined while it has nothing yet, which may still be so right after the callback. A
 * VideoFrame, because createImageBitmap(video) is blank every now and then in WebKitGTK 2.50.
 */
async function picture(video: HTMLVideoElement): Promise<VideoFrame | ImageBitmap | undefined> {
  if (video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return undefined;
  if (typeof VideoFrame !== 'function') return createImageBitmap(video);
  const frame = frameOf(video);
  // One black pixel stands for a track that was disabled until just now (Firefox 153).
  if (!frame || frame.displayWidth > 1 || video.videoWidth <= 1) return frame;
  frame.close();
  return undefined;
}

/** Nothing while the element changes its size: it says that it has data and gives none (WebKitGTK 2.50). */
function frameOf(video: HTMLVideoElement): VideoFrame | undefined {
  try {
    return new VideoFrame(video);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'InvalidStateError') return undefined;
    throw error;
  }
}

/**
 * What the canvas of a canvas' track shows: where nothing is drawn any more, WebKitGTK 2.50 never sends the track's picture
 * to an element that comes later.
 */
function canvasPicture(track: MediaStreamTrack): VideoFrame | undefined {
  const { canvas } = track as Partial<CanvasCaptureMediaStreamTrack>;
  if (canvas === undefined || typeof VideoFrame !== 'function') return undefined;
  return new VideoFrame(canvas, { timestamp: performance.now() * 1000 });
}
