import fc from 'fast-check';
import { Random } from './random.ts';

/** Bytes in which noise, runs, ramps and repeats take turns. */
export const material = fc
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
