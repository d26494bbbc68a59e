import { within } from '../../src/bench/patience.ts';
import { Entrant, holdRounds, measuresOf, type Quantity, type Sample } from '../../src/bench/rounds.ts';
import type { ResultRow } from '../../src/bench/result-file.ts';
import { keyOf } from '../hosts/request.ts';
import type { Host } from './contest.ts';

/** Who is compared: a name, and one sample of it: a value of each quantity that this host can tell. */
export type Sampled<Name extends string> = {
  name: string;
  /** Makes ready; throws where this host lacks what it takes, and is then reported as missing. */
  open?: () => unknown;
  sample: () => Promise<Partial<Record<Name, number | undefined>>>;
};

/** A comparison whose contestants measure by themselves; ratios refer to the first. */
type SampledContest<Name extends string> = {
  task: string;
  quantities: Record<Name, Quantity>;
  contestants: readonly Sampled<Name>[];
  rounds: number;
};

/** Holds comparisons of one question. */
export type HoldingSamples = (about: {
  frame: string;
}) => <Name extends string>(contest: SampledContest<Name>) => Promise<void>;

/** Rounds before, which do not count. */
const WARM_UP = 1;

class Sampler<Name extends string> extends Entrant {
  readonly sampled: Sampled<Name>;

  constructor(sampled: Sampled<Name>) {
    super();
    this.sampled = sampled;
  }
}

/**
 * Holds such a comparison, unless it is done, and tells the results. One that fails, hangs or is missing is reported as
 * such, and the others go on.
 */
export async function holdSamples<Name extends string>(
  { task, quantities, contestants, rounds }: SampledContest<Name>,
  about: { question: string; frame: string },
  { request, link }: Pick<Host, 'request' | 'link'>,
): Promise<void> {
  const { done, hung, timeout, budget = Infinity } = request;
  const key = keyOf({ ...about, task });
  if (done.includes(key)) return;
  const samplers = contestants.map((sampled) => new Sampler(sampled));
  for (const sampler of samplers) {
    const { name, open } = sampler.sampled;
    const blamed = hung.find((one) => one.key === key && one.contestant === name);
    if (blamed) Object.assign(sampler, { status: 'hung', reason: blamed.reason });
    else await sampler.attempt('missing', () => within(timeout, open?.()));
  }
  await holdRounds(samplers, { rounds, warmUp: WARM_UP, budget }, async (sampler, round) => {
    const { name, sample } = sampler.sampled;
    const phase = round < 0 ? 'warm-up' : 'round';
    await link.tell({ kind: 'progress', key, contestant: name, phase, round: Math.max(0, round), rounds });
    return sampler.attempt('failed', (): Promise<Sample> => within(timeout, sample()));
  });
  const measures = measuresOf(samplers, quantities);
  const rows = samplers.map(({ sampled, status, reason }, i): ResultRow => ({
    ...about,
    task,
    contestant: sampled.name,
    baseline: contestants[0]!.name,
    status,
    ...(reason !== undefined && { reason }),
    measures: measures[i]!,
  }));
  await link.tell({ kind: 'rows', key, rows });
}
