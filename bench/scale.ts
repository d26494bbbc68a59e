import type { PlanarImage } from '../worker/image.ts';
import type { KernelMemory } from '../worker/memory.ts';
import { scalePacked, scalePlanar } from '../worker/scale.ts';
import type { Contest } from './contest.ts';
import type { Subject } from './subject.ts';

/** Sizes that frames are scaled to, by their width. */
const TARGETS: Record<number, [number, number][]> = {
  1920: [
    [640, 360],
    [3840, 2160],
  ],
  3840: [[1280, 720]],
  4000: [[1920, 1440]],
};

/**
 * lanczos3 against `drawImage` with high smoothing quality; one pixel is read back, so that the work is done. Planes hold
 * whatever is in memory, which is the same to the kernels.
 */
export function scale({ bitmap, width, height, instance, pixels }: Subject): Contest[] {
  const targets = TARGETS[width] ?? [[width >> 1, height >> 1]];
  return targets.map(([toWidth, toHeight]) => {
    const context = new OffscreenCanvas(toWidth, toHeight).getContext('2d', { willReadFrequently: true })!;
    context.imageSmoothingQuality = 'high';
    return {
      task: `scale to ${toWidth} × ${toHeight}`,
      size: { width: toWidth, height: toHeight },
      contestants: [
        {
          name: 'drawImage high',
          run: () => {
            context.drawImage(bitmap, 0, 0, toWidth, toHeight);
            context.getImageData(0, 0, 1, 1);
          },
        },
        {
          name: 'motordrive lanczos3',
          run: () => {
            const source = pixels();
            const target = { ...source, width: toWidth, height: toHeight, stride: toWidth * 4 };
            target.address = instance.memory.alloc(toWidth * toHeight * 4);
            scalePacked(instance, source, { x: 0, y: 0, width, height }, target, 'lanczos3');
          },
        },
        {
          name: 'motordrive lanczos3, I420',
          run: () => {
            pixels(); // stay as they are
            const source = planar(instance.memory, width, height);
            const target = planar(instance.memory, toWidth, toHeight);
            scalePlanar(instance, source, { x: 0, y: 0, width, height }, target, 'lanczos3');
          },
        },
      ],
    };
  });
}

function planar(memory: KernelMemory, width: number, height: number): PlanarImage {
  const stride = Math.ceil(width / 2);
  const chroma = () => ({ address: memory.alloc(stride * Math.ceil(height / 2)), stride });
  const planes = [{ address: memory.alloc(width * height), stride: width }, chroma(), chroma()];
  return { format: 'I420', width, height, planes, colour: { matrix: 'bt601', fullRange: false } };
}
