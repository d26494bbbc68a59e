/** A picture that keeps its size is only turned: every pixel comes out as it went in, whatever its alpha. */
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { loadKernels } from '../../../src/kernels.ts';
import type { PackedImage } from '../../../worker/frame/image.ts';
import { type Orientation, turnedSize } from '../../../worker/frame/orientation.ts';
import { scalePacked } from '../../../worker/scale/scale.ts';
import { load } from '../../helpers/images.ts';
import { loadTestKernels } from '../../helpers/kernels.ts';
import { drawn, noise } from '../../helpers/scene.ts';

const instance = await loadTestKernels();
const kernels = await loadKernels(await readFile(new URL('../../../build/kernels.wasm', import.meta.url)));

test.each([false, true])(
  'mirroring at the same size reverses the columns, and twice changes nothing, linear %s',
  (linear) => {
    for (const [width, height] of [
      [37, 21],
      [1, 5],
      [16, 2],
    ] as const) {
      const image = noise(width, height, 4, false);
      const mirrored = kernels.resize(image, { width, height, mirror: true, linear });
      const at = (x: number, y: number): number => (y * width + x) * 4;
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const want = image.data.subarray(at(width - 1 - x, y), at(width - 1 - x, y) + 4);
          expect([...mirrored.data.subarray(at(x, y), at(x, y) + 4)]).toEqual([...want]);
        }
      }
      expect(kernels.resize(mirrored, { width, height, mirror: true }).data).toEqual(image.data);
    }
  },
);

const ORIENTATIONS: Orientation[] = [false, true].flatMap((transposed) =>
  [false, true].flatMap((mirroredX) => [false, true].map((mirroredY) => ({ transposed, mirroredX, mirroredY }))),
);

test.each(ORIENTATIONS)('part of a picture, opaque and not, is turned like the whole: %o', (orientation) => {
  const crop = { x: 3, y: 2, width: 19, height: 11 };
  for (const opaque of [false, true]) {
    for (const format of ['RGBA', 'BGRA'] as const) {
      instance.memory.reset();
      // Without alpha a pixel is its place, so that none can be taken for another.
      const pixels = opaque ? drawn(25, 17, (x, y) => [x * 9, y * 13, x + y, 255]) : noise(25, 17, 6, false);
      const image = load(instance, pixels, format, 8);
      const { width, height } = turnedSize(crop, orientation);
      const stride = width * 4 + 12;
      const address = instance.memory.alloc(stride * height);
      instance.memory.bytes(address, stride * height).fill(0x5a);
      const target: PackedImage = { format, width, height, address, stride };
      scalePacked(instance, image, crop, target, 'lanczos3', orientation);
      const bytes = instance.memory.bytes(0, instance.memory.byteLength);
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const across = orientation.mirroredX ? width - 1 - x : x;
          const down = orientation.mirroredY ? height - 1 - y : y;
          const [column, row] = orientation.transposed ? [down, across] : [across, down];
          const from = image.address + (crop.y + row) * image.stride + (crop.x + column) * 4;
          const to = address + y * stride + x * 4;
          expect([...bytes.subarray(to, to + 4)]).toEqual([...bytes.subarray(from, from + 4)]);
        }
        const gap = bytes.subarray(address + y * stride + width * 4, address + (y + 1) * stride);
        expect([...gap]).toEqual(new Array(12).fill(0x5a));
      }
    }
  }
});
