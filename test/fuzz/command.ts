/**
 * The fuzzer: draws cases, asks a process or a browser for each, shrinks the first that is wrong and prints it as a
 * test.
 */
import fc from 'fast-check';
import { loadavg } from 'node:os';
import * as prettier from 'prettier';
import { cases, type Case } from './case.ts';

/** Whoever tries cases: throws where one is wrong. */
export type Judge = { try: (given: Case) => Promise<void>; close: () => Promise<void> };

export type Request = { seed: number; seconds: number; photographs: boolean; withStrips: boolean };

/** Cases that are drawn by one seed; the next ones have the next. */
const ROUND = 100;

/** Tries cases for as many seconds, or to the first fault. */
export async function fuzz(judge: Judge, { seed, seconds, ...kinds }: Request): Promise<boolean> {
  const started = performance.now();
  const elapsed = (): number => (performance.now() - started) / 1000;
  let tried = 0;
  let told = 0;
  for (let round = 0; elapsed() < seconds; round++) {
    const property = fc.asyncProperty(cases(kinds), async (given) => {
      tried++;
      await judge.try(given);
    });
    const result = await fc.check(property, { seed: seed + round, numRuns: ROUND });
    if (result.failed) {
      console.log(`\n${String(result.errorInstance)}\n\n${await asTest(result.counterexample![0], seed + round)}`);
      console.log(`fuzz: a fault in case ${tried}, seed ${seed + round}, shrunk ${result.numShrinks} times`);
      return false;
    }
    if (elapsed() - told > 60) {
      told = elapsed();
      console.log(`fuzz: ${tried} cases, ${told.toFixed(0)} s`);
    }
  }
  const rate = (tried / elapsed()).toFixed(1);
  console.log(
    `fuzz: ${tried} cases of seed ${seed} without a fault in ${elapsed().toFixed(0)} s, ${rate} a second, load ${loadavg()[0]!.toFixed(1)}`,
  );
  return true;
}

/** A test that a person can paste beside the others of test/kernels/. */
async function asTest(given: Case, seed: number): Promise<string> {
  const code = `import { test } from 'vitest';
import { check } from './check.ts';
test('fuzzing, seed ${seed}', () => check(${fc.stringify(given)}));`;
  return prettier.format(code, { parser: 'typescript', singleQuote: true, printWidth: 120 });
}
