// @module-tag slow
/** Random operations, after which everything settles, nothing is left open or alive, and the next photo works. */
import { expect, inject, test } from 'vitest';
import { drawCase, runCase, shrinkCase } from '../chaos/run.ts';

/** Operations of one case: few enough to be read when it fails. */
const LENGTH = 12;

/** As `npm run chaos` says, or the same few each time. */
const byHand = inject('chaos');
const { seed, operations } = byHand ?? { seed: 1, operations: 60 };
const seeds = Array.from({ length: Math.ceil(operations / LENGTH) }, (_, place) => seed + place);

test.each(seeds)(
  `${LENGTH} random operations of seed %i leave no pending promise, no open frame and no worker`,
  { timeout: 300_000 },
  async (seed) => {
    const steps = drawCase(seed, LENGTH);
    const { faults, told } = await runCase(steps);
    const story = [...told, '', `again: npm run chaos -- ${seed} ${LENGTH}`];
    if (faults.length > 0 && byHand)
      story.push(`enough: ${(await shrinkCase(steps)).map(({ name }) => name).join(', ')}`);
    expect(faults, story.join('\n')).toEqual([]);
  },
);
