/** What is tried for each effort, to make the filtered rows of a PNG small. */
import type { Effort } from '../options.ts';
import { GREY_ALPHA, RGB, RGBA } from './chunks.ts';
import type { PngLayout } from './reduce.ts';

/** How the kernel `filterRows` chooses filters; `measure` is the name of a constant that it exports. */
export type Choice = { filters: number; step: number; measure: 'filterByMagnitude' | 'filterByCost' };

/** What the kernel `deflate` looks for, by the names of constants that it exports. */
export type MatchSearch = 'searchLiteralsAlone' | 'searchNearRuns' | 'searchRepeats' | 'searchCheapest';

/** How filters and matches are chosen. Of several choices of filters a sample of every window takes the best. */
export type Search = { choices: Choice[]; matches: MatchSearch; window: number };

/** Filtered bytes that are compressed at a time; a row may be larger. */
const WINDOW = 1 << 19;
/** The same where filters are tried: what suits one part of a picture may not suit the next. */
const TRIAL_WINDOW = 1 << 17;
/** A palette of at most this many colours is taken for flat areas; a larger one may hold gradients. */
const FLAT_COLOURS = 64;

const ANY_FILTER: Choice = { filters: 0b11111, step: 16, measure: 'filterByMagnitude' };
/** Indices and samples of few bits cannot be predicted from their neighbours (clause 12.7). */
const UNFILTERED: Choice = { filters: 0b00001, step: 16, measure: 'filterByMagnitude' };

const SEARCHES: Record<Effort, Search> = {
  speed: {
    choices: [{ filters: 0b11000, step: 64, measure: 'filterByMagnitude' }],
    matches: 'searchLiteralsAlone',
    window: WINDOW,
  },
  balanced: { choices: [{ ...ANY_FILTER, step: 32 }], matches: 'searchNearRuns', window: WINDOW },
  size: {
    choices: [
      ANY_FILTER,
      { ...ANY_FILTER, measure: 'filterByCost' },
      // Alone, they keep equal channels equal: Sub, and Up.
      { ...ANY_FILTER, filters: 0b00010 },
      { ...ANY_FILTER, filters: 0b00100 },
    ],
    matches: 'searchCheapest',
    window: TRIAL_WINDOW,
  },
};

/** The search that suits a layout at an effort: where much repeats, repeats are looked for at any. */
export function searchFor({ colourType, bitDepth, colours }: PngLayout, effort: Effort): Search {
  const search = SEARCHES[effort];
  const matches = effort === 'size' ? search.matches : 'searchRepeats';
  if (bitDepth < 8 || (colours.length > 0 && colours.length <= FLAT_COLOURS))
    return { ...search, choices: [UNFILTERED], matches };
  if (colourType === RGB || colourType === RGBA || colourType === GREY_ALPHA) return search;
  return { ...search, matches };
}
