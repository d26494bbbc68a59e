/** Lays a frame out as planned: cuts, turns and resamples it in one pass, and pads it. */

import { codesOf } from '../color/color.ts';
import type { Geometry } from './geometry.ts';
import { isPlanar, type PackedImage, type PixelImage, type PlanarImage, type Rect } from '../frame/image.ts';
import { isUpright, type Orientation, storedRect } from '../frame/orientation.ts';
import type { KernelInstance } from '../memory/kernels.ts';
import type { Colour, DevelopSettings } from '../options.ts';
import { scalePacked, scalePlanar, scalePlanarToPacked } from './scale.ts';

/** The settings that say how a frame is laid out. */
export type LayoutSettings = Pick<DevelopSettings, 'kernel' | 'background' | 'linear'> & {
  /** Whether planes become RGBA where they have to be resampled anyway. */
  packed?: boolean;
};

/**
 * The photo's pixels, of the image's kind where that is possible; the image itself where nothing changes. Allocates on
 * the memory's stack.
 * @param orientation how the image becomes upright; `geometry` was planned for the upright one
 */
export function layOut(
  instance: KernelInstance,
  image: PixelImage,
  geometry: Geometry,
  orientation: Orientation,
  settings: LayoutSettings,
): PixelImage {
  const { width, height, inner } = geometry;
  const crop = storedRect(geometry.crop, image, orientation);
  const padded = inner.width !== width || inner.height !== height;
  const same = crop.width === image.width && crop.height === image.height && inner.width === image.width;
  if (!padded && same && height === image.height && isUpright(orientation)) return image;

  // Light adds up in RGB only, and bars of an odd width would begin between two chroma samples.
  const packed = settings.packed || settings.linear || ((inner.x | inner.y) & 1) === 1;
  if (isPlanar(image) && !packed) {
    const target = allocPlanar(instance, image, width, height);
    if (padded) fillPlanar(instance, target, settings.background);
    scalePlanar(instance, image, crop, planarPart(target, inner), settings.kernel, orientation);
    return target;
  }
  const target = allocPacked(instance, isPlanar(image) ? 'RGBA' : image.format, width, height);
  if (padded) fillPacked(instance, target, settings.background);
  const part = packedPart(target, inner);
  if (isPlanar(image)) {
    scalePlanarToPacked(instance, image, crop, part, settings.kernel, orientation, settings.linear);
  } else {
    scalePacked(instance, image, crop, part, settings.kernel, orientation, settings.linear);
  }
  return target;
}

function allocPacked(
  { memory }: KernelInstance,
  format: PackedImage['format'],
  width: number,
  height: number,
): PackedImage {
  return { format, width, height, address: memory.alloc(width * height * 4), stride: width * 4 };
}

function allocPlanar({ memory }: KernelInstance, like: PlanarImage, width: number, height: number): PlanarImage {
  const chroma = { width: (width + 1) >> 1, height: (height + 1) >> 1 };
  const luma = memory.alloc(width * height);
  const planes = [
    { address: luma, stride: width },
    { address: memory.alloc(chroma.width * chroma.height), stride: chroma.width },
    { address: memory.alloc(chroma.width * chroma.height), stride: chroma.width },
  ];
  return { format: 'I420', width, height, planes, colour: like.colour };
}

/** Fills a packed image with an opaque colour. */
function fillPacked({ memory }: KernelInstance, { address, width, height, format }: PackedImage, colour: Colour): void {
  const [first, green, third] = format.startsWith('B') ? [...colour].reverse() : colour;
  memory.words(address, width * height).fill(first! | (green! << 8) | (third! << 16) | (255 << 24));
}

function fillPlanar({ memory }: KernelInstance, { planes, width, height, colour }: PlanarImage, fill: Colour): void {
  const chromaBytes = ((width + 1) >> 1) * ((height + 1) >> 1);
  codesOf(fill, colour).forEach((code, i) => {
    memory.bytes(planes[i]!.address, i === 0 ? width * height : chromaBytes).fill(code);
  });
}

function packedPart(image: PackedImage, { x, y, width, height }: Rect): PackedImage {
  return { ...image, address: image.address + y * image.stride + x * 4, width, height };
}

/** A rectangle of an I420 image, its corner even, as an image of its own. */
function planarPart(image: PlanarImage, { x, y, width, height }: Rect): PlanarImage {
  const planes = image.planes.map(({ address, stride }, i) =>
    i === 0
      ? { address: address + y * stride + x, stride }
      : { address: address + (y >> 1) * stride + (x >> 1), stride },
  );
  return { ...image, width, height, planes };
}
