/** What a candidate looks like, by the definition: the 72 numbers of the forest, named, in their order. */
import { along, levelOf, ranked, rednessOf, sampleAt, type Pyramid, type Refined } from './circle.ts';

/** Radii of 16 rings, in 256ths of the pupil's. */
const RADII = [0, 51, 102, 154, 205, 256, 307, 358, 435, 512, 614, 742, 896, 1075, 1280, 1536];
/** First ring of each of eight bands, and one past the last. */
const BANDS = [0, 3, 5, 6, 8, 10, 12, 14, 16];

/** Numbers by their names, in the order of the forest. */
export type Features = Readonly<Record<string, number>>;

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
export function describeCircle(pyramid: Pyramid, circle: Refined): { features: Features; passes: boolean } {
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
  if (sum(list('skin', 11, 14)) < 20 * 1024) return { features: {}, passes: false };

  const bands = [0, 1, 2, 3, 4, 5, 6, 7];
  const ofEach = (name: string, these: number[], value: (i: number) => number): Features =>
    Object.fromEntries(these.map((i) => [`${name} of band ${i}`, value(i)]));
  const means = (name: string, key: keyof Sample): Features => ofEach(name, bands, (i) => mean(band(key, i)));
  const spreads = bands.slice(2).map((i) => {
    const values = band('s', i);
    const variance = Math.floor(sum(values.map((s) => (s - mean(values)) ** 2)) / values.length);
    return {
      [`spread of redness of band ${i}`]: Math.floor(Math.sqrt(variance)),
      [`most redness of band ${i}`]: Math.max(...values),
    };
  });

  const least = list('least', 0, 5);
  const brightest = Math.max(...least);
  const bright = least.filter((value) => value > 170 * 16).length;
  const glint = {
    'brightest of the pupil': brightest,
    'brightest, more than the middle': brightest - middle(least),
    'share of bright samples': Math.floor((bright * 1024) / 80),
  };

  const [r, g, b] = (['r', 'g', 'b'] as const).map((key) => sum(list(key, 0, 5))) as [number, number, number];
  const toRed = (value: number): number => Math.trunc((value * 1024) / (r + 80 * 128));
  const core = {
    'red of the pupil': Math.floor(r / 80),
    'green to red': toRed(g),
    'blue to red': toRed(b),
    'orange to red': toRed(g - b),
  };

  const skinLuma = middle(list('luma', 12, 16));
  const toSkin = (luma: number): number => Math.floor((luma * 1024) / (skinLuma + 32));
  const rim = Math.min(...[6, 7, 8, 9, 10].map((ring) => mean(list('luma', ring, ring + 1))));
  const dark = {
    'rim to skin': toSkin(rim),
    'luma of the rim': rim,
    'pupil to skin': toSkin(middle(list('luma', 0, 4))),
  };

  const white = Math.floor((ranked(list('luma', 0, 16), 248) * 141) / 256);
  const pale = rings[0]!.map((_, ray) => {
    const isPale = ({ luma, saturation }: Sample): boolean => luma > white && saturation < 358;
    return Math.floor((rings.slice(7, 14).filter((ring) => isPale(ring[ray]!)).length * 1024) / 7);
  });
  const pairs = pale.slice(0, 8).map((value, ray) => Math.floor((value + pale[ray + 8]!) / 2));
  const sclera = {
    'mean of white': Math.floor(sum(pale) / 16),
    'most white on a ray': Math.max(...pale),
    'most white on opposite rays': Math.max(...pairs),
    'least white on opposite rays': Math.min(...pairs),
  };

  const falls = (key: keyof Sample, from: number, to: number): number[] =>
    rings[0]!.map((_, ray) => {
      const at = (ring: number): number => mean(rings.slice(ring, ring + 3).map((samples) => samples[ray]![key]));
      return at(from) - at(to);
    });
  const edges = falls('s', 3, 7).sort((a, b) => a - b);
  const edge = Math.floor(sum(edges) / 16);
  const fall = {
    'mean fall of redness': edge,
    'least fall of redness': edges[0]!,
    'fifth least fall of redness': edges[4]!,
    'rays where redness falls clearly': edges.filter((value) => value > 102).length * 64,
    'mean rise of luma': Math.floor(sum(falls('luma', 7, 3)) / 16),
  };

  const redness = middle(list('s', 0, 4));
  const asRed = (from: number, tenths: number): number =>
    list('s', from, from + 4).filter((s) => s * 10 > redness * tenths).length * 16;
  const around = {
    'as red far out': asRed(12, 8),
    'as red near by': asRed(8, 7),
    'roughness of the circle': circle.rough,
    'rays without an edge': circle.without * 64,
  };
  const features = {
    ...means('mean redness', 's'),
    ...means('mean luma', 'luma'),
    ...means('mean saturation', 'saturation'),
    ...means('skin', 'skin'),
    ...Object.assign({}, ...spreads),
    ...ofEach('least luma', [1, 2, 3, 4, 5], (i) => Math.min(...band('luma', i))),
    ...glint,
    ...core,
    ...dark,
    ...sclera,
    ...fall,
    ...around,
  };
  return { features, passes: core['orange to red'] <= 165 && edge >= 60 };
}
