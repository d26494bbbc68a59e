/** MediaStreamTrackVideoStats (W3C mediacapture-extensions), which lib.dom lacks. */
type TrackStats = { deliveredFrames: number; discardedFrames: number; totalFrames: number };

/**
 * Frames that a camera made and the track never delivered, because none of the browser's few buffers was free.
 * `discardedFrames` are those left out on purpose, for the frame rate asked for. Tracks without statistics are taken to
 * lose none.
 */
export class TrackLosses {
  readonly #track: MediaStreamTrack;
  #told: number;
  #last: number;

  constructor(track: MediaStreamTrack) {
    this.#track = track;
    this.#told = this.#last = this.#read();
  }

  /**
   * Frames lost since the last call. A frame under way looks lost for a moment, so a loss counts only when it is seen
   * twice.
   */
  take(): number {
    const now = this.#read();
    const sure = Math.min(now, this.#last);
    this.#last = now;
    const lost = Math.max(0, sure - this.#told);
    this.#told += lost;
    return lost;
  }

  #read(): number {
    const { stats } = this.#track as { stats?: TrackStats };
    return stats ? stats.totalFrames - stats.deliveredFrames - stats.discardedFrames : 0;
  }
}
