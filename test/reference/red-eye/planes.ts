/** Planes of 4:2:0 read and written by the definition (ITU-T H.273), unrounded. */
import type { YuvColour } from '../../../worker/frame/image.ts';
import { lumaShares } from '../color/color.ts';

/** Rows of codes; those of U and V are for 2 × 2 pixels each. */
export type Planes = { y: number[][]; u: number[][]; v: number[][] };

/** R, G and B of a pixel. */
export type Rgb = [number, number, number];

/** Pixels from (x, y) on, row by row, as they were read and as they are to be written. */
export type Patch = { x: number; y: number; width: number; before: Rgb[]; after: Rgb[] };

/** The code of black, and the codes that luma and chroma reach over. */
function rangeOf({ fullRange }: YuvColour): [zero: number, luma: number, chroma: number] {
  return fullRange ? [0, 255, 255] : [16, 219, 224];
}

/** R, G and B, within 0 to 255, of three codes. */
export function toRgb([y, u, v]: Rgb, colour: YuvColour): Rgb {
  const [zero, luma, chroma] = rangeOf(colour);
  const [kr, kg, kb] = lumaShares(colour.matrix);
  const grey = ((y - zero) * 255) / luma;
  const red = grey + (((v - 128) * 255) / chroma) * 2 * (1 - kr);
  const blue = grey + (((u - 128) * 255) / chroma) * 2 * (1 - kb);
  const green = (grey - kr * red - kb * blue) / kg;
  return [red, green, blue].map((value) => Math.min(255, Math.max(0, value))) as Rgb;
}

/** The codes of a colour. */
function toCodes([r, g, b]: Rgb, colour: YuvColour): Rgb {
  const [zero, luma, chroma] = rangeOf(colour);
  const [kr, kg, kb] = lumaShares(colour.matrix);
  const grey = kr * r + kg * g + kb * b;
  return [
    zero + (grey * luma) / 255,
    128 + (((b - grey) / (2 * (1 - kb))) * chroma) / 255,
    128 + (((r - grey) / (2 * (1 - kr))) * chroma) / 255,
  ];
}

/**
 * Planes with a patch written to them: the luma of each pixel that differs, and as chroma the mean of those of a block
 * that differ.
 */
export function patched(planes: Planes, { x, y, width, before, after }: Patch, colour: YuvColour): Planes {
  const [luma, u, v] = [planes.y, planes.u, planes.v].map((plane) => plane.map((row) => [...row])) as [
    number[][],
    number[][],
    number[][],
  ];
  const changed = after.flatMap((pixel, i) =>
    pixel.some((value, c) => value !== before[i]![c])
      ? [{ column: x + (i % width), row: y + Math.floor(i / width), codes: toCodes(pixel, colour) }]
      : [],
  );
  for (const { column, row, codes } of changed) luma[row]![column] = codes[0];
  for (const { column, row } of changed) {
    const [across, down] = [column >> 1, row >> 1];
    const block = changed.filter((other) => other.column >> 1 === across && other.row >> 1 === down);
    const mean = (code: 1 | 2): number => block.reduce((sum, { codes }) => sum + codes[code], 0) / block.length;
    [u[down]![across], v[down]![across]] = [mean(1), mean(2)];
  }
  return { y: luma, u, v };
}
