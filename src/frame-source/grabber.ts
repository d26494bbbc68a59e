/** What every way to get a frame looks like. */

/** A frame fresh from its track. */
export type GrabbedFrame = {
  /** The picture; whoever receives it closes it. */
  frame: VideoFrame | ImageBitmap;
  /** When it was taken, as near as the engine says: ms on the clock of `performance.now()`. */
  timestamp: number;
  /** Frames that the source itself is known to have lost since the last grab. */
  missed: number;
};

/** One engine's way to get a frame, bare: it may wait for ever and reject with anything. Never called twice at once. */
export interface Grabber {
  /**
   * First the picture that the track shows, although it may be still; from then on each picture once, when the track
   * has shown it anew. When the signal aborts it rejects soon; a frame that comes late is closed, or kept for the next
   * call.
   */
  grab(signal: AbortSignal): Promise<GrabbedFrame>;
  /** Lets go of the track and of every frame. */
  close(): void;
}
