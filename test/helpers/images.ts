import type { PackedImage } from '../../worker/frame/image.ts';
import type { KernelInstance } from '../../worker/memory/kernels.ts';
import type { Pixels } from './scene.ts';

/** Puts pixels into linear memory, rows `gap` bytes further apart than needed, in the order of channels asked for. */
export function load(
  { memory }: KernelInstance,
  { data, width, height }: Pixels,
  format: PackedImage['format'] = 'RGBA',
  gap = 0,
): PackedImage {
  const stride = width * 4 + gap;
  const address = memory.alloc(stride * height);
  const bytes = memory.bytes(address, stride * height).fill(0xa5);
  for (let y = 0; y < height; y++) {
    const row = data.slice(y * width * 4, (y + 1) * width * 4);
    if (format.startsWith('B')) for (let i = 0; i < row.length; i += 4) [row[i], row[i + 2]] = [row[i + 2]!, row[i]!];
    bytes.set(row, y * stride);
  }
  return { format, width, height, address, stride };
}

/** Peak signal-to-noise ratio in dB of RGB bytes against the R, G and B of RGBA bytes; 99 when equal. */
export function psnrRgb(rgba: ArrayLike<number>, rgb: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0, j = 0; j < rgb.length; i += 4, j += 3) {
    for (let c = 0; c < 3; c++) sum += (rgba[i + c]! - rgb[j + c]!) ** 2;
  }
  return sum === 0 ? 99 : 10 * Math.log10((65025 * rgb.length) / sum);
}
