/** The last resort: a canvas draws what nothing else reads or converts, upright, and is read back. */
import { failure } from '../errors.ts';

/** The canvas that drew the last frame: a new one costs WebKit half as much again as drawing. */
let kept: { context: OffscreenCanvasRenderingContext2D; colorSpace: PredefinedColorSpace } | undefined;

/** A frame as it is shown, in the colour space asked for where the engine's canvas has it. */
export function drawn(
  frame: VideoFrame | ImageBitmap,
  { width, height }: { width: number; height: number },
  colorSpace: PredefinedColorSpace,
): ImageData {
  const { canvas } = kept?.context ?? {};
  if (kept?.colorSpace !== colorSpace || canvas?.width !== width || canvas.height !== height) {
    kept = { context: context2d(width, height, colorSpace), colorSpace };
    // What is drawn replaces what was there.
    kept.context.globalCompositeOperation = 'copy';
  }
  kept.context.drawImage(frame, 0, 0, width, height);
  return kept.context.getImageData(0, 0, width, height, { colorSpace });
}

/** The same pixels in another colour space. */
export function converted(pixels: ImageData, colorSpace: PredefinedColorSpace): ImageData {
  const { width, height } = pixels;
  const context = context2d(width, height, colorSpace);
  context.putImageData(pixels, 0, 0);
  return context.getImageData(0, 0, width, height, { colorSpace });
}

/**
 * A canvas to be read from.
 * @throws OperationError where the engine has none of that size.
 */
export function context2d(
  width: number,
  height: number,
  colorSpace: PredefinedColorSpace = 'srgb',
): OffscreenCanvasRenderingContext2D {
  const context = new OffscreenCanvas(width, height).getContext('2d', { colorSpace, willReadFrequently: true });
  if (!context) throw failure('OperationError', `The browser has no canvas of ${width} × ${height} pixels.`);
  return context;
}
