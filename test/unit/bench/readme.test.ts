import { expect, test } from 'vitest';
import { readmePart, readmePartNow } from '../../../bench/report/readme.ts';

test("README's figures are those of bench/figures/ (else: npm run bench:readme)", () => {
  expect(readmePartNow()).toBe(readmePart());
});
