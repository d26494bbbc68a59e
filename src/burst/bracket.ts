import { failure } from '../../worker/errors.ts';
import type { FrameSource } from '../frame-source/frame-source.ts';
import type { BurstFrame, BurstSource } from './burst-source.ts';
import type { BracketStep } from './options.ts';

/** How long the track may take to do as it is told, in ms. */
const PATIENCE_MS = 2000;
/** How often its settings are looked at meanwhile, in ms: no event tells. */
const POLL_MS = 10;

/** Brackets under way, by their tracks: two at once would restore each other's settings. */
const underWay = new WeakMap<MediaStreamTrack, Promise<unknown>>();

/** Frames, each taken with the next set of a bracket's constraints; closing puts the track's constraints and settings back. */
export class BracketSource implements BurstSource {
  readonly #track: MediaStreamTrack;
  readonly #source: FrameSource;
  readonly #steps: readonly BracketStep[];
  /** Steps whose shots have failed, and steps begun in all. */
  readonly #again: number[] = [];
  #begun = 0;
  readonly #before: Promise<unknown>;
  readonly #ended: () => void;
  #former: { constraints: MediaTrackConstraints; settings: BracketStep } | undefined;

  /** The source is closed with this one. */
  constructor(track: MediaStreamTrack, source: FrameSource, steps: readonly BracketStep[]) {
    this.#track = track;
    this.#source = source;
    this.#steps = steps;
    this.#before = underWay.get(track) ?? Promise.resolve();
    let ended = (): void => {};
    const closed = new Promise<void>((resolve) => {
      ended = resolve;
    });
    this.#ended = ended;
    underWay.set(
      track,
      this.#before.then(() => closed),
    );
  }

  async next(signal: AbortSignal): Promise<BurstFrame> {
    await within(this.#before, signal);
    const step = this.#again.shift() ?? this.#begun++ % this.#steps.length;
    const { constraints, settings } = (this.#former ??= this.#remember());
    const wanted = { ...settings, ...this.#steps[step] };
    // The set comes first: Chromium takes the first advanced set to be required.
    const advanced = [wanted as MediaTrackConstraintSet, ...(constraints.advanced ?? [])];
    await within(this.#track.applyConstraints({ ...constraints, advanced }), signal);
    await this.#hold(wanted, signal);
    const held = performance.now();
    for (;;) {
      const frame = await this.#source.next(signal);
      // Frames passed over on purpose are no losses.
      if (frame.timestamp > held) return { ...frame, missed: 0, step };
      frame.frame.close();
    }
  }

  again({ step }: BurstFrame): void {
    if (step !== undefined) this.#again.push(step);
  }

  async close(): Promise<void> {
    this.#source.close();
    if (this.#former && this.#track.readyState === 'live') {
      const { constraints, settings } = this.#former;
      const restore = async (): Promise<void> => {
        const advanced = [settings as MediaTrackConstraintSet, ...(constraints.advanced ?? [])];
        await this.#track.applyConstraints({ ...constraints, advanced });
        await this.#track.applyConstraints(constraints);
      };
      // A track that ends meanwhile has nothing to restore.
      await Promise.race([restore().catch(() => {}), pause(PATIENCE_MS)]);
    }
    this.#ended();
  }

  /** The track's constraints, and its settings of whatever the bracket changes. */
  #remember(): { constraints: MediaTrackConstraints; settings: BracketStep } {
    const present = this.#track.getSettings() as Record<string, unknown>;
    const names = new Set(this.#steps.flatMap((step) => Object.keys(step)));
    const settings = Object.fromEntries(
      [...names].filter((name) => name in present).map((name) => [name, present[name]]),
    );
    return { constraints: this.#track.getConstraints(), settings };
  }

  async #hold(wanted: BracketStep, signal: AbortSignal): Promise<void> {
    const end = performance.now() + PATIENCE_MS;
    for (;;) {
      signal.throwIfAborted();
      // The source says what has become of it.
      if (this.#track.readyState !== 'live') return;
      const settings = this.#track.getSettings() as Record<string, unknown>;
      const open = Object.entries(wanted).find(([name, value]) => !holds(settings[name], value));
      if (!open) return;
      if (performance.now() > end) {
        const [name, value] = open;
        throw failure('OperationError', `The track did not take ${name} ${JSON.stringify(value)}.`);
      }
      await within(pause(POLL_MS), signal);
    }
  }
}

/** Whether a setting is as a constraint says: a value or a list of them, or { exact, ideal, min, max }. Cameras round to their own steps. */
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

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Settles as the promise does, or rejects with the signal's reason. */
async function within<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop = (): void => {};
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
  });
  try {
    return await Promise.race([promise, stopped]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
