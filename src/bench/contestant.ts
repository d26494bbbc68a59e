/** What `bench()` compares: contestants, the frames they are given, and what they give. */

/** What a contestant gives: an encoded photo, a photo with the times of its stages, or nothing to look at. */
export type Output =
  | Blob
  | {
      /** The encoded photo. */
      blob: Blob;
      /** Times of its stages, in ms. */
      timings?: Record<string, number> | undefined;
    }
  | void;

/**
 * One way to do the work. A contestant of one's own is a name and a function:
 *
 *     { name: 'mine', run: async (frame) => new Blob([await myEncoder(frame)], { type: 'image/jpeg' }) }
 */
export interface Contestant<Frame = unknown> {
  /** What it is called in the results. */
  readonly name: string;
  /** A library of others: `compareResults()` leaves it out, for we cannot make it slower. */
  readonly peer?: boolean | undefined;
  /**
   * Makes ready, before anything is timed; throws where this host lacks what it takes, and is then reported as missing.
   */
  open?(): unknown;
  /** Does the work once; what it is given it may keep, change or close. */
  run(frame: Frame): Output | Promise<Output>;
  /** Gives back what {@link open} took. */
  close?(): unknown;
}

/** A frame to measure on. */
export interface BenchFrame<Frame = unknown> {
  /** What it is called in the results. */
  readonly name: string;
  /** Width of the photos to expect, in pixels. */
  readonly width: number;
  /** Height of the photos to expect, in pixels. */
  readonly height: number;
  /**
   * The frame for one run, made before the clock starts; after the run `bench()` closes it. Give a new one each time
   * where contestants use it up, as Motordrive does.
   */
  take(): Frame | Promise<Frame>;
}

/** What is known of an output that was found good. */
export type Findings = {
  /** Bytes of the encoded photo. */
  bytes?: number | undefined;
  /** Peak signal-to-noise ratio beside the original, in dB. */
  psnr?: number | undefined;
  /** Mean structural similarity beside the original. */
  ssim?: number | undefined;
  /** Bytes of code that were loaded for it. */
  loaded?: number | undefined;
};

/** Looks at an output before the contestant's time counts; throws when it is not what was asked for. */
export type Check<Frame = unknown> = (
  output: Output,
  about: { frame: BenchFrame<Frame>; contestant: Contestant<Frame> },
) => Findings | Promise<Findings>;

/** The Blob of an output, if it has one. */
export function blobOf(output: Output): Blob | undefined {
  if (typeof output !== 'object') return undefined;
  return output instanceof Blob ? output : output.blob;
}

/** Gives back a frame that a contestant did not use up. */
export function closeFrame(frame: unknown): void {
  if (typeof VideoFrame !== 'undefined' && frame instanceof VideoFrame) frame.close();
  if (typeof ImageBitmap !== 'undefined' && frame instanceof ImageBitmap) frame.close();
}
