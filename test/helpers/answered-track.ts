import { deferred } from '../../src/async/deferred.ts';
import { canvasTrack } from './tracks.ts';

/** What a track is asked for by one call of applyConstraints(), and how the test answers it. */
export type Asked = { wanted: MediaTrackConstraints; grant(): void; refuse(reason: unknown): void };

/** What such a track is asked for at first: restored means equal to this. */
const FORMER: MediaTrackConstraints = { width: 320, advanced: [{ aspectRatio: 4 / 3 }] };

/**
 * A canvas' moving track with a torch and an exposure, whose applyConstraints() takes no effect before the test
 * answers.
 */
export class AnsweredTrack {
  readonly track = canvasTrack({ moving: true });
  /** All calls, answered or not. */
  readonly asked: Asked[] = [];
  settings: Record<string, unknown> = { torch: false, exposureCompensation: 0 };
  constraints = FORMER;
  #arrival = deferred<void>();

  constructor() {
    const { getSettings, getCapabilities } = MediaStreamTrack.prototype;
    const { track } = this;
    Object.assign(track, {
      getCapabilities: () => ({ ...getCapabilities?.call(track), torch: true }),
      getSettings: () => ({ ...getSettings.call(track), ...this.settings }),
      getConstraints: () => this.constraints,
      applyConstraints: (wanted: MediaTrackConstraints) => this.#ask(wanted),
    });
  }

  /** The sets of which each call so far asked first, in their order; the constraints of before are `FORMER`. */
  get changes(): unknown[] {
    return this.asked.map(({ wanted }) => (wanted === FORMER ? 'FORMER' : wanted.advanced?.[0]));
  }

  /** Whether it is as it was made. */
  get isRestored(): boolean {
    const { torch, exposureCompensation } = this.settings;
    return this.constraints === FORMER && torch === false && exposureCompensation === 0;
  }

  /** The call of this number, as soon as there is one. */
  async call(number: number): Promise<Asked> {
    while (!this.asked[number]) await this.#arrival.promise;
    return this.asked[number];
  }

  /** Grants every call from this number on, one after the other, until `over` settles. */
  async grantFrom(number: number, over: Promise<unknown>): Promise<void> {
    let done = false;
    void over.catch(() => {}).finally(() => (done = true));
    while (!done) {
      const call = await Promise.race([this.call(number++), over.catch(() => {})]);
      (call as Asked | undefined)?.grant?.();
    }
  }

  #ask(wanted: MediaTrackConstraints): Promise<void> {
    const { promise, resolve, reject } = deferred<void>();
    const grant = (): void => {
      this.constraints = wanted;
      for (const set of [...(wanted.advanced ?? [])].reverse()) this.settings = { ...this.settings, ...set };
      resolve();
    };
    this.asked.push({ wanted, grant, refuse: reject });
    this.#arrival.resolve();
    this.#arrival = deferred();
    return promise;
  }
}
