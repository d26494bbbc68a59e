import { Darkroom, MotorDrive } from '../../src/index.ts';
import type { Random } from '../helpers/random.ts';

/** A track, and what ends it with all that feeds it; `hold` mutes it. */
export type Source = { kind: string; track: MediaStreamTrack; end(): void; hold?(on: boolean): Promise<void> };

/** A burst that runs, and the two ways to end it from outside. */
export type RunningBurst = { leave(): Promise<unknown>; abort(reason: unknown): void };

/** What an operation aborts with. */
export class Stop extends Error {
  override readonly name = 'Stop';
}

/** What the library may reject with when it is not to blame. */
const EXPECTED = new Set([
  ...['Stop', 'AbortError', 'EncodingError', 'InvalidStateError', 'NotSupportedError', 'OperationError'],
  ...['OverconstrainedError', 'UnknownError'],
]);

/** Everything that the operations of a case have made, and every promise that they were given. */
export class World {
  readonly sources: Source[] = [];
  readonly darkrooms: Darkroom[] = [];
  readonly drives: MotorDrive[] = [];
  readonly bursts: RunningBurst[] = [];
  /** What went wrong, in words. */
  readonly faults: string[] = [];
  readonly #pending = new Set<string>();
  #handed = 0;

  /** The promises that have not settled yet, in words. */
  get pending(): readonly string[] {
    return [...this.#pending];
  }

  /** Follows a promise that was handed out: it must settle, and reject with nothing unexpected. */
  hand(what: string, promise: Promise<unknown>): void {
    const name = `${++this.#handed}. ${what}`;
    this.#pending.add(name);
    promise
      .catch((reason: unknown) => {
        const { name: kind = 'undefined', message = '' } = (reason ?? {}) as Partial<Error>;
        if (!EXPECTED.has(kind)) this.faults.push(`${name} rejected with ${kind}: ${message}`);
      })
      .finally(() => this.#pending.delete(name));
  }

  /** One of the drives, made if there is none. */
  drive(random: Random): MotorDrive | undefined {
    const source = pick(this.sources, random);
    if (!source) return undefined;
    if (this.drives.length < 4) {
      const drive = new MotorDrive(source.track, { darkroom: this.darkroom(random), buffer: random.below(3) });
      this.drives.push(drive);
      return drive;
    }
    return pick(this.drives, random);
  }

  /** One of the darkrooms, made if there is none. */
  darkroom(random: Random): Darkroom {
    if (this.darkrooms.length < 2) this.darkrooms.push(new Darkroom({ workers: 1 + random.below(2) }));
    return pick(this.darkrooms, random)!;
  }
}

/** One of these. */
export function pick<T>(list: readonly T[], random: Random): T | undefined {
  return list[random.below(list.length)];
}
