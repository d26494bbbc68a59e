/** What developing a frame gives. */

/** A red pupil that was found and corrected, in pixels of the photo. */
export type RedEye = { x: number; y: number; radius: number; confidence: number };

/** Where the time went, in milliseconds. */
export type Timings = {
  /** From `develop()` to the start of work: waiting for a worker and the transfer. */
  queue: number;
  /** Copying the frame's pixels into linear memory; measuring how sharp they are, if asked for. */
  read: number;
  /** Finding and correcting red eyes. */
  redEye: number;
  /** Converting, cropping and resampling. */
  scale: number;
  /** Encoding. */
  encode: number;
  /** Making the Blob. */
  blob: number;
  /** From `develop()` to the photo. */
  total: number;
};

/** Moments of a photo's way, in milliseconds on the clock of the page's `performance.now()`. */
export type PhotoTimes = {
  /** The frame was given to the darkroom. */
  queued: number;
  /** Its pixels were in the worker's memory; from here on the frame itself is closed. */
  read: number;
  /** The Blob was made. */
  processed: number;
};

/** A developed frame. */
export type Photo = {
  /** The encoded image; its `type` is what its bytes are. */
  blob: Blob;
  /** Width of the photo in pixels. */
  width: number;
  /** Height of the photo in pixels. */
  height: number;
  /** The red eyes that were corrected; empty unless `redEyeReduction` was asked for. */
  redEyes: RedEye[];
  /** How sharp the frame is; undefined unless `measureSharpness` was asked for. */
  sharpness?: number | undefined;
  timings: Timings;
  times: PhotoTimes;
};

/** A photo as the worker hands it over: it cannot know how long the frame waited, and its moments are in ms since 1970. */
export type WorkerPhoto = Omit<Photo, 'timings' | 'times'> & {
  timings: Omit<Timings, 'queue' | 'total'>;
  times: Omit<PhotoTimes, 'queued'>;
};
