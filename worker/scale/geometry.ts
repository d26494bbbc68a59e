/** How large the photo becomes and which part of the frame goes where in it. */

import type { Rect } from '../frame/image.ts';
import { assertSides, MAX_SIDE } from '../limits.ts';
import type { Fit, PhotoType } from '../options.ts';

type Size = { width: number; height: number };

/** Size of the photo, the part of the frame that is shown, and where. The frame is the upright one. */
export type Geometry = Size & {
  /** What is shown, in source pixels; fractions are likely. */
  crop: Rect;
  /** Where it is shown: whole pixels of the photo. Less than the whole photo only for `contain`. */
  inner: Rect;
};

/**
 * Plans the photo.
 * @param source size of the frame in memory, turned upright
 * @param display size at which the frame should be shown. Differs from `source` where pixels are not square, and where
 *   the browser hands out frames larger than the track says; only its aspect ratio counts when a size is asked for.
 * @param settings with no side given the photo has the display size; with one, the other follows the aspect ratio; with
 *   both, `fit` decides; `type` sets the limit of a side
 * @throws RangeError when a side would pass the limit; for one that follows it names the option that was given.
 */
export function planGeometry(
  source: Size,
  display: Size,
  settings: { imageWidth?: number | undefined; imageHeight?: number | undefined; fit: Fit; type?: PhotoType },
): Geometry {
  const { imageWidth, imageHeight, fit, type = 'image/jpeg' } = settings;
  const whole = { x: 0, y: 0, width: source.width, height: source.height };
  if (imageWidth === undefined || imageHeight === undefined) {
    const { width, height } = sizeOf(display, imageWidth, imageHeight, type);
    return { width, height, crop: whole, inner: { x: 0, y: 0, width, height } };
  }

  const width = imageWidth;
  const height = imageHeight;
  assertSides(type, width, height);
  const all = { x: 0, y: 0, width, height };
  // Compares aspect ratios without dividing, so that equal ones are found equal.
  const wider = width * display.height - display.width * height;
  if (fit === 'fill' || wider === 0) return { width, height, crop: whole, inner: all };
  if (fit === 'contain') {
    const innerWidth = wider > 0 ? follow(height, display.width, display.height) : width;
    const innerHeight = wider > 0 ? height : follow(width, display.height, display.width);
    const x = Math.floor((width - innerWidth) / 2);
    const y = Math.floor((height - innerHeight) / 2);
    return { width, height, crop: whole, inner: { x, y, width: innerWidth, height: innerHeight } };
  }
  const shownWidth = wider > 0 ? source.width : (source.width * width * display.height) / (height * display.width);
  const shownHeight = wider > 0 ? (source.height * height * display.width) / (width * display.height) : source.height;
  const crop = {
    x: (source.width - shownWidth) / 2,
    y: (source.height - shownHeight) / 2,
    width: shownWidth,
    height: shownHeight,
  };
  return { width, height, crop, inner: all };
}

/** The photo's size when at most one side is asked for. */
function sizeOf(display: Size, imageWidth: number | undefined, imageHeight: number | undefined, type: PhotoType): Size {
  const limit = MAX_SIDE[type];
  if (imageWidth !== undefined) {
    const height = follow(imageWidth, display.height, display.width);
    if (height > limit) throw tooLarge('imageWidth', imageWidth, `${height} pixels high`, type);
    return { width: imageWidth, height };
  }
  if (imageHeight !== undefined) {
    const width = follow(imageHeight, display.width, display.height);
    if (width > limit) throw tooLarge('imageHeight', imageHeight, `${width} pixels wide`, type);
    return { width, height: imageHeight };
  }
  assertSides(type, display.width, display.height);
  return { width: display.width, height: display.height };
}

/** The side that belongs to `side` in the ratio `numerator` : `denominator`, at least one pixel. */
function follow(side: number, numerator: number, denominator: number): number {
  return Math.max(1, Math.round((side * numerator) / denominator));
}

function tooLarge(option: string, value: number, size: string, type: PhotoType): RangeError {
  const limit = MAX_SIDE[type];
  return new RangeError(
    `options.${option} of ${value} would make the photo ${size}; a side of ${type} is at most ${limit}.`,
  );
}
