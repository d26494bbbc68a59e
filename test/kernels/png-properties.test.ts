import fc from 'fast-check';
import { inflateRawSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { encodePixels } from '../helpers/golden-png.ts';
import { loadTestKernels } from '../helpers/kernels.ts';
import { judge, same } from '../helpers/png-judge.ts';
import { Random } from '../helpers/random.ts';
import * as reference from '../reference/png.ts';

const instance = await loadTestKernels();
const { kernels, memory } = instance;
const EFFORTS = ['speed', 'balanced', 'size'] as const;
const CANARY = 0xa5;

/** Bytes in which noise, runs, ramps and repeats take turns. */
const material = fc
  .array(
    fc.record({
      kind: fc.constantFrom('noise', 'run', 'ramp', 'repeat'),
      length: fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 70_000 })),
      seed: fc.nat(255),
      distance: fc.oneof(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 32_760, max: 32_776 }),
        fc.integer({ min: 1, max: 70_000 }),
      ),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((parts) => {
    const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const { kind, length, seed, distance } of parts) {
      const part = bytes.subarray(at, at + length);
      if (kind === 'noise') part.set(new Random(seed).bytes(length));
      if (kind === 'run') part.fill(seed);
      if (kind === 'ramp') part.forEach((_, i) => (part[i] = (i * seed) >> 3));
      if (kind === 'repeat') for (let i = 0; i < length; i++) part[i] = bytes[Math.max(0, at + i - distance)]!;
      at += length;
    }
    return bytes;
  });

test('deflate keeps its bound and comes back from zlib, in one piece or in two', () => {
  fc.assert(
    fc.property(
      material,
      fc.constantFrom(0, 1, 2, 3),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (bytes, search, cut) => {
        const mark = memory.mark();
        const src = memory.alloc(bytes.length);
        memory.bytes(src, bytes.length).set(bytes);
        const scratch = memory.alloc(kernels.deflateScratch());
        const pieces = [Math.floor(bytes.length * cut), bytes.length - Math.floor(bytes.length * cut)];
        const raw: Uint8Array[] = [];
        kernels.deflateStart(scratch);
        let position = 0;
        pieces.forEach((length, i) => {
          const bound = kernels.deflateBound(length);
          const dst = memory.alloc(bound + 16);
          memory.bytes(dst, bound + 16).fill(CANARY);
          const known = Math.min(position, 32768);
          const written = kernels.deflate(
            src + position,
            dst,
            scratch,
            length,
            known,
            position,
            search,
            i === 1 ? 1 : 2,
          );
          expect(written).toBeLessThanOrEqual(bound);
          expect([...memory.bytes(dst + bound, 16)]).toEqual(Array(16).fill(CANARY));
          raw.push(memory.bytes(dst, written).slice());
          position += length;
        });
        memory.release(mark);
        if (pieces[1] === 0) return true;
        return same(inflateRawSync(Buffer.concat(raw)), bytes);
      },
    ),
    { numRuns: 80, seed: 9 },
  );
});

test.each([0, 1, 2, 3])('repeats at every distance to 32 KiB and past it come back: search %i', (search) => {
  const random = new Random(5);
  const farthest = 33_000;
  const bytes = new Uint8Array(40_000 + farthest * 10);
  bytes.set(random.bytes(40_000));
  let at = 40_000;
  for (let distance = 1; distance <= farthest; distance++) {
    for (const end = at + 9; at < end; at++) bytes[at] = bytes[at - distance]!;
    bytes.set(random.bytes(1), at++);
  }
  const mark = memory.mark();
  const src = memory.alloc(bytes.length);
  memory.bytes(src, bytes.length).set(bytes);
  const scratch = memory.alloc(kernels.deflateScratch());
  const dst = memory.alloc(kernels.deflateBound(bytes.length));
  kernels.deflateStart(scratch);
  const written = kernels.deflate(src, dst, scratch, bytes.length, 0, 0, search, 1);
  const raw = memory.bytes(dst, written).slice();
  memory.release(mark);
  expect(same(inflateRawSync(raw), bytes)).toBe(true);
  // The cheapest path uses the repeats: 10 bytes take less than 6.
  if (search === 3) expect(written).toBeLessThan(40_000 + farthest * 6);
});

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
])('%i × %i pleases all judges', async (width, height) => {
  const pixels = new Random(width).bytes(width * height * 4).map((byte, i) => (i % 4 === 3 ? 255 : byte >> 4));
  for (const effort of EFFORTS) {
    const file = encodePixels(instance, pixels, { format: 'RGBA', width, height, stride: width * 4 }, effort);
    await judge(file, pixels, width, height);
  }
});
