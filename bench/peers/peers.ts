import type { Pixels } from '../../src/bench/likeness.ts';
import type { Contestant } from '../contests/contest.ts';
import type { Equalise } from '../contests/equal-quality.ts';
import type { PeersSource } from '../hosts/request.ts';

/**
 * Contestants that are given from outside: those of bench/peers, which is not installed with the library, and modules
 * of a user's own, which have some of these.
 */
export type Peers<Image extends Pixels = ImageData> = {
  /** JPEGs as like the original as `equalise` says. */
  jpegContestants(image: Image, equalise: Equalise): Contestant[];
  pngContestants(image: Image): Contestant[];
  /** Scaling with lanczos3, on gamma-encoded values. */
  resizeContestants(image: Image, to: { width: number; height: number }): Contestant[];
  /** From a photo's file to a smaller one. */
  shrinkContestants(image: Image, to: { width: number; height: number }): Contestant[];
};

/**
 * Loads modules and puts their contestants together. One that fails to load or to make its contestants is a contestant
 * that is missing.
 */
export async function loadPeers<Image extends Pixels>(
  sources: readonly PeersSource[],
  addressOf: (source: PeersSource) => string,
): Promise<Peers<Image>> {
  const modules = await Promise.all(
    sources.map(async (source) => {
      const { name } = source;
      try {
        return { name, from: (await import(/* @vite-ignore */ addressOf(source))) as Partial<Peers<Image>> };
      } catch (error) {
        return { name, error };
      }
    }),
  );
  const all = (make: (from: Partial<Peers<Image>>) => Contestant[] | undefined): Contestant[] =>
    modules.flatMap(({ name, from, error }) => {
      try {
        if (!from) throw error;
        return make(from) ?? [];
      } catch (reason) {
        return [missing(name, reason)];
      }
    });
  return {
    jpegContestants: (image, equalise) => all((from) => from.jpegContestants?.(image, equalise)),
    pngContestants: (image) => all((from) => from.pngContestants?.(image)),
    resizeContestants: (image, to) => all((from) => from.resizeContestants?.(image, to)),
    shrinkContestants: (image, to) => all((from) => from.shrinkContestants?.(image, to)),
  };
}

function missing(name: string, reason: unknown): Contestant {
  const open = (): never => {
    throw reason;
  };
  return { name, open, run: open };
}
