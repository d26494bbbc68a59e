import { failure } from '../../worker/errors.ts';
import { closeFrame } from '../../worker/frame/frame.ts';
import type { KeptFrame } from '../../worker/frame/keep.ts';
import type { Photo } from '../../worker/photo.ts';
import type { Darkroom } from '../darkroom/darkroom.ts';
import { deferred } from '../async/deferred.ts';
import { shotMetadata } from '../photo/photo-metadata.ts';
import type { BurstFrame, BurstSource } from './burst-source.ts';
import { FAILURES_ALLOWED } from './failures.ts';
import { TrackLosses } from './losses.ts';
import type { BurstPlan } from './options.ts';
import { Pace } from './pace.ts';
import { frameBytes, MAX_HELD_BYTES, Places } from './places.ts';
import { Selection } from './selection.ts';
import type { Shot } from './shot.ts';

/**
 * Under the policy `wait`, how many frames are taken while all workers are busy, so that a worker that finishes finds
 * its next frame. More would only be older when their turn comes, and a camera lends no more than two without a copy.
 */
const READY_FRAMES = 2;

/** A frame that is taken for a shot, and frames lost before it. */
type Taken = BurstFrame & { bytes: number; dropped: number };
type Chosen = Taken & { sharpness: number };
/** What is known of a shot before it is delivered. */
type Developed = { photo: Photo; taken: Omit<Taken, 'frame'> };

/**
 * One running burst: a loop that takes frames while there are places, and the photos in the order in which their frames
 * were taken. It begins at once and closes its source when it ends.
 */
export class Burst {
  readonly #track: MediaStreamTrack;
  readonly #source: BurstSource;
  readonly #darkroom: Darkroom;
  readonly #plan: BurstPlan;
  /** How many frames may wait at workers without being copied. */
  readonly #ready: number;
  readonly #pace: Pace;
  readonly #places: Places;
  readonly #losses: TrackLosses;
  readonly #selection: Selection<Chosen> | undefined;
  readonly #stopping = new AbortController();
  readonly #shots: Promise<Developed | undefined>[] = [];
  #taken = 0;
  #delivered = 0;
  /** Frames lost since the last one taken, and in all. */
  #dropped = 0;
  #droppedInAll = 0;
  #failures = 0;
  #lastFailure: unknown;
  #ended = false;
  #left = false;
  #error: { reason: unknown } | undefined;
  #wake = deferred<void>();
  /** Resolves when the source is closed and the track as it was. */
  readonly done: Promise<void>;

  constructor(
    track: MediaStreamTrack,
    source: BurstSource,
    darkroom: Darkroom,
    plan: BurstPlan,
    signals: readonly AbortSignal[],
  ) {
    this.#track = track;
    this.#source = source;
    this.#darkroom = darkroom;
    this.#plan = plan;
    this.#pace = new Pace(plan.interval, plan.duration);
    this.#ready = plan.policy === 'wait' ? Math.min(READY_FRAMES, darkroom.workers) : 0;
    this.#places = new Places(plan.maxPending, this.#ready > 0 ? darkroom.workers + this.#ready : undefined);
    this.#losses = new TrackLosses(track);
    this.#selection = plan.pick === undefined ? undefined : new Selection(plan.pick);
    for (const signal of signals) {
      signal.addEventListener('abort', () => this.#stop(signal.reason), { signal: this.#stopping.signal });
    }
    this.done = this.#run();
  }

  /** The next shot; undefined after the last. After the last one it throws what ended the burst, if anything did. */
  async next(): Promise<Shot | undefined> {
    for (;;) {
      while (this.#shots.length === 0 && !this.#ended && !this.#left) await this.#wake.promise;
      const first = this.#shots[0];
      if (this.#left || !first) break;
      const shot = await first;
      if (this.#left) break;
      this.#shots.shift();
      this.#places.leave();
      if (shot) return this.#deliver(shot);
    }
    if (this.#error && !this.#left) throw this.#error.reason;
    return undefined;
  }

  /** Ends the burst because its reader has left: unfinished photos are given up. */
  leave(): void {
    this.#left = true;
    this.#stop(failure('AbortError', 'The burst was ended.'));
    this.#announce();
  }

  async #run(): Promise<void> {
    try {
      // A shot that fails is taken again, so the count holds although frames were lost.
      while (this.#taken < this.#plan.count && (await this.#fill())) await Promise.all(this.#shots);
    } catch (reason) {
      this.#error ??= { reason };
    }
    const closed = this.#source.close();
    await Promise.all(this.#shots);
    this.#developSelection();
    await Promise.all(this.#shots);
    await closed;
    // Nothing is left to stop, so nothing listens to the signals any more.
    this.#stopping.abort();
    this.#ended = true;
    this.#announce();
  }

  /** Takes frames until the count is reached; false when the burst is over before that. */
  async #fill(): Promise<boolean> {
    const { signal } = this.#stopping;
    while (this.#taken < this.#plan.count) {
      if (this.#plan.policy === 'wait') await this.#places.room(0, signal);
      const grabbed = await this.#source.next(signal);
      this.#lose(grabbed.missed + this.#losses.take());
      const verdict = this.#error ? 'over' : this.#pace.judge(grabbed.timestamp);
      const bytes = frameBytes(grabbed.frame);
      if (verdict === 'due' && this.#plan.policy === 'wait') await this.#places.room(bytes, signal);
      if (verdict === 'due' && this.#places.hasRoom(bytes) && !signal.aborted) {
        this.#pace.took(grabbed.timestamp);
        this.#take(grabbed, bytes);
        continue;
      }
      grabbed.frame.close();
      if (verdict === 'over') return false;
      this.#source.again?.(grabbed);
      if (verdict === 'due') this.#lose(1);
    }
    return true;
  }

  #take(grabbed: BurstFrame, bytes: number): void {
    const taken = { ...grabbed, bytes, dropped: this.#dropped };
    this.#dropped = 0;
    this.#taken++;
    this.#places.take(bytes);
    this.#shots.push(this.#selection ? this.#choose(taken, this.#selection) : this.#shoot(taken));
    this.#announce();
    this.#report();
  }

  /** Develops a frame; undefined when that failed. */
  async #shoot(taken: Taken): Promise<Developed | undefined> {
    const { signal } = this.#stopping;
    const { frame, ...facts } = taken;
    const { sharpness } = facts;
    const { develop } = this.#plan;
    try {
      const metadata = shotMetadata(this.#track, taken.timestamp, develop.metadata);
      const options = { ...develop, metadata, signal, measureSharpness: sharpness === undefined };
      const kept = await this.#offCamera(frame, sharpness);
      const photo = await this.#darkroom.develop(kept, options, this.#ready > 0 ? 'ahead' : 'pool');
      this.#failures = 0;
      return { photo: { ...photo, sharpness: photo.sharpness ?? sharpness }, taken: facts };
    } catch (reason) {
      closeFrame(frame);
      this.#fail(taken, reason);
      return undefined;
    } finally {
      this.#places.developed(taken.bytes);
    }
  }

  /** Copies a frame that has to wait: while the camera's own is open, the camera may give no more. */
  async #offCamera(frame: BurstFrame['frame'], sharpness: number | undefined): Promise<BurstFrame['frame']> {
    const mustWait = this.#darkroom.pending >= this.#darkroom.workers + this.#ready;
    if (!mustWait || sharpness !== undefined || frame instanceof ImageBitmap) return frame;
    const kept = await this.#keep(frame);
    return kept.frame;
  }

  /** Copies a frame off its camera, unless the burst is stopped meanwhile. */
  #keep(frame: BurstFrame['frame']): Promise<KeptFrame> {
    return this.#darkroom.keep(frame, { signal: this.#stopping.signal });
  }

  /** Measures how sharp a frame is and offers it to the selection. */
  async #choose(taken: Taken, selection: Selection<Chosen>): Promise<undefined> {
    const size = this.#plan.pick! * taken.bytes;
    try {
      if (size > MAX_HELD_BYTES) {
        closeFrame(taken.frame);
        throw new RangeError(
          `options.pick: the frames would take ${Math.ceil(size / 1e6)} MB; ${MAX_HELD_BYTES / 1e6} MB can be held.`,
        );
      }
      const { frame, sharpness } =
        taken.sharpness === undefined ? await this.#keep(taken.frame) : { ...taken, sharpness: taken.sharpness };
      selection.offer({ ...taken, frame, sharpness });
      this.#failures = 0;
    } catch (reason) {
      this.#fail(taken, reason);
    } finally {
      this.#places.developed(taken.bytes);
    }
    return undefined;
  }

  /** Develops the frames that were selected, or closes them when the burst was stopped. */
  #developSelection(): void {
    const { signal } = this.#stopping;
    for (const chosen of this.#selection?.take() ?? []) {
      if (signal.aborted) {
        chosen.frame.close();
        continue;
      }
      this.#places.take(chosen.bytes);
      this.#shots.push(this.#shoot(chosen));
    }
    this.#announce();
  }

  #fail(taken: Taken, reason: unknown): void {
    this.#source.again?.(taken);
    this.#taken--;
    this.#lose(1);
    this.#dropped += taken.dropped;
    // A worker that dies fails all its frames with the same error: that counts once.
    if (!(reason instanceof DOMException && reason === this.#lastFailure)) this.#failures++;
    this.#lastFailure = reason;
    if (this.#stopping.signal.aborted || this.#failures > FAILURES_ALLOWED) this.#stop(reason);
  }

  #deliver({ photo, taken }: Developed): Shot {
    const { timestamp, dropped, step } = taken;
    const index = this.#delivered++;
    this.#report();
    const times = { captured: timestamp, ...photo.times, delivered: performance.now() };
    return { ...photo, index, timestamp, dropped, bracket: step, sharpness: photo.sharpness!, times };
  }

  #lose(frames: number): void {
    this.#dropped += frames;
    this.#droppedInAll += frames;
    if (frames > 0) this.#report();
  }

  #report(): void {
    const { onprogress } = this.#plan;
    if (!onprogress) return;
    try {
      const [taken, delivered, dropped] = [this.#taken, this.#delivered, this.#droppedInAll];
      onprogress({ taken, delivered, dropped, pending: this.#places.taken });
    } catch (error) {
      reportError(error);
    }
  }

  #stop(reason: unknown): void {
    this.#error ??= { reason };
    this.#stopping.abort(reason);
  }

  #announce(): void {
    this.#wake.resolve();
    this.#wake = deferred();
  }
}
