/** What developing a frame gives. */

/** A red pupil that was found and corrected, in pixels of the photo. */
export type RedEye = { x: number; y: number; radius: number; confidence: number };

/** Where the time went, in milliseconds. */
export type Timings = {
  /** From `develop()` to the start of work: waiting for a worker and the transfer. */
  queue: number;
  /** Copying the frame's pixels into linear memory. */
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
  timings: Timings;
};

/** A photo as the worker hands it over: it cannot know how long the frame waited. */
export type WorkerPhoto = Omit<Photo, 'timings'> & { timings: Omit<Timings, 'queue' | 'total'> };
