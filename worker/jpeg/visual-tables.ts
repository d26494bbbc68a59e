/**
 * Quantisation tables for the eye: steps grow with the square of the spatial frequency, three times as fast for colour. Found by
 * measuring SSIM and SSIMULACRA2 on photographs; DC has finer steps, since its errors show as edges of blocks.
 */

const LUMINANCE = table(10, 1);
const CHROMINANCE = table(16, 3);

/** Steps at quality 0.5, row-major. */
function table(dc: number, slope: number): number[] {
  return Array.from({ length: 64 }, (_, i) => (i === 0 ? dc : 16 + (slope * ((i & 7) ** 2 + (i >> 3) ** 2)) / 2));
}

/** Luminance and chrominance, row-major, for a quality of 0 to 1 on the IJG's scale. */
export function visualTables(quality: number): [number[], number[]] {
  const percent = Math.min(100, Math.max(1, Math.round(quality * 100)));
  const scale = percent < 50 ? Math.floor(5000 / percent) : 200 - percent * 2;
  const scaled = (base: number[]): number[] =>
    base.map((step) => Math.min(255, Math.max(1, Math.floor((step * scale + 50) / 100))));
  return [scaled(LUMINANCE), scaled(CHROMINANCE)];
}
