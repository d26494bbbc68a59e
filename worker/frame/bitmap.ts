import type { KernelMemory } from '../memory/memory.ts';
import { drawn } from './canvas.ts';
import { colorSpaceOf } from './color-space.ts';
import { convertsFormats } from './converts-formats.ts';
import { copyPixels } from './copy-to.ts';
import type { OrientedFrame } from './frame-facts.ts';
import { readImageData } from './image-data.ts';
import type { PixelImage, ReadFrame } from './image.ts';
import { turned, turnedSize, UPRIGHT } from './orientation.ts';

/** Reads a bitmap through the VideoFrame made of it, or off a canvas where that frame is not to be trusted. */
export async function readBitmap(memory: KernelMemory, bitmap: ImageBitmap): Promise<ReadFrame> {
  const { width, height } = bitmap;
  const display = { width, height };
  // A bitmap does not tell its colour space; the frame made of it does (Chromium 156).
  let colorSpace: PredefinedColorSpace = 'srgb';
  let orientation = UPRIGHT;
  let image: PixelImage | undefined;
  // WebKit draws a bitmap to make a frame of it, which then may be of zeros in workers (WebKitGTK 2.50).
  if (await convertsFormats()) {
    const frame: OrientedFrame = new VideoFrame(bitmap, { timestamp: 0 });
    try {
      colorSpace = colorSpaceOf(frame);
      // The bitmap of a JPEG that is turned by its Exif makes a frame that is turned (Chromium 156).
      const turning = turned(frame.rotation ?? 0, frame.flip ?? false);
      const stored = turnedSize(display, turning);
      // Firefox 153 takes the whole picture for a bitmap that is a part of it.
      const { visibleRect } = frame;
      if (visibleRect?.width === stored.width && visibleRect.height === stored.height) {
        image = await copyPixels(memory, frame, stored.width, stored.height);
        if (image) orientation = turning;
      }
    } finally {
      frame.close();
    }
  }
  if (!image) return readImageData(memory, drawn(bitmap, display, colorSpace));
  return { image, orientation, colorSpace, display };
}
