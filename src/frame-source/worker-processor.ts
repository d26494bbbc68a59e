import type { TappedFrame } from '../../worker/frame/frame-tap.ts';
import { canvasPicture } from './canvas-picture.ts';
import { FrameClock } from './frame-clock.ts';
import { canMove, openTap, type OpenTap } from './frame-worker.ts';
import type { GrabbedFrame, Grabber } from './grabber.ts';
import { samePicture } from './same-picture.ts';
import { unlessAborted } from '../async/unless-aborted.ts';

/** How long a canvas' track may be silent until the canvas is taken for still, in ms. */
const STILL_MS = 250;

/**
 * Frames through a MediaStreamTrackProcessor in a worker, to which a clone of the track is moved. WebKit has it there
 * only; a frame comes within one frame period, while a new `<video>` takes some hundred ms to begin and shows only two
 * pictures of a canvas (WebKitGTK 2.50).
 */
export class WorkerProcessorGrabber implements Grabber {
  readonly #track: MediaStreamTrack;
  #clock = new FrameClock();
  #tap: (OpenTap & { settings: string }) | undefined;
  /** The frame that the tap was asked for. */
  #next: Promise<TappedFrame> | undefined;
  #given = false;
  /** What the canvas showed when it was looked at: a frame of it may still be under way. */
  #looked: VideoFrame | undefined;

  constructor(track: MediaStreamTrack) {
    this.#track = track;
  }

  /** Whether tracks can be moved; engines that can have the processor in workers. */
  static supports(track: MediaStreamTrack): boolean {
    return !('MediaStreamTrackProcessor' in globalThis) && canMove(track);
  }

  async grab(signal: AbortSignal): Promise<GrabbedFrame> {
    const tap = this.#open();
    const still = this.#given ? undefined : this.#stillCanvas(tap);
    try {
      // Each turn takes one frame that is not to be given; the signal ends it at the latest.
      for (;;) {
        const next = this.#ask(tap);
        const first = still ? Promise.race([next, still.picture]) : next;
        const came = await unlessAborted(unlessAborted(first, tap.death), signal);
        if (came instanceof VideoFrame) return this.#giveLook(came);
        if (this.#next === next) this.#next = undefined;
        const { frame, missed } = came;
        // Now and then a frame arrives closed (WebKitGTK 2.50).
        if (frame.codedWidth === 0) continue;
        if (this.#isKnown(frame)) frame.close();
        else return this.#give(frame, missed);
      }
    } finally {
      still?.cancel();
    }
  }

  close(): void {
    this.#looked?.close();
    this.#looked = undefined;
    this.#next?.then(({ frame }) => frame.close()).catch(() => {});
    this.#next = undefined;
    this.#tap?.close();
    this.#tap = undefined;
  }

  #ask(tap: OpenTap): Promise<TappedFrame> {
    if (this.#next) return this.#next;
    const next = tap.opened.then(() => tap.remote.next());
    next.catch(() => {});
    return (this.#next = next);
  }

  #give(frame: VideoFrame, missed: number): GrabbedFrame {
    this.#given = true;
    return { frame, timestamp: this.#clock.read(frame.timestamp), missed };
  }

  #giveLook(frame: VideoFrame): GrabbedFrame {
    this.#given = true;
    this.#looked = frame.clone();
    return { frame, timestamp: performance.now(), missed: 0 };
  }

  /** Whether this frame shows what the canvas showed when it was looked at. */
  #isKnown(frame: VideoFrame): boolean {
    const looked = this.#looked;
    if (!looked) return false;
    this.#looked = undefined;
    const known = samePicture(frame, looked);
    looked.close();
    return known;
  }

  /** A canvas sends no frame until it is drawn: what it shows, if the tap is open and still nothing comes. */
  #stillCanvas(tap: OpenTap): { picture: Promise<VideoFrame>; cancel(): void } {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let cancelled = false;
    const picture = new Promise<VideoFrame>((resolve, reject) => {
      const look = (): void => {
        const frame = canvasPicture(this.#track);
        if (frame) resolve(frame);
      };
      tap.opened.then(() => {
        if (!cancelled && 'canvas' in this.#track) timer = setTimeout(look, STILL_MS);
      }, reject);
    });
    picture.catch(() => {});
    const cancel = (): void => {
      cancelled = true;
      clearTimeout(timer);
    };
    return { picture, cancel };
  }

  /** The clone keeps the constraints that the track had: when its settings have changed, another is made. */
  #open(): OpenTap {
    const { width, height, frameRate, deviceId } = this.#track.getSettings();
    const settings = 'canvas' in this.#track ? 'a canvas' : [width, height, frameRate, deviceId].join();
    if (this.#tap?.settings === settings) return this.#tap;
    this.close();
    this.#clock = new FrameClock();
    this.#tap = { ...openTap(this.#track), settings };
    return this.#tap;
  }
}
