/** Scaling as it is defined, in float64: what the bench measures likeness against. */

/** Pixels, RGBA without padding. */
export type Picture = { data: Uint8Array | Uint8ClampedArray; width: number; height: number };

/** Outputs' first samples and their weights, which sum to one. */
type Taps = { first: number; weights: number[] }[];

/**
 * Opaque pixels by lanczos3: separable, on gamma-encoded values, the kernel widened by max(1, ratio), samples outside
 * the picture dropped and the rest renormalised, one rounding.
 */
export function exactLanczos3({ data, width, height }: Picture, toWidth: number, toHeight: number): Picture {
  const columns = taps(width, toWidth);
  const rows = taps(height, toHeight);
  const out = new Uint8ClampedArray(toWidth * toHeight * 4).fill(255);
  rows.forEach(({ first, weights }, y) => {
    const row = new Float64Array(width * 4);
    weights.forEach((weight, k) => {
      const from = (first + k) * width * 4;
      for (let i = 0; i < row.length; i++) row[i]! += weight * data[from + i]!;
    });
    columns.forEach(({ first: left, weights: across }, x) => {
      for (let c = 0; c < 3; c++) {
        let sum = 0;
        for (let k = 0; k < across.length; k++) sum += across[k]! * row[(left + k) * 4 + c]!;
        out[(y * toWidth + x) * 4 + c] = Math.round(sum);
      }
    });
  });
  return { data: out, width: toWidth, height: toHeight };
}

function taps(length: number, count: number): Taps {
  const scale = length / count;
  const stretch = Math.max(1, scale);
  return Array.from({ length: count }, (_, i) => {
    const centre = (i + 0.5) * scale;
    const first = Math.max(0, Math.ceil(centre - 3 * stretch - 0.5));
    const last = Math.min(length - 1, Math.floor(centre + 3 * stretch - 0.5));
    const weights = Array.from({ length: last - first + 1 }, (_, k) => lanczos3((first + k + 0.5 - centre) / stretch));
    const sum = weights.reduce((a, b) => a + b, 0);
    return { first, weights: weights.map((weight) => weight / sum) };
  });
}

function lanczos3(x: number): number {
  if (x === 0) return 1;
  if (Math.abs(x) >= 3) return 0;
  return (3 * Math.sin(Math.PI * x) * Math.sin((Math.PI * x) / 3)) / (Math.PI * x) ** 2;
}
