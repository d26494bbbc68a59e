/** What a burst delivers and reports. */
import type { Photo, PhotoTimes } from '../../worker/photo.ts';

/** Moments on a shot's way, in milliseconds on the clock of `performance.now()`. */
export type ShotTimes = PhotoTimes & {
  /** The frame was captured; the same as `Shot.timestamp`. */
  captured: number;
  /** The shot was handed to whoever asked for it. */
  delivered: number;
};

/** A photo of a burst. */
export type Shot = Omit<Photo, 'sharpness' | 'times'> & {
  /** 0 for the first shot. */
  index: number;
  /** When the frame was captured, in milliseconds on the clock of `performance.now()`. */
  timestamp: number;
  /**
   * Frames lost between the shot before this one and this one, because all places were taken or the source lost them.
   */
  dropped: number;
  /**
   * How sharp the frame is: the mean square of its luma's Laplacian. A larger value is sharper, among shots of one
   * burst.
   */
  sharpness: number;
  /** Which of the bracket's sets of constraints held; undefined without a bracket. */
  bracket: number | undefined;
  /** When it was captured, developed and delivered. */
  times: ShotTimes;
};

/** How far a burst is. */
export type BurstProgress = {
  /** Frames taken for shots; with `pick`, frames looked at. */
  taken: number;
  /** Shots handed out. */
  delivered: number;
  /** Frames lost so far. */
  dropped: number;
  /** Frames that wait or are being developed, and photos that nobody has fetched yet. */
  pending: number;
};
