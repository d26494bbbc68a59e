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
