/** Rate-distortion optimised quantisation by its definition: every choice of levels is tried. */

/** What a quantiser weighs: steps in zigzag order, costs as the kernel has them, λ's strength and calm. */
export type Weights = {
  steps: readonly number[];
  /** Cost of a level of `size` bits behind `run` zeros in the band of coefficients 3 to 63. */
  rate: (run: number, size: number) => number;
  /** Cost of ending the band before 63, and of leaving it empty. */
  end: number;
  empty: number;
  /** Cost of a level of `size` bits, 0 for none, of coefficient 1 or 2. */
  alone: (k: 1 | 2, size: number) => number;
  strength: number;
  calm: number;
};

/** Size in bits of a level or a difference (table F.1). */
export const sizeOf = (level: number): number => (level === 0 ? 0 : Math.abs(level).toString(2).length);

/** Magnitude of a coefficient (times 8) in 1/256 step. */
const inSteps = (c: number, step: number): number =>
  Math.floor((Math.abs(c) * Math.min(65535, Math.round(65536 / step))) / 2048);

/**
 * Rate + λ · distortion of a block of levels; `coefs` are times 8. Distortion counts where the nearest level is not 0.
 */
export function blockCost(coefs: readonly number[], levels: readonly number[], weights: Weights): number {
  const lambda = lambdaOf(coefs, weights);
  let cost = 0;
  let last = 2;
  for (let k = 1; k < 64; k++) {
    const level = Math.abs(levels[k]!);
    if (Math.abs(coefs[k]!) >= 4 * weights.steps[k]!) {
      const error = inSteps(coefs[k]!, weights.steps[k]!) - level * 256;
      cost += Math.floor((error * error * lambda) / 65536);
      if (k < 3) cost += weights.alone(k as 1 | 2, sizeOf(level));
    }
    if (k < 3 || level === 0) continue;
    cost += weights.rate(k - last - 1, sizeOf(level));
    last = k;
  }
  return cost + (last === 2 ? weights.empty : last === 63 ? 0 : weights.end);
}

/** The least cost of all choices: each coefficient at its nearest level or the next one towards 0. */
export function leastCost(coefs: readonly number[], weights: Weights): number {
  const levels = new Array<number>(64).fill(0);
  const open = coefs.flatMap((c, k) => (k > 0 && Math.abs(c) >= 4 * weights.steps[k]! ? [k] : []));
  const search = (i: number): number => {
    const k = open[i];
    if (k === undefined) return blockCost(coefs, levels, weights);
    const nearest = Math.max(1, (inSteps(coefs[k]!, weights.steps[k]!) + 128) >> 8);
    return Math.min(
      ...[nearest, nearest - 1].map((level) => {
        levels[k] = level;
        return search(i + 1);
      }),
    );
  };
  return search(0);
}

/**
 * The least cost of a row of DC levels, each the one below or above its coefficient (times 8), coded as differences
 * (F.1.2.1).
 */
export function leastDcCost(
  coefs: readonly number[],
  lambdas: readonly number[],
  step: number,
  rate: (size: number) => number,
  predictor: number,
): number {
  const [c, ...rest] = coefs;
  if (c === undefined) return 0;
  const below = Math.floor((Math.sign(c) * inSteps(c, step)) / 256);
  return Math.min(
    ...[below, below + 1].map(
      (level) =>
        dcCost(c, level, lambdas[0]!, step) +
        rate(sizeOf(level - predictor)) +
        leastDcCost(rest, lambdas.slice(1), step, rate, level),
    ),
  );
}

/** λ · distortion of one DC level. */
export function dcCost(c: number, level: number, lambda: number, step: number): number {
  const error = Math.sign(c) * inSteps(c, step) - level * 256;
  return Math.floor((error * error * lambda) / 65536);
}

/** λ of a block in 1/256 bit for a squared step. */
export function lambdaOf(coefs: readonly number[], { strength, calm }: Weights): number {
  const energy = coefs.slice(1).reduce((sum, c) => sum + c * c, 0);
  return Math.floor(strength / (calm + Math.floor(energy / 64)));
}
