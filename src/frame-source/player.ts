/** The `<video>` elements that play tracks, outside the document: one for a track, however many look at it. */
import { canvasPicture } from './canvas-picture.ts';
import { samePicture } from './same-picture.ts';

/** A picture that an element has shown. */
export type Shown = {
  frame: VideoFrame;
  /** Counts the pictures of this player. */
  serial: number;
  /** When it was taken, as near as the element says: ms on the clock of `performance.now()`. */
  timestamp: number;
  /** How many pictures the element had presented with this one; NaN where it has not said. */
  presented: number;
};

/** After so many ms an element that had no picture when it announced one is looked at again. */
const RETRY_MS = 20;

/** How long an element that was paused may take to play on until the next look, in ms. */
const PLAY_MS = 250;

const players = new WeakMap<MediaStreamTrack, Player>();

/** A `<video>` that plays a track for as long as somebody holds it, and the newest picture that it has shown. */
export class Player {
  readonly #video: HTMLVideoElement;
  readonly #track: MediaStreamTrack;
  readonly #waiting = new Set<() => void>();
  #holders = 0;
  #newest: Shown | undefined;
  #callback: number | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  /** Looks at a silent element, one after the other. */
  #looks = 0;
  /** Whether the next picture announced may be the newest one once more. */
  #doubtful = false;

  private constructor(track: MediaStreamTrack) {
    this.#track = track;
    this.#video = document.createElement('video');
    this.#video.muted = true;
    this.#video.playsInline = true;
    this.#start();
    this.#listen();
  }

  /** The player of a track; whoever asks releases it, once. */
  static of(track: MediaStreamTrack): Player {
    const player = players.get(track) ?? new Player(track);
    players.set(track, player);
    player.#holders++;
    return player;
  }

  /** Lets go; the last one to do so ends the playing. */
  release(): void {
    if (--this.#holders > 0) return;
    players.delete(this.#track);
    if (this.#callback !== undefined) this.#video.cancelVideoFrameCallback(this.#callback);
    clearTimeout(this.#retry);
    this.#newest?.frame.close();
    this.#newest = undefined;
    this.#video.srcObject = null;
  }

  /** A picture shown after this one; undefined when none is within so many ms. Rejects with the signal's reason. */
  async after(serial: number, milliseconds: number, signal: AbortSignal): Promise<Shown | undefined> {
    if (!this.#isNewer(serial)) await this.#change(milliseconds, signal);
    if (signal.aborted) throw signal.reason;
    return this.#isNewer(serial) ? this.#newest : undefined;
  }

  /**
   * Looks at an element that has announced nothing for long: requestVideoFrameCallback is silent in a hidden page, and
   * in WebKitGTK without a compositor. What it shows counts if it differs from the newest picture. One that was paused,
   * as iOS does, is played on; one that stays silent is started anew, after ever more looks, for its track may just be
   * still.
   * @throws what the browser says when it does not play the element
   */
  async look(): Promise<void> {
    if (this.#video.paused) await this.#playOn();
    if (this.#holders === 0) return;
    const frame = this.#picture() ?? (this.#newest ? undefined : canvasPicture(this.#track));
    if (!frame) return;
    if (this.#newest && samePicture(frame, this.#newest.frame)) {
      frame.close();
      this.#looks++;
      // At the 4th, 8th, 16th and so on.
      if (this.#looks >= 4 && (this.#looks & (this.#looks - 1)) === 0) this.#start();
      return;
    }
    this.#keep(frame, performance.now(), NaN);
    this.#doubtful = true;
  }

  async #playOn(): Promise<void> {
    const played = this.#video.play().catch((error: Error) => {
      // Paused once more meanwhile: the next look will see.
      if (error.name !== 'AbortError') throw error;
    });
    await Promise.race([played, new Promise((resolve) => setTimeout(resolve, PLAY_MS))]);
  }

  #isNewer(serial: number): boolean {
    return this.#newest !== undefined && this.#newest.serial > serial;
  }

  /** Resolves when there is a new picture, when the time is over, or when the signal aborts. */
  #change(milliseconds: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const finish = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(finish);
        signal.removeEventListener('abort', finish);
        resolve();
      };
      const timer = setTimeout(finish, milliseconds);
      this.#waiting.add(finish);
      signal.addEventListener('abort', finish);
      if (signal.aborted) finish();
    });
  }

  #start(): void {
    this.#doubtful = this.#newest !== undefined;
    this.#video.srcObject = new MediaStream([this.#track]);
    // Rejects when the element is let go of; on an ended track it stays pending (Firefox 153). So frames, not this
    // promise, say that it plays.
    this.#video.play().catch(() => {});
  }

  #listen(): void {
    this.#callback = this.#video.requestVideoFrameCallback?.((_, facts) => {
      this.#listen();
      this.#announced(facts);
    });
  }

  /** In the callback's own task: later the element may show the picture that the next callback announces. */
  #announced(facts: VideoFrameCallbackMetadata): void {
    clearTimeout(this.#retry);
    const frame = this.#picture();
    if (!frame) {
      this.#retry = setTimeout(() => {
        this.#doubtful = true;
        this.#announced(facts);
      }, RETRY_MS);
      return;
    }
    const known = this.#doubtful && this.#newest !== undefined && samePicture(frame, this.#newest.frame);
    this.#doubtful = false;
    if (known) frame.close();
    else this.#keep(frame, facts.captureTime ?? facts.presentationTime, facts.presentedFrames);
  }

  #keep(frame: VideoFrame, timestamp: number, presented: number): void {
    this.#newest?.frame.close();
    this.#newest = { frame, timestamp, presented, serial: (this.#newest?.serial ?? 0) + 1 };
    this.#looks = 0;
    for (const wake of [...this.#waiting]) wake();
  }

  /**
   * What the element shows; undefined while it has nothing yet, which may still be so in the callback. A VideoFrame,
   * because createImageBitmap(video) is blank every now and then in WebKitGTK 2.50.
   */
  #picture(): VideoFrame | undefined {
    const video = this.#video;
    if (video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return undefined;
    const frame = frameOf(video);
    // One black pixel stands for a track that was disabled until just now (Firefox 153).
    if (!frame || frame.displayWidth > 1 || video.videoWidth <= 1) return frame;
    frame.close();
    return undefined;
  }
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
