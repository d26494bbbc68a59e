/**
 * A pupil's circle by its definition: whole numbers, places and radii in 256ths of a pixel from the picture's centre.
 */
import type { Rgb } from './planes.ts';

/** A picture and its halved pictures, by pixels of each level. */
export type Pyramid = { width: number; height: number; pixel: (x: number, y: number) => Rgb }[];

export type Circle = { x: number; y: number; radius: number };

/**
 * A circle after it was refined: how its radii spread, in 1024ths of the radius, and how many of its rays have no edge.
 */
export type Refined = Circle & { rough: number; without: number };

/** The most that a radius may be: six pixels of the coarsest of seven levels. */
const MOST_RADIUS = 6 * 64 * 256;

/** The place `distance` away along ray `i` of 16, halves of a turn being 8. */
export function along({ x, y }: { x: number; y: number }, distance: number, i: number): { x: number; y: number } {
  const angle = (i * Math.PI) / 8;
  const step = (factor: number): number => Math.trunc((distance * Math.round(16384 * factor)) / 16384);
  return { x: x + step(Math.cos(angle)), y: y + step(Math.sin(angle)) };
}

/** The level on which a radius measures 3 to 6 pixels, as far as there are levels. */
export function levelOf(radius: number, levels: number): number {
  let level = 0;
  while (radius / 2 ** level >= 6 * 256 && level < levels - 1) level++;
  return level;
}

/** R, G and B at a place in 16ths, bilinear between 16ths of the level's pixels. */
export function sampleAt(pyramid: Pyramid, level: number, x: number, y: number): Rgb {
  const { width, height, pixel } = pyramid[level]!;
  const sixteenths = (place: number, size: number): number =>
    Math.min((size - 1) * 16, Math.max(0, Math.trunc(place / 2 ** level / 16) + (size - 1) * 8));
  const [u, v] = [sixteenths(x, width), sixteenths(y, height)];
  const [column, row] = [Math.min(width - 2, Math.floor(u / 16)), Math.min(height - 2, Math.floor(v / 16))];
  const [fx, fy] = [u - column * 16, v - row * 16];
  const mix = (c: number): number => {
    const upper = pixel(column, row)[c]! * (16 - fx) + pixel(column + 1, row)[c]! * fx;
    const lower = pixel(column, row + 1)[c]! * (16 - fx) + pixel(column + 1, row + 1)[c]! * fx;
    return Math.floor((upper * (16 - fy) + lower * fy + 8) / 16);
  };
  return [mix(0), mix(1), mix(2)];
}

/** (R - max(G, B)) / (R + 16) of 16ths, in 1024ths. */
export function rednessOf([r, g, b]: Rgb): number {
  return Math.trunc(((r - Math.max(g, b)) * 1024) / (r + 256));
}

/** The `rank`-th smallest from 1 on; less than -4096 counts as that. */
export function ranked(values: number[], rank: number): number {
  return Math.max(-4096, [...values].sort((a, b) => a - b)[rank - 1]!);
}

/** The mean of the middle two. */
function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return Math.trunc((sorted[values.length / 2]! + sorted[values.length / 2 - 1]!) / 2);
}

/**
 * Where redness falls by half along 8 rays, then along 16 from there; what is not accepted is left as the last round
 * that passed made it.
 */
export function refine(pyramid: Pyramid, start: Circle): { circle: Circle | Refined; accepted: boolean } {
  let circle: Circle = start;
  for (const [rays, mostWithout] of [
    [8, 3],
    [16, 1],
  ] as const) {
    const { radius } = circle;
    const level = levelOf(radius, pyramid.length);
    const place = (ray: number, step: number): { x: number; y: number } =>
      along(circle, Math.trunc((radius * (step + 1) * 15) / 100), (ray * 16) / rays);
    const profiles = Array.from({ length: rays }, (_, ray) =>
      Array.from({ length: 17 }, (_, step) => {
        const { x, y } = place(ray, step);
        return rednessOf(sampleAt(pyramid, level, x, y));
      }),
    );
    const middle = (from: number, to: number): number => {
      const values = profiles.flatMap((profile) => profile.slice(from, to));
      return ranked(values, Math.floor(values.length / 2));
    };
    const inside = middle(0, 4);
    const threshold = Math.floor((inside + Math.min(middle(12, 17), inside - 51)) / 2);
    const edges = profiles.map((profile) => profile.findIndex((s, step) => step >= 2 && s < threshold));
    const without = edges.filter((step) => step < 0).length;
    if (without > mostWithout) return { circle, accepted: false };
    const places = edges.map((step, ray) => place(ray, step < 0 ? 16 : step));
    const centre = (axis: 'x' | 'y'): number => {
      const values = places.map((place) => place[axis]);
      const opposite = values.slice(0, rays / 2).map((value, i) => Math.trunc((value + values[i + rays / 2]!) / 2));
      const mean = Math.trunc((values.reduce((sum, value) => sum + value) * 3) / rays);
      return Math.trunc((median(opposite) * 7 + mean) / 10);
    };
    const [x, y] = [centre('x'), centre('y')];
    const radii = places.map((place) => Math.floor(Math.sqrt((place.x - x) ** 2 + (place.y - y) ** 2)));
    const found = Math.max(307, median(radii));
    if (found > MOST_RADIUS) return { circle, accepted: false };
    circle = { x, y, radius: found };
    if (rays === 8) continue;
    const sorted = radii.sort((a, b) => a - b);
    const rough = Math.trunc(((sorted[13]! - sorted[2]!) * 1024) / found);
    return { circle: { ...circle, rough, without }, accepted: rough <= 880 };
  }
  throw new Error('there are two rounds');
}
