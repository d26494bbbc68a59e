/**
 * Frames of a MediaStreamTrack, one at a time. Each file beside this one knows one way to get them; the rules that hold
 * for all of them (order, time limit, the track's state, errors, nothing left unclosed) are here.
 */
import { failure, reasonText } from '../../worker/errors.ts';
import { assertUsable, TrackWatch } from '../track/track-watch.ts';
import { FallbackGrabber } from './fallback.ts';
import type { GrabbedFrame, Grabber } from './grabber.ts';
import { ProcessorGrabber } from './processor.ts';
import { VideoGrabber } from './video.ts';
import { WorkerProcessorGrabber } from './worker-processor.ts';

/**
 * Gives the frames of one track. The track itself is only listened to: it stays live, enabled and constrained as it
 * was.
 */
export interface FrameSource {
  /**
   * The next frame; the caller owns it and closes it. Calls queue up, and wait while the track is muted. The first call
   * gets the picture that the track shows, although it may be still; each later one a picture that the track has shown
   * since.
   *
   * Rejects with InvalidStateError when the track has ended or is disabled, with OperationError when that happens
   * meanwhile or the source is closed, with UnknownError when no frame comes within 5 s of the call's turn – or within
   * the patience of the source – or the engine fails, with the signal's reason when it aborts.
   */
  next(signal?: AbortSignal): Promise<GrabbedFrame>;
  /** Lets go of the track; pending calls reject with OperationError. */
  close(): void;
}

/** How long a call waits for a frame, in ms. */
const PATIENCE_MS = 5000;

/**
 * Opens the best way to get frames of this track that the engine has.
 * @param patience how long a call waits for a frame, in ms; Infinity waits for ever
 */
export function openFrameSource(track: MediaStreamTrack, patience = PATIENCE_MS): FrameSource {
  return new GuardedSource(track, bestGrabber(track), patience);
}

/** A source that gets its frames through `grabber`, with the rules of {@link FrameSource} added. */
export function guard(track: MediaStreamTrack, grabber: Grabber): FrameSource {
  return new GuardedSource(track, grabber, PATIENCE_MS);
}

/**
 * A processor's VideoFrames carry the camera's own planes to the worker, off the main thread: on the page in Chromium,
 * in a worker in WebKit. A `<video>` gives the same at the pace of the display.
 */
function bestGrabber(track: MediaStreamTrack): Grabber {
  if (ProcessorGrabber.supported) return new ProcessorGrabber(track);
  const video = new VideoGrabber(track);
  return WorkerProcessorGrabber.supports(track) ? new FallbackGrabber(new WorkerProcessorGrabber(track), video) : video;
}

class GuardedSource implements FrameSource {
  readonly #track: MediaStreamTrack;
  readonly #grabber: Grabber;
  readonly #patience: number;
  readonly #pending = new Set<TrackWatch>();
  #turn: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(track: MediaStreamTrack, grabber: Grabber, patience: number) {
    this.#track = track;
    this.#grabber = grabber;
    this.#patience = patience;
  }

  async next(signal?: AbortSignal): Promise<GrabbedFrame> {
    if (this.#closed) throw failure('InvalidStateError', 'The frame source is closed.');
    assertUsable(this.#track);
    if (signal?.aborted) throw signal.reason;
    const watch = new TrackWatch(this.#track, signal);
    this.#pending.add(watch);
    const grab = this.#turn.then(() => {
      watch.check();
      if (this.#patience < Infinity) watch.allow(this.#patience);
      return this.#grabber.grab(watch.signal);
    });
    this.#turn = grab.then(
      () => {},
      () => {},
    );
    try {
      return await watch.race(grab, ({ frame }) => frame.close());
    } catch (thrown) {
      // On a track that has just ended, whatever the engine throws only means that.
      watch.check();
      throw failure('UnknownError', `No frame could be taken: ${reasonText(thrown)}`, thrown);
    } finally {
      watch.close();
      this.#pending.delete(watch);
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const watch of this.#pending) watch.abort(failure('OperationError', 'The frame source was closed.'));
    this.#grabber.close();
  }
}
