// @module-tag slow
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CONTENTS, makePixels } from '../../helpers/golden-png.ts';
import { loadTestKernels } from '../../helpers/kernels.ts';
import { judge } from '../../helpers/png-judge.ts';
import { Random } from '../../helpers/random.ts';
import * as reference from '../../reference/png/png.ts';
import { encodePiece, joinPng } from '../../../worker/png/pieces.ts';
import { combineAdler32 } from '../../../worker/metadata/zlib.ts';
import { plainLayout, reducedLayout } from '../../../worker/png/reduce.ts';
import type { Effort } from '../../../worker/options.ts';

const instance = await loadTestKernels();
const { memory } = instance;

/**
 * Encodes rows up to each of the cuts as pieces of their own, on memory that knows nothing of the other rows but the
 * one above.
 */
function encodeInPieces(
  pixels: Uint8Array,
  width: number,
  height: number,
  cuts: readonly number[],
  effort: Effort,
  reduced: boolean,
): Uint8Array {
  const mark = memory.mark();
  const stride = width * 4;
  const whole = { format: 'RGBA', width, height, address: memory.alloc(pixels.length), stride } as const;
  memory.bytes(whole.address, pixels.length).set(pixels);
  const layout = (reduced ? reducedLayout : plainLayout)(instance, whole);
  memory.release(mark);
  const pieces = [...cuts, height].map((bottom, i) => {
    const top = i === 0 ? 0 : cuts[i - 1]!;
    const above = top === 0 ? 0 : 1;
    const rows = pixels.subarray((top - above) * stride, bottom * stride);
    const address = memory.alloc(rows.length);
    memory.bytes(address, rows.length).set(rows);
    const image = { format: 'RGBA', width, height: bottom - top, address: address + above * stride, stride } as const;
    const piece = encodePiece(instance, image, { effort, layout, first: top === 0, last: bottom === height });
    const parts = piece.parts.map((part) => part.slice());
    memory.release(mark);
    return { ...piece, parts };
  });
  return Buffer.concat(joinPng({ width, height }, layout, pieces));
}

describe('pieces of a photo', () => {
  test.each(CONTENTS)('of %s join to one lossless file', async (content) => {
    const [width, height] = [300, 200];
    for (const effort of ['speed', 'balanced', 'size'] as const) {
      for (const reduced of [false, true]) {
        const pixels = makePixels(content, width, height, 5, effort !== 'speed');
        const file = encodeInPieces(pixels, width, height, [1, 77, 150], effort, reduced);
        await judge(file, pixels, width, height);
      }
    }
  });

  test('are filtered with the row above, so that cuts cost few bytes', () => {
    const pixels = makePixels('photo', 640, 480, 1, true);
    const one = encodeInPieces(pixels, 640, 480, [], 'balanced', false);
    const four = encodeInPieces(pixels, 640, 480, [120, 240, 360], 'balanced', false);
    expect(four.length).toBeLessThan(one.length * 1.01);
  });

  test('any cuts of any rows are lossless', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...CONTENTS),
        fc.integer({ min: 1, max: 60 }),
        fc.uniqueArray(fc.integer({ min: 1, max: 39 }), { maxLength: 5 }),
        fc.boolean(),
        (content, width, cuts, reduced) => {
          const pixels = makePixels(content, width, 40, width, reduced);
          const sorted = cuts.sort((a, b) => a - b);
          const file = encodeInPieces(pixels, width, 40, sorted, 'balanced', reduced);
          return Buffer.compare(reference.readPng(file).pixels, pixels) === 0;
        },
      ),
      { numRuns: 60, seed: 4 },
    );
  });
});

test('combineAdler32 equals the checksum of both runs', () => {
  for (const [first, second] of [
    [0, 0],
    [1, 0],
    [0, 1],
    [1000, 70_000],
    [65_521, 131_042],
  ] as const) {
    const bytes = new Random(first).bytes(first + second);
    const adlers = [bytes.subarray(0, first), bytes.subarray(first)].map((run) => reference.adler32(run));
    expect(combineAdler32(adlers[0]!, adlers[1]!, second)).toBe(reference.adler32(bytes));
  }
});
