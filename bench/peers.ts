import type { Pixels } from '../src/bench/likeness.ts';
import type { Contestant } from './contest.ts';
import type { Equalise } from './equal-quality.ts';

/** What bench/peers is built into; it is not installed with the library. All contestants are marked as peers. */
export type Peers<Image extends Pixels = ImageData> = {
  /** JPEGs as like the original as `equalise` says. */
  jpegContestants(image: Image, equalise: Equalise): Contestant[];
  pngContestants(image: Image): Contestant[];
  /** Scaling with lanczos3, on gamma-encoded values. */
  resizeContestants(image: Image, to: { width: number; height: number }): Contestant[];
  /** From a photo's file to a smaller one. */
  shrinkContestants(image: Image, to: { width: number; height: number }): Contestant[];
};
