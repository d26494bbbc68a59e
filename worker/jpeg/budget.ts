/**
 * The best quality that fits a number of bytes. The DCT is done once; a quality is tried by quantising its coefficients
 * and adding up the bits of their symbols.
 */
import type { KernelInstance } from '../memory/kernels.ts';
import type { Sink } from '../memory/sink.ts';
import type { BlockSource } from './blocks.ts';
import type { Coder } from './coder.ts';
import { encodeTokens, type FileOptions } from './scan.ts';
import { finestWithin } from './budget-search.ts';
import { codedBytes, optimalTables } from './statistics.ts';
import { scaledTables } from './tables.ts';
import { TokenStore } from './tokens.ts';

/** Entries of a table spread their steps over this part of the scale, so that the size of the file has no jumps. */
const SPREAD = 0.04;

/**
 * The scales of Annex K's tables that are tried, in percent: quality 1 first, then a hair under 1 % coarser from step
 * to step.
 */
const SCALES = scales();

/** Where the search begins: the scale of quality 0.9. */
const FIRST_TRIED = SCALES.findIndex((scale) => scale >= 20);

/** The search is made on this many rows of the photo, more or less; a whole file then corrects what they promise. */
const SAMPLED_ROWS = 8;

/** The most bytes that markers and tables take. */
const HEADER_BYTES = 800;

/**
 * Encodes the photo at the best quality whose file has at most `maxBytes`, within 3 % of it unless quality 1 takes
 * less. The Huffman tables are the best ones.
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

  /** The file that was made last, until other tokens take its place. */
  let made: { scale: number; sink: Sink } | undefined;

  /** Quantises by a scale and keeps the tokens of every `step`-th row. */
  const quantise = (scale: number, step: number): TokenStore => {
    made = undefined;
    memory.release(mark);
    blocks.quantiseBy(scaledTables(SCALES[scale]!, SPREAD));
    const tokens = new TokenStore(instance, blocks);
    for (let row = step >> 1; row < blocks.rows; row += step) {
      if (file.restarts) tokens.restart();
      tokens.add(blocks.quantise(coefs + row * blocks.coefsBytes));
    }
    return tokens;
  };
  const step = Math.max(1, Math.floor(blocks.rows / SAMPLED_ROWS));
  const sampled = new Map<number, number>();
  const sample = (scale: number): number => {
    const known = sampled.get(scale);
    if (known !== undefined) return known;
    const tokens = quantise(scale, step);
    const counts = tokens.counts();
    const bytes = (codedBytes(counts, optimalTables(counts)) * blocks.rows) / tokens.rows.length;
    sampled.set(scale, bytes);
    return bytes;
  };

  let bytes = 0;
  const encode = (scale: number): Sink => {
    const sink = encodeTokens(instance, blocks, coder, quantise(scale, 1), file);
    made = { scale, sink };
    bytes = sink.byteLength;
    return sink;
  };
  const header = HEADER_BYTES + (file.segments?.length ?? 0);
  const range = { count: SCALES.length, first: FIRST_TRIED, header };
  const scale = finestWithin(maxBytes, { ...range, sample, file: (at) => encode(at).byteLength });
  if (scale === undefined) {
    throw new RangeError(`options.maxBytes is ${maxBytes}; the smallest JPEG of this photo has ${bytes} bytes.`);
  }
  return made?.scale === scale ? made.sink : encode(scale);
}

function scales(): number[] {
  const all = [0];
  for (let scale = 1.2; scale < 5000; scale *= 1.008) all.push(scale);
  return [...all, 5000 / (1 - SPREAD / 2)];
}
