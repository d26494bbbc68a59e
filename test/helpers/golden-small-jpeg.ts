import type { KernelInstance } from '../../worker/memory/kernels.ts';
import { encodeSmall, type SmallJpegSettings } from '../../worker/jpeg/effort-size.ts';
import { load } from './images.ts';
import { drawn, noise, scene, type Pixels } from './scene.ts';

type Golden = { name: string; pixels: () => Pixels; settings: SmallJpegSettings; sha256: string };

/** Inputs and the hashes of the small JPEGs they become, in every engine. */
export const goldenSmallJpegs: Golden[] = [
  {
    name: 'scene q0.75',
    pixels: () => scene(333, 222),
    settings: { quality: 0.75, chromaSubsampling: '4:2:0' },
    sha256: '4ca72ae6dd897351da16d1a0a6edda1cf885f418736f18a2d84339331bc38214',
  },
  {
    name: 'scene q0.95 4:2:2',
    pixels: () => scene(160, 99),
    settings: { quality: 0.95, chromaSubsampling: '4:2:2' },
    sha256: 'cb4635843af5efdbc28335c5ab3f50a4819b1316e123665e466c6d99fde5769b',
  },
  {
    name: 'noise with alpha q0.5 4:4:4',
    pixels: () => noise(65, 33, 5, false),
    settings: { quality: 0.5, chromaSubsampling: '4:4:4' },
    sha256: '5d9390cea0e4e0d878954302201c51aa6f18630f8f6d2015303c8e2335f3f99b',
  },
  {
    name: 'grey q1',
    pixels: () => drawn(71, 50, (x, y) => [x * 3, x * 3, x * 3, 255 - (y & 1)]),
    settings: { quality: 1, chromaSubsampling: '4:2:0' },
    sha256: '71c2d49771f36fae3cc6ee06fdec4945b5a7523cb1abc19834afe0353a1f077f',
  },
];

/** The JPEG of a golden input. */
export function makeGoldenSmallJpeg(instance: KernelInstance, { pixels, settings }: Golden): Uint8Array<ArrayBuffer> {
  instance.memory.reset();
  return encodeSmall(instance, load(instance, pixels()), settings).toBytes();
}
