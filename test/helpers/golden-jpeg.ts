import { encodeJpeg, type JpegSettings } from '../../worker/jpeg/encode.ts';
import type { KernelInstance } from '../../worker/kernels.ts';
import { load } from './images.ts';
import { noise, scene, type Pixels } from './scene.ts';

type Golden = { name: string; pixels: () => Pixels; settings: JpegSettings; sha256: string };

const settings = (quality: number, more: Partial<JpegSettings> = {}): JpegSettings => ({
  quality,
  chromaSubsampling: '4:2:0',
  effort: 'speed',
  ...more,
});

/** Inputs and the hashes of the JPEGs they become, in every engine. */
export const goldenJpegs: Golden[] = [
  {
    name: 'scene q0.9',
    pixels: () => scene(333, 222),
    settings: settings(0.9),
    sha256: 'a1e85b6885d7f081986cca88ca5f3cf7713153002c2851bba135669bdf6a0b3d',
  },
  {
    name: 'scene q0.5 4:2:2',
    pixels: () => scene(160, 99),
    settings: settings(0.5, { chromaSubsampling: '4:2:2' }),
    sha256: 'dd75be4cc24002dcd942f80ceac013cd707c48386720be785b7fd51484ad62d1',
  },
  {
    name: 'scene q1 4:4:4 balanced',
    pixels: () => scene(77, 131),
    settings: settings(1, { chromaSubsampling: '4:4:4', effort: 'balanced' }),
    sha256: 'f04c1b5dae27b8a1bfcca1cdd1837255e4f3008a44b4c824e9cdddca45efc4c8',
  },
  {
    name: 'noise with alpha q0.75',
    pixels: () => noise(65, 33, 5, false),
    settings: settings(0.75),
    sha256: '40b17140b62f50b0bd33cff6f39c923ca7bbf9158e7dc4fa8d3ff709ab60b20a',
  },
];

/** The JPEG of a golden input. */
export function makeGoldenJpeg(instance: KernelInstance, { pixels, settings }: Golden): Uint8Array<ArrayBuffer> {
  instance.memory.reset();
  return encodeJpeg(instance, load(instance, pixels()), settings).toBytes();
}

/** SHA-256 in hexadecimal, by the Web Crypto of whatever engine this is. */
export async function sha256(bytes: BufferSource): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
