/** Seeded scaling jobs and the digests of what they yield: the same bytes in every engine. Runs in Node and in browsers. */

import type { PackedImage, Rect } from '../../worker/image.ts';
import type { KernelInstance } from '../../worker/kernels.ts';
import type { ResampleKernel } from '../../worker/options.ts';
import { scalePacked, scalePlane } from '../../worker/scale.ts';
import { Random } from './random.ts';

/** One job on seeded noise, and the first 16 hexadecimal digits of the SHA-256 of the target. */
export type GoldenResample = {
  format: PackedImage['format'] | 'plane';
  kernel: ResampleKernel;
  source: [width: number, height: number];
  target: [width: number, height: number];
  crop?: Rect;
  digest: string;
};

export const goldenResamples: readonly GoldenResample[] = [
  { format: 'RGBX', kernel: 'lanczos3', source: [211, 117], target: [64, 36], digest: '78da14d94730f9d5' },
  { format: 'BGRX', kernel: 'lanczos3', source: [40, 30], target: [133, 97], digest: '6a26250804ab2db3' },
  { format: 'RGBA', kernel: 'lanczos3', source: [101, 67], target: [37, 91], digest: 'c445870b839a3a58' },
  { format: 'RGBA', kernel: 'mitchell', source: [64, 64], target: [150, 20], digest: '7ef9260f318ed262' },
  { format: 'RGBX', kernel: 'bilinear', source: [97, 53], target: [31, 17], digest: '216693868897b4ac' },
  { format: 'BGRA', kernel: 'box', source: [97, 53], target: [10, 60], digest: '86515dd5b1fa672c' },
  { format: 'plane', kernel: 'lanczos3', source: [319, 181], target: [100, 75], digest: '63235a7d6b17c79a' },
  {
    format: 'plane',
    kernel: 'mitchell',
    source: [33, 45],
    target: [70, 101],
    crop: { x: -0.25, y: 1.125, width: 33.5, height: 41.7 },
    digest: 'df0415cdcb988fd2',
  },
  {
    format: 'RGBX',
    kernel: 'lanczos3',
    source: [160, 120],
    target: [90, 90],
    crop: { x: 20.3, y: 0.1, width: 119.4, height: 119.4 },
    digest: '651af07d0766f7fe',
  },
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
  const instance = { memory, ...rest };
  if (golden.format === 'plane') {
    scalePlane(instance, source, crop, target, golden.kernel);
  } else {
    const { format } = golden;
    scalePacked(instance, { ...source, format }, crop, { ...target, format }, golden.kernel);
  }
  const bytes = memory.bytes(target.address, targetWidth * targetHeight * channels).slice();
  memory.release(mark);
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest.subarray(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
