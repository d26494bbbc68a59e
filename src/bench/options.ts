/** What `bench()` is asked to do. */
import type { BenchFrame, Check, Contestant } from './contestant.ts';
import type { BenchRow } from './row.ts';

/** What happens now. */
export type BenchProgress = {
  /** Name of the frame. */
  frame: string;
  /** Name of the contestant that is about to run. */
  contestant: string;
  /** Whether its output is looked at, its engine warmed up, or it is measured. */
  phase: 'check' | 'warm-up' | 'round';
  /** Number of the round, from 0. */
  round: number;
  /** Number of rounds asked for. */
  rounds: number;
};

/** What `bench()` is asked to do. */
export type BenchOptions<Frame> = {
  /** Who is compared; ratios refer to the first. */
  contestants: readonly Contestant<Frame>[];
  /** What they are compared on, one after the other. */
  frames: readonly BenchFrame<Frame>[];
  /** Rounds in which each contestant runs once; default: 45, as far as {@link budget} goes. */
  rounds?: number | undefined;
  /**
   * ms after which no more rounds begin on a frame, once there are five; default: 20 000, or no end where `rounds` is
   * given.
   */
  budget?: number | undefined;
  /** Rounds before, which do not count; default 2: engines compile in the first ones. */
  warmUp?: number | undefined;
  /** ms that one sample should last: a shorter run is repeated, up to 16 times, and divided. Default 20. */
  minimum?: number | undefined;
  /**
   * ms after which a run is given up as hung; default 60 000. Work that never yields cannot be interrupted from inside.
   */
  timeout?: number | undefined;
  /** CPU time so far in ms, of whatever does the work; default: that of the process in Node, none elsewhere. */
  cpu?: (() => number | undefined | Promise<number | undefined>) | undefined;
  /**
   * Looks at each contestant's first output before its time counts; default: a photo must decode to the frame's size.
   */
  check?: Check<Frame> | undefined;
  /** Collects garbage, between runs and off the clock; default: `gc()` where the host exposes it. */
  collect?: (() => unknown) | undefined;
  /** Seed of the confidence intervals; default 1. */
  seed?: number | undefined;
  /** Stops after the run at hand; the result keeps the rounds that are complete. */
  signal?: AbortSignal | undefined;
  /** Called after each round with what is known so far, off the clock. */
  onRound?: ((rows: BenchRow[]) => unknown) | undefined;
  /** Called before each run. */
  onProgress?: ((progress: BenchProgress) => unknown) | undefined;
};

/** How much is done at most; times in ms. */
export type Limits = { rounds: number; warmUp: number; timeout: number; budget: number };

/** What tells a tenth from nothing on a machine that is loaded. */
const [ROUNDS, BUDGET] = [45, 20_000];

/**
 * The limits that options ask for.
 * @throws TypeError or RangeError for wrong options.
 */
export function limitsOf<Frame>(options: BenchOptions<Frame>): Limits {
  const { contestants, frames, rounds = ROUNDS, warmUp = 2, timeout = 60_000 } = options;
  const { budget = options.rounds === undefined ? BUDGET : Infinity } = options;
  if (!Array.isArray(contestants) || !Array.isArray(frames))
    throw new TypeError('contestants and frames must be arrays.');
  if (new Set(contestants.map(({ name }) => name)).size < contestants.length) {
    throw new TypeError('contestants must have different names.');
  }
  if (!Number.isInteger(rounds) || rounds < 1) throw new RangeError('rounds must be a whole number above 0.');
  if (!Number.isInteger(warmUp) || warmUp < 0) throw new RangeError('warmUp must be a whole number, 0 or above.');
  if (!(timeout > 0)) throw new RangeError('timeout must be above 0.');
  if (!(budget >= 0)) throw new RangeError('budget must be 0 or above.');
  return { rounds, warmUp, timeout, budget };
}
