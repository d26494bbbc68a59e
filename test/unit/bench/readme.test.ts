import { expect, test } from 'vitest';
import { readmePart, readmePartNow } from '../../../bench/report/readme.ts';

test("README's figures are those of the runs that it quotes (else: npm run bench:readme)", () => {
  expect(readmePartNow()).toBe(readmePart());
});
