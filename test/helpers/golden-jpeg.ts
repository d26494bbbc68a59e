import { encodeJpeg, type JpegSettings } from '../../worker/jpeg/encode.ts';
import type { KernelInstance } from '../../worker/memory/kernels.ts';
import { load } from './images.ts';
import { drawn, noise, scene, type Pixels } from './scene.ts';

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
    name: 'scene q0.9 balanced',
    pixels: () => scene(333, 222),
    settings: settings(0.9, { effort: 'balanced' }),
    sha256: 'c8880172d5cca52b71879c3de75b82e8dbfc62babd093dbeab89d8bea1f503e0',
  },
  {
    name: 'scene q0.75 4:2:2 restarts',
    pixels: () => scene(161, 203),
    settings: settings(0.75, { chromaSubsampling: '4:2:2', effort: 'balanced', restarts: true }),
    sha256: '7b3cce8354745c2a75d0f63ebc460e54d822c3066942aa5524a7907bed7e4914',
  },
  {
    name: 'noise of large coefficients q1',
    pixels: () => noise(97, 61, 12),
    settings: settings(1, { effort: 'balanced' }),
    sha256: '3f7ac40a57aecd678c797cd25827406bdd53a26b413d94b9f5157db947e8d7e9',
  },
  {
    name: 'scene within 9000 bytes',
    pixels: () => scene(333, 222),
    settings: settings(0, { effort: 'balanced', maxBytes: 9000 }),
    sha256: '7922ac283ff25250e4b2368fb8cf8ee16eb7afabebb82c85dc6f958cd7f8f225',
  },
  {
    name: 'grey q0.8',
    pixels: () => drawn(75, 40, (x) => [x * 3, x * 3, x * 3, 255]),
    settings: settings(0.8, { effort: 'balanced' }),
    sha256: 'ebb699e64283da9d1787ffa5450c3fb28d4de19286bb94bf0465ffd9808a2456',
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
