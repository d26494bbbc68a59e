/** Which mutants of a room are tried: in an order that a seed decides. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findPoints } from './points.mjs';

/** How many numbers of one table are tried at most: all of them would say the same. */
const OF_A_TABLE = 2;

/**
 * A mutant: a `file` whose text becomes `text`, the `line` of the change, what stands there `before` and `after`, and
 * the `name` of the function.
 */
function* mutantsOf(root, file, random) {
  const source = readFileSync(join(root, file), 'utf8');
  for (const { start, end, others, name = '', table } of findPoints(source, file)) {
    const other = others[random(others.length)];
    const text = source.slice(0, start) + other + source.slice(end);
    const line = source.slice(0, start).split('\n').length;
    const [before, after] = [source, text].map((whole) => whole.split('\n')[line - 1].trim());
    yield { file, text, line, before, after, name, table };
  }
}

/** All mutants of sources, which are given by how their paths begin, in the order of a seed. */
export function drawMutants(root, sources, seed) {
  const random = numbers(seed);
  const mutants = sourcesOf(root, sources).flatMap((file) => [...mutantsOf(root, file, random)]);
  for (let i = mutants.length - 1; i > 0; i--) {
    const j = random(i + 1);
    [mutants[i], mutants[j]] = [mutants[j], mutants[i]];
  }
  const taken = new Map();
  return mutants.filter(({ file, table }) => {
    if (table === undefined) return true;
    const key = `${file} ${table}`;
    taken.set(key, (taken.get(key) ?? 0) + 1);
    return taken.get(key) <= OF_A_TABLE;
  });
}

function sourcesOf(root, beginnings) {
  return ['assembly', 'worker']
    .flatMap((room) => readdirSync(join(root, room), { recursive: true }).map((path) => `${room}/${path}`))
    .filter((path) => path.endsWith('.ts') && beginnings.some((beginning) => path.startsWith(beginning)))
    .sort();
}

/** Whole numbers from 0 to below a bound, the same for a seed on every machine (mulberry32). */
function numbers(seed) {
  let state = seed;
  return (bound) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * bound);
  };
}
