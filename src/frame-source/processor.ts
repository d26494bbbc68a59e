import { failure } from '../../worker/errors.ts';
import { FrameClock } from './frame-clock.ts';
import type { GrabbedFrame, Grabber } from './grabber.ts';

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

/**
 * After so many ms without a frame the processor is opened anew: a canvas that is not redrawn sends its picture to a new
 * consumer at once, and to an old one never again (Chromium 156).
 */
const RENEWAL_MS = 250;

/** Frames through a MediaStreamTrackProcessor on the page, whose buffer of one keeps the newest frame. */
export class ProcessorGrabber implements Grabber {
  readonly #track: MediaStreamTrack;
  #processor: MediaStreamTrackProcessor | undefined;
  #reader: ReadableStreamDefaultReader<VideoFrame> | undefined;
  /** The read that is pending. */
  #reading: Promise<unknown> | undefined;
  #clock = new FrameClock();
  #discarded = 0;

  constructor(track: MediaStreamTrack) {
    this.#track = track;
  }

  static get supported(): boolean {
    return constructorOf() !== undefined;
  }

  async grab(signal: AbortSignal): Promise<GrabbedFrame> {
    const letGo = (): void => this.close();
    signal.addEventListener('abort', letGo);
    const renewal = setTimeout(() => this.#open(), RENEWAL_MS);
    try {
      const frame = await this.#read();
      const lost = this.#processor?.discardedFrames ?? 0;
      const missed = lost - this.#discarded;
      this.#discarded = lost;
      return { frame, timestamp: this.#clock.read(frame.timestamp), missed };
    } finally {
      clearTimeout(renewal);
      signal.removeEventListener('abort', letGo);
      if (signal.aborted) letGo();
    }
  }

  close(): void {
    if (this.#reader) cancelAfter(this.#reading, this.#reader);
    this.#reader = undefined;
    this.#processor = undefined;
  }

  /** The next frame of whichever processor is open when it comes. */
  async #read(): Promise<VideoFrame> {
    if (this.#reader === undefined) this.#open();
    for (;;) {
      const reader = this.#reader;
      if (reader === undefined) throw failure('OperationError', 'The frame source was closed.');
      const read = reader.read();
      this.#reading = read;
      const { done, value } = await read;
      if (this.#reading === read) this.#reading = undefined;
      if (!done) return value;
      if (reader === this.#reader) throw failure('OperationError', 'The track gives no more frames.');
    }
  }

  #open(): void {
    const Processor = constructorOf();
    if (Processor === undefined) throw failure('NotSupportedError', 'MediaStreamTrackProcessor is missing.');
    if (this.#track.readyState !== 'live') return;
    const former = this.#reader;
    this.#processor = new Processor({ track: this.#track, maxBufferSize: 1 });
    this.#reader = this.#processor.readable.getReader();
    this.#discarded = 0;
    this.#clock = new FrameClock();
    if (former) cancelAfter(this.#reading, former);
  }
}

/**
 * Cancels a stream once it has brought the frame that is being read, or soon. Chromium 156 never gives back a frame that is under way
 * when its stream is cancelled: a few of them, and the camera has no more to give to anyone.
 */
function cancelAfter(reading: Promise<unknown> | undefined, reader: ReadableStreamDefaultReader<VideoFrame>): void {
  // A stream that has failed rejects, which is as good.
  const cancel = (): void => void reader.cancel().catch(() => {});
  if (!reading) return cancel();
  const late = setTimeout(cancel, RENEWAL_MS);
  const arrived = (): void => {
    clearTimeout(late);
    cancel();
  };
  reading.then(arrived, arrived);
}

function constructorOf(): ProcessorConstructor | undefined {
  const { MediaStreamTrackProcessor } = globalThis as { MediaStreamTrackProcessor?: ProcessorConstructor };
  return typeof MediaStreamTrackProcessor === 'function' ? MediaStreamTrackProcessor : undefined;
}
