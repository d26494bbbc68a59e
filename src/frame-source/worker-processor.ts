import type { TappedFrame } from '../../worker/frame/frame-tap.ts';
import { FrameClock } from './frame-clock.ts';
import { canMove, openTap, type OpenTap } from './frame-worker.ts';
import type { GrabbedFrame, Grabber } from './grabber.ts';
import { StillCanvas } from './still-canvas.ts';
import { unlessAborted } from '../async/unless-aborted.ts';

/**
 * Frames through a MediaStreamTrackProcessor in a worker, to which a clone of the track is moved. WebKit has it there
 * only; a frame comes within one frame period, while a new `<video>` takes some hundred ms to begin and shows only two
 * pictures of a canvas (WebKitGTK 2.50).
 */
export class WorkerProcessorGrabber implements Grabber {
  readonly #track: MediaStreamTrack;
  readonly #still: StillCanvas;
  #clock = new FrameClock();
  #tap: (OpenTap & { settings: string }) | undefined;
  /** The frame that the tap was asked for. */
  #next: Promise<TappedFrame> | undefined;
  #given = false;

  constructor(track: MediaStreamTrack) {
    this.#track = track;
    this.#still = new StillCanvas(track);
  }

  /** Whether tracks can be moved; engines that can have the processor in workers. */
  static supports(track: MediaStreamTrack): boolean {
    return !('MediaStreamTrackProcessor' in globalThis) && canMove(track);
  }

  async grab(signal: AbortSignal): Promise<GrabbedFrame> {
    const tap = this.#open();
    const still = this.#given ? undefined : this.#still.look(tap.opened);
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
        if (this.#still.wasSeen(frame)) frame.close();
        else return this.#give(frame, missed);
      }
    } finally {
      still?.cancel();
    }
  }

  close(): void {
    this.#still.close();
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
    return { frame, timestamp: performance.now(), missed: 0 };
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
