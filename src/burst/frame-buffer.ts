import { failure } from '../../worker/errors.ts';
import type { KeptFrame } from '../../worker/frame/keep.ts';
import { FAILURES_ALLOWED } from './failures.ts';
import { frameBytes, MAX_HELD_BYTES } from './places.ts';
import { deferred } from '../async/deferred.ts';
import { guard, openFrameSource, type FrameSource } from '../frame-source/frame-source.ts';
import type { GrabbedFrame, Grabber } from '../frame-source/grabber.ts';
import { obstacle } from '../track/track-watch.ts';
import { pause } from '../async/pause.ts';

/** Pause before a track that gives no frames is tried again, in ms: no event says when it is enabled. */
const RETRY_MS = 100;

/** Takes a frame, whose owner it becomes, off its camera, unless the signal aborts. */
type Keep = (frame: VideoFrame | ImageBitmap, signal: AbortSignal) => Promise<KeptFrame>;

/** A frame of the buffer: `serial` numbers all frames, `lost` counts those that the source had lost until then. */
type Entry = { frame: VideoFrame | ImageBitmap; timestamp: number; sharpness: number; serial: number; lost: number };

/** A frame out of the buffer. It has pixels of its own, so that it may be held for long. */
export type BufferedFrame = GrabbedFrame & { sharpness: number };

/**
 * Keeps the last frames of a track, for pictures of a moment that has passed: zero shutter lag. Frames are copied off
 * the camera, which never starves. While the page is hidden or the track muted, disabled or ended it is empty, unless
 * somebody reads from it; an ended track closes it.
 */
export class FrameBuffer {
  readonly #track: MediaStreamTrack;
  readonly #capacity: number;
  readonly #keep: Keep;
  readonly #entries: Entry[] = [];
  readonly #closing = new AbortController();
  #session = new AbortController();
  #readers = 0;
  #serial = 0;
  #lost = 0;
  #failure: { reason: unknown } | undefined;
  #change = deferred<void>();

  /**
   * @param capacity frames at most; fewer when they would take more than 256 MB
   * @param keep takes a frame off its camera, as `Darkroom.keep()` does
   */
  constructor(track: MediaStreamTrack, capacity: number, keep: Keep) {
    this.#track = track;
    this.#capacity = capacity;
    this.#keep = keep;
    const { signal } = this.#closing;
    for (const event of ['mute', 'unmute', 'ended']) track.addEventListener(event, this.#look, { signal });
    document.addEventListener('visibilitychange', this.#look, { signal });
    void this.#run();
  }

  /** Frames kept now. */
  get length(): number {
    return this.#entries.length;
  }

  /**
   * Reads from the last frame that is not later than `from` (ms on the clock of `performance.now()`) on, past the
   * newest one to those still to come. Frames that left the buffer before they were read count as missed. Rejects and
   * closes as every FrameSource does.
   */
  open(from: number): FrameSource & { next(signal?: AbortSignal): Promise<BufferedFrame> } {
    const first = this.#entries.findLast(({ timestamp }) => timestamp <= from) ?? this.#entries[0];
    let next = first?.serial ?? this.#serial;
    let lost = first?.lost ?? this.#lost;
    let open = true;
    const grab = async (signal: AbortSignal): Promise<BufferedFrame> => {
      const { frame, timestamp, sharpness, ...entry } = await this.#atLeast(next, signal);
      const copy = frame instanceof ImageBitmap ? await createImageBitmap(frame) : frame.clone();
      const missed = entry.serial - next + entry.lost - lost;
      next = entry.serial + 1;
      lost = entry.lost;
      return { frame: copy, timestamp, missed, sharpness };
    };
    const close = (): void => {
      if (open) this.#readers--;
      open = false;
      this.#look();
    };
    this.#readers++;
    this.#look();
    const reader: Grabber = { grab, close };
    return guard(this.#track, reader) as ReturnType<FrameBuffer['open']>;
  }

  /** Closes all frames kept; readers reject with OperationError. */
  close(): void {
    this.#closing.abort();
    this.#empty();
    this.#look();
  }

  /** The first frame from this serial on. */
  async #atLeast(serial: number, signal: AbortSignal): Promise<Entry> {
    const wake = (): void => this.#announce();
    signal.addEventListener('abort', wake);
    try {
      for (;;) {
        signal.throwIfAborted();
        const entry = this.#entries.find((one) => one.serial >= serial);
        if (entry) return entry;
        if (this.#failure) throw this.#failure.reason;
        if (this.#closing.signal.aborted) throw failure('OperationError', 'The frame buffer was closed.');
        await this.#change.promise;
      }
    } finally {
      signal.removeEventListener('abort', wake);
    }
  }

  async #run(): Promise<void> {
    let failures = 0;
    while (!this.#closing.signal.aborted && this.#track.readyState === 'live') {
      if (!this.#isWanted()) {
        this.#empty();
        await Promise.race([this.#change.promise, pause(RETRY_MS)]);
        continue;
      }
      this.#session = new AbortController();
      // A source that is opened anew would give the picture of a still track again.
      const source = openFrameSource(this.#track, Infinity);
      try {
        for (;;) {
          const grabbed = await source.next(this.#session.signal);
          const { signal } = this.#session;
          try {
            this.#push(grabbed, await this.#keep(grabbed.frame, signal));
            failures = 0;
          } catch (reason) {
            if (!signal.aborted && ++failures > FAILURES_ALLOWED) this.#failure = { reason };
            throw reason;
          }
        }
      } catch {
        this.#empty();
      } finally {
        source.close();
      }
      if (this.#failure) break;
      if (this.#isWanted()) await pause(RETRY_MS);
    }
    this.close();
  }

  #push({ timestamp, missed }: GrabbedFrame, { frame, sharpness }: KeptFrame): void {
    if (this.#session.signal.aborted || this.#closing.signal.aborted) return frame.close();
    this.#lost += missed;
    this.#entries.push({ frame, timestamp, sharpness, serial: this.#serial++, lost: this.#lost });
    const limit = Math.max(1, Math.min(this.#capacity, Math.floor(MAX_HELD_BYTES / frameBytes(frame))));
    for (const entry of this.#entries.splice(0, Math.max(0, this.#entries.length - limit))) entry.frame.close();
    this.#announce();
  }

  #isWanted(): boolean {
    if (obstacle(this.#track) !== undefined || this.#closing.signal.aborted) return false;
    return this.#readers > 0 || (!this.#track.muted && document.visibilityState !== 'hidden');
  }

  readonly #look = (): void => {
    if (!this.#isWanted()) {
      this.#empty();
      this.#session.abort(failure('AbortError', 'The frames are not wanted now.'));
    }
    this.#announce();
  };

  #empty(): void {
    for (const { frame } of this.#entries.splice(0)) frame.close();
  }

  #announce(): void {
    this.#change.resolve();
    this.#change = deferred();
  }
}
