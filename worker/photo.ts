/** What developing a frame gives. */

/** A red pupil that was found and corrected, in pixels of the photo. */
export type RedEye = {
  /** Column of the centre. */
  x: number;
  /** Row of the centre. */
  y: number;
  /** Radius of the disc that was corrected. */
  radius: number;
  /** How sure it is that this is a red pupil, from 0 to 1. */
  confidence: number;
};

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
  /** What it was made of: a `frame` of the video, or a `still`, a picture that the camera itself or a file gave. */
  source: 'still' | 'frame';
  /** Where the time went. */
  timings: Timings;
};

/** A photo as the worker hands it over: it cannot know how long the frame waited and where it came from. */
export type WorkerPhoto = Omit<Photo, 'timings' | 'source'> & { timings: Omit<Timings, 'queue' | 'total'> };
