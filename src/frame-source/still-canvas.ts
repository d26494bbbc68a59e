import { canvasPicture } from './canvas-picture.ts';
import { samePicture } from './same-picture.ts';

/** How long a canvas' track may be silent until the canvas is taken for still, in ms. */
const STILL_MS = 250;

/** The picture of a still canvas, for when its track sends no frame of it. */
export class StillCanvas {
  readonly #track: MediaStreamTrack;
  /** What was seen of the canvas: a frame of it may still be under way. */
  #seen: VideoFrame | undefined;

  constructor(track: MediaStreamTrack) {
    this.#track = track;
  }

  /**
   * What the canvas shows, if the track is open and still nothing comes; never for tracks without a canvas. Whoever
   * asks cancels when a frame has come.
   */
  look(opened: Promise<unknown>): { picture: Promise<VideoFrame>; cancel(): void } {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let cancelled = false;
    const picture = new Promise<VideoFrame>((resolve, reject) => {
      const see = (): void => {
        const frame = canvasPicture(this.#track);
        if (!frame) return;
        this.#seen?.close();
        this.#seen = frame.clone();
        resolve(frame);
      };
      opened.then(() => {
        if (!cancelled && 'canvas' in this.#track) timer = setTimeout(see, STILL_MS);
      }, reject);
    });
    picture.catch(() => {});
    const cancel = (): void => {
      cancelled = true;
      clearTimeout(timer);
    };
    return { picture, cancel };
  }

  /** Whether this frame, the first one after a look, shows what was seen then. */
  wasSeen(frame: VideoFrame): boolean {
    const seen = this.#seen;
    if (!seen) return false;
    this.#seen = undefined;
    const known = samePicture(frame, seen);
    seen.close();
    return known;
  }

  /** Forgets what was seen. */
  close(): void {
    this.#seen?.close();
    this.#seen = undefined;
  }
}
