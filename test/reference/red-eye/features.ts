/** What a candidate looks like, by the definition: the 72 numbers of the forest, in their order. */
import { along, levelOf, ranked, rednessOf, sampleAt, type Pyramid, type Refined } from './circle.ts';

/** Radii of 16 rings, in 256ths of the pupil's. */
const RADII = [0, 51, 102, 154, 205, 256, 307, 358, 435, 512, 614, 742, 896, 1075, 1280, 1536];
/** First ring of each of eight bands, and one past the last. */
const BANDS = [0, 3, 5, 6, 8, 10, 12, 14, 16];

type Sample = Record<'s' | 'luma' | 'saturation' | 'skin' | 'least' | 'r' | 'g' | 'b', number>;

const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
const mean = (values: number[]): number => Math.trunc(sum(values) / values.length);
const middle = (values: number[]): number => ranked(values, Math.floor(values.length / 2));

/** Light or dark skin: red, not blue, and neither grey nor vivid. */
function isSkin(r: number, g: number, b: number): boolean {
  const above = r - Math.max(g, b);
  return r > 512 && 4 * g >= 3 * b && 50 * above > r + 256 && 100 * above < 42 * (r + 256);
}

/** The features of a circle, and whether it passes the cascade; none where there is too little skin about it. */
export function describeCircle(pyramid: Pyramid, circle: Refined): { features: number[]; passes: boolean } {
  const level = levelOf(circle.radius, pyramid.length);
  const rings = RADII.map((radius) => {
    const distance = Math.floor((circle.radius * radius) / 256);
    return Array.from({ length: 16 }, (_, ray): Sample => {
      const { x, y } = along(circle, distance, ray);
      const [r, g, b] = sampleAt(pyramid, level, x, y);
      const [most, least] = [Math.max(r, g, b), Math.min(r, g, b)];
      return {
        ...{ r, g, b, least, s: rednessOf([r, g, b]), skin: isSkin(r, g, b) ? 1024 : 0 },
        luma: Math.floor((77 * r + 150 * g + 29 * b) / 1024),
        saturation: Math.floor(((most - least) * 1024) / (most + 128)),
      };
    });
  });
  const list = (key: keyof Sample, from: number, to: number): number[] =>
    rings.slice(from, to).flatMap((ring) => ring.map((sample) => sample[key]));
  const band = (key: keyof Sample, i: number): number[] => list(key, BANDS[i]!, BANDS[i + 1]!);
  if (sum(list('skin', 11, 14)) < 20 * 1024) return { features: [], passes: false };

  const bands = [0, 1, 2, 3, 4, 5, 6, 7];
  const means = (['s', 'luma', 'saturation', 'skin'] as const).flatMap((key) => bands.map((i) => mean(band(key, i))));
  const spreads = bands.slice(2).flatMap((i) => {
    const values = band('s', i);
    const variance = Math.floor(sum(values.map((s) => (s - means[i]!) ** 2)) / values.length);
    return [Math.floor(Math.sqrt(variance)), Math.max(...values)];
  });
  const darkest = [1, 2, 3, 4, 5].map((i) => Math.min(...band('luma', i)));

  const least = list('least', 0, 5);
  const brightest = Math.max(...least);
  const bright = least.filter((value) => value > 170 * 16).length;
  const glint = [brightest, brightest - middle(least), Math.floor((bright * 1024) / 80)];

  const [r, g, b] = (['r', 'g', 'b'] as const).map((key) => sum(list(key, 0, 5))) as [number, number, number];
  const toRed = (value: number): number => Math.trunc((value * 1024) / (r + 80 * 128));
  const core = [Math.floor(r / 80), toRed(g), toRed(b), toRed(g - b)];

  const skinLuma = middle(list('luma', 12, 16));
  const toSkin = (luma: number): number => Math.floor((luma * 1024) / (skinLuma + 32));
  const rim = Math.min(...[6, 7, 8, 9, 10].map((ring) => mean(list('luma', ring, ring + 1))));
  const dark = [toSkin(rim), rim, toSkin(middle(list('luma', 0, 4)))];

  const white = Math.floor((ranked(list('luma', 0, 16), 248) * 141) / 256);
  const pale = rings[0]!.map((_, ray) => {
    const isPale = ({ luma, saturation }: Sample): boolean => luma > white && saturation < 358;
    return Math.floor((rings.slice(7, 14).filter((ring) => isPale(ring[ray]!)).length * 1024) / 7);
  });
  const pairs = pale.slice(0, 8).map((value, ray) => Math.floor((value + pale[ray + 8]!) / 2));
  const sclera = [Math.floor(sum(pale) / 16), Math.max(...pale), Math.max(...pairs), Math.min(...pairs)];

  const falls = (key: keyof Sample, from: number, to: number): number[] =>
    rings[0]!.map((_, ray) => {
      const at = (ring: number): number => mean(rings.slice(ring, ring + 3).map((samples) => samples[ray]![key]));
      return at(from) - at(to);
    });
  const edges = falls('s', 3, 7).sort((a, b) => a - b);
  const edge = Math.floor(sum(edges) / 16);
  const clear = edges.filter((value) => value > 102).length;
  const rise = Math.floor(sum(falls('luma', 7, 3)) / 16);

  const redness = middle(list('s', 0, 4));
  const asRed = (from: number, tenths: number): number =>
    list('s', from, from + 4).filter((s) => s * 10 > redness * tenths).length * 16;
  const features = [
    ...[...means, ...spreads, ...darkest, ...glint, ...core, ...dark, ...sclera],
    ...[edge, edges[0]!, edges[4]!, clear * 64, rise],
    ...[asRed(12, 8), asRed(8, 7), circle.rough, circle.without * 64],
  ];
  return { features, passes: core[3]! <= 165 && edge >= 60 };
}
