/**
 * The cheapest path of the kernel `deflate`: matches to choose from, what symbols cost, in 64ths of a bit, and where
 * blocks end.
 */

import { DISTANCES, LENGTHS } from './inflate.ts';
import { common, countSymbols, DISTANCE_SYMBOLS, LENGTH_SYMBOLS, LONGEST, WINDOW, word } from './matches.ts';
import type { Counts, Match } from './matches.ts';

const BIT = 64;
const SHORTEST = 3;

/** Bytes that are parsed at a time; no match reaches past them. */
const PARSED = 16384;
/** A block with more matches than this takes no further part. */
const MOST_MATCHES = 21848 - Math.floor(PARSED / 3);

/** Bits of the hashes of three and of five bytes. */
const SHORT_BITS = 14;
const CHAIN_BITS = 16;

/** Positions of a chain that are looked at, and matches to choose from that one position has at most. */
const DEPTH = 16;
const MOST_CANDIDATES = 8;
/** What a candidate may cost more than its literals. */
const SLACK = 24 * BIT;
/** From this length on no longer match is looked for … */
const LONG_ENOUGH = 64;
/** … and while more than this is left of it every position goes on with it. */
const LASTING = 24;
/** The match of the last equal hash of three is compared so far: a longer one is in a chain. */
const SHORT_COMPARED = 7;

/** Times that the path is found. */
const PASSES = 2;

/** Binary digits of logarithms behind the point, and 1 in their unit. */
const DIGITS = 16;
const ONE = 2 ** DIGITS;

/** What a block costs beside its symbols, and every symbol that it uses, in 65536ths of a bit. */
const HEADER_BASE = 120 * ONE;
const HEADER_SYMBOL = 3 * ONE;

const hash3 = (bytes: number): number => Math.imul(bytes << 8, 0x9e3779b1) >>> (32 - SHORT_BITS);
const hash5 = (bytes: number): number =>
  Number(BigInt.asUintN(64, (BigInt(bytes) << 24n) * 0x9e3779b97f4a7c15n) >> BigInt(64 - CHAIN_BITS));

/** What literals cost, matches by their length, and distances by their symbol. */
type Costs = { literals: number[]; lengths: number[]; distances: number[] };

const matchCost = (costs: Costs, length: number, distance: number): number =>
  costs.lengths[length]! + costs.distances[DISTANCE_SYMBOLS[distance]!]!;

/** Binary logarithm in 65536ths: the mantissa, in 2^-31, is squared for every digit. */
function logarithm(count: number): number {
  const power = 31 - Math.clz32(count);
  let mantissa = BigInt(count) << BigInt(31 - power);
  let digits = power;
  for (let i = 0; i < DIGITS; i++) {
    mantissa = (mantissa * mantissa) >> 31n;
    const digit = mantissa >> 32n;
    mantissa >>= digit;
    digits = digits * 2 + Number(digit);
  }
  return digits;
}

/** The logarithm of what counts add up to, 0 of nothing. */
const logarithmOfSum = (counts: readonly number[]): number =>
  logarithm(
    Math.max(
      1,
      counts.reduce((a, b) => a + b),
    ),
  );

/** Bits of a symbol in a code of its own, in 65536ths: no code has less than one. */
const codeLength = (count: number, whole: number): number => Math.max(ONE, whole - logarithm(count));

/** What symbols cost that the last path took so often; those that it did not take as if it had half a time. */
function costsOf(counts: Counts): Costs {
  const all = logarithmOfSum(counts.literals);
  const matches = logarithmOfSum(counts.distances);
  const cost = (count: number, whole: number) =>
    Math.floor(((count > 0 ? codeLength(count, whole) : whole + ONE) * BIT) / ONE);
  return {
    literals: counts.literals.slice(0, 256).map((count) => cost(count, all)),
    lengths: Array.from({ length: LONGEST + 1 }, (_, length) => {
      if (length < SHORTEST) return Infinity;
      const symbol = LENGTH_SYMBOLS[length]!;
      return cost(counts.literals[257 + symbol]!, all) + LENGTHS[symbol]!.extra * BIT;
    }),
    distances: DISTANCES.map(({ extra }, symbol) => cost(counts.distances[symbol]!, matches) + extra * BIT),
  };
}

/** What a block of such counts costs, in 65536ths of a bit. */
function blockCost({ literals, distances }: Counts): number {
  const coded = (counts: number[]) => {
    const all = logarithmOfSum(counts);
    return counts.reduce((sum, count) => (count > 0 ? sum + count * codeLength(count, all) + HEADER_SYMBOL : sum), 0);
  };
  return coded(literals) + coded(distances) + HEADER_BASE;
}

const addCounts = (a: Counts, b: Counts): Counts => ({
  literals: a.literals.map((count, i) => count + b.literals[i]!),
  distances: a.distances.map((count, i) => count + b.distances[i]!),
});

/** The cheapest paths of a stream. */
export class Paths {
  readonly #bytes: Uint8Array;
  readonly #position: number;
  /** The last position of each hash of three, and of five bytes, at first 0 … */
  readonly #shortHeads = new Array<number>(1 << SHORT_BITS).fill(0);
  readonly #chainHeads = new Array<number>(1 << CHAIN_BITS).fill(0);
  /** … and for every position how far the one before it with the same hash of five lies back. */
  readonly #farther = new Map<number, number>();
  /** Nothing, so that the first path takes literals alone, and the second what is cheaper than they. */
  #costs: Costs = {
    literals: new Array<number>(256).fill(0),
    lengths: Array.from({ length: LONGEST + 1 }, (_, length) => (length < SHORTEST ? Infinity : 0)),
    distances: DISTANCES.map(() => 0),
  };

  /** `position` is that of the first byte. */
  constructor(bytes: Uint8Array, position: number) {
    this.#bytes = bytes;
    this.#position = position;
  }

  /**
   * The bytes from `start` to `end` by their cheapest path, in blocks: a new one where the next bytes are cheaper
   * apart.
   */
  blocks(start: number, end: number, known: number): { end: number; matches: Match[] }[] {
    const blocks: { end: number; matches: Match[]; counts: Counts }[] = [];
    for (let at = start; at < end; at += PARSED) {
      const until = Math.min(at + PARSED, end);
      const { matches, counts } = this.#choose(at, until, known);
      const block = blocks.at(-1);
      const together = block && addCounts(block.counts, counts);
      if (
        block &&
        together &&
        block.matches.length <= MOST_MATCHES &&
        blockCost(block.counts) + blockCost(counts) >= blockCost(together)
      ) {
        block.end = until;
        block.matches.push(...matches);
        block.counts = together;
      } else blocks.push({ end: until, matches, counts });
    }
    return blocks;
  }

  /** The path by what its own symbols cost, as nearly as some passes make it. */
  #choose(start: number, end: number, known: number): { matches: Match[]; counts: Counts } {
    const candidates = this.#listCandidates(start, end, known);
    let matches: Match[] = [];
    let counts = countSymbols(this.#bytes, start, end, matches);
    for (let pass = 0; pass < PASSES; pass++) {
      matches = this.#findPath(start, end, candidates);
      counts = countSymbols(this.#bytes, start, end, matches);
      this.#costs = costsOf(counts);
    }
    return { matches, counts };
  }

  /** Matches of growing length for every position from `start` to `end`, each the nearest of its length. */
  #listCandidates(start: number, end: number, known: number): Match[][] {
    const all: Match[][] = [];
    const literals = [0];
    for (let at = start; at < end; at++) literals.push(literals.at(-1)! + this.#costs.literals[this.#bytes[at]!]!);
    const pays = ({ at, length, distance }: Match): boolean =>
      matchCost(this.#costs, length, distance) <= literals[at - start + length]! - literals[at - start]! + SLACK;
    // What is left of a match that was long enough.
    let lasting: Match = { at: start, length: 0, distance: 0 };
    for (let at = start; at < end; at++) {
      const looked = this.#lookUp(at);
      if (lasting.length > LASTING) {
        lasting = { at, length: lasting.length - 1, distance: lasting.distance };
        all.push([{ ...lasting, length: Math.min(lasting.length, LONGEST) }]);
        continue;
      }
      const found: Match[] = [];
      all.push(found);
      const longest = end - at;
      const reach = Math.min(at - known, WINDOW);
      const isNear = (distance: number) => distance > 0 && distance <= reach;
      let length = SHORTEST;
      if (isNear(looked.short)) {
        const same = common(this.#bytes, at, looked.short, Math.min(SHORT_COMPARED, longest));
        const match = { at, length: same, distance: looked.short };
        if (same >= SHORTEST && pays(match)) found.push(match);
        length = Math.max(length, same);
      }
      let distance = looked.chain;
      for (let depth = 0; depth < DEPTH && isNear(distance); depth++) {
        if (length >= LONG_ENOUGH || found.length === MOST_CANDIDATES) break;
        if (word(this.#bytes, at, 4) === word(this.#bytes, at - distance, 4)) {
          const same = common(this.#bytes, at, distance, longest);
          if (same > length) {
            length = Math.min(same, LONGEST);
            const match = { at, length, distance };
            if (pays(match)) found.push(match);
            if (same >= LONG_ENOUGH) lasting = { at, length: same, distance };
          }
        }
        distance += this.#farther.get((this.#position + at - distance) >>> 0)!;
      }
    }
    return all;
  }

  /** The distances to the last positions with the same hashes. Remembers this one. */
  #lookUp(at: number): { short: number; chain: number } {
    const position = (this.#position + at) >>> 0;
    const short = hash3(word(this.#bytes, at, 3));
    const chain = hash5(word(this.#bytes, at, 5));
    const distances = {
      short: (position - this.#shortHeads[short]!) >>> 0,
      chain: (position - this.#chainHeads[chain]!) >>> 0,
    };
    this.#shortHeads[short] = position;
    this.#chainHeads[chain] = position;
    this.#farther.set(position, distances.chain);
    return distances;
  }

  /**
   * The shortest path from `start` to `end`, found from its end; a candidate may also be taken a byte shorter. Of
   * equals the first.
   */
  #findPath(start: number, end: number, candidates: readonly Match[][]): Match[] {
    const costs = new Array<number>(end - start + 1).fill(0);
    const steps: (Match | undefined)[] = [];
    for (let i = end - start - 1; i >= 0; i--) {
      costs[i] = costs[i + 1]! + this.#costs.literals[this.#bytes[start + i]!]!;
      for (const candidate of candidates[i]!) {
        for (const length of [candidate.length, Math.max(candidate.length - 1, SHORTEST)]) {
          const cost = costs[i + length]! + matchCost(this.#costs, length, candidate.distance);
          if (cost < costs[i]!) {
            costs[i] = cost;
            steps[i] = { ...candidate, length };
          }
        }
      }
    }
    const matches: Match[] = [];
    for (let i = 0; i < end - start; i += steps[i]?.length ?? 1) if (steps[i]) matches.push(steps[i]!);
    return matches;
  }
}
