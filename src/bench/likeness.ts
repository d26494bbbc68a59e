/** How like two pictures are, by the two measures of the field. Both compare RGBA of the same size and ignore alpha. */

/** RGBA, 8 bits a channel; an `ImageData` is one. */
export type Pixels = {
  /** `4 * width * height` values of 0 to 255, rows from the top. */
  data: ArrayLike<number>;
  /** In pixels. */
  width: number;
  /** In pixels. */
  height: number;
};

/** What equal pictures have, whose PSNR is infinite: result files are JSON, which knows no infinity. */
export const EQUAL_PSNR = 100;

const WINDOW = 8;
const C1 = (0.01 * 255) ** 2;
const C2 = (0.03 * 255) ** 2;

/** Peak signal-to-noise ratio of the three colours together, in dB, at most {@link EQUAL_PSNR}. */
export function psnr(a: Pixels, b: Pixels): number {
  let sum = 0;
  for (let i = 0; i < a.data.length; i += 4) {
    for (let c = i; c < i + 3; c++) sum += (a.data[c]! - b.data[c]!) ** 2;
  }
  if (sum === 0) return EQUAL_PSNR;
  return Math.min(EQUAL_PSNR, 10 * Math.log10((255 * 255 * a.width * a.height * 3) / sum));
}

/**
 * Mean structural similarity of the lumas (Wang et al. 2004), 1 for equal pictures: windows of 8 × 8 pixels of equal
 * weight, side by side. A side below 8 is as long as the window's.
 */
export function ssim(a: Pixels, b: Pixels): number {
  const { width, height } = a;
  const [lumaA, lumaB] = [luma(a), luma(b)];
  const [across, down] = [Math.min(WINDOW, width), Math.min(WINDOW, height)];
  const count = across * down;
  let [sum, windows] = [0, 0];
  for (let top = 0; top + down <= height; top += WINDOW) {
    for (let left = 0; left + across <= width; left += WINDOW) {
      let [sumA, sumB, squaresA, squaresB, products] = [0, 0, 0, 0, 0];
      for (let y = top; y < top + down; y++) {
        for (let i = y * width + left; i < y * width + left + across; i++) {
          const [p, q] = [lumaA[i]!, lumaB[i]!];
          sumA += p;
          sumB += q;
          squaresA += p * p;
          squaresB += q * q;
          products += p * q;
        }
      }
      const [meanA, meanB] = [sumA / count, sumB / count];
      const variances = squaresA / count - meanA * meanA + squaresB / count - meanB * meanB;
      const covariance = products / count - meanA * meanB;
      sum +=
        ((2 * meanA * meanB + C1) * (2 * covariance + C2)) / ((meanA * meanA + meanB * meanB + C1) * (variances + C2));
      windows++;
    }
  }
  return sum / windows;
}

function luma({ data, width, height }: Pixels): Float32Array {
  const values = new Float32Array(width * height);
  for (let i = 0, at = 0; i < values.length; i++, at += 4) {
    values[i] = 0.299 * data[at]! + 0.587 * data[at + 1]! + 0.114 * data[at + 2]!;
  }
  return values;
}
