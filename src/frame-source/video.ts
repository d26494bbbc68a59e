import type { GrabbedFrame, Grabber } from './grabber.ts';
import { Player, type Shown } from './player.ts';

/** An element that announces nothing for so many ms is looked at. */
const SILENCE_MS = 250;

/** Frames through a `<video>` outside the document. */
export class VideoGrabber implements Grabber {
  readonly #track: MediaStreamTrack;
  #player: Player | undefined;
  #serial = 0;
  #presented = NaN;
  #last = -Infinity;

  constructor(track: MediaStreamTrack) {
    this.#track = track;
  }

  async grab(signal: AbortSignal): Promise<GrabbedFrame> {
    const player = (this.#player ??= Player.of(this.#track));
    let shown: Shown | undefined;
    // Ends with a picture, or when the signal aborts: then after() rejects.
    while (!(shown = await player.after(this.#serial, SILENCE_MS, signal))) await player.look();
    const { frame, serial, timestamp, presented } = shown;
    const missed = Math.max(0, presented - this.#presented - 1) || 0;
    this.#serial = serial;
    this.#presented = presented;
    this.#last = Math.max(this.#last, timestamp);
    return { frame: frame.clone(), timestamp: this.#last, missed };
  }

  close(): void {
    this.#player?.release();
    this.#player = undefined;
  }
}
