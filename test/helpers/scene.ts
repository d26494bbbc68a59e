import { Random } from './random.ts';

/** RGBA, straight alpha. */
export type Pixels = { data: Uint8ClampedArray<ArrayBuffer>; width: number; height: number };

/** A photo-like picture from integers alone, the same in every engine: slopes, edges, texture and noise. */
export function scene(width: number, height: number, seed = 1): Pixels {
  const random = new Random(seed);
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 4;
      const noise = random.word() >>> 28;
      const tile = ((x >> 5) ^ (y >> 5)) & 1 ? 40 : 0;
      const wave = Math.abs(((x * 3 + y * 5) % 128) - 64);
      data[at] = 60 + Math.floor((x * 120) / width) + tile + noise;
      data[at + 1] = 50 + Math.floor((y * 100) / height) + wave + (noise >> 1);
      data[at + 2] = 180 - Math.floor((x * 90) / width) - tile + noise;
      data[at + 3] = 255;
    }
  }
  return { data, width, height };
}

/** Random bytes in every channel; opaque unless said otherwise. */
export function noise(width: number, height: number, seed = 1, opaque = true): Pixels {
  const data = new Uint8ClampedArray(new Random(seed).bytes(width * height * 4).buffer);
  if (opaque) for (let i = 3; i < data.length; i += 4) data[i] = 255;
  return { data, width, height };
}

/** Every pixel of a function of its place. */
export function drawn(width: number, height: number, colour: (x: number, y: number) => number[]): Pixels {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let i = 0; i < width * height; i++) data.set(colour(i % width, Math.floor(i / width)), i * 4);
  return { data, width, height };
}
