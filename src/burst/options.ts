/** The options of a burst: their types, checks and defaults. */
import { count, positive, resolveOptions, type DevelopOptions } from '../../worker/options.ts';
import type { PhotoMetadata } from '../../worker/metadata/photo-metadata.ts';
import type { BurstProgress } from './shot.ts';

/** Constraints that hold for one shot of a bracket: any that the track's `applyConstraints()` takes. */
export type BracketStep = MediaTrackConstraintSet & Record<string, unknown>;

/** What a burst takes, and how each shot is developed. */
export type BurstOptions = DevelopOptions & {
  /** Shots to take; with `pick`, frames to choose from. Default: the bracket once; without one, until stopped. */
  count?: number | undefined;
  /** Time to take them in, in milliseconds from the first frame; default: no limit. */
  duration?: number | undefined;
  /** Shots a second at most; default: every frame. */
  fps?: number | undefined;
  /**
   * The moment of the first shot, in milliseconds on the clock of `performance.now()`, as an event's `timeStamp` is:
   * the burst begins with the frame nearest to it. Frames of the past need `buffer`; the moment may be at most a minute
   * in the future.
   */
  at?: number | undefined;
  /**
   * How many of the frames become shots: the sharpest, in the order of their capture. No others are encoded. Needs
   * `count` or `duration`.
   */
  pick?: number | undefined;
  /**
   * Takes a shot with each of these sets of constraints, in turn: `[{ exposureCompensation: -1 }, {}, {
   * exposureCompensation: 1 }]`. A frame is taken once the track's settings satisfy its set. Whatever was changed is
   * restored afterwards.
   */
  bracket?: readonly BracketStep[] | undefined;
  /**
   * How much the burst holds at once: frames that wait or are being developed, and photos that nobody has fetched yet.
   * Default: the darkroom's `maxPending`. The pixels held stay below 256 MB in any case.
   */
  maxPending?: number | undefined;
  /**
   * What happens to frames while `maxPending` are held: `drop` (default) takes and drops them; `wait` takes none, so
   * that the source may lose some. Both are counted. `wait` takes at most two frames ahead of the workers and copies
   * none, which gives the most shots a second.
   */
  policy?: 'drop' | 'wait' | undefined;
  /**
   * Called when a frame is taken or dropped and when a shot is delivered. An error that it throws is reported, and the
   * burst goes on.
   */
  onprogress?: ((progress: BurstProgress) => void) | undefined;
};

/** How far in the future a burst may begin, in ms: a later moment was read from another clock. */
const FUTURE_MS = 60_000;

/** Options with all defaults filled in. */
export type BurstPlan = {
  develop: DevelopOptions & { metadata: PhotoMetadata | false };
  count: number;
  duration: number;
  /** Milliseconds between shots at least. */
  interval: number;
  at: number | undefined;
  pick: number | undefined;
  bracket: readonly BracketStep[] | undefined;
  maxPending: number;
  policy: 'drop' | 'wait';
  onprogress: ((progress: BurstProgress) => void) | undefined;
};

/**
 * Checks the options. Photos of a burst are developed with `effort: 'speed'` unless another one is asked for.
 * @throws TypeError for a value of the wrong kind, RangeError for one outside its limits; the message names the option.
 */
export function planBurst(options: BurstOptions, maxPending: number): BurstPlan {
  const { metadata } = resolveOptions(options);
  const { at, bracket, policy = 'drop', onprogress } = options;
  const pick = count('pick', options.pick, 1, undefined);
  if (at !== undefined) checkMoment(at);
  if (policy !== 'drop' && policy !== 'wait') {
    throw new TypeError(`options.policy must be 'drop' or 'wait', not ${String(policy)}.`);
  }
  if (onprogress !== undefined && typeof onprogress !== 'function') {
    throw new TypeError('options.onprogress must be a function.');
  }
  if (pick !== undefined && options.count === undefined && options.duration === undefined) {
    throw new TypeError('options.pick needs a count or a duration to choose from.');
  }
  if (bracket !== undefined) {
    if (!Array.isArray(bracket) || bracket.some((step) => typeof step !== 'object' || step === null)) {
      throw new TypeError('options.bracket must be an array of sets of constraints.');
    }
    if (bracket.length === 0) throw new RangeError('options.bracket must not be empty.');
    if (pick !== undefined) throw new TypeError('options.bracket and options.pick exclude each other.');
    if (at !== undefined) throw new TypeError('options.bracket and options.at exclude each other.');
  }
  return {
    develop: { ...options, metadata, effort: options.effort ?? 'speed' },
    count: count('count', options.count, 1, bracket?.length ?? Infinity),
    duration: positive('duration', options.duration, Infinity),
    interval: 1000 / positive('fps', options.fps, Infinity),
    at,
    pick,
    bracket: bracket?.map((step) => ({ ...step })),
    maxPending: count('maxPending', options.maxPending, 1, maxPending),
    policy,
    onprogress,
  };
}

/** Checks `at`. A moment from before the clock began is a moment of the past like any other. */
function checkMoment(at: unknown): void {
  if (typeof at !== 'number' || Number.isNaN(at)) throw new TypeError('options.at must be a number.');
  const now = performance.now();
  if (at === -Infinity || at > now + FUTURE_MS) {
    throw new RangeError(
      `options.at must be finite and at most ${FUTURE_MS / 1000} s from now on the clock of performance.now(), ` +
        `which says ${Math.round(now)}, not ${at}; Date.now() is another clock.`,
    );
  }
}
