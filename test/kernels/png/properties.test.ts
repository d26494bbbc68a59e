import fc from 'fast-check';
import { test } from 'vitest';
import { encodePixels } from '../../helpers/golden-png.ts';
import { loadTestKernels } from '../../helpers/kernels.ts';
import { material } from '../../helpers/material.ts';
import { judge, same } from '../../helpers/png-judge.ts';
import { Random } from '../../helpers/random.ts';
import * as reference from '../../reference/png/png.ts';

const instance = await loadTestKernels();
const EFFORTS = ['speed', 'balanced', 'size'] as const;

test('any image is lossless', () => {
  const side = fc.integer({ min: 1, max: 90 });
  const sizes = fc.oneof(
    fc.tuple(side, side),
    fc.tuple(fc.integer({ min: 1, max: 20_000 }), fc.integer({ min: 1, max: 3 })),
  );
  fc.assert(
    fc.property(
      sizes,
      material,
      fc.constantFrom(...EFFORTS),
      fc.boolean(),
      fc.boolean(),
      ([width, height], bytes, effort, opaque, grey) => {
        const pixels = Uint8Array.from({ length: width * height * 4 }, (_, i) => {
          if (opaque && i % 4 === 3) return 255;
          return bytes[(grey && i % 4 < 3 ? i - (i % 4) : i) % bytes.length]!;
        });
        const file = encodePixels(instance, pixels, { format: 'RGBA', width, height, stride: width * 4 }, effort);
        return same(reference.readPng(file).pixels, pixels);
      },
    ),
    { numRuns: 60, seed: 11 },
  );
});

test.each([
  [1, 1],
  [20_000, 3],
  [3, 20_000],
])('%i × %i is accepted by all judges', async (width, height) => {
  const pixels = new Random(width).bytes(width * height * 4).map((byte, i) => (i % 4 === 3 ? 255 : byte >> 4));
  for (const effort of EFFORTS) {
    const file = encodePixels(instance, pixels, { format: 'RGBA', width, height, stride: width * 4 }, effort);
    await judge(file, pixels, width, height);
  }
});
