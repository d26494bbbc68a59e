/**
 * A red eye's disc and its correction by the definition: whole numbers, places in 256ths of a pixel from the first
 * pixel's centre.
 */
import { close5x5 } from './red-eye.ts';
import type { Circle } from './circle.ts';
import type { Rgb } from './planes.ts';

/** Pixels row by row. */
export type Picture = { pixels: Rgb[]; width: number; height: number };

const mean = (values: number[]): number => Math.trunc(values.reduce((a, b) => a + b, 0) / values.length);

/** (R - max(G, B)) / (R + 16) in 1024ths. */
function rednessOf([r, g, b]: Rgb): number {
  return Math.trunc(((r - Math.max(g, b)) * 1024) / (r + 16));
}

/** What lies within `reach` pixels of a place in both directions: its offset from it, and squared distance. */
function about({ pixels, width, height }: Picture, { x, y }: Circle, reach: number) {
  const [column, row] = [Math.floor(x / 256), Math.floor(y / 256)];
  const [left, top] = [Math.max(0, column - reach), Math.max(0, row - reach)];
  const across = Math.max(0, Math.min(width - 1, column + reach) - left + 1);
  const down = Math.max(0, Math.min(height - 1, row + reach) - top + 1);
  const places = Array.from({ length: across * down }, (_, i) => {
    const [u, v] = [left + (i % across), top + Math.floor(i / across)];
    const [dx, dy] = [u * 256 - x, v * 256 - y];
    const pixel = pixels[v * width + u]!;
    return { index: v * width + u, pixel, s: rednessOf(pixel), dx, dy, squared: dx * dx + dy * dy };
  });
  return { places, across, down };
}

/**
 * Four times: the circle whose centre and second moment are those of what is nearer in redness to the core than to the
 * surroundings.
 */
export function fitDisc(picture: Picture, first: Circle): Circle {
  const clamp = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value));
  const stray = Math.trunc((first.radius * 2) / 5);
  let { x, y, radius } = first;
  for (let round = 0; round < 4; round++) {
    const { places } = about(picture, { x, y, radius }, Math.floor(radius / 128) + 1);
    const square = radius * radius;
    const core = places.filter(({ s, squared }) => s > 0 && 4 * squared <= square);
    const ring = places.filter(({ squared }) => 4 * squared >= 9 * square && squared <= 4 * square);
    if (core.length === 0) return first;
    const around = ring.length > 0 ? mean(ring.map(({ s }) => Math.max(0, s))) : 0;
    const threshold = Math.floor((mean(core.map(({ s }) => s)) + around) / 2);
    const disc = places.filter(({ s, squared }) => 16 * squared <= 31 * square && s >= threshold);
    if (disc.length === 0) return first;
    const [dx, dy] = [mean(disc.map(({ dx }) => dx)), mean(disc.map(({ dy }) => dy))];
    x = clamp(x + dx, first.x - stray, first.x + stray);
    y = clamp(y + dy, first.y - stray, first.y + stray);
    const moment = mean(disc.map(({ squared }) => squared)) - dx * dx - dy * dy;
    const spread = Math.floor(Math.sqrt(Math.max(0, 2 * moment)));
    radius = clamp(spread, Math.floor((first.radius * 3) / 4), Math.trunc((first.radius * 6) / 5));
  }
  return { x, y, radius };
}

/** 0 to 256 between two bounds: 3t² - 2t³. */
function smoothstep(low: number, high: number, value: number): number {
  if (value <= low) return 0;
  if (value >= high) return 256;
  const t = Math.floor(((value - low) * 256) / (high - low));
  return Math.floor((t * t * (768 - 2 * t)) / 65536);
}

/** Pixels without the red of an eye. */
export function correctEye(picture: Picture, eye: Circle, strength: number): Rgb[] {
  const { radius: r } = eye;
  const found = about(picture, eye, Math.floor(r / 128) + 2);
  const [across, down] = [found.across, found.down];
  const places = found.places.map((place) => {
    const distance = Math.floor(Math.sqrt(place.squared));
    const isGlint = Math.min(...place.pixel) > 150 && place.s < 205;
    const inside = 256 - smoothstep(Math.floor((r * 134) / 128), Math.floor((r * 166) / 128), distance);
    return { ...place, distance, isGlint, inside };
  });
  const bins = places
    .filter(({ distance }) => distance * 10 > r * 13 && distance < 2 * r)
    .map(({ s }) => (s >= 307 ? 64 : Math.floor((Math.max(0, s) * 64) / 307)))
    .sort((a, b) => a - b);
  const background = Math.floor(((bins[Math.ceil(bins.length / 2) - 1] ?? 0) * 307) / 64);
  const core = places.filter(({ distance, isGlint }) => distance * 10 < r * 8 && !isGlint);
  const pupil = core.length > 0 ? mean(core.map(({ pixel: [, g, b] }) => Math.floor((g + b) / 2))) : 0;
  const darken = pupil > 42 ? Math.floor((42 * 256) / pupil) : 256;

  const mask = places.map(({ s, distance, isGlint, inside }) => {
    if (isGlint) return 0;
    const least = Math.floor((background * smoothstep(Math.floor(r / 2), Math.floor((r * 7) / 8), distance)) / 256);
    return Math.min(255, Math.floor((smoothstep(least + 20, least + 123, s) * inside) / 256));
  });
  const small = across < 5 || down < 5;
  const closed = small ? mask : close5x5({ data: mask, width: across, height: down });
  const blurred = (i: number): number => {
    const near = (place: number, size: number): number[] =>
      [-1, 0, 1].map((offset) => Math.min(size - 1, Math.max(0, place + offset)));
    const rows = near(Math.floor(i / across), down);
    return mean(rows.flatMap((v) => near(i % across, across).map((u) => closed[v * across + u]!)));
  };
  const out = [...picture.pixels];
  for (const [i, { index, pixel, isGlint, inside }] of places.entries()) {
    if (isGlint) continue;
    const m = Math.floor((Math.max(mask[i]!, Math.floor((blurred(i) * inside) / 256)) * strength) / 256);
    const bright = smoothstep(110, 150, Math.min(...pixel));
    const [red, green, blue] = pixel;
    const kept = darken + Math.floor(((256 - darken) * bright) / 256);
    const target = Math.floor((Math.floor((green + blue) / 2) * kept) / 256);
    const towards = (value: number, aim: number): number => value + Math.floor(((aim - value) * m) / 256);
    out[index] = [towards(red, target), towards(green, Math.min(green, target)), towards(blue, Math.min(blue, target))];
  }
  return out;
}
