/**
 * Quantisation tables for the eye: steps grow with the square of the spatial frequency, three times as fast for colour.
 * Found by measuring SSIM and SSIMULACRA2 on photographs; DC has finer steps, since its errors show as edges of blocks.
 */

import { scaledStep, scalePercent, type QuantisationTables } from './tables.ts';

const LUMINANCE = table(10, 1);
const CHROMINANCE = table(16, 3);

/** Steps at quality 0.5, row-major. */
function table(dc: number, slope: number): number[] {
  return Array.from({ length: 64 }, (_, i) => (i === 0 ? dc : 16 + (slope * ((i & 7) ** 2 + (i >> 3) ** 2)) / 2));
}

/** The tables for a quality of 0 to 1 on the IJG's scale. */
export function visualTables(quality: number): QuantisationTables {
  const percent = scalePercent(quality);
  const scaled = (base: number[]): number[] => base.map((step) => scaledStep(step, percent));
  return [scaled(LUMINANCE), scaled(CHROMINANCE)];
}
