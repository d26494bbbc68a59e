/** Tells of a test that ran out of time where it stood: behind which assertion. A setup file of every project. */
import { afterEach, beforeEach, chai } from 'vitest';

let last: Error | undefined;

const { assert } = chai.Assertion.prototype as { assert: (...args: unknown[]) => void };
Object.assign(chai.Assertion.prototype, {
  assert(this: Chai.Assertion, ...args: unknown[]) {
    assert.apply(this, args);
    last = new Error('The last assertion that passed.');
  },
});

beforeEach(() => {
  last = undefined;
});

afterEach(({ task }) => {
  const timedOut = task.result?.errors?.some(({ message }) => message.startsWith('Test timed out'));
  if (timedOut) throw last ?? new Error('No assertion had passed.');
});
