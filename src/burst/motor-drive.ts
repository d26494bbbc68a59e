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
   * Keeps the so many last frames while no burst runs, so that a burst begins with a frame no later than its call: zero
   * shutter lag. Default 0. Frames keep coming, which costs a copy of each in a worker; a hidden page and a muted or
   * disabled track end that for the while.
   */
  buffer?: number | undefined;
};

/**
 * Takes bursts of photos from a video track. While it is open and the track live, the workers of its darkroom do not
 * end.
 */
export class MotorDrive {
  /** The track given to the constructor. It is neither changed nor stopped, but for the time of a bracket. */
  readonly track: MediaStreamTrack;
  readonly #darkroom: Darkroom | undefined;
  readonly #buffer: FrameBuffer | undefined;
  readonly #closing = new AbortController();
  readonly #isOpen = (): boolean => !this.#closing.signal.aborted && this.track.readyState === 'live';

  /**
   * @throws TypeError for what is no track, NotSupportedError for a track that is not video, RangeError for a wrong
   * option.
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
   * begins with the first `next()`. Never more than `maxPending` frames are held; what happens to frames beyond says
   * `policy`.
   *
   * Leaving the loop ends the burst. When it is aborted or the track ends, photos already made are still delivered;
   * then the iteration throws the signal's reason, or what happened to the track. A shot that fails is taken again;
   * when two in a row do, the iteration throws why.
   * @throws TypeError or RangeError at once for a wrong option.
   */
  burst(options: BurstOptions = {}): AsyncIterable<Shot> {
    const called = performance.now();
    const darkroom = this.#pool;
    // The shared one may be another than it was.
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
