import { encodeJpeg, type JpegSettings } from '../../worker/jpeg.ts';
import type { KernelInstance } from '../../worker/kernels.ts';
import { load } from './images.ts';
import { noise, scene, type Pixels } from './scene.ts';

type Golden = { name: string; pixels: () => Pixels; settings: JpegSettings; sha256: string };

const settings = (quality: number, more: Partial<JpegSettings> = {}): JpegSettings => ({
  quality,
  chromaSubsampling: '4:2:0',
  effort: 'balanced',
  ...more,
});

/** Inputs and the hashes of the JPEGs they become, in every engine. */
export const goldenJpegs: Golden[] = [
  {
    name: 'scene q0.9',
    pixels: () => scene(333, 222),
    settings: settings(0.9),
    sha256: '0bd4e1b9ce9149939f5ef44ba6f5801341ea794d9b607af1f8e81006de6a1cc6',
  },
  {
    name: 'scene q0.5 4:2:2',
    pixels: () => scene(160, 99),
    settings: settings(0.5, { chromaSubsampling: '4:2:2' }),
    sha256: 'f32bbb78a682786b6b13b402416db05d135274c4bd77c2de5396281a8d800862',
  },
  {
    name: 'scene q1 4:4:4 size',
    pixels: () => scene(77, 131),
    settings: settings(1, { chromaSubsampling: '4:4:4', effort: 'size' }),
    sha256: '0a130f1c084574af6e82aeb95b5e64ee942b2d14feaff909fbf0914e709dbd1c',
  },
  {
    name: 'noise with alpha q0.75',
    pixels: () => noise(65, 33, 5, false),
    settings: settings(0.75),
    sha256: '3cb6be7a6b046724eacc9ec081665e834d84cde195a82ff802470894bbd2808e',
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
