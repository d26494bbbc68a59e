import type { KernelMemory } from '../memory/memory.ts';
import { readBitmap } from './bitmap.ts';
import { drawn } from './canvas.ts';
import { colorSpaceOf } from './color-space.ts';
import { copyPixels } from './copy-to.ts';
import type { OrientedFrame } from './frame-facts.ts';
import type { Frame } from './frame.ts';
import { readImageData } from './image-data.ts';
import type { ReadFrame } from './image.ts';
import { turned } from './orientation.ts';

/**
 * Copies a frame's pixels into linear memory, as they are stored, as RGB or as the YCbCr planes it is made of. Display
 * P3 keeps its colours; all others become sRGB. Allocates on the memory's stack; does not close the frame.
 * @throws OperationError when the host cannot read it.
 */
export async function readFrame(memory: KernelMemory, frame: Frame): Promise<ReadFrame> {
  if (frame instanceof VideoFrame) return readVideoFrame(memory, frame);
  if (frame instanceof ImageBitmap) return readBitmap(memory, frame);
  return readImageData(memory, frame);
}

async function readVideoFrame(memory: KernelMemory, frame: OrientedFrame): Promise<ReadFrame> {
  const { visibleRect, displayWidth, displayHeight } = frame;
  const display = { width: displayWidth, height: displayHeight };
  const colorSpace = colorSpaceOf(frame);
  const image = visibleRect && (await copyPixels(memory, frame, visibleRect.width, visibleRect.height));
  if (!image) return readImageData(memory, drawn(frame, display, colorSpace));
  return { image, orientation: turned(frame.rotation ?? 0, frame.flip ?? false), colorSpace, display };
}
