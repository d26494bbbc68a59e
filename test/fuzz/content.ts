/** What a case's picture shows, as RGBA of straight alpha. */
import { face } from '../helpers/golden-red-eye.ts';
import { Random } from '../helpers/random.ts';
import { drawn, noise, scene, type Pixels } from '../helpers/scene.ts';

export const CONTENTS = [
  'noise',
  'flat',
  'gradient',
  'checkers',
  'palette',
  'greys',
  'sparks',
  'scene',
  'face',
  'photograph',
] as const;
export type Content = (typeof CONTENTS)[number];

export const ALPHAS = ['opaque', 'opaque', 'noise', 'one', 'hole', 'veil'] as const;
export type Alpha = (typeof ALPHAS)[number];

type Paint = (x: number, y: number) => number[];
type Picture = { content: Content; width: number; height: number; seed: number; alpha: Alpha };

/** Pictures that were photographed, of which parts are shown. */
let photographs: readonly Pixels[] = [];

/** Hands the photographs over. */
export function showPhotographs(pictures: readonly Pixels[]): void {
  photographs = pictures;
}

/** The pixels of a picture. */
export function paint(picture: Picture): Pixels {
  const pixels = paintOpaque(picture);
  const { data, width, height } = pixels;
  const random = new Random(picture.seed + 1);
  const spot = random.below(width * height);
  const veil = random.below(255);
  const alphaOf: Record<Alpha, (i: number) => number> = {
    opaque: () => 255,
    noise: () => random.word() >>> 24,
    one: (i) => (i === spot ? 254 : 255),
    hole: (i) => (((i % width) + Math.floor(i / width)) % 9 < 3 ? 0 : 255),
    veil: () => veil,
  };
  const alpha = alphaOf[picture.alpha];
  for (let i = 0; i < width * height; i++) data[i * 4 + 3] = alpha(i);
  return pixels;
}

function paintOpaque({ content, width, height, seed }: Picture): Pixels {
  const random = new Random(seed);
  const colour = (): number[] => [random.below(256), random.below(256), random.below(256), 255];
  const by = (paint: Paint): Pixels => drawn(width, height, paint);
  switch (content) {
    case 'noise':
      return noise(width, height, seed);
    case 'flat': {
      const only = colour();
      return by(() => only);
    }
    case 'gradient': {
      const [start, across, down] = [colour(), colour(), colour()];
      return by((x, y) => start.map((value, c) => (value + ((across[c]! * x + down[c]! * y) >> 6)) & 255));
    }
    case 'checkers': {
      const [side, dark, light] = [1 + random.below(9), colour(), colour()];
      const [black, white] = seed % 2 ? [dark, light] : [dark.map(() => 0), light.map(() => 255)];
      return by((x, y) => ((Math.floor(x / side) ^ Math.floor(y / side)) & 1 ? white : black));
    }
    case 'palette': {
      const colours = Array.from({ length: 1 + random.below(300) }, colour);
      const side = 1 + random.below(12);
      return by((x, y) => {
        if (x % side === 0 || y % side === 0) return colours[random.below(colours.length)]!;
        return colours[(Math.floor(x / side) * 7 + Math.floor(y / side) * 31) % colours.length]!;
      });
    }
    case 'greys': {
      const levels = [2, 4, 16, 17, 256][random.below(5)]!;
      return by(() => {
        const grey = Math.round((random.below(levels) * 255) / (levels - 1));
        return [grey, grey, grey, 255];
      });
    }
    case 'sparks': {
      const [ground, spark] = [colour(), colour()];
      return by(() => (random.below(40) === 0 ? spark : ground));
    }
    case 'scene':
      return scene(width, height, seed);
    case 'face': {
      const eye = (at: number) => ({
        x: Math.floor((width * at) / 8),
        y: height >> 1,
        r: 2 + random.below(Math.max(1, Math.min(width, height) >> 4)),
      });
      return face(width, height, [eye(2), eye(6)], undefined, 1 + random.below(3));
    }
    case 'photograph':
      return part(photographs[seed % photographs.length]!, width, height, random);
  }
}

/** A part of a photograph, repeated where it is too small. */
function part(photograph: Pixels, width: number, height: number, random: Random): Pixels {
  const [left, top] = [random.below(photograph.width), random.below(photograph.height)];
  return drawn(width, height, (x, y) => {
    const at = ((top + y) % photograph.height) * photograph.width + ((left + x) % photograph.width);
    return [...photograph.data.subarray(at * 4, at * 4 + 4)];
  });
}
