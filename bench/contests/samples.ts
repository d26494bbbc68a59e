import { LEAST_ROUNDS } from '../../src/bench/bench.ts';
import { Hung, within } from '../../src/bench/patience.ts';
import type { ResultRow } from '../../src/bench/result-file.ts';
import { order, ratioInterval, summarise } from '../../src/bench/statistics.ts';
import type { Host } from './contest.ts';
import { keyOf } from '../hosts/request.ts';

/** What is measured, whether less or more of it is better, and whether ratios of it mean anything, which those of next to nothing do not. */
export type Quantity = { unit: string; better: 'less' | 'more'; hasRatio?: false };

/** Who is compared: a name, and one sample of it: a value of each quantity that this host can tell. */
export type Sampled<Name extends string> = {
  name: string;
  /** Makes ready; throws where this host lacks what it takes, and is then reported as missing. */
  open?: () => unknown;
  sample: () => Promise<Partial<Record<Name, number | undefined>>>;
};

/** A comparison whose contestants measure by themselves; ratios refer to the first. */
export type SampledContest<Name extends string> = {
  task: string;
  quantities: Record<Name, Quantity>;
  contestants: readonly Sampled<Name>[];
  rounds: number;
};

/** Holds comparisons of one question. */
export type HoldingSamples = (about: {
  frame: string;
}) => <Name extends string>(contest: SampledContest<Name>) => Promise<void>;

/** What came of a contestant so far. */
type Entrant = { status: ResultRow['status']; reason?: string; samples: Map<string, number[]> };

/**
 * Holds such a comparison, unless it is done, and tells the results: rounds in rotating order, the first of which does not count. One
 * that fails, hangs or is missing is reported as such, and the others go on.
 */
export async function holdSamples<Name extends string>(
  { task, quantities, contestants, rounds }: SampledContest<Name>,
  about: { question: string; frame: string },
  { request, link }: Pick<Host, 'request' | 'link'>,
): Promise<void> {
  const key = keyOf({ ...about, task });
  if (request.done.includes(key)) return;
  const entrants = contestants.map((): Entrant => ({ status: 'ok', samples: new Map() }));
  const attempt = async (entrant: Entrant, status: ResultRow['status'], work: () => unknown): Promise<void> => {
    try {
      await within(request.timeout, work());
    } catch (error) {
      entrant.status = error instanceof Hung ? 'hung' : status;
      entrant.reason = error instanceof Error ? error.message : String(error);
    }
  };
  for (const [i, { name, open }] of contestants.entries()) {
    const entrant = entrants[i]!;
    const blamed = request.hung.find((one) => one.key === key && one.contestant === name);
    if (blamed) Object.assign(entrant, { status: 'hung', reason: blamed.reason });
    else await attempt(entrant, 'missing', () => open?.());
  }
  const started = performance.now();
  for (let round = -1; round < rounds; round++) {
    if (round >= LEAST_ROUNDS && performance.now() - started > (request.budget ?? Infinity)) break;
    for (const i of order(contestants.length, round + 1)) {
      const [{ name, sample }, entrant] = [contestants[i]!, entrants[i]!];
      if (entrant.status !== 'ok') continue;
      const phase = round < 0 ? 'warm-up' : 'round';
      await link.tell({ kind: 'progress', key, contestant: name, phase, round: Math.max(0, round), rounds });
      await attempt(entrant, 'failed', async () => {
        const values = Object.entries(await sample()) as [string, number | undefined][];
        for (const [quantity, value] of round < 0 ? [] : values) {
          if (value === undefined) continue;
          entrant.samples.set(quantity, [...(entrant.samples.get(quantity) ?? []), value]);
        }
      });
    }
  }
  const rows = contestants.map(({ name }, i): ResultRow => {
    const { status, reason, samples } = entrants[i]!;
    const base = entrants[0]!;
    const measured = status === 'ok' ? Object.entries<Quantity>(quantities) : [];
    const measures = measured.flatMap(([quantity, { unit, better, hasRatio = true }]) => {
      const [own, first] = [samples.get(quantity), base.status === 'ok' ? base.samples.get(quantity) : undefined];
      if (!own) return [];
      const isComparable = hasRatio && first?.length === own.length && first.every((value) => value > 0);
      const ratio = isComparable ? { ratio: ratioInterval(own, first) } : {};
      return [[quantity, { unit, better, ...summarise(own), samples: own, ...ratio }] as const];
    });
    return {
      ...about,
      task,
      contestant: name,
      baseline: contestants[0]!.name,
      status,
      ...(reason !== undefined && { reason }),
      measures: Object.fromEntries(measures),
    };
  });
  await link.tell({ kind: 'rows', key, rows });
}
