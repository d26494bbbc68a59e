/**
 * Seeded scaling jobs and the digests of what they yield: the same bytes in every engine. Runs in Node and in browsers.
 */

import type { PackedImage, PlanarImage, Rect } from '../../worker/frame/image.ts';
import { type Orientation, turned } from '../../worker/frame/orientation.ts';
import type { KernelInstance } from '../../worker/memory/kernels.ts';
import type { ResampleKernel } from '../../worker/options.ts';
import { scalePacked, scalePlanar, scalePlane } from '../../worker/scale/scale.ts';
import { Random } from './random.ts';

/** One job on seeded noise, and the first 16 hexadecimal digits of the SHA-256 of the target. */
export type GoldenResample = {
  format: PackedImage['format'] | PlanarImage['format'] | 'plane';
  kernel: ResampleKernel;
  source: [width: number, height: number];
  target: [width: number, height: number];
  crop?: Rect;
  orientation?: Orientation;
  linear?: boolean;
  digest: string;
};

export const goldenResamples: readonly GoldenResample[] = [
  { format: 'RGBX', kernel: 'lanczos3', source: [211, 117], target: [64, 36], digest: '8e08986812c0a409' },
  { format: 'BGRX', kernel: 'lanczos3', source: [40, 30], target: [133, 97], digest: '383c76bbed881622' },
  { format: 'RGBA', kernel: 'lanczos3', source: [101, 67], target: [37, 91], digest: '7a9f8b21e59df399' },
  { format: 'RGBA', kernel: 'mitchell', source: [64, 64], target: [150, 20], digest: '01a8ef59b3ee948e' },
  { format: 'RGBX', kernel: 'bilinear', source: [97, 53], target: [31, 17], digest: '618e95d1ccb6b027' },
  { format: 'BGRA', kernel: 'box', source: [97, 53], target: [10, 60], digest: 'd66cbd4616182f65' },
  { format: 'plane', kernel: 'lanczos3', source: [319, 181], target: [100, 75], digest: '1980d7875949a605' },
  {
    format: 'plane',
    kernel: 'mitchell',
    source: [33, 45],
    target: [70, 101],
    crop: { x: -0.25, y: 1.125, width: 33.5, height: 41.7 },
    digest: '5bd946018f43a68e',
  },
  {
    format: 'RGBX',
    kernel: 'lanczos3',
    source: [160, 120],
    target: [90, 90],
    crop: { x: 20.3, y: 0.1, width: 119.4, height: 119.4 },
    digest: '3a39032785808320',
  },
  {
    format: 'RGBX',
    kernel: 'lanczos3',
    source: [150, 90],
    target: [33, 55],
    orientation: turned(90, false),
    digest: '50d73b6f024a0781',
  },
  {
    format: 'plane',
    kernel: 'lanczos3',
    source: [90, 150],
    target: [133, 71],
    orientation: turned(270, true),
    digest: 'fc350e7830c209e7',
  },
  { format: 'RGBA', kernel: 'lanczos3', source: [120, 80], target: [50, 33], linear: true, digest: 'a049c1001752ad45' },
  { format: 'BGRX', kernel: 'mitchell', source: [40, 30], target: [111, 77], linear: true, digest: '340efb0b5c21afe0' },
  { format: 'I420', kernel: 'lanczos3', source: [320, 180], target: [107, 60], digest: '6c7222c42c97f622' },
  {
    format: 'I420',
    kernel: 'lanczos3',
    source: [91, 67],
    target: [200, 151],
    orientation: turned(90, true),
    digest: '15fb3407da62cf0b',
  },
  { format: 'NV12', kernel: 'lanczos3', source: [320, 180], target: [107, 60], digest: 'b9f8798d06cbaa29' },
];

/** Does the job and digests the target. */
export async function digestOfResample({ memory, ...rest }: KernelInstance, golden: GoldenResample): Promise<string> {
  const [width, height] = golden.source;
  const [targetWidth, targetHeight] = golden.target;
  const crop = golden.crop ?? { x: 0, y: 0, width, height };
  const channels = golden.format === 'plane' ? 1 : 4;
  const mark = memory.mark();
  const data = new Random(width * height).bytes(width * height * channels);
  const source = { address: memory.alloc(data.length), stride: width * channels, width, height };
  const target = {
    address: memory.alloc(targetWidth * targetHeight * channels),
    stride: targetWidth * channels,
    width: targetWidth,
    height: targetHeight,
  };
  memory.bytes(source.address, data.length).set(data);
  memory.bytes(target.address, targetWidth * targetHeight * channels).fill(0);
  const instance = { memory, ...rest };
  if (golden.format === 'I420' || golden.format === 'NV12') {
    // The noise is that of four channels: more than the planes take.
    const image = planarImage(golden.format, source.address, width, height);
    const to = planarImage('I420', target.address, targetWidth, targetHeight);
    scalePlanar(instance, image, crop, to, golden.kernel, golden.orientation);
  } else if (golden.format === 'plane') {
    scalePlane(instance, source, crop, target, golden.kernel, golden.orientation);
  } else {
    const { format } = golden;
    scalePacked(
      instance,
      { ...source, format },
      crop,
      { ...target, format },
      golden.kernel,
      golden.orientation,
      golden.linear,
    );
  }
  const bytes = memory.bytes(target.address, targetWidth * targetHeight * channels).slice();
  memory.release(mark);
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest.subarray(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Planes one after the other, without padding. */
function planarImage(format: PlanarImage['format'], address: number, width: number, height: number): PlanarImage {
  const half = Math.ceil(width / 2);
  const bytes = half * Math.ceil(height / 2);
  const chroma = address + width * height;
  const planes =
    format === 'I420'
      ? [
          { address: chroma, stride: half },
          { address: chroma + bytes, stride: half },
        ]
      : [{ address: chroma, stride: half * 2 }];
  const colour = { matrix: 'bt601', fullRange: true } as const;
  return { format, width, height, planes: [{ address, stride: width }, ...planes], colour };
}
