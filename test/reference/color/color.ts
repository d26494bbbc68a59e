/** Colour conversion by its definitions, in floating point. */

type Matrix = 'bt601' | 'bt709';

/** The shares of red and blue in luma (ITU-T H.273 table 4). */
const LUMA = { bt601: [0.299, 0.114], bt709: [0.2126, 0.0722] } as const;

/** The shares of red, green and blue in luma. */
export function lumaShares(matrix: Matrix): [red: number, green: number, blue: number] {
  const [kr, kb] = LUMA[matrix];
  return [kr, 1 - kr - kb, kb];
}

/** Full-range YCbCr (T.871 clause 7 for BT.601) of an RGB colour, not rounded. */
export function rgbToYcc(r: number, g: number, b: number, matrix: Matrix = 'bt601'): [number, number, number] {
  const [kr, kb] = LUMA[matrix];
  const y = kr * r + (1 - kr - kb) * g + kb * b;
  return [y, 128 + (b - y) / (2 * (1 - kb)), 128 + (r - y) / (2 * (1 - kr))];
}

/** The inverse of {@link rgbToYcc}, not clamped. */
export function yccToRgb(y: number, cb: number, cr: number, matrix: Matrix = 'bt601'): [number, number, number] {
  const [kr, kb] = LUMA[matrix];
  const r = y + 2 * (1 - kr) * (cr - 128);
  const b = y + 2 * (1 - kb) * (cb - 128);
  return [r, (y - kr * r - kb * b) / (1 - kr - kb), b];
}

/** Limited-range codes (16..235, 16..240) to full range. */
export function toFullRange(y: number, cb: number, cr: number): [number, number, number] {
  return [((y - 16) * 255) / 219, 128 + ((cb - 128) * 255) / 224, 128 + ((cr - 128) * 255) / 224];
}

/** The inverse of {@link toFullRange}, not rounded. */
export function fromFullRange(y: number, cb: number, cr: number): [number, number, number] {
  return [16 + (y * 219) / 255, 128 + ((cb - 128) * 224) / 255, 128 + ((cr - 128) * 224) / 255];
}

/** A colour of straight alpha on white. */
export function onWhite(value: number, alpha: number): number {
  return (value * alpha + 255 * (255 - alpha)) / 255;
}

/** The nearest byte. */
export function toByte(value: number): number {
  return Math.min(255, Math.max(0, Math.round(value)));
}
