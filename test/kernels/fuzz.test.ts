// @module-tag slow
/** Some cases of the fuzzer, the same ones each time; `npm run fuzz` tries others. */
import fc from 'fast-check';
import { test } from 'vitest';
import { cases } from '../fuzz/case.ts';
import { check } from '../fuzz/check.ts';

/** One case in so many is shown to the decoders of this machine too. */
const PROGRAMS_EVERY = 15;

test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])('25 random photos meet the definitions: seed %i', async (seed) => {
  let tried = 0;
  const right = fc.asyncProperty(cases({ withStrips: false }), (given) =>
    check(given, { programs: tried++ % PROGRAMS_EVERY === 0 }),
  );
  await fc.assert(right, { numRuns: 25, seed });
});
