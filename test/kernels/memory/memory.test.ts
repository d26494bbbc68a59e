// @module-tag slow
/** What memory held before changes no photo: a worker's tenth is made as its first. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encode } from '../../../worker/develop.ts';
import type { PackedImage, PixelImage } from '../../../worker/frame/image.ts';
import { encodeSmall } from '../../../worker/jpeg/effort-size.ts';
import type { KernelInstance } from '../../../worker/memory/kernels.ts';
import { scalePacked, scalePlanarToPacked } from '../../../worker/scale/scale.ts';
import { goldenJpegs, makeGoldenJpeg, sha256 } from '../../helpers/golden-jpeg.ts';
import { encodePixels, GOLDEN_PNGS, goldenPng, makePixels } from '../../helpers/golden-png.ts';
import { correct, face, goldenEyes, goldenRedEye } from '../../helpers/golden-red-eye.ts';
import { digestOfResample, goldenResamples } from '../../helpers/golden-resample.ts';
import { goldenSmallJpegs, makeGoldenSmallJpeg } from '../../helpers/golden-small-jpeg.ts';
import { load } from '../../helpers/images.ts';
import { loadTestKernels } from '../../helpers/kernels.ts';
import { loadPlanes } from '../../helpers/planes.ts';
import { Random } from '../../helpers/random.ts';
import { noise, scene } from '../../helpers/scene.ts';

const instance = await loadTestKernels();
const GARBAGE = [0, 0x5a, 0xff];

/** Fills the memory that jobs work on; 256 is noise. */
function litter({ memory }: KernelInstance, garbage: number): void {
  memory.reset();
  const free = memory.bytes(memory.mark(), memory.byteLength - memory.mark());
  if (garbage < 256) free.fill(garbage);
  else free.set(new Random(garbage).bytes(free.length));
}

const goldens: { name: string; expected: string; make: () => Promise<string> }[] = [
  ...goldenJpegs.map((golden) => ({
    name: `JPEG: ${golden.name}`,
    expected: golden.sha256,
    make: () => sha256(makeGoldenJpeg(instance, golden)),
  })),
  ...goldenSmallJpegs.map((golden) => ({
    name: `small JPEG: ${golden.name}`,
    expected: golden.sha256,
    make: () => sha256(makeGoldenSmallJpeg(instance, golden)),
  })),
  ...GOLDEN_PNGS.map((golden) => ({
    name: `PNG: ${golden.content} ${golden.width} × ${golden.height} ${golden.effort}`,
    expected: golden.sha256,
    make: () => sha256(goldenPng(instance, golden)),
  })),
  ...goldenResamples.map((golden) => ({
    name: `resampling: ${golden.format} ${golden.kernel} ${String(golden.source)} → ${String(golden.target)}`,
    expected: golden.digest,
    make: () => digestOfResample(instance, golden),
  })),
  {
    name: 'red eyes',
    expected: goldenRedEye,
    make: () => sha256(correct(instance, face(380, 240, goldenEyes)).data),
  },
];

test.each(goldens)('$name', async ({ make, expected }) => {
  await make(); // memory grows to what it needs
  for (const garbage of [...GARBAGE, 256]) {
    litter(instance, garbage);
    expect(await make()).toBe(expected);
  }
});

test.each(['speed', 'balanced', 'size'] as const)(
  'PNG with runs and repeats across the ends of windows, at %s',
  (effort) => {
    const [width, height] = [640, 700];
    for (const seed of [0, 1, 4]) {
      const pixels = makePixels('photo', width, height, 1, true).map((value, i) => {
        const [row, column] = [Math.floor(i / (width * 4)), Math.floor(i / 4) % width];
        if ((i & 3) === 3) return 255;
        return seed === 0 && row > 20 ? 9 : column % 40 < seed * 8 ? (column * seed) & 255 : value;
      });
      const files = GARBAGE.map((garbage) => {
        litter(instance, garbage);
        return encodePixels(instance, pixels, { format: 'RGBA', width, height, stride: width * 4 }, effort);
      });
      for (const file of files) expect(Buffer.compare(file, files[0]!)).toBe(0);
    }
  },
);

test.each(['4:2:0', '4:2:2', '4:4:4'] as const)('JPEG of effort size, of noise, at %s', (chromaSubsampling) => {
  const files = GARBAGE.map((garbage) => {
    litter(instance, garbage);
    return encodeSmall(instance, load(instance, noise(75, 61, 2)), { quality: 0.6, chromaSubsampling }).toBytes();
  });
  for (const file of files) expect(Buffer.compare(file, files[0]!)).toBe(0);
});

const sides = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 200 }));

test('any photo', async () => {
  // Of its own: to litter what larger photos have made it grow to would take most of the time.
  const instance = await loadTestKernels();
  fc.assert(
    fc.property(
      fc.record({
        width: sides,
        height: sides,
        format: fc.constantFrom('RGBA', 'BGRX', 'I420', 'NV12'),
        content: fc.constantFrom('scene', 'noise'),
        type: fc.constantFrom('image/jpeg', 'image/png'),
        effort: fc.constantFrom('speed', 'balanced', 'size'),
        chromaSubsampling: fc.constantFrom('4:2:0', '4:2:2', '4:4:4'),
        workers: fc.constantFrom(1, 2),
      }),
      fc.option(fc.record({ width: sides, height: sides, linear: fc.boolean() })),
      ({ width, height, format, content, ...settings }, to) => {
        const pixels = content === 'scene' ? scene(width, height) : noise(width, height, 5);
        const files = [...GARBAGE, 256].map((garbage) => {
          litter(instance, garbage);
          const image: PixelImage =
            format === 'I420' || format === 'NV12'
              ? loadPlanes(instance, pixels, format)
              : load(instance, pixels, format, 12);
          const scaled = to ? scale(instance, image, to) : image;
          const all = { ...settings, quality: 0.9, maxBytes: undefined, metadata: false as const };
          return encode(instance, scaled, 'srgb', all).toBytes();
        });
        for (const file of files) expect(Buffer.compare(file, files[0]!)).toBe(0);
      },
    ),
    { numRuns: 60, seed: 3 },
  );
});

function scale(
  instance: KernelInstance,
  image: PixelImage,
  to: { width: number; height: number; linear: boolean },
): PackedImage {
  const { width, height, linear } = to;
  const address = instance.memory.alloc(width * height * 4);
  const target: PackedImage = { format: 'RGBA', width, height, address, stride: width * 4 };
  const crop = { x: 0, y: 0, width: image.width, height: image.height };
  if ('planes' in image) {
    const opaque: PackedImage = { ...target, format: 'RGBX' };
    scalePlanarToPacked(instance, image, crop, opaque, 'lanczos3', undefined, linear);
    return opaque;
  }
  const same: PackedImage = { ...target, format: image.format };
  scalePacked(instance, image, crop, same, 'lanczos3', undefined, linear);
  return same;
}
