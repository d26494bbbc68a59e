/** Stages of red-eye reduction by their definitions. */

/** Redness (R - max(G, B)) / (R + 16) in 128ths, whole; 0 where R is at most 14 above the others. */
export function redness(r: number, g: number, b: number): number {
  const above = r - Math.max(g, b);
  return above > 14 ? Math.floor((128 * above) / (r + 16)) : 0;
}

/** A plane of bytes. */
export type Plane = { data: number[]; width: number; height: number };

/** Closing by 5 × 5, each of its four passes leaving two samples at the borders it runs along as they are. */
export function close5x5({ data, width, height }: Plane): number[] {
  const pass = (plane: number[], across: boolean, pick: (...values: number[]) => number): number[] =>
    plane.map((value, i) => {
      const [x, y] = [i % width, Math.floor(i / width)];
      const step = across ? 1 : width;
      const [place, length] = across ? [x, width] : [y, height];
      if (place < 2 || place >= length - 2) return value;
      return pick(...[-2, -1, 0, 1, 2].map((offset) => plane[i + offset * step]!));
    });
  const wider = pass(pass(data, true, Math.max), false, Math.max);
  return pass(pass(wider, true, Math.min), false, Math.min);
}

/** Contrast of the mean over a square of half side k to the mean of the square of half side K without it, of samples in 128ths. */
export function contrast({ data, width }: Plane, x: number, y: number, k: number, K: number): number {
  let [centre, ring, inside, outside] = [0, 0, 0, 0];
  for (let dy = -K; dy <= K; dy++) {
    for (let dx = -K; dx <= K; dx++) {
      const value = data[(y + dy) * width + x + dx]! / 128;
      if (Math.max(Math.abs(dx), Math.abs(dy)) <= k) [centre, inside] = [centre + value, inside + 1];
      else [ring, outside] = [ring + value, outside + 1];
    }
  }
  return centre / inside - ring / outside;
}

/** R, G and B of BT.601 luma and chroma. */
export function yuvToRgb(y: number, u: number, v: number, fullRange: boolean): [number, number, number] {
  const luma = fullRange ? y : ((y - 16) * 255) / 219;
  const [cb, cr] = [u - 128, v - 128].map((value) => (fullRange ? value : (value * 255) / 224)) as [number, number];
  const clamp = (value: number): number => Math.min(255, Math.max(0, value));
  return [clamp(luma + 1.402 * cr), clamp(luma - 0.344136 * cb - 0.714136 * cr), clamp(luma + 1.772 * cb)];
}
