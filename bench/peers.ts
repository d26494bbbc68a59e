import type { Contestant } from './contest.ts';

/** What bench/peers is built into; it is not installed with the library. */
export type Peers = {
  jpegContestants(image: ImageData, quality: number): Contestant[];
  pngContestants(image: ImageData): Contestant[];
};
