/** What became of each mutant, kept in a file so that a run that was interrupted goes on where it ended. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Shares of the mutants that tests must find: all tests, and those that compare with no hash. */
const KILLED = 0.95;
const KILLED_WITHOUT_GOLDEN = 0.85;

export class Results {
  #path;
  #known;

  constructor(path, fresh) {
    this.#path = path;
    this.#known = !fresh && existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
  }

  /** What is known of a mutant for good: survivors, and those that goldens alone noticed, are tried again. */
  of(mutant) {
    const result = this.#known[keyOf(mutant)];
    return result?.kind === 'survived' || result?.golden ? undefined : result;
  }

  set(mutant, result) {
    this.#known[keyOf(mutant)] = result;
    mkdirSync(dirname(this.#path), { recursive: true });
    writeFileSync(this.#path, JSON.stringify(this.#known, null, 1));
  }
}

/** Says which change it is by what stands there, so that edits elsewhere do not matter. */
export function keyOf({ file, name, before, after }) {
  return `${file} ${name}: ${before} → ${after}`;
}

export function describe({ file, line, name, before, after }) {
  return `${file}:${line}${name ? ` in ${name}` : ''}\n    - ${before}\n    + ${after}`;
}

/** The counts of a room, or of all. */
export function count(results) {
  const of = (kind) => results.filter((result) => result.kind === kind).length;
  const golden = results.filter((result) => result.golden).length;
  const killed = of('killed');
  const valid = killed + of('survived');
  return { valid, killed, golden, survived: valid - killed, equivalent: of('equivalent'), broken: of('broken') };
}

export function closingLine(name, { valid, killed, golden, equivalent, broken }) {
  const share = (part) => `${part} (${((100 * part) / Math.max(1, valid)).toFixed(1)} %)`;
  return (
    `${name}: ${valid} mutants, ${share(killed)} killed, ${share(killed - golden)} without goldens; ` +
    `left out ${equivalent} equivalent, ${broken} that do not compile`
  );
}

export function isEnough({ valid, killed, golden }) {
  return killed >= valid * KILLED && killed - golden >= valid * KILLED_WITHOUT_GOLDEN;
}
