import sharp from 'sharp';
import type { PackedImage } from '../../worker/frame/image.ts';
import { scalePacked } from '../../worker/scale/scale.ts';
import type { Contest, Contestant } from '../contests/contest.ts';
import { exactLanczos3 } from '../contests/exact.ts';
import type { NodeSubject } from '../subjects/node-subject.ts';
import { targetsOf } from './scale.ts';

/** lanczos3 against libvips. */
export function scale({ rgb, instance, pixels, width, height, data }: NodeSubject): Contest[] {
  const { memory } = instance;
  return targetsOf({ width, height }).map(([toWidth, toHeight]): Contest => {
    const size = { width: toWidth, height: toHeight };
    let address = 0;
    return {
      task: `scale to ${toWidth} × ${toHeight}`,
      size,
      exact: () => exactLanczos3({ data, width, height }, toWidth, toHeight),
      contestants: [
        resized('sharp, RGBA', data, { width, height, channels: 4 }, size),
        resized('sharp, RGB', rgb, { width, height, channels: 3 }, size),
        {
          name: 'motordrive lanczos3',
          run: () => {
            const source: PackedImage = { ...pixels(), format: 'RGBA' };
            address = memory.alloc(toWidth * toHeight * 4);
            const target = { ...source, ...size, stride: toWidth * 4, address };
            scalePacked(instance, source, { x: 0, y: 0, width, height }, target, 'lanczos3');
          },
          picture: () => ({ data: memory.bytes(address, toWidth * toHeight * 4).slice(), ...size }),
        },
      ],
    };
  });
}

function resized(
  name: string,
  from: Uint8Array | Uint8ClampedArray,
  raw: { width: number; height: number; channels: 3 | 4 },
  size: { width: number; height: number },
): Contestant {
  let made: Uint8Array;
  return {
    name,
    run: async () => {
      made = await sharp(from, { raw })
        .resize(size.width, size.height, { kernel: 'lanczos3', fit: 'fill' })
        .raw()
        .toBuffer();
    },
    picture: () => {
      const opaque = new Uint8ClampedArray(size.width * size.height * 4).fill(255);
      for (let i = 0; i < opaque.length; i++) if (i % 4 < 3) opaque[i] = made[(i >> 2) * raw.channels + (i % 4)]!;
      return { data: opaque, ...size };
    },
  };
}
