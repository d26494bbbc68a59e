import { failure } from '../../worker/errors.ts';
import { Adjustment, type Settings } from '../track/adjustment.ts';
import type { FrameSource } from '../frame-source/frame-source.ts';
import { assertUsable, TrackWatch } from '../track/track-watch.ts';
import { pause } from '../async/pause.ts';
import type { BurstFrame, BurstSource } from './burst-source.ts';
import type { BracketStep } from './options.ts';

/** How long the track may take until its settings are those asked for, in ms. */
const HOLD_MS = 2000;
/** How long the track may go on giving frames from before that, in ms. */
const FRESH_MS = 5000;
/** How often its settings are read meanwhile, in ms: no event announces the change. */
const POLL_MS = 10;

/**
 * Frames, each taken with the next set of a bracket's constraints; closing puts the track's constraints and settings
 * back.
 */
export class BracketSource implements BurstSource {
  readonly #track: MediaStreamTrack;
  readonly #source: FrameSource;
  readonly #steps: readonly BracketStep[];
  /** Steps whose shots have failed, and steps begun in all. */
  readonly #again: number[] = [];
  #begun = 0;
  #adjustment: Adjustment | undefined;

  /** The source is closed with this one. */
  constructor(track: MediaStreamTrack, source: FrameSource, steps: readonly BracketStep[]) {
    this.#track = track;
    this.#source = source;
    this.#steps = steps;
  }

  async next(signal: AbortSignal): Promise<BurstFrame> {
    assertUsable(this.#track);
    const watch = new TrackWatch(this.#track, signal);
    try {
      return await this.#next(watch.signal);
    } catch (error) {
      // On a track that has just ended, whatever the engine throws only means that.
      watch.check();
      throw error;
    } finally {
      watch.close();
    }
  }

  again({ step }: BurstFrame): void {
    if (step !== undefined) this.#again.push(step);
  }

  async close(): Promise<void> {
    this.#source.close();
    await this.#adjustment?.end();
  }

  async #next(signal: AbortSignal): Promise<BurstFrame> {
    this.#adjustment ??= await Adjustment.begin(this.#track, () => this.#present(), signal);
    const step = this.#again.shift() ?? this.#begun++ % this.#steps.length;
    const wanted = await this.#adjustment.apply(this.#steps[step]!, signal);
    await this.#hold(wanted, signal);
    const held = performance.now();
    for (;;) {
      const frame = await this.#source.next(signal);
      // Frames skipped on purpose do not count as lost.
      if (frame.timestamp > held) return { ...frame, missed: 0, step };
      frame.frame.close();
      if (performance.now() - held > FRESH_MS) {
        throw failure('UnknownError', `The track gave no fresh frame within ${FRESH_MS / 1000} s.`);
      }
    }
  }

  /** The track's present settings of everything that the bracket changes. */
  #present(): Settings {
    const present = this.#track.getSettings() as Settings;
    const names = new Set(this.#steps.flatMap((step) => Object.keys(step)));
    return Object.fromEntries([...names].filter((name) => name in present).map((name) => [name, present[name]]));
  }

  async #hold(wanted: Settings, signal: AbortSignal): Promise<void> {
    const end = performance.now() + HOLD_MS;
    for (;;) {
      const settings = this.#track.getSettings() as Settings;
      const open = Object.entries(wanted).find(([name, value]) => !holds(settings[name], value));
      if (!open) return;
      if (performance.now() > end) {
        const [name, value] = open;
        throw failure('OperationError', `The track did not take ${name} ${JSON.stringify(value)}.`);
      }
      await pause(POLL_MS, signal);
    }
  }
}

/**
 * Whether a setting satisfies a constraint: a value or a list of them, or { exact, ideal, min, max }. Cameras round to
 * their own steps.
 */
export function holds(setting: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted)) return wanted.some((value) => holds(setting, value));
  if (typeof wanted === 'object' && wanted !== null) {
    const { exact, ideal, min = -Infinity, max = Infinity } = wanted as Record<string, number>;
    const value = exact ?? ideal;
    if (value !== undefined) return holds(setting, value);
    return typeof setting === 'number' && setting >= min && setting <= max;
  }
  if (typeof wanted !== 'number' || typeof setting !== 'number') return setting === wanted;
  return Math.abs(setting - wanted) <= Math.max(Math.abs(wanted) * 0.05, 1e-3);
}
