/** Frames of a track that the page has moved to this worker: WebKit has MediaStreamTrackProcessor in workers only. */
import { expose, transfer } from 'comlink';
import { failure } from '../errors.ts';

/** MediaStreamTrack and its processor, which TypeScript's WebWorker lib does not know. */
type Track = { stop(): void };
type ProcessorConstructor = new (init: { track: Track }) => { readonly readable: ReadableStream<VideoFrame> };

/** A frame, and how many came between the last one asked for and this one. */
export type TappedFrame = { frame: VideoFrame; missed: number };

/**
 * What the page asks for: a track and a port, both moved, through which it gets {@link FrameTap}; and a Web Lock to
 * hold for life.
 */
export type TapRequest = { track: unknown; port: MessagePort; lifeLock: string };

/** Opens a tap on a track; it answers on the port until it is closed. */
export function openTap({ track, port }: TapRequest): void {
  try {
    expose(new FrameTap(track as Track), port);
  } catch (error) {
    (track as Track).stop();
    throw error;
  }
}

/** The frames of a track, the newest one kept for whoever asks. */
export class FrameTap {
  readonly #track: Track;
  readonly #reader: ReadableStreamDefaultReader<VideoFrame>;
  #newest: VideoFrame | undefined;
  #missed = 0;
  #ended = false;
  #wake = (): void => {};

  constructor(track: Track) {
    this.#track = track;
    const { MediaStreamTrackProcessor: Processor } = globalThis as { MediaStreamTrackProcessor?: ProcessorConstructor };
    if (Processor === undefined) throw failure('NotSupportedError', 'MediaStreamTrackProcessor is missing.');
    this.#reader = new Processor({ track }).readable.getReader();
    void this.#read();
  }

  /** The newest frame not given yet, or the next one; the caller owns it. */
  async next(): Promise<TappedFrame> {
    while (this.#newest === undefined) {
      if (this.#ended) throw failure('OperationError', 'The track gives no more frames.');
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    const tapped = { frame: this.#newest, missed: this.#missed };
    this.#newest = undefined;
    this.#missed = 0;
    return transfer(tapped, [tapped.frame]);
  }

  /** Lets go of the track, which was moved here for this alone. */
  close(): void {
    this.#end();
    this.#reader.cancel().catch(() => {});
    this.#track.stop();
  }

  async #read(): Promise<void> {
    try {
      while (!this.#ended) {
        const { done, value } = await this.#reader.read();
        if (done) break;
        if (this.#ended) value.close();
        else this.#keep(value);
      }
    } catch {
      // A stream that fails has no more frames, which is all that matters here.
    } finally {
      this.#end();
    }
  }

  #keep(frame: VideoFrame): void {
    if (this.#newest) this.#missed++;
    this.#newest?.close();
    this.#newest = frame;
    this.#wake();
  }

  #end(): void {
    this.#ended = true;
    this.#newest?.close();
    this.#newest = undefined;
    this.#wake();
  }
}
