/**
 * Pixels in linear memory, as the stages hand them to each other. Widths, heights and strides as named; strides in
 * bytes.
 */

import type { Orientation } from './orientation.ts';

/** 8-bit samples, one after the other, rows `stride` bytes apart. */
export type Plane = { address: number; stride: number };

/**
 * Four interleaved 8-bit channels; the X of RGBX and BGRX has no meaning (read as opaque). Alpha is straight, not
 * premultiplied.
 */
export type PackedImage = Plane & { format: 'RGBA' | 'BGRA' | 'RGBX' | 'BGRX'; width: number; height: number };

/** How the planes' values mean colours: matrix coefficients and range (ITU-T H.273). */
export type YuvColour = { matrix: 'bt601' | 'bt709'; fullRange: boolean };

/**
 * 4:2:0: luma width × height, chroma ceil(width / 2) × ceil(height / 2); I420: planes [Y, U, V]; NV12: planes [Y, UV].
 */
export type PlanarImage = {
  format: 'I420' | 'NV12';
  width: number;
  height: number;
  planes: Plane[];
  colour: YuvColour;
  /** The size that the planes were stored for, where it is more than that of the picture. */
  coded?: { width: number; height: number };
};

/** What a frame is after it was read. */
export type PixelImage = PackedImage | PlanarImage;

/** A rectangle of source pixels; fractions are allowed, as a crop to an aspect ratio needs them. */
export type Rect = { x: number; y: number; width: number; height: number };

/**
 * A frame in linear memory, how it becomes upright, what its colours mean, and the size in pixels at which it is shown.
 */
export type ReadFrame = {
  image: PixelImage;
  orientation: Orientation;
  colorSpace: PredefinedColorSpace;
  display: { width: number; height: number };
};

/** Whether the image is planar. */
export function isPlanar(image: PixelImage): image is PlanarImage {
  return image.format === 'I420' || image.format === 'NV12';
}
