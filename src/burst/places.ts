import { deferred } from '../async/deferred.ts';

/** Pixels that a burst holds at most: 256 MB. */
export const MAX_HELD_BYTES = 256_000_000;

/**
 * The places of a burst. A shot takes one when its frame is taken and leaves it when it is delivered or has failed; its
 * frame and the frame's bytes count until the frame is developed.
 */
export class Places {
  readonly #limit: number;
  readonly #frameLimit: number;
  #taken = 0;
  #frames = 0;
  #bytes = 0;
  #change = deferred<void>();

  /**
   * @param limit places
   * @param frameLimit frames held at most, if fewer
   */
  constructor(limit: number, frameLimit = Infinity) {
    this.#limit = limit;
    this.#frameLimit = frameLimit;
  }

  /** Places taken now. */
  get taken(): number {
    return this.#taken;
  }

  /** Whether there is room for a frame of this many bytes. There always is for a single frame, however large. */
  hasRoom(bytes = 0): boolean {
    const fits = this.#bytes === 0 || this.#bytes + bytes <= MAX_HELD_BYTES;
    return this.#taken < this.#limit && this.#frames < this.#frameLimit && fits;
  }

  /** Resolves when there is a place, or when the signal aborts. */
  async room(bytes: number, signal: AbortSignal): Promise<void> {
    const wake = (): void => this.#wake();
    signal.addEventListener('abort', wake);
    while (!this.hasRoom(bytes) && !signal.aborted) await this.#change.promise;
    signal.removeEventListener('abort', wake);
  }

  take(bytes: number): void {
    this.#taken++;
    this.#frames++;
    this.#bytes += bytes;
  }

  /** A frame of so many bytes is developed, or closed. */
  developed(bytes: number): void {
    this.#frames--;
    this.#bytes -= bytes;
    this.#wake();
  }

  leave(): void {
    this.#taken--;
    this.#wake();
  }

  #wake(): void {
    this.#change.resolve();
    this.#change = deferred();
  }
}

/** Bytes that a frame's pixels take, at most. */
export function frameBytes(frame: VideoFrame | ImageBitmap): number {
  if (frame instanceof ImageBitmap) return frame.width * frame.height * 4;
  const planar = frame.format === 'I420' || frame.format === 'NV12';
  return frame.codedWidth * frame.codedHeight * (planar ? 1.5 : 4);
}
