/**
 * Scaling: resamples a rectangle of an image with a separable filter, and turns it upright on the way.
 */

import type { PackedImage, Plane, PlanarImage, Rect } from '../frame/image.ts';
import { isUpright, type Orientation, turnedSize, UPRIGHT } from '../frame/orientation.ts';
import type { KernelInstance } from '../memory/kernels.ts';
import type { KernelMemory } from '../memory/memory.ts';
import type { ResampleKernel } from '../options.ts';
import {
  ALPHA,
  CHROMA,
  INTERLEAVED_CHROMA,
  LINEAR_ALPHA,
  LINEAR_OPAQUE,
  ofPlanes,
  OPAQUE,
  OPAQUE_OR_NONE,
  PLANE,
} from './kinds.ts';
import { axisWeights, isCopy, reversed, type AxisCut } from './weights.ts';
import { resample } from './resample.ts';
import type { Resampling } from './sample-kind.ts';

/** A plane that knows its size in samples. */
export type SizedPlane = Plane & { width: number; height: number };

/**
 * Resamples the rectangle `crop` of `image` into `target`, which is of the same format and may be part of a larger
 * picture. Colours are weighted by alpha: transparent pixels lend none. The fourth byte of RGBX and BGRX comes out as
 * 255, or as it was where nothing had to be resampled.
 *
 * The definition is that of `weights.ts` on the stored (gamma-encoded) values, or with `linear` on those of light (IEC
 * 61966-2-1), with one rounding. The result is rarely off, and by one level at most. Scratch is taken from the
 * instance's memory before any kernel runs, and given back.
 * @throws RangeError when memory would pass its maximum.
 */
export function scalePacked(
  instance: KernelInstance,
  image: PackedImage,
  crop: Rect,
  target: PackedImage,
  kernel: ResampleKernel,
  orientation = UPRIGHT,
  linear = false,
): void {
  if (copied(instance.memory, image, crop, target, orientation, 4)) return;
  const resampling = weigh(image, crop, target, kernel, orientation);
  const hasAlpha = image.format === 'RGBA' || image.format === 'BGRA';
  const cut = cuts(image, crop, target, orientation);
  const onlyTurned = isCopy(cut.columns) && isCopy(cut.rows);
  if (linear && !onlyTurned) {
    resample(instance, [image], [target], resampling, hasAlpha ? LINEAR_ALPHA : LINEAR_OPAQUE);
    return;
  }
  const done = resample(instance, [image], [target], resampling, hasAlpha ? OPAQUE_OR_NONE : OPAQUE);
  // A translucent pixel turned up: start over with alpha, or with pixels as they are.
  if (!done && onlyTurned) turnPixels(instance.memory, image, crop, target, orientation);
  else if (!done) resample(instance, [image], [target], resampling, ALPHA);
}

/** Moves each pixel of the rectangle to its place in the upright target, unchanged. */
function turnPixels(
  memory: KernelMemory,
  source: Plane,
  crop: Rect,
  target: SizedPlane,
  orientation: Orientation,
): void {
  const { transposed, mirroredX, mirroredY } = orientation;
  const words = memory.words(0, memory.byteLength / 4);
  const first = (source.address + crop.y * source.stride) / 4 + crop.x;
  const row = source.stride / 4;
  const [across, down] = transposed ? [row, 1] : [1, row];
  for (let y = 0; y < target.height; y++) {
    const to = (target.address + y * target.stride) / 4;
    const from = first + (mirroredY ? target.height - 1 - y : y) * down;
    for (let x = 0; x < target.width; x++) {
      words[to + x] = words[from + (mirroredX ? target.width - 1 - x : x) * across]!;
    }
  }
}

/**
 * Resamples the rectangle `crop` (in luma samples) of a 4:2:0 image into `target`, a packed image, as {@link
 * scalePacked} would the whole image in RGBA, of which only two rows exist at a time.
 * @throws RangeError when memory would pass its maximum.
 */
export function scalePlanarToPacked(
  instance: KernelInstance,
  image: PlanarImage,
  crop: Rect,
  target: PackedImage,
  kernel: ResampleKernel,
  orientation = UPRIGHT,
  linear = false,
): void {
  const source = { ...image.planes[0]!, width: image.width, height: image.height };
  const resampling = weigh(source, crop, target, kernel, orientation);
  resample(instance, [], [target], resampling, ofPlanes(linear ? LINEAR_OPAQUE : OPAQUE, image));
}

/**
 * Resamples the rectangle `crop` of a plane of 8-bit samples into `target`, as {@link scalePacked} does. The rectangle
 * may reach past the plane, as that of a chroma plane can.
 * @throws RangeError when memory would pass its maximum.
 */
export function scalePlane(
  instance: KernelInstance,
  source: SizedPlane,
  crop: Rect,
  target: SizedPlane,
  kernel: ResampleKernel,
  orientation = UPRIGHT,
): void {
  if (copied(instance.memory, source, crop, target, orientation, 1)) return;
  resample(instance, [source], [target], weigh(source, crop, target, kernel, orientation), PLANE);
}

/**
 * Resamples the rectangle `crop` (in luma samples) of a 4:2:0 image into `target`, an I420 image. Chroma is sited as in
 * JFIF, in the centre of its four luma samples, so the chroma planes are cut at half the rectangle.
 * @throws RangeError when memory would pass its maximum.
 */
export function scalePlanar(
  instance: KernelInstance,
  image: PlanarImage,
  crop: Rect,
  target: PlanarImage,
  kernel: ResampleKernel,
  orientation = UPRIGHT,
): void {
  const [y, ...chroma] = sizedPlanes(image);
  const [targetY, ...targets] = sizedPlanes(target);
  scalePlane(instance, y!, crop, targetY!, kernel, orientation);

  const [u, v] = chroma;
  const [targetU, targetV] = targets;
  const chromaCrop = chromaRect(crop, target, targetU!, orientation);
  if (v && copied(instance.memory, u!, chromaCrop, targetU!, orientation, 1)) {
    copied(instance.memory, v, chromaCrop, targetV!, orientation, 1);
    return;
  }
  const resampling = weigh(u!, chromaCrop, targetU!, kernel, orientation);
  resample(instance, chroma, targets, resampling, v ? CHROMA : INTERLEAVED_CHROMA);
}

/**
 * The rectangle of the chroma planes for one of luma samples: half of it. Where a side of the target is odd, it is half
 * a chroma sample longer, because the last column or row reaches past the cut.
 */
function chromaRect(crop: Rect, target: SizedPlane | PlanarImage, chroma: SizedPlane, orientation: Orientation): Rect {
  const luma = turnedSize(target, orientation);
  const samples = turnedSize(chroma, orientation);
  const { mirrorsColumns, mirrorsRows } = alongSource(orientation);
  const width = (crop.width * samples.width) / luma.width;
  const height = (crop.height * samples.height) / luma.height;
  return {
    x: mirrorsColumns ? (crop.x + crop.width) / 2 - width : crop.x / 2,
    y: mirrorsRows ? (crop.y + crop.height) / 2 - height : crop.y / 2,
    width,
    height,
  };
}

/** Which of the source's own axes are reversed. */
function alongSource({ transposed, mirroredX, mirroredY }: Orientation) {
  return transposed
    ? { mirrorsColumns: mirroredY, mirrorsRows: mirroredX }
    : { mirrorsColumns: mirroredX, mirrorsRows: mirroredY };
}

/** The planes of a 4:2:0 image with their sizes; that of an interleaved plane counts pairs. */
function sizedPlanes({ width, height, planes }: PlanarImage): SizedPlane[] {
  const chroma = { width: Math.ceil(width / 2), height: Math.ceil(height / 2) };
  return planes.map((plane, i) => ({ ...plane, ...(i === 0 ? { width, height } : chroma) }));
}

/** Copies the rectangle row by row when every output is a source sample as it is. */
function copied(
  memory: KernelMemory,
  source: SizedPlane,
  crop: Rect,
  target: SizedPlane,
  orientation: Orientation,
  bytesPerPixel: number,
): boolean {
  const { columns, rows } = cuts(source, crop, target, orientation);
  if (!isUpright(orientation) || !isCopy(columns) || !isCopy(rows)) return false;
  const bytes = memory.bytes(0, memory.byteLength);
  let from = source.address + crop.y * source.stride + crop.x * bytesPerPixel;
  for (let row = 0, to = target.address; row < target.height; row++, from += source.stride, to += target.stride) {
    bytes.copyWithin(to, from, from + target.width * bytesPerPixel);
  }
  return true;
}

/** How the source is cut along its own two axes. */
function cuts(
  source: SizedPlane,
  crop: Rect,
  target: SizedPlane,
  orientation: Orientation,
): { columns: AxisCut; rows: AxisCut } {
  const { width, height } = turnedSize(target, orientation);
  return {
    columns: { start: crop.x, length: crop.width, limit: source.width, count: width },
    rows: { start: crop.y, length: crop.height, limit: source.height, count: height },
  };
}

function weigh(
  source: SizedPlane,
  crop: Rect,
  target: SizedPlane,
  kernel: ResampleKernel,
  orientation: Orientation,
): Resampling {
  const cut = cuts(source, crop, target, orientation);
  const columns = axisWeights(kernel, cut.columns);
  const rows = axisWeights(kernel, cut.rows);
  const { mirrorsColumns, mirrorsRows } = alongSource(orientation);
  return {
    columns: mirrorsColumns ? reversed(columns) : columns,
    rows: mirrorsRows ? reversed(rows) : rows,
    transposed: orientation.transposed,
  };
}
