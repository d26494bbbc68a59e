/**
 * Changes of a track that are made for a shot and taken back: its torch, a bracket's constraints. One at a time for a
 * device, since two would restore each other's.
 */
import { failure } from '../../worker/errors.ts';
import { atMost } from '../async/at-most.ts';
import { deferred } from '../async/deferred.ts';
import { unlessAborted } from '../async/unless-aborted.ts';

/** How long a track may take to answer applyConstraints(), in ms; some never do. */
const ANSWER_MS = 2000;

/** Settings by the names of their constraints. */
export type Settings = Readonly<Record<string, unknown>>;

/** What held before. */
type Former = { constraints: MediaTrackConstraints; settings: Settings };

/** The ends of the queues that wait for a device. */
const queues = new Map<string | MediaStreamTrack, Promise<void>>();

/** What a track has been asked to restore and has not restored yet. The next adjustment takes that debt over. */
const owed = new WeakMap<MediaStreamTrack, Former>();

/** One turn at a track. Whoever begins one ends it. */
export class Adjustment {
  readonly #track: MediaStreamTrack;
  readonly #former: Former;
  readonly #pass: () => void;
  /** Whether anything has to be put back. */
  #changed: boolean;

  private constructor(track: MediaStreamTrack, present: Settings, pass: () => void) {
    const debt = owed.get(track);
    owed.delete(track);
    this.#track = track;
    this.#former = debt
      ? { ...debt, settings: { ...present, ...debt.settings } }
      : { constraints: track.getConstraints(), settings: present };
    this.#changed = debt !== undefined;
    this.#pass = pass;
  }

  /**
   * Waits for the track's turn; rejects with the signal's reason when it aborts.
   * @param present reads the settings that are going to be changed
   */
  static async begin(track: MediaStreamTrack, present: () => Settings, signal: AbortSignal): Promise<Adjustment> {
    const pass = await takeTurn(track.getSettings().deviceId || track, signal);
    return new Adjustment(track, present(), pass);
  }

  /**
   * Brings the track to these settings, and the others that are to be changed to what they were; gives all of them.
   * @throws what the track rejects with, UnknownError when it does not answer within 2 s, the signal's reason when it
   * aborts
   */
  async apply(settings: Settings, signal: AbortSignal): Promise<Settings> {
    const wanted = { ...this.#former.settings, ...settings };
    this.#changed = true;
    const answer = atMost(ANSWER_MS, this.#set(wanted), () => {
      throw failure('UnknownError', `The track did not answer applyConstraints() within ${ANSWER_MS / 1000} s.`);
    });
    await unlessAborted(answer, signal);
    return wanted;
  }

  /** Has the track put everything back, and lets the next one have its turn, however the track answers. */
  async end(): Promise<void> {
    if (this.#changed && this.#track.readyState === 'live') await atMost(ANSWER_MS, this.#restore(), () => {});
    this.#pass();
  }

  /**
   * Dropping a constraint leaves the setting as it is, so that is put back first. A track that ends meanwhile has
   * nothing to restore.
   */
  async #restore(): Promise<void> {
    const isOwed = (): boolean => owed.get(this.#track) === this.#former;
    owed.set(this.#track, this.#former);
    try {
      await this.#set(this.#former.settings);
      if (isOwed()) await this.#track.applyConstraints(this.#former.constraints);
    } catch {
      // The outcome of the shot is what counts.
    }
    if (isOwed()) owed.delete(this.#track);
  }

  /** Chromium 156 takes image capture constraints from the first advanced set, and that to be required. */
  #set(settings: Settings): Promise<void> {
    const { constraints } = this.#former;
    const advanced = [settings as MediaTrackConstraintSet, ...(constraints.advanced ?? [])];
    return this.#track.applyConstraints({ ...constraints, advanced });
  }
}

/** Waits until all who came before have passed; gives what passes the turn on. Clones of a track are one device. */
async function takeTurn(device: string | MediaStreamTrack, signal: AbortSignal): Promise<() => void> {
  const before = queues.get(device) ?? Promise.resolve();
  const turn = deferred<void>();
  const end = before.then(() => turn.promise);
  queues.set(device, end);
  void end.then(() => queues.get(device) === end && queues.delete(device));
  try {
    await unlessAborted(before, signal);
  } catch (reason) {
    turn.resolve();
    throw reason;
  }
  return turn.resolve;
}
