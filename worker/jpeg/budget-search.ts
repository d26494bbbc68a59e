/**
 * The finest scale whose file fits a number of bytes, found with few files: a sample of the photo promises what a file
 * will take.
 */

/** How much smaller, as a logarithm, a photograph's file becomes from a scale to the next. */
const LOG_BYTES_PER_STEP = 0.005;

/** A file that fills this much of the budget is good enough; the search aims at one that fills just that. */
const FILLED = 0.975;
const ENOUGH = 0.995;

/** How many files are chosen by the sample, and how many samples by Newton's method; after that the range is halved. */
const GUIDED_FILES = 4;
const GUIDED_SAMPLES = 8;

/**
 * Patterns and flat areas may take as much at much finer scales: a file is good enough where bisection finds none that
 * is finer by more steps. Else up to this many files of such scales are tried.
 */
const TOLERANCE = 8;
const LAST_FILES = 4;

/** Scales from 0 to `count` - 1, each coarser than the last, and the bytes they lead to. */
export type Scales = {
  count: number;
  /** Where the search begins. */
  first: number;
  /** The most bytes that stand before the coded data. */
  header: number;
  /** Bytes of the file. */
  file: (scale: number) => number;
  /** Bytes of its coded data, by a sample of the photo; more than 0. */
  sample: (scale: number) => number;
};

/**
 * The finest scale that fits, or one that leaves less than 2.5 % of the budget; undefined when the coarsest does not
 * fit. Asks for at most `GUIDED_FILES` + log2(`count`) files, each strictly between the coarsest that does not fit and
 * the finest that does, and `LAST_FILES` more.
 */
export function finestWithin(maxBytes: number, { count, first, header, file, sample }: Scales): number | undefined {
  // What a file has beyond its sample: a header, and as many times as much as it shows.
  let head = 0;
  let ratio = 1;
  const fill = (at: number): number => (sample(at) * ratio + head) / maxBytes;
  const bytesOf = (at: number): number => {
    const sampled = sample(at);
    const bytes = file(at);
    head = Math.min(header, Math.max(0, bytes - sampled));
    ratio = (bytes - head) / sampled;
    return bytes;
  };
  let tooFine = -1;
  let fits = count;
  let scale = first;
  for (let files = 0; fits - tooFine > 1; files++) {
    scale = files < GUIDED_FILES ? guess(scale, tooFine + 1, fits - 1, fill) : (tooFine + fits) >> 1;
    const bytes = bytesOf(scale);
    if (bytes > maxBytes) {
      tooFine = scale;
    } else {
      fits = scale;
      if (bytes >= maxBytes * FILLED) break;
    }
  }
  if (fits === count) return undefined;
  for (let files = 0; files < LAST_FILES; files++) {
    const finer = bisected(count, fill);
    if (finer >= fits - TOLERANCE) break;
    if (bytesOf(finer) <= maxBytes) fits = finer;
  }
  return fits;
}

/** What plain bisection takes for the finest scale that fits, as far as the sample tells. */
function bisected(count: number, fill: (scale: number) => number): number {
  let tooFine = -1;
  let fits = count;
  while (fits - tooFine > 1) {
    const middle = (tooFine + fits) >> 1;
    if (fill(middle) > 1) tooFine = middle;
    else fits = middle;
  }
  return fits;
}

/**
 * A scale from `least` to `most` that is expected to fill the budget, or the one that comes nearest. `fill` tells how
 * much of it a scale takes: less for each coarser one. Newton's method on its logarithm, kept in an ever smaller range.
 */
function guess(start: number, least: number, most: number, fill: (scale: number) => number): number {
  let low = least;
  let high = most;
  let scale = Math.min(high, Math.max(low, start));
  for (let samples = 0; low < high; samples++) {
    const filled = fill(scale);
    if (filled > FILLED && filled <= ENOUGH) return scale;
    if (filled > ENOUGH) low = scale + 1;
    else high = scale;
    // ln(x) by its first approximant: other than Math.log it is the same in every engine.
    const excess = filled / ((FILLED + ENOUGH) / 2);
    const next = scale + Math.round((2 * (excess - 1)) / (excess + 1) / LOG_BYTES_PER_STEP);
    scale = samples < GUIDED_SAMPLES && next >= low && next < high ? next : (low + high) >> 1;
  }
  return Math.min(low, most);
}
