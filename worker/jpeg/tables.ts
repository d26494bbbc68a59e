import type { HuffmanTable } from './huffman.ts';

/** Tables of T.81 Annex K and what is derived from them. */

/** Quantisation tables K.1 and K.2, row after row. */
// prettier-ignore
const LUMINANCE = [
  16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62,
  18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
];
// prettier-ignore
const CHROMINANCE = [
  17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99, 99, 99, 47, 66, 99, 99, 99, 99, 99, 99,
  99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
];

/** Zigzag order (figure A.6): the row-major index of the k-th coefficient. */
export const ZIGZAG: readonly number[] = zigzag();

function zigzag(): number[] {
  const order: number[] = [];
  for (let sum = 0; sum < 15; sum++) {
    for (let i = 0; i <= sum; i++) {
      const [row, column] = sum % 2 === 0 ? [sum - i, i] : [i, sum - i];
      if (row < 8 && column < 8) order.push(row * 8 + column);
    }
  }
  return order;
}

/** Luminance and chrominance, row-major, 1 to 255 (baseline). */
export type QuantisationTables = readonly [readonly number[], readonly number[]];

/** Quantisation tables of Annex K for a quality of 0 to 1, scaled as the IJG's library does. */
export function quantisationTables(quality: number): QuantisationTables {
  return scaledTables(scalePercent(quality));
}

/** By how many percent the IJG's library scales its tables for a quality of 0 to 1. */
export function scalePercent(quality: number): number {
  const percent = Math.min(100, Math.max(1, Math.round(quality * 100)));
  return percent < 50 ? Math.floor(5000 / percent) : 200 - percent * 2;
}

/**
 * Annex K's tables scaled by `percent`. With a `spread`, entries that would take a step together take it one after the
 * other as the scale changes: those of high frequency are coarser by up to half of it, those of low frequency finer.
 */
export function scaledTables(percent: number, spread = 0): QuantisationTables {
  const scaled = (base: number[]): number[] =>
    base.map((step, i) => scaledStep(step, percent * (1 + ((i - 32) / 64) * spread)));
  return [scaled(LUMINANCE), scaled(CHROMINANCE)];
}

/** A quantiser step scaled by `percent`, as baseline allows it. */
export function scaledStep(step: number, percent: number): number {
  return Math.min(255, Math.max(1, Math.floor((step * percent + 50) / 100)));
}

const DC_SYMBOLS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
const LUMINANCE_AC =
  '01020300041105122131410613516107227114328191a1082342b1c11552d1f02433627282090a161718191a25262728292a3435363738393a43444546' +
  '4748494a535455565758595a636465666768696a737475767778797a838485868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7' +
  'b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9fa';
const CHROMINANCE_AC =
  '0001020311040521310612415107617113223281081442' +
  '91a1b1c109233352f0156272d10a162434e125f11718191a262728292a35363738393a434445464748494a535455565758595a636465666768696a73' +
  '7475767778797a82838485868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9' +
  'dae2e3e4e5e6e7e8e9eaf2f3f4f5f6f7f8f9fa';

const fromHex = (hex: string): number[] => hex.match(/../g)!.map((byte) => parseInt(byte, 16));

/**
 * The typical tables K.3 to K.6, in the order of DHT classes: luminance DC, luminance AC, chrominance DC, chrominance
 * AC.
 */
export const TYPICAL_TABLES: readonly HuffmanTable[] = [
  { counts: [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0], symbols: DC_SYMBOLS },
  { counts: [0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 0x7d], symbols: fromHex(LUMINANCE_AC) },
  { counts: [0, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0], symbols: DC_SYMBOLS },
  { counts: [0, 2, 1, 2, 4, 4, 3, 4, 7, 5, 4, 4, 0, 1, 2, 0x77], symbols: fromHex(CHROMINANCE_AC) },
];
