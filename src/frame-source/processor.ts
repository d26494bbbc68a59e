import { failure } from '../../worker/errors.ts';
import { FrameClock } from './frame-clock.ts';
import type { GrabbedFrame, Grabber } from './grabber.ts';
import { StillCanvas } from './still-canvas.ts';
import { unlessAborted } from '../async/unless-aborted.ts';

/** MediaStreamTrackProcessor (W3C mediacapture-transform), which lib.dom lacks; Chromium has it on the page. */
type MediaStreamTrackProcessor = {
  readonly readable: ReadableStream<VideoFrame>;
  /** Frames that were replaced by newer ones before they were read (Chromium 150 and later). */
  readonly discardedFrames?: number;
};
type ProcessorConstructor = new (init: {
  track: MediaStreamTrack;
  maxBufferSize?: number;
}) => MediaStreamTrackProcessor;
type Reader = ReadableStreamDefaultReader<VideoFrame>;

/** How long a stream that nobody reads any more may take to bring the frame that was under way, in ms. */
const PARTING_MS = 250;

/**
 * Frames through a MediaStreamTrackProcessor on the page, whose buffer of one keeps the newest frame. A still canvas
 * sends its picture to whoever opens a processor, but to the first one only where the track's frame rate is limited:
 * the picture's time is that of before, which is too soon (Chromium 156).
 */
export class ProcessorGrabber implements Grabber {
  readonly #track: MediaStreamTrack;
  readonly #clock = new FrameClock();
  readonly #still: StillCanvas;
  #processor: MediaStreamTrackProcessor | undefined;
  #reader: Reader | undefined;
  /** The read that is pending. */
  #reading: Promise<ReadableStreamReadResult<VideoFrame>> | undefined;
  #discarded = 0;
  #given: number | undefined;

  constructor(track: MediaStreamTrack) {
    this.#track = track;
    this.#still = new StillCanvas(track);
  }

  static get supported(): boolean {
    return constructorOf() !== undefined;
  }

  async grab(signal: AbortSignal): Promise<GrabbedFrame> {
    try {
      const frame = await this.#next(signal);
      this.#given = frame.timestamp;
      const lost = this.#processor?.discardedFrames ?? 0;
      const missed = Math.max(0, lost - this.#discarded);
      this.#discarded = lost;
      return { frame, timestamp: this.#clock.read(frame.timestamp), missed };
    } finally {
      // Frames that come meanwhile are black.
      if (!this.#track.enabled) this.close();
    }
  }

  close(): void {
    this.#still.close();
    if (this.#reader) cancelAfter(this.#reading, this.#reader);
    this.#reader = undefined;
    this.#reading = undefined;
    this.#processor = undefined;
  }

  /** The next frame that was not given before. Each turn takes one from the stream, or its end. */
  async #next(signal: AbortSignal): Promise<VideoFrame> {
    const still = this.#given === undefined && this.#isLimited() ? this.#still.look(Promise.resolve()) : undefined;
    try {
      for (;;) {
        const reader = (this.#reader ??= this.#open());
        // After an abort the read is still under way: nothing that is drawn meanwhile gets lost.
        const reading = (this.#reading ??= reader.read());
        const came = await unlessAborted(still ? Promise.race([reading, still.picture]) : reading, signal);
        if (came instanceof VideoFrame) return came;
        this.#reading = undefined;
        const { done, value } = came;
        if (done) throw failure('OperationError', 'The track gives no more frames.');
        if (!this.#isRepeated(value) && !this.#still.wasSeen(value)) return value;
        value.close();
      }
    } finally {
      still?.cancel();
    }
  }

  /** Whether the track gives so many frames a second at most. */
  #isLimited(): boolean {
    return this.#track.getConstraints().frameRate !== undefined;
  }

  /**
   * A canvas' picture comes again, by its timestamp, whenever somebody opens a processor on its track. Frames of other
   * tracks never do, but pages make up their timestamps.
   */
  #isRepeated(frame: VideoFrame): boolean {
    return 'canvas' in this.#track && frame.timestamp === this.#given;
  }

  #open(): Reader {
    const Processor = constructorOf();
    if (Processor === undefined) throw failure('NotSupportedError', 'MediaStreamTrackProcessor is missing.');
    this.#processor = new Processor({ track: this.#track, maxBufferSize: 1 });
    this.#discarded = 0;
    return this.#processor.readable.getReader();
  }
}

/**
 * Cancels a stream once it has brought the frame that is being read, or soon. Chromium 156 never gives back a frame
 * that is under way when its stream is cancelled: a few of them, and the camera has no more to give to anyone.
 */
function cancelAfter(reading: Promise<ReadableStreamReadResult<VideoFrame>> | undefined, reader: Reader): void {
  // A stream that has failed rejects, which is as good.
  const cancel = (): void => void reader.cancel().catch(() => {});
  if (!reading) return cancel();
  const late = setTimeout(cancel, PARTING_MS);
  const arrived = (result?: ReadableStreamReadResult<VideoFrame>): void => {
    clearTimeout(late);
    result?.value?.close();
    cancel();
  };
  reading.then(arrived, () => arrived());
}

function constructorOf(): ProcessorConstructor | undefined {
  const { MediaStreamTrackProcessor } = globalThis as { MediaStreamTrackProcessor?: ProcessorConstructor };
  return typeof MediaStreamTrackProcessor === 'function' ? MediaStreamTrackProcessor : undefined;
}
