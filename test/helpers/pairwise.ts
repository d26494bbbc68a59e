/** Covering arrays: a few cases in which every two values of different factors meet. */
import { Random } from './random.ts';

export type Factors = Record<string, readonly (string | number | boolean)[]>;

/** One value of each factor. */
export type CaseOf<F extends Factors> = { [Name in keyof F]: F[Name][number] };

/** The pairs of values that a case has, as text. */
export function pairsOf(one: CaseOf<Factors>): string[] {
  const values = Object.entries(one).map(([name, value]) => `${name} ${String(value)}`);
  return values.flatMap((first, i) => values.slice(i + 1).map((second) => `${first}, ${second}`));
}

/** Random cases that are tried for each that is taken. */
const CANDIDATES = 40;

/**
 * Cases with every pair of values that a case can have, found greedily from a seed: the same in every engine.
 * @param normal gives factors that have no meaning beside others a fixed value
 */
export function pairwise<F extends Factors>(
  factors: F,
  normal: (one: CaseOf<F>) => CaseOf<F>,
  seed: number,
): CaseOf<F>[] {
  const random = new Random(seed);
  const names = Object.keys(factors);
  const draw = (fixed: Record<string, string | number | boolean>): CaseOf<F> => {
    const values = names.map((name) => [name, fixed[name] ?? factors[name]![random.below(factors[name]!.length)]!]);
    return normal(Object.fromEntries(values) as CaseOf<F>);
  };
  const cases: CaseOf<F>[] = [];
  const covered = new Set<string>();
  for (const [i, first] of names.entries()) {
    for (const second of names.slice(i + 1)) {
      for (const a of factors[first]!) {
        for (const b of factors[second]!) {
          const pair = `${first} ${String(a)}, ${second} ${String(b)}`;
          if (covered.has(pair)) continue;
          const candidates = Array.from({ length: CANDIDATES }, () => draw({ [first]: a, [second]: b }))
            .map((one) => ({ one, pairs: pairsOf(one) }))
            .filter(({ pairs }) => pairs.includes(pair));
          const gain = ({ pairs }: { pairs: string[] }): number => pairs.filter((one) => !covered.has(one)).length;
          const best = candidates.reduce((most, next) => (gain(next) > gain(most) ? next : most), candidates[0]!);
          if (!best) continue;
          cases.push(best.one);
          best.pairs.forEach((one) => covered.add(one));
        }
      }
    }
  }
  return cases;
}
