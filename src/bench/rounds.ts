/** Rounds in which every contestant is measured once, and what they come to. */
import { order } from './order.ts';
import { Hung } from './patience.ts';
import type { Measure, Status } from './row.ts';
import { ratioIntervalByTurns, summarise } from './statistics.ts';

/** Rounds that are done whatever they cost: fewer have no interval to speak of. */
const LEAST_ROUNDS = 5;

/**
 * What is measured, whether less or more of it is better, and whether ratios of it mean anything, which those of next
 * to nothing do not.
 */
export type Quantity = { unit: string; better: 'less' | 'more'; hasRatio?: false };

/** A value of each quantity that the host can tell. */
export type Sample = Partial<Record<string, number>>;

/** A contestant on its way through the rounds. */
export class Entrant {
  status: Status = 'ok';
  /** Why it is not `ok`. */
  reason: string | undefined;
  /** One a round. */
  readonly samples: Sample[] = [];
  /** The turn of each sample, counted over all contestants. */
  readonly turns: number[] = [];

  /** Does something of this contestant's; when that fails, the contestant is out. */
  async attempt<Result>(otherwise: Status, work: () => Result | Promise<Result>): Promise<Result | undefined> {
    try {
      return await work();
    } catch (error) {
      this.status = error instanceof Hung ? 'hung' : otherwise;
      this.reason = error instanceof Error ? error.message : String(error);
      return undefined;
    }
  }
}

/** How many rounds are held. */
type Rounds = {
  rounds: number;
  /** Rounds before, which do not count. */
  warmUp: number;
  /** ms after which no more rounds begin. */
  budget: number;
  isStopped?: () => boolean;
};

/**
 * Holds rounds in which everyone who is still in takes a turn, in an order that changes from round to round.
 * @param measure takes a sample of one contestant, or nothing when it fails; those of rounds below 0 do not count
 * @param onRound called after each round that counts
 * @returns false when it was stopped
 */
export async function holdRounds<One extends Entrant>(
  entrants: readonly One[],
  { rounds, warmUp, budget, isStopped }: Rounds,
  measure: (entrant: One, round: number) => Promise<Sample | undefined>,
  onRound?: () => unknown,
): Promise<boolean> {
  const started = performance.now();
  let turn = 0;
  for (let round = -warmUp; round < rounds; round++) {
    if (round >= LEAST_ROUNDS && performance.now() - started > budget) break;
    for (const i of order(entrants.length, round + warmUp)) {
      if (isStopped?.()) return false;
      const entrant = entrants[i]!;
      const sample = entrant.status === 'ok' ? await measure(entrant, round) : undefined;
      if (!sample || round < 0) continue;
      entrant.samples.push(sample);
      entrant.turns.push(turn++);
    }
    if (round >= 0) await onRound?.();
  }
  return true;
}

/** What the rounds come to that all contestants have completed; ratios refer to the first one. */
export function measuresOf(
  entrants: readonly Entrant[],
  quantities: Record<string, Quantity>,
  seed?: number,
): Record<string, Measure>[] {
  const running = entrants.filter(({ status }) => status === 'ok');
  const complete = Math.min(...running.map(({ samples }) => samples.length));
  /** The values of a quantity, if it was told in every round. */
  const valuesOf = ({ status, samples }: Entrant, name: string): number[] | undefined => {
    const values = samples.slice(0, complete).flatMap((sample) => sample[name] ?? []);
    return status === 'ok' && values.length > 0 && values.length === complete ? values : undefined;
  };
  const base = entrants[0]!;
  return entrants.map((entrant) => {
    const isLater = entrant.turns.slice(0, complete).map((turn, round) => turn > base.turns[round]!);
    const measures: Record<string, Measure> = {};
    for (const [name, { unit, better, hasRatio = true }] of Object.entries(quantities)) {
      const [own, first] = [valuesOf(entrant, name), valuesOf(base, name)];
      if (!own) continue;
      const ratio =
        hasRatio && first?.every((value) => value > 0) && ratioIntervalByTurns(own, first, isLater, { seed });
      measures[name] = { unit, better, ...summarise(own), samples: own, ...(ratio && { ratio }) };
    }
    return measures;
  });
}
