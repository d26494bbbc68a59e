/** Where a frame's samples come to lie, on sizes at which none is resampled, so that each is known. */
import { describe, expect, test } from 'vitest';
import { codesOf, planarToRgba } from '../../../worker/color/color.ts';
import type { Geometry } from '../../../worker/scale/geometry.ts';
import type { PackedImage, PixelImage, PlanarImage } from '../../../worker/frame/image.ts';
import { turned, UPRIGHT } from '../../../worker/frame/orientation.ts';
import { layOut, type LayoutSettings } from '../../../worker/scale/layout.ts';
import type { Colour } from '../../../worker/options.ts';
import { load } from '../../helpers/images.ts';
import { loadTestKernels } from '../../helpers/kernels.ts';
import { loadPlanes } from '../../helpers/planes.ts';
import { noise } from '../../helpers/scene.ts';

const instance = await loadTestKernels();
const { memory } = instance;
const background: Colour = [10, 90, 200];
const settings: LayoutSettings = { kernel: 'lanczos3', background, linear: false };

/** A picture of `width` × `height` shown whole at (x, y) of a larger photo. */
function padded(width: number, height: number, x: number, y: number, photo: [number, number]): Geometry {
  const crop = { x: 0, y: 0, width, height };
  return { width: photo[0], height: photo[1], crop, inner: { x, y, width, height } };
}

function pixelAt({ address, stride }: PackedImage, x: number, y: number): number[] {
  return [...memory.bytes(address + y * stride + x * 4, 4)];
}

function samplesOf({ planes }: PlanarImage, plane: number, x: number, y: number): number {
  const { address, stride } = planes[plane]!;
  return memory.bytes(address + y * stride + x, 1)[0]!;
}

function isPacked(image: PixelImage): image is PackedImage {
  return 'address' in image;
}

describe('layOut() without a change', () => {
  test.each(['packed', 'planar'])('a %s picture at its own size is returned as it is', (kind) => {
    memory.reset();
    const image = kind === 'packed' ? load(instance, noise(20, 12)) : loadPlanes(instance, noise(20, 12));
    expect(layOut(instance, image, padded(20, 12, 0, 0, [20, 12]), UPRIGHT, settings)).toBe(image);
  });

  test.each([
    ['a cut column', { x: 1, y: 0, width: 19, height: 12 }, [20, 12], turned(0, false)],
    ['a cut row', { x: 0, y: 1, width: 20, height: 11 }, [20, 12], turned(0, false)],
    ['another width', { x: 0, y: 0, width: 20, height: 12 }, [21, 12], turned(0, false)],
    ['another height', { x: 0, y: 0, width: 20, height: 12 }, [20, 13], turned(0, false)],
    ['mirroring', { x: 0, y: 0, width: 20, height: 12 }, [20, 12], turned(0, true)],
    ['turning upside down', { x: 0, y: 0, width: 20, height: 12 }, [20, 12], turned(180, false)],
  ] as const)('%s makes another picture', (_, crop, [width, height], orientation) => {
    memory.reset();
    const image = load(instance, noise(20, 12));
    const inner = { x: 0, y: 0, width, height };
    const target = layOut(instance, image, { width, height, crop, inner }, orientation, settings);
    expect(target).not.toBe(image);
    expect([target.width, target.height]).toEqual([width, height]);
  });
});

describe('bars', () => {
  test.each([
    ['RGBA', 0, 3],
    ['RGBX', 5, 0],
    ['BGRA', 2, 7],
    ['BGRX', 4, 4],
  ] as const)('about %s pixels at (%i, %i)', (format, left, top) => {
    memory.reset();
    const picture = noise(9, 6);
    const image = load(instance, picture, format, 8);
    const target = layOut(instance, image, padded(9, 6, left, top, [17, 14]), UPRIGHT, settings);
    if (!isPacked(target)) throw new Error('not packed');
    expect(target).toMatchObject({ format, width: 17, height: 14 });
    const bar = [...(format.startsWith('B') ? background.toReversed() : background), 255];
    for (let y = 0; y < 14; y++) {
      for (let x = 0; x < 17; x++) {
        const inside = x >= left && x < left + 9 && y >= top && y < top + 6;
        expect(pixelAt(target, x, y)).toEqual(inside ? pixelAt(image, x - left, y - top) : bar);
      }
    }
  });

  test.each([
    [8, 6, 4, 2, [16, 12]],
    [8, 6, 0, 0, [13, 11]],
    [7, 5, 6, 6, [13, 11]],
  ] as const)('about I420 planes of %i × %i at (%i, %i)', (width, height, left, top, [across, down]) => {
    memory.reset();
    const image = loadPlanes(instance, noise(width, height));
    const target = layOut(instance, image, padded(width, height, left, top, [across, down]), UPRIGHT, settings);
    if (isPacked(target)) throw new Error('not planar');
    expect(target).toMatchObject({ format: 'I420', width: across, height: down, colour: image.colour });
    const bar = codesOf(background, image.colour);
    for (const plane of [0, 1, 2]) {
      const part = (size: number) => (plane === 0 ? size : (size + 1) >> 1);
      for (let y = 0; y < part(down); y++) {
        for (let x = 0; x < part(across); x++) {
          const [u, v] = [x - part(left), y - part(top)];
          const inside = u >= 0 && u < part(width) && v >= 0 && v < part(height);
          expect(samplesOf(target, plane, x, y)).toBe(inside ? samplesOf(image, plane, u, v) : bar[plane]);
        }
      }
    }
  });

  test.each([
    ['an odd left', 3, 2, settings],
    ['an odd top', 2, 3, settings],
    ['pixels wanted', 2, 2, { ...settings, packed: true }],
    ['linear light', 2, 2, { ...settings, linear: true }],
  ] as const)('planes become RGBA: %s', (_, left, top, { ...given }) => {
    memory.reset();
    const image = loadPlanes(instance, noise(8, 6), 'NV12');
    const rgba = planarToRgba(instance, image);
    const target = layOut(instance, image, padded(8, 6, left, top, [14, 12]), UPRIGHT, given);
    if (!isPacked(target)) throw new Error('not packed');
    expect(target).toMatchObject({ format: 'RGBA', width: 14, height: 12 });
    for (let y = 0; y < 12; y++) {
      for (let x = 0; x < 14; x++) {
        const inside = x >= left && x < left + 8 && y >= top && y < top + 6;
        expect(pixelAt(target, x, y)).toEqual(inside ? pixelAt(rgba, x - left, y - top) : [...background, 255]);
      }
    }
  });
});

test.each(['packed', 'planar'] as const)(
  'a %s photo takes memory for its samples only, and writes nowhere else',
  (kind) => {
    memory.reset();
    const image = kind === 'packed' ? load(instance, noise(8, 6)) : loadPlanes(instance, noise(8, 6));
    const mark = memory.mark();
    const free = memory.byteLength - mark;
    memory.bytes(mark, free).fill(0x5a);
    layOut(instance, image, padded(8, 6, 2, 4, [20, 18]), UPRIGHT, settings);
    const taken = kind === 'packed' ? 20 * 18 * 4 : 368 + 96 + 96;
    expect(memory.mark()).toBe(mark + taken);
    expect(memory.bytes(mark + taken, free - taken).every((byte) => byte === 0x5a)).toBe(true);
  },
);

test.each([
  [90, false, (x: number, y: number) => [y, 19 - x]],
  [90, true, (x: number, y: number) => [y, x]],
  [180, false, (x: number, y: number) => [11 - x, 19 - y]],
  [270, false, (x: number, y: number) => [11 - y, x]],
] as const)('turned by %i, mirrored: %s, a crop lies where it should', (degrees, mirror, stored) => {
  memory.reset();
  const image = load(instance, noise(12, 20));
  const orientation = turned(degrees, mirror);
  const upright = orientation.transposed ? [20, 12] : [12, 20];
  const [width, height] = [upright[0]! - 5, upright[1]! - 7];
  const geometry = { width, height, crop: { x: 2, y: 4, width, height }, inner: { x: 0, y: 0, width, height } };
  const target = layOut(instance, image, geometry, orientation, settings);
  if (!isPacked(target)) throw new Error('not packed');
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [u, v] = stored(x + 2, y + 4) as [number, number];
      expect(pixelAt(target, x, y)).toEqual(pixelAt(image, u, v));
    }
  }
});
