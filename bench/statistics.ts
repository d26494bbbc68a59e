/** The statistics of the shipped bench. */
export { order, ratios, summarise, type Summary } from '../src/bench/statistics.ts';
