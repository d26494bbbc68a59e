import { failure } from '../../worker/errors.ts';
import { count } from '../../worker/options.ts';
import { BracketSource } from './bracket.ts';
import { Burst } from './burst.ts';
import { StartingAt, type BurstSource } from './burst-source.ts';
import { iterate } from './iterate.ts';
import { planBurst, type BurstOptions, type BurstPlan } from './options.ts';
import type { Shot } from './shot.ts';
import { Darkroom, holdWorkers } from '../darkroom/darkroom.ts';
import { dispose } from '../async/dispose.ts';
import { FrameBuffer } from './frame-buffer.ts';
import { openFrameSource } from '../frame-source/frame-source.ts';
import { requireVideoTrack } from '../track/track.ts';

/** What a MotorDrive may be given beside its track. */
export type MotorDriveOptions = {
  /** The pool that develops the photos; default: `Darkroom.shared`. */
  darkroom?: Darkroom | undefined;
  /**
   * How many of the last frames are kept while no burst runs. A burst then begins with a frame that is no later than
   * its call: zero shutter lag. Default 0. Each frame of the track is copied in a worker for it, except while the page
   * is hidden or the track is muted or disabled.
   */
  buffer?: number | undefined;
};

/**
 * Takes bursts of photos from a video track. While it is open and the track is live, idle workers of its darkroom stay.
 */
export class MotorDrive {
  /** The track given to the constructor. It is never stopped, and changed only during a bracket. */
  readonly track: MediaStreamTrack;
  readonly #darkroom: Darkroom | undefined;
  readonly #buffer: FrameBuffer | undefined;
  readonly #closing = new AbortController();
  readonly #isOpen = (): boolean => !this.#closing.signal.aborted && this.track.readyState === 'live';

  /**
   * @throws TypeError for a value that is no track, NotSupportedError for a track that is not video, RangeError for a
   * wrong option.
   */
  constructor(track: MediaStreamTrack, options: MotorDriveOptions = {}) {
    requireVideoTrack(track);
    this.track = track;
    this.#darkroom = options.darkroom;
    const frames = count('buffer', options.buffer, 0, 0);
    holdWorkers(this.#pool, this.#isOpen);
    if (frames > 0)
      this.#buffer = new FrameBuffer(track, frames, (frame, signal) => this.#pool.keep(frame, { signal }));
  }

  /**
   * Shoots a burst: frames are taken as the camera gives them and developed side by side; photos come in order. It
   * begins with the first `next()`. At most `maxPending` frames are held; `policy` says what happens to the others.
   *
   * Leaving the loop ends the burst. When it is aborted or the track ends, photos already made are still delivered;
   * then the iteration throws the signal's reason, or what happened to the track. A shot that fails is taken again;
   * when two in a row fail, the iteration throws the reason.
   * @throws TypeError or RangeError at once for a wrong option.
   */
  burst(options: BurstOptions = {}): AsyncIterable<Shot> {
    const called = performance.now();
    const darkroom = this.#pool;
    // The shared darkroom may have been closed and replaced meanwhile.
    holdWorkers(darkroom, this.#isOpen);
    const plan = planBurst(options, darkroom.maxPending);
    const signals = [this.#closing.signal, ...(options.signal ? [options.signal] : [])];
    const open = (): Burst => {
      for (const signal of signals) if (signal.aborted) throw signal.reason;
      return new Burst(this.track, this.#open(plan, called), darkroom, plan, signals);
    };
    return { [Symbol.asyncIterator]: () => iterate(open) };
  }

  /** Ends all bursts; their iterations throw AbortError after the photos already made. */
  close(): void {
    this.#closing.abort(failure('AbortError', 'The MotorDrive was closed.'));
    this.#buffer?.close();
  }

  /** As {@link close}, for `using`. */
  [dispose](): void {
    this.close();
  }

  get #pool(): Darkroom {
    return this.#darkroom ?? Darkroom.shared;
  }

  #open({ bracket, at }: BurstPlan, called: number): BurstSource {
    if (bracket) return new BracketSource(this.track, openFrameSource(this.track), bracket);
    const source = this.#buffer?.open(at ?? called) ?? openFrameSource(this.track);
    return at === undefined ? source : new StartingAt(source, at);
  }
}
