/** What is known of a photo from how often each symbol occurs. */
import type { HuffmanTables } from './header.ts';
import { optimalTable } from './huffman.ts';

/** Symbols of one destination: 16 of its DC table, 256 of its AC table. Counts hold luminance's, then chrominance's. */
export const SYMBOLS = 272;

/** The best tables for these counts. */
export function optimalTables(counts: Int32Array): HuffmanTables {
  return DESTINATIONS.map(([from, to]) => optimalTable(counts.subarray(from, to)));
}

/** Bytes of the coded data with these tables, stuffing not counted. */
export function codedBytes(counts: Int32Array, tables: HuffmanTables): number {
  let bits = 0;
  tables.forEach((table, t) => {
    const [from] = DESTINATIONS[t]!;
    let next = 0;
    table.counts.forEach((codes, i) => {
      for (const end = next + codes; next < end; next++) {
        const symbol = table.symbols[next]!;
        bits += counts[from + symbol]! * (i + 1 + (symbol & 15));
      }
    });
  });
  return Math.ceil(bits / 8);
}

/** Where each table's symbols are counted, in the order of {@link HuffmanTables}. */
const DESTINATIONS = [
  [0, 16],
  [16, SYMBOLS],
  [SYMBOLS, SYMBOLS + 16],
  [SYMBOLS + 16, SYMBOLS * 2],
] as const;
