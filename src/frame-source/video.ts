import type { GrabbedFrame, Grabber } from './grabber.ts';

/**
 * After so many ms without a new frame the one on display is taken: a still canvas sends no second frame, and
 * requestVideoFrameCallback is silent in a hidden page.
 */
const STILL_MS = 250;

/** Frames through a `<video>` outside the document, announced by requestVideoFrameCallback. */
export class VideoGrabber implements Grabber {
  readonly #track: MediaStreamTrack;
  #video: HTMLVideoElement | undefined;
  #presented = 0;

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
      const video = (this.#video ??= this.#open());
      for (;;) {
        const shown = await nextShown(video, signal);
        const frame = await picture(video);
        if (frame === undefined) continue;
        const presented = shown?.presentedFrames ?? this.#presented;
        const missed = this.#presented > 0 ? Math.max(0, presented - this.#presented - 1) : 0;
        this.#presented = presented;
        return { frame, timestamp: shown?.captureTime ?? shown?.presentationTime ?? performance.now(), missed };
      }
    } finally {
      signal.removeEventListener('abort', letGo);
      if (signal.aborted) letGo();
    }
  }

  close(): void {
    if (this.#video) this.#video.srcObject = null;
    this.#video = undefined;
    this.#presented = 0;
  }

  #open(): HTMLVideoElement {
    const video = document.createElement('video');
    video.muted = true;
    video.playsInline = true;
    video.srcObject = new MediaStream([this.#track]);
    // Rejects when the element is let go of; on an ended track it stays pending (Firefox 153). Frames tell, not this.
    video.play().catch(() => {});
    return video;
  }
}

/** Resolves when the element shows a new frame, or still shows one after a while; the frame's facts where known. */
function nextShown(video: HTMLVideoElement, signal: AbortSignal): Promise<VideoFrameCallbackMetadata | undefined> {
  return new Promise((resolve, reject) => {
    const finish = (): void => {
      clearInterval(still);
      if (request !== undefined) video.cancelVideoFrameCallback(request);
      signal.removeEventListener('abort', stop);
    };
    const stop = (): void => {
      finish();
      reject(signal.reason);
    };
    const still = setInterval(() => {
      if (video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return;
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
  if (typeof VideoFrame === 'function') return new VideoFrame(video);
  return createImageBitmap(video);
}
