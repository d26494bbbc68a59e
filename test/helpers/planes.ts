import type { PlanarImage, YuvColour } from '../../worker/frame/image.ts';
import type { KernelInstance } from '../../worker/memory/kernels.ts';
import type { Pixels } from './scene.ts';
import { placeYuv, yuvOf } from './yuv.ts';

/** Puts a picture into linear memory as planes. */
export function loadPlanes(
  instance: KernelInstance,
  picture: Pixels,
  format: PlanarImage['format'] = 'I420',
  colour: YuvColour = { matrix: 'bt601', fullRange: false },
): PlanarImage {
  return placeYuv(instance, yuvOf(picture, colour), format, colour, 3);
}

/** All bytes that a picture's planes hold, gaps between rows included. */
export function bytesOf({ memory }: KernelInstance, { planes, height }: PlanarImage): Buffer {
  const rows = [height, (height + 1) >> 1, (height + 1) >> 1];
  return Buffer.concat(planes.map(({ address, stride }, i) => memory.bytes(address, stride * rows[i]!)));
}
