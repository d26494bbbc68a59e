import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { drawMutants } from '../../scripts/mutate/draw.mjs';
import { findPoints } from '../../scripts/mutate/points.mjs';
import { ROOMS } from '../../scripts/mutate/rooms.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** All that a piece of source can become. */
function changesOf(text: string): string[] {
  return findPoints(text, 'x.ts').flatMap(({ start, end, others }) =>
    others.map((other: string) => text.slice(0, start) + other + text.slice(end)),
  );
}

test.each([
  ['a + b', ['a - b']],
  ['x <= width', ['x < width']],
  ['sum += -a', ['sum -= -a', 'sum += a']],
  ['i16x8.abs(i16x8.shr_u(a, 8))', ['(i16x8.shr_u(a, 8))', 'i16x8.abs(i16x8.shr_s(a, 8))'].concat(shifts('9', '7'))],
  ['load<u8>(p)', ['load<i8>(p)']],
  ['Math.min(a, b)', ['Math.max(a, b)']],
  ['if (grey) f();', ['if (!grey) f();']],
  ['for (; a !== b; a += c);', ['for (; a === b; a += c);']],
])('%s becomes %s', (text, changes) => {
  expect(changesOf(text).sort()).toEqual([...changes].sort());
});

function shifts(...numbers: string[]): string[] {
  return numbers.map((number) => `i16x8.abs(i16x8.shr_u(a, ${number}))`);
}

test.each([
  "import { a } from './a';",
  'type A = 1 | 2;',
  "throw new Error('a' + 1);",
  "'a' + b",
  'set.add(a)',
  '@unmanaged class A { a: i32; }',
])('%s stays as it is', (text) => expect(changesOf(text)).toEqual([]));

test('a seed draws the same mutants in the same order, and another seed draws others', () => {
  const draw = (seed: number) =>
    drawMutants(root, ROOMS.sharpness.sources, seed).map(({ line, after }) => [line, after]);
  expect(draw(1)).toEqual(draw(1));
  expect(draw(1)).not.toEqual(draw(2));
});

test('every source of the kernels is in exactly one room', () => {
  const sources = Object.values(ROOMS).flatMap((room) => room.sources);
  const files = readdirSync(join(root, 'assembly'), { recursive: true, encoding: 'utf8' });
  for (const file of files.filter((path) => path.endsWith('.ts') && !path.endsWith('index.ts'))) {
    expect(sources.filter((beginning) => `assembly/${file}`.startsWith(beginning))).toHaveLength(1);
  }
});
