/** No stage writes past what it took of memory. */
import { expect, test } from 'vitest';
import { encode } from '../../../worker/develop.ts';
import type { Geometry } from '../../../worker/scale/geometry.ts';
import type { PixelImage } from '../../../worker/frame/image.ts';
import { turned } from '../../../worker/frame/orientation.ts';
import { layOut } from '../../../worker/scale/layout.ts';
import type { Effort, ResampleKernel } from '../../../worker/options.ts';
import { measureSharpness } from '../../../worker/sharpness.ts';
import { correct, face, goldenEyes } from '../../helpers/golden-red-eye.ts';
import { loadGuardedKernels } from '../../helpers/guarded-memory.ts';
import { load } from '../../helpers/images.ts';
import { loadPlanes } from '../../helpers/planes.ts';
import { drawn, noise, scene, type Pixels } from '../../helpers/scene.ts';

const instance = await loadGuardedKernels();
const { memory } = instance;

const EFFORTS: Effort[] = ['speed', 'balanced', 'size'];
const SUBSAMPLINGS = ['4:2:0', '4:2:2', '4:4:4'] as const;
const FORMATS = ['RGBA', 'BGRX', 'I420', 'NV12'] as const;
const PICTURES: [string, Pixels][] = [
  ['a scene', scene(75, 61)],
  ['noise', noise(131, 33, 4)],
  ['translucent noise', noise(64, 48, 5, false)],
  ['a row', noise(203, 1, 6)],
  ['a column', noise(1, 203, 7)],
  ['grey', drawn(97, 80, (x, y) => [x + y, x + y, x + y, 255])],
  ['two colours', drawn(99, 71, (x, y) => ((x ^ y) & 3 ? [9, 8, 7, 255] : [200, 100, 50, 255]))],
  ['200 colours', drawn(120, 60, (x, y) => [((x * 7 + y * 3) % 200) + 20, 60, 90, 255])],
];

/** Runs a job and counts where it wrote past. */
function broken(job: () => void): number {
  memory.reset();
  memory.broken = 0;
  job();
  memory.reset();
  return memory.broken;
}

function loaded(pixels: Pixels, format: (typeof FORMATS)[number]): PixelImage {
  return format === 'I420' || format === 'NV12' ? loadPlanes(instance, pixels, format) : load(instance, pixels, format);
}

test('a byte past the end is noticed', () => {
  const past = (offset: number) => broken(() => memory.bytes(memory.alloc(10) + offset, 1).fill(1));
  expect([past(9), past(10), past(73)]).toEqual([0, 1, 1]);
});

test.each(PICTURES.flatMap(([name, pixels]) => FORMATS.map((format) => ({ name, pixels, format }))))(
  'JPEG and PNG of $name as $format',
  ({ pixels, format }) => {
    const settings = { quality: 0.95, metadata: false as const, workers: 1 };
    for (const effort of EFFORTS) {
      for (const chromaSubsampling of SUBSAMPLINGS) {
        const more = { ...settings, effort, chromaSubsampling, maxBytes: undefined };
        const job = () => encode(instance, loaded(pixels, format), 'srgb', { ...more, type: 'image/jpeg' }).toBytes();
        expect(broken(job)).toBe(0);
      }
      const more = { ...settings, effort, chromaSubsampling: '4:2:0' as const, maxBytes: undefined };
      const job = () => encode(instance, loaded(pixels, format), 'srgb', { ...more, type: 'image/png' }).toBytes();
      expect(broken(job)).toBe(0);
    }
  },
);

test.each(
  (['box', 'bilinear', 'mitchell', 'lanczos3'] satisfies ResampleKernel[]).flatMap((kernel) =>
    FORMATS.map((format) => ({ kernel, format })),
  ),
)('$format scaled by $kernel, smaller and larger, cut, turned and padded', ({ kernel, format }) => {
  const sizes = [
    [17, 23],
    [150, 122],
    [3, 200],
    [200, 3],
    [1, 1],
  ] as const;
  for (const [width, height] of sizes) {
    for (const degrees of [0, 90, 180, 270]) {
      const geometry: Geometry = {
        width: width + 6,
        height: height + 4,
        crop: { x: 3.5, y: 2.25, width: 50.25, height: 51.5 },
        inner: { x: 4, y: 2, width, height },
      };
      for (const linear of [false, true]) {
        const settings = { kernel, background: [1, 2, 3] as [number, number, number], linear };
        const picture = noise(75, 61, degrees, degrees !== 90);
        const job = () => layOut(instance, loaded(picture, format), geometry, turned(degrees, linear), settings);
        expect(broken(() => void job())).toBe(0);
      }
    }
  }
});

test.each(FORMATS)('sharpness of %s', (format) => {
  for (const [, pixels] of PICTURES) {
    expect(broken(() => void measureSharpness(instance, loaded(pixels, format)))).toBe(0);
  }
});

test('JPEG of wide noise, whose rows have more tokens than there is room for at a time', () => {
  const settings = {
    quality: 1,
    metadata: false as const,
    workers: 1,
    maxBytes: undefined,
    effort: 'balanced' as const,
  };
  const more = { ...settings, type: 'image/jpeg' as const, chromaSubsampling: '4:4:4' as const };
  const image = noise(14_000, 24, 8);
  expect(broken(() => encode(instance, load(instance, image), 'srgb', more).toBytes())).toBe(0);
});

test('red eyes', () => {
  expect(broken(() => void correct(instance, face(380, 241, goldenEyes)))).toBe(0);
});
