/** Candidates of a level by the definition: whole numbers, places in 256ths of a pixel from the level's centre. */
import type { Plane } from './red-eye.ts';
import type { Rgb } from './planes.ts';

export type Candidate = { x: number; y: number; radius: number; contrast: number };

/** Mean of `count` samples of 128ths that sum up to `sum`, in 1024ths, as a rounded product of 15 bits. */
function meanOf(sum: number, count: number): number {
  return Math.floor((sum * Math.floor(262144 / count) + 16384) / 32768);
}

/** Contrast of each place in 1024ths; 0 where it is too little, the centre not red enough, or too near the border. */
function contrasts({ data, width, height }: Plane, k: number, K: number): Plane {
  const sumAt = (x: number, y: number, reach: number): number => {
    let sum = 0;
    for (let v = y - reach; v <= y + reach; v++) {
      for (let u = x - reach; u <= x + reach; u++) sum += data[v * width + u]!;
    }
    return sum;
  };
  const [inside, all] = [(2 * k + 1) ** 2, (2 * K + 1) ** 2];
  const values = data.map((_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    if (x < K || y < K || x >= width - K || y >= height - K) return 0;
    const centre = sumAt(x, y, k);
    const mean = meanOf(centre, inside);
    const contrast = mean - meanOf(sumAt(x, y, K) - centre, all - inside);
    return mean > 225 && contrast > 102 ? contrast : 0;
  });
  return { data: values, width, height };
}

/** The 16 pixels at `tenths` of k + 0.6 round a place, or those of the border nearest to them. */
function circle({ width, height }: Plane, x: number, y: number, k: number, tenths: number): [number, number][] {
  const radius = (k * 10 + 6) * tenths;
  return Array.from({ length: 16 }, (_, i) => {
    const offset = (factor: number): number => {
      const exact = (radius * Math.round(16384 * factor)) / 1638400;
      return Math.sign(exact) * Math.floor(Math.abs(exact) + 0.5);
    };
    const angle = (i * Math.PI) / 8;
    const clamp = (value: number, size: number): number => Math.min(size - 1, Math.max(0, value));
    return [clamp(x + offset(Math.cos(angle)), width), clamp(y + offset(Math.sin(angle)), height)];
  });
}

/** Light or dark skin: red, not blue, and neither grey nor vivid. */
function isSkin([r, g, b]: Rgb): boolean {
  const above = r - Math.max(g, b);
  return r > 32 && 4 * g >= 3 * b && 50 * above > r + 16 && 100 * above < 42 * (r + 16);
}

/**
 * Peaks of contrast in rows `top` to `bottom` where redness falls in eleven of 16 directions and five of 16 places are
 * skin.
 */
export function candidatesOf(
  map: Plane,
  pixel: (x: number, y: number) => Rgb,
  k: number,
  K: number,
  top = 0,
  bottom = map.height,
): Candidate[] {
  const { data, width, height } = map;
  const plane = contrasts(map, k, K).data;
  return plane.flatMap((contrast, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    if (contrast === 0 || y < top || y >= bottom) return [];
    let [sumX, sumY, count] = [0, 0, 0];
    for (let dy = -k; dy <= k; dy++) {
      for (let dx = -k; dx <= k; dx++) {
        const other = plane[i + dy * width + dx]!;
        if (other > contrast) return [];
        if (other === contrast) [sumX, sumY, count] = [sumX + dx, sumY + dy, count + 1];
      }
    }
    const bound = Math.floor((data[i]! * 3) / 4);
    const open = circle(map, x, y, k, 26).filter(([u, v]) => data[v * width + u]! > bound).length;
    const skin = circle(map, x, y, k, 35).filter(([u, v]) => isSkin(pixel(u, v))).length;
    if (open > 5 || skin < 5) return [];
    const place = (at: number, size: number, sum: number): number =>
      Math.trunc(((2 * at + 1 - size) * 128 * count + sum * 256) / count);
    return [{ x: place(x, width, sumX), y: place(y, height, sumY), radius: k * 256 + 154, contrast }];
  });
}
