import { failure } from '../worker/errors.ts';
import type { PhotoMetadata } from '../worker/metadata/photo-metadata.ts';
import { count, positive, resolveOptions, type DevelopOptions } from '../worker/options.ts';
import type { Photo } from '../worker/photo.ts';
import { Darkroom } from './darkroom.ts';
import { deferred } from './deferred.ts';
import { dispose } from './dispose.ts';
import { openFrameSource, type FrameSource } from './frame-source/frame-source.ts';
import { shotMetadata } from './photo-metadata.ts';
import { requireVideoTrack } from './track.ts';

/** What a burst takes, and how each shot is developed. */
export type BurstOptions = DevelopOptions & {
  /** Shots to take; default: until stopped. */
  count?: number | undefined;
  /** Time to take them in, in milliseconds from the first frame; default: no limit. */
  duration?: number | undefined;
  /** Shots a second at most; default: every frame. */
  fps?: number | undefined;
  /** Frames held at once, waiting or in work, photos that nobody has fetched yet included; default: the darkroom's. */
  maxPending?: number | undefined;
};

/** A photo of a burst. */
export type Shot = Photo & {
  /** 0 for the first shot. */
  index: number;
  /** When the frame was captured, in milliseconds on the clock of `performance.now()`. */
  timestamp: number;
  /** Frames lost between the shot before this one and this one, because all places were taken or the source lost them. */
  dropped: number;
};

/** Shots that fail one after the other before the burst gives up: one dead worker is an accident, two are a reason. */
const FAILURES_ALLOWED = 1;

/** Takes bursts of photos from a video track. */
export class MotorDrive {
  /** The track given to the constructor. It is neither changed nor stopped. */
  readonly track: MediaStreamTrack;
  readonly #darkroom: Darkroom | undefined;
  readonly #closing = new AbortController();

  /** @throws TypeError for what is no track, NotSupportedError for a track that is not video. */
  constructor(track: MediaStreamTrack, options: { darkroom?: Darkroom | undefined } = {}) {
    requireVideoTrack(track);
    this.track = track;
    this.#darkroom = options.darkroom;
  }

  /**
   * Shoots a burst: frames are taken as the camera gives them and developed side by side; photos come in order. It begins
   * with the first `next()`. Never more than `maxPending` frames are held: frames beyond are dropped and counted.
   *
   * Leaving the loop ends the burst. When it is aborted or the track ends, photos already made are still delivered; then
   * the iteration throws the signal's reason, or what happened to the track.
   * @throws TypeError or RangeError at once for a wrong option.
   */
  burst(options: BurstOptions = {}): AsyncIterable<Shot> {
    const { metadata } = resolveOptions(options);
    const darkroom = this.#darkroom ?? Darkroom.shared;
    const plan: BurstPlan = {
      develop: { ...options, metadata },
      count: count('count', options.count, 1, Infinity),
      duration: positive('duration', options.duration, Infinity),
      interval: 1000 / positive('fps', options.fps, Infinity),
      maxPending: count('maxPending', options.maxPending, 1, darkroom.maxPending),
    };
    const open = (): Burst => {
      if (this.#closing.signal.aborted) throw this.#closing.signal.reason;
      options.signal?.throwIfAborted();
      const signals = [this.#closing.signal, ...(options.signal ? [options.signal] : [])];
      return new Burst(this.track, darkroom, plan, signals);
    };
    return {
      [Symbol.asyncIterator]: () => iterate(open),
    };
  }

  /** Ends all bursts; their iterations throw AbortError after the photos already made. */
  close(): void {
    this.#closing.abort(failure('AbortError', 'The MotorDrive was closed.'));
  }

  /** As {@link close}, for `using`. */
  [dispose](): void {
    this.close();
  }
}

type Developed = Omit<Shot, 'index'>;

type BurstPlan = {
  develop: DevelopOptions & { metadata: PhotoMetadata | false };
  count: number;
  duration: number;
  interval: number;
  maxPending: number;
};

async function* iterate(open: () => Burst): AsyncGenerator<Shot, void, undefined> {
  const burst = open();
  try {
    for (let shot = await burst.next(); shot; shot = await burst.next()) yield shot;
  } finally {
    burst.stop();
  }
}

/** One running burst: a loop that takes frames, and the photos in the order in which their frames were taken. */
class Burst {
  readonly #track: MediaStreamTrack;
  readonly #source: FrameSource;
  readonly #darkroom: Darkroom;
  readonly #plan: BurstPlan;
  readonly #stopping = new AbortController();
  readonly #shots: Promise<Developed | undefined>[] = [];
  #taken = 0;
  #delivered = 0;
  #dropped = 0;
  #failures = 0;
  #due = -Infinity;
  #end: number | undefined;
  #ended = false;
  #error: { reason: unknown } | undefined;
  #wake = deferred<void>();

  constructor(track: MediaStreamTrack, darkroom: Darkroom, plan: BurstPlan, signals: AbortSignal[]) {
    this.#track = track;
    this.#source = openFrameSource(track);
    this.#darkroom = darkroom;
    this.#plan = plan;
    for (const signal of signals) {
      signal.addEventListener('abort', () => this.#stopping.abort(signal.reason), { signal: this.#stopping.signal });
    }
    void this.#capture();
  }

  /** The next photo; undefined after the last. */
  async next(): Promise<Shot | undefined> {
    for (;;) {
      while (this.#shots.length === 0 && !this.#ended) await this.#wake.promise;
      const first = this.#shots[0];
      if (!first) break;
      const shot = await first;
      this.#shots.shift();
      if (shot) return { ...shot, index: this.#delivered++ };
    }
    if (this.#error) throw this.#error.reason;
    return undefined;
  }

  /** Ends capture and gives up what is not done. */
  stop(): void {
    this.#stopping.abort(failure('AbortError', 'The burst was ended.'));
  }

  async #capture(): Promise<void> {
    try {
      // A shot that fails is taken again, so the count holds although frames were lost.
      while (this.#taken < this.#plan.count && (await this.#fill())) await Promise.all(this.#shots);
    } catch (reason) {
      this.#error ??= { reason };
    } finally {
      this.#source.close();
      this.#ended = true;
      this.#announce();
    }
  }

  /** Takes frames until the count is reached; false when the burst is over before that. */
  async #fill(): Promise<boolean> {
    while (this.#taken < this.#plan.count) {
      const { frame, timestamp, missed } = await this.#source.next(this.#stopping.signal);
      const end = (this.#end ??= timestamp + this.#plan.duration);
      this.#dropped += missed;
      if (timestamp > end || this.#error) {
        frame.close();
        return false;
      }
      // A quarter of an interval's tolerance: a camera at 30 frames a second asked for 30 must not lose every other one.
      if (timestamp < this.#due - this.#plan.interval / 4) {
        frame.close();
      } else if (this.#shots.length >= this.#plan.maxPending) {
        frame.close();
        this.#dropped++;
      } else {
        const late = timestamp - this.#due > this.#plan.interval;
        this.#due = (late ? timestamp : this.#due) + this.#plan.interval;
        this.#take(frame, timestamp);
      }
    }
    return true;
  }

  #take(frame: VideoFrame | ImageBitmap, timestamp: number): void {
    this.#taken++;
    const dropped = this.#dropped;
    this.#dropped = 0;
    const { signal } = this.#stopping;
    const { develop } = this.#plan;
    const metadata = shotMetadata(this.#track, timestamp, develop.metadata);
    const shot = this.#darkroom.develop(frame, { ...develop, metadata, signal }).then(
      (photo): Developed => {
        this.#failures = 0;
        return { ...photo, timestamp, dropped };
      },
      (reason: unknown) => {
        this.#taken--;
        this.#dropped += dropped + 1;
        if (signal.aborted || ++this.#failures > FAILURES_ALLOWED) {
          this.#error ??= { reason };
          this.#stopping.abort(reason);
        }
        return undefined;
      },
    );
    this.#shots.push(shot);
    this.#announce();
  }

  #announce(): void {
    this.#wake.resolve();
    this.#wake = deferred();
  }
}
