import type { PlanarImage } from '../../worker/frame/image.ts';
import type { KernelMemory } from '../../worker/memory/memory.ts';
import { scalePacked, scalePlanar } from '../../worker/scale/scale.ts';
import type { Contest, Contestant } from '../contests/contest.ts';
import { exactLanczos3, type Picture } from '../contests/exact.ts';
import type { Peers } from '../peers/peers.ts';
import type { Subject } from '../subjects/subject.ts';

/** Sizes that frames are scaled to, by their width. */
const TARGETS: Record<number, [number, number][]> = {
  1920: [
    [640, 360],
    [3840, 2160],
  ],
  3840: [[1280, 720]],
  4000: [[1920, 1440]],
};

/** The sizes that a frame of this size is scaled to. */
export function targetsOf({ width, height }: { width: number; height: number }): [number, number][] {
  return TARGETS[width] ?? [[width >> 1, height >> 1]];
}

/**
 * lanczos3 against `drawImage` with high smoothing quality; one pixel is read back, so that the work is done. Planes
 * hold whatever is in memory, which is the same to the kernels.
 */
export function scale(subject: Subject, peers: Peers): Contest[] {
  const { data } = subject;
  return targetsOf(subject).map(([toWidth, toHeight]) => {
    const size = { width: toWidth, height: toHeight };
    return {
      task: `scale to ${toWidth} × ${toHeight}`,
      size,
      contestants: [
        ...browsers(subject, toWidth, toHeight),
        ...own(subject, toWidth, toHeight),
        ...peers.resizeContestants(data, size),
      ],
      exact: () => exactLanczos3(data, toWidth, toHeight),
    };
  });
}

/** The ways to scale that the browser has. */
function browsers({ bitmap }: Subject, width: number, height: number): Contestant[] {
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!;
  context.imageSmoothingQuality = 'high';
  const pixel = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })!;
  let made: ImageBitmap | undefined;
  const picture = (): Picture => context.getImageData(0, 0, width, height);
  return [
    {
      name: 'drawImage high',
      run: () => {
        context.drawImage(bitmap, 0, 0, width, height);
        context.getImageData(0, 0, 1, 1);
      },
      picture,
    },
    {
      name: 'createImageBitmap high',
      run: async () => {
        made?.close();
        made = await createImageBitmap(bitmap, { resizeWidth: width, resizeHeight: height, resizeQuality: 'high' });
        pixel.drawImage(made, 0, 0);
        pixel.getImageData(0, 0, 1, 1);
      },
      picture: () => {
        context.drawImage(made!, 0, 0);
        return picture();
      },
    },
  ];
}

function own({ instance, pixels, width, height }: Subject, toWidth: number, toHeight: number): Contestant[] {
  const { memory } = instance;
  const whole = { x: 0, y: 0, width, height };
  let address = 0;
  const planes = (format: PlanarImage['format']): Contestant => ({
    name: `motordrive lanczos3, ${format}`,
    run: () => {
      pixels(); // stay as they are
      const source = planar(memory, format, width, height);
      scalePlanar(instance, source, whole, planar(memory, 'I420', toWidth, toHeight), 'lanczos3');
    },
  });
  return [
    {
      name: 'motordrive lanczos3',
      run: () => {
        const source = pixels();
        address = memory.alloc(toWidth * toHeight * 4);
        const target = { ...source, width: toWidth, height: toHeight, stride: toWidth * 4, address };
        scalePacked(instance, source, whole, target, 'lanczos3');
      },
      picture: () => ({
        data: new Uint8ClampedArray(memory.bytes(address, toWidth * toHeight * 4)),
        width: toWidth,
        height: toHeight,
      }),
    },
    planes('I420'),
    planes('NV12'),
  ];
}

function planar(memory: KernelMemory, format: PlanarImage['format'], width: number, height: number): PlanarImage {
  const half = Math.ceil(width / 2);
  const rows = Math.ceil(height / 2);
  const plane = (stride: number, count: number) => ({ address: memory.alloc(stride * count), stride });
  const chroma = format === 'NV12' ? [plane(half * 2, rows)] : [plane(half, rows), plane(half, rows)];
  const planes = [plane(width, height), ...chroma];
  return { format, width, height, planes, colour: { matrix: 'bt601', fullRange: false } };
}
