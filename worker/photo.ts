/** What developing a frame gives. */
import type { FilePart } from './blob.ts';

/** A red pupil that was found and corrected, in pixels of the photo. */
export type RedEye = {
  /** Column of the centre. */
  x: number;
  /** Row of the centre. */
  y: number;
  /** Radius of the disc that was corrected. */
  radius: number;
  /** How likely it is that this is a red pupil, from 0 to 1. */
  confidence: number;
};

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

/** Moments on a photo's way, in milliseconds on the clock of the page's `performance.now()`. */
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
  /** What it was made of: a `frame` of the video, or a `still`, a picture that the camera itself or a file gave. */
  source: 'still' | 'frame';
  /** Where the time went. */
  timings: Timings;
  /** When it was given to the darkroom, read and made. */
  times: PhotoTimes;
};

/** A photo as the worker hands it over: the worker cannot know how long the frame waited and where it came from. */
export type WorkerPhoto = Omit<Photo, 'blob' | 'timings' | 'times' | 'source'> & {
  file: FilePart[];
  timings: Omit<Timings, 'queue' | 'blob' | 'total'>;
  /** When its pixels were in the worker's memory, in ms since 1970. */
  readAt: number;
};
