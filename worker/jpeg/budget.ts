/**
 * The best quality that fits a number of bytes. The DCT is done once; a quality is tried by quantising its coefficients and adding up
 * the bits of their symbols.
 */
import type { KernelInstance } from '../kernels.ts';
import type { Sink } from '../sink.ts';
import type { BlockSource } from './blocks.ts';
import type { Coder } from './coder.ts';
import { encodeTokens, type FileOptions } from './scan.ts';
import { codedBytes, optimalTables } from './statistics.ts';
import { scaledTables } from './tables.ts';
import { TokenStore } from './tokens.ts';

/** Entries of a table spread their steps over this part of the scale, so that the size of the file has no jumps. */
const SPREAD = 0.04;

/** The scales of Annex K's tables that are tried, in percent: quality 1 first, then a hair under 1 % coarser from step to step. */
const SCALES = scales();

/** Where the search begins: the scale of quality 0.9. */
const FIRST_TRIED = SCALES.findIndex((scale) => scale >= 20);

/** How much smaller, as a logarithm, a photograph's file becomes from a scale to the next. */
const LOG_BYTES_PER_STEP = 0.005;

/** A file that fills this much of the budget is good enough, and one is aimed at that fills no more than that. */
const FILLED = 0.975;
const ENOUGH = 0.995;

/** The search is made on this many rows of the photo, more or less; a whole file then corrects what they promise. */
const SAMPLED_ROWS = 8;

/**
 * Encodes the photo at the best quality whose file has at most `maxBytes`, within 3 % of it unless quality 1 takes less. The
 * Huffman tables are the best ones.
 * @throws RangeError when even the coarsest quantisation takes more.
 */
export function encodeWithin(
  instance: KernelInstance,
  blocks: BlockSource,
  coder: Coder,
  file: FileOptions,
  maxBytes: number,
): Sink {
  const { memory } = instance;
  const coefs = memory.alloc(blocks.coefsBytes * blocks.rows);
  for (let row = 0; row < blocks.rows; row++) blocks.transform(row, coefs + row * blocks.coefsBytes);
  const mark = memory.mark();

  /** Quantises by a scale and keeps the tokens of every `step`-th row. */
  const quantise = (scale: number, step: number): TokenStore => {
    memory.release(mark);
    blocks.quantiseBy(scaledTables(SCALES[scale]!, SPREAD));
    const tokens = new TokenStore(instance, blocks);
    for (let row = step >> 1; row < blocks.rows; row += step) {
      if (file.restarts) tokens.restart();
      tokens.add(blocks.quantise(coefs + row * blocks.coefsBytes));
    }
    return tokens;
  };
  const size = (tokens: TokenStore): number => {
    const counts = tokens.counts();
    return codedBytes(counts, optimalTables(counts));
  };

  const step = Math.max(1, Math.floor(blocks.rows / SAMPLED_ROWS));
  const sampled = new Map<number, number>();
  const estimate = (scale: number): number => {
    if (!sampled.has(scale)) sampled.set(scale, size(quantise(scale, step)));
    return sampled.get(scale)!;
  };

  // Bytes of the file for one of the sample's.
  let ratio: number = step;
  let scale = FIRST_TRIED;
  let tooFine = -1;
  let fits = SCALES.length;
  for (;;) {
    scale = search(scale, tooFine + 1, fits, (at) => (estimate(at) * ratio) / maxBytes);
    const sink = encodeTokens(instance, blocks, coder, quantise(scale, 1), file);
    const bytes = sink.byteLength;
    if (bytes > maxBytes) tooFine = scale;
    else if (bytes >= maxBytes * FILLED || scale === tooFine + 1) return sink;
    else fits = scale;
    if (tooFine === SCALES.length - 1) {
      throw new RangeError(`options.maxBytes is ${maxBytes}; the smallest JPEG of this photo has ${bytes} bytes.`);
    }
    ratio = bytes / estimate(scale);
  }
}

/**
 * A scale from `low` to below `end` that is expected to fill the budget, or the one that comes nearest. `fill` tells how much of it a
 * scale takes: less for each coarser one. Newton's method on its logarithm, kept in an ever smaller range.
 */
function search(start: number, low: number, end: number, fill: (scale: number) => number): number {
  let high = end - 1;
  let scale = Math.min(high, Math.max(low, start));
  while (low < high) {
    const filled = fill(scale);
    if (filled > FILLED && filled <= ENOUGH) return scale;
    if (filled > ENOUGH) low = scale + 1;
    else high = scale;
    // ln(x) by its first approximant: other than Math.log it is the same in every engine.
    const excess = filled / ((FILLED + ENOUGH) / 2);
    const steps = Math.round((2 * (excess - 1)) / (excess + 1) / LOG_BYTES_PER_STEP);
    const middle = (low + high) >> 1;
    scale = scale + steps >= low && scale + steps < high ? scale + steps : middle;
  }
  return low;
}

function scales(): number[] {
  const all = [0];
  for (let scale = 1.2; scale < 5000; scale *= 1.008) all.push(scale);
  return [...all, 5000 / (1 - SPREAD / 2)];
}
