/**
 * How the kernel `deflate` finds runs and nearest repeats, a position at a time, and what all of its searches share.
 * Bytes are told by their index in the stream; tables hold positions, which count modulo 2^32 and may begin anywhere.
 */

import { DISTANCES, END_OF_BLOCK, LENGTHS, type CodeLengths } from './inflate.ts';

/** `length` bytes from index `at` on equal those `distance` before them. */
export type Match = { at: number; length: number; distance: number };

/** How often symbols occur, as many as {@link CodeLengths} has. */
export type Counts = { literals: number[]; distances: number[] };

/** The farthest and the longest match (RFC 1951, 2 and 3.2.5). */
export const WINDOW = 32768;
export const LONGEST = 258;

/** The symbols of values from 0 on: the last whose values begin no later. */
const symbolsOf = (ranges: typeof LENGTHS, values: number): number[] =>
  Array.from({ length: values }, (_, value) => ranges.findLastIndex(({ base }) => base <= value));

/** Symbols by match length, less 257, and by distance. */
export const LENGTH_SYMBOLS = symbolsOf(LENGTHS, LONGEST + 1);
export const DISTANCE_SYMBOLS = symbolsOf(DISTANCES, WINDOW + 1);

/** The symbols of the bytes from `start` to `end`, and an end of block. */
export function countSymbols(bytes: Uint8Array, start: number, end: number, matches: readonly Match[]): Counts {
  const literals = new Array<number>(288).fill(0);
  const distances = new Array<number>(32).fill(0);
  let next = start;
  for (const { at, length, distance } of [...matches, { at: end, length: 0, distance: 0 }]) {
    for (; next < at; next++) literals[bytes[next]!]! += 1;
    next += length;
    if (length === 0) continue;
    literals[257 + LENGTH_SYMBOLS[length]!]! += 1;
    distances[DISTANCE_SYMBOLS[distance]!]! += 1;
  }
  literals[END_OF_BLOCK] = 1;
  return { literals, distances };
}

/** How many bytes from `at` on, at most `longest`, equal those `distance` before them. */
export function common(bytes: Uint8Array, at: number, distance: number, longest: number): number {
  let length = 0;
  while (length < longest && bytes[at + length] === bytes[at + length - distance]) length++;
  return length;
}

/** `count` bytes as a number, the first lowest; zeros lie around the stream. */
export function word(bytes: Uint8Array, at: number, count: number): number {
  let value = 0;
  for (let i = count - 1; i >= 0; i--) value = value * 256 + (bytes[at + i] ?? 0);
  return value;
}

/**
 * Whether at least `percent` of the positions that are looked at, each of four in every 512 bytes, are in a run whose
 * period divides 12.
 */
export function runsPay(bytes: Uint8Array, start: number, end: number, known: number, percent: number): boolean {
  const [period, group] = [12, 512];
  let looked = 0;
  let found = 0;
  for (let first = Math.max(start, known + period); first + group <= end; first += group) {
    for (const probe of [first, first + 4, first + 8, first + 12]) {
      looked++;
      if (common(bytes, probe, period, 16) === 16) found++;
    }
  }
  return found * 100 >= looked * percent;
}

/**
 * Runs at distance 1 or 3 that are cheaper than their literals by `prices`, in bits without extra ones, or of 16 bytes:
 * from the first on where one begins, the longer of both, of equals that at distance 1. Of 64 bytes that are compared
 * at a time the last two begin no run; which is longer is told within them.
 */
export function listRuns(bytes: Uint8Array, start: number, end: number, known: number, prices: CodeLengths): Match[] {
  const sure = 16;
  const [compared, begin] = [64, 62];
  const pays = (at: number, length: number, distance: number): boolean => {
    const symbol = LENGTH_SYMBOLS[length]!;
    let literals = 0;
    for (let i = at; i < at + length; i++) literals += prices.literals[bytes[i]!]!;
    const price =
      prices.literals[257 + symbol]! + LENGTHS[symbol]!.extra + prices.distances[DISTANCE_SYMBOLS[distance]!]!;
    return length >= sure || price < literals;
  };
  const matches: Match[] = [];
  let at = Math.max(start, known + 3);
  while (at + compared <= end) {
    const seen = at + compared;
    for (const last = at + begin; at < last;) {
      const one = common(bytes, at, 1, seen - at);
      const three = common(bytes, at, 3, seen - at);
      const distance = three > one ? 3 : 1;
      let length = Math.max(one, three);
      if (at + length === seen) length = common(bytes, at, distance, Math.min(LONGEST, end - at));
      if (length >= 3 && pays(at, length, distance)) {
        matches.push({ at, length, distance });
        at += length;
      } else at++;
    }
  }
  return matches;
}

/** Bits of a hash. */
const HASH_BITS = 14;

const hash4 = (bytes: number): number => Math.imul(bytes, 0x9e3779b1) >>> (32 - HASH_BITS);

/** The nearest repeats of a stream. */
export class Repeats {
  readonly #bytes: Uint8Array;
  readonly #position: number;
  /** The last position of each hash of four bytes that was remembered, at first 0. */
  readonly #heads = new Array<number>(1 << HASH_BITS).fill(0);

  /** `position` is that of the first byte. */
  constructor(bytes: Uint8Array, position: number) {
    this.#bytes = bytes;
    this.#position = position;
  }

  #remember(at: number): void {
    this.#heads[hash4(word(this.#bytes, at, 4))] = (this.#position + at) >>> 0;
  }

  /** The repeat at `at` of what began with the same four bytes last. */
  #nearest(at: number, end: number, known: number): Match {
    const bytes = word(this.#bytes, at, 4);
    const distance = (this.#position + at - this.#heads[hash4(bytes)]!) >>> 0;
    this.#remember(at);
    const found = distance > 0 && distance <= Math.min(at - known, WINDOW);
    const same = found && word(this.#bytes, at - distance, 4) === bytes;
    return { at, length: same ? common(this.#bytes, at, distance, end - at) : 0, distance };
  }

  /**
   * Repeats of at least four bytes, each taken a byte later where that is longer, but from 32 bytes on as it is. At
   * every 64th position in vain steps grow by one. Of the positions in a match later ones find 16 at either end.
   */
  list(start: number, end: number, known: number): Match[] {
    const [shortest, sure, patience, remembered] = [4, 32, 64, 16];
    const matches: Match[] = [];
    let misses = 0;
    let at = start;
    while (at + shortest <= end) {
      let match = this.#nearest(at, end, known);
      if (match.length === 0) {
        at += 1 + Math.floor(misses++ / patience);
        continue;
      }
      misses = 0;
      while (match.length < sure && match.at + 1 + shortest <= end) {
        const later = this.#nearest(match.at + 1, end, known);
        if (later.length <= match.length) break;
        match = later;
      }
      const after = match.at + match.length;
      for (let i = match.at + 1; i < after; i++) {
        if (i < match.at + remembered || i >= after - remembered) this.#remember(i);
      }
      for (at = match.at; at < after;) {
        // No part is shorter than three bytes.
        const left = after - at;
        const length = left > LONGEST + 2 ? LONGEST : left > LONGEST ? LONGEST - 2 : left;
        matches.push({ at, length, distance: match.distance });
        at += length;
      }
    }
    return matches;
  }
}
