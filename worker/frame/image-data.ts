import type { KernelMemory } from '../memory/memory.ts';
import { converted } from './canvas.ts';
import type { ImageDataRecord } from './frame.ts';
import type { ReadFrame } from './image.ts';
import { UPRIGHT } from './orientation.ts';

/**
 * Stores pixels as bytes; a canvas brings other colour spaces than ours to sRGB. Engines with sRGB only leave
 * `colorSpace` out.
 */
export function readImageData(memory: KernelMemory, pixels: ImageDataRecord): ReadFrame {
  const { width, height, colorSpace = 'srgb' } = pixels;
  const data = inBytes(pixels.data);
  if (colorSpace !== 'srgb' && colorSpace !== 'display-p3') {
    return readImageData(memory, converted(new ImageData(data, width, height, { colorSpace }), 'srgb'));
  }
  const address = memory.alloc(data.byteLength);
  memory.bytes(address, data.byteLength).set(data);
  const image = { format: 'RGBA' as const, width, height, address, stride: width * 4 };
  return { image, orientation: UPRIGHT, colorSpace, display: { width, height } };
}

/** Float pixels, from 0 to 1, as bytes; what lies outside is clipped (ImageData with `pixelFormat` in Chromium). */
function inBytes(data: ImageData['data']): Uint8ClampedArray<ArrayBuffer> {
  if (data instanceof Uint8ClampedArray) return data;
  return Uint8ClampedArray.from(data as ArrayLike<number>, (value) => value * 255);
}
