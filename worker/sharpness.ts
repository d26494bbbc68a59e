import { rangeOf } from './color/color.ts';
import { isPlanar, type PixelImage } from './frame/image.ts';
import type { KernelInstance } from './memory/kernels.ts';

/** Rows of luma made at a time from pixels: they stay in the cache. */
const STRIP_ROWS = 32;

/**
 * How sharp a picture is: the mean square of its luma's Laplacian (4 c - n - s - w - e), luma from 0 to 255. A larger
 * value is sharper, among pictures of one size that show the same thing; what the number is depends on the subject. 0
 * for less than 3 × 3 pixels.
 */
export function measureSharpness(instance: KernelInstance, image: PixelImage): number {
  const { kernels, memory } = instance;
  const { width, height } = image;
  if (width < 3 || height < 3) return 0;
  const mark = memory.mark();
  const sum = memory.alloc(8);
  memory.bytes(sum, 8).fill(0);
  if (isPlanar(image)) {
    const { address, stride } = image.planes[0]!;
    kernels.laplacianEnergy(address, sum, width, height, stride);
  } else {
    const stride = Math.ceil(width / 16) * 16;
    const luma = memory.alloc(stride * STRIP_ROWS);
    const blueFirst = image.format.startsWith('B') ? 1 : 0;
    // Strips share two rows, whose own Laplacian needs the rows around them.
    for (let y = 0; y + 2 < height; y += STRIP_ROWS - 2) {
      const rows = Math.min(STRIP_ROWS, height - y);
      kernels.rgbaToLuma(image.address + y * image.stride, luma, stride, rows, image.stride, stride, blueFirst);
      kernels.laplacianEnergy(luma, sum, width, rows, stride);
    }
  }
  const [low, high] = memory.words(sum, 2);
  memory.release(mark);
  const energy = (high! >>> 0) * 2 ** 32 + (low! >>> 0);
  const gain = isPlanar(image) ? rangeOf(image.colour).lumaGain / 16384 : 1;
  return (energy * gain * gain) / ((width - 2) * (height - 2));
}
