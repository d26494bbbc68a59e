import type { PackedImage } from './image.ts';
import type { KernelInstance } from './kernels.ts';
import type { RedEye } from './photo.ts';
export function reduceRedEye(_instance: KernelInstance, _image: PackedImage): RedEye[] {
  return [];
}
