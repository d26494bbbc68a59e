/** JPEGs of camera planes, compared with a plain encoder: what a file holds, read back bit by bit. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { PlanarImage } from '../../../worker/frame/image.ts';
import { encodeJpeg, type JpegSettings } from '../../../worker/jpeg/encode.ts';
import { quantisationTables, ZIGZAG } from '../../../worker/jpeg/tables.ts';
import { loadTestKernels } from '../../helpers/kernels.ts';
import { bytesOf } from '../../helpers/planes.ts';
import { COLOURS, halfOf, nameOf, noiseYuv, placeYuv, type Yuv } from '../../helpers/yuv.ts';
import { islow } from '../../reference/jpeg/islow.ts';
import { jfifPlanes, padded } from '../../reference/color/planes.ts';
import { decodeCoefficients } from '../../reference/jpeg/progressive.ts';

const instance = await loadTestKernels();
const { memory } = instance;
beforeEach(() => memory.reset());

const FINEST: JpegSettings = { quality: 1, chromaSubsampling: '4:2:0', effort: 'speed' };

/** A baseline JPEG's components by the definitions: blocks of levels in zigzag order, at a step for each table. */
function plainBlocks(yuv: Yuv, colour: PlanarImage['colour'], tables: readonly (readonly number[])[]): number[][][] {
  const { y, u, v } = jfifPlanes(yuv, colour);
  const [width, height] = [Math.ceil(yuv.width / 16) * 16, Math.ceil(yuv.height / 16) * 16];
  return [
    [padded(y, yuv, width, height), width, tables[0]!] as const,
    ...[u, v].map((plane) => [padded(plane, halfOf(yuv), width / 2, height / 2), width / 2, tables[1]!] as const),
  ].map(([plane, across, table]) => {
    const count = plane.length / 64;
    return Array.from({ length: count }, (_, b) => {
      const at = Math.floor(b / (across / 8)) * 8 * across + (b % (across / 8)) * 8;
      const coefs = islow(Array.from({ length: 64 }, (_, i) => plane[at + (i >> 3) * across + (i & 7)]!));
      return ZIGZAG.map((place) => nearest(coefs[place]! / (8 * table[place]!)));
    });
  });
}

/** The nearest integer, away from zero in the middle. */
const nearest = (value: number): number => Math.sign(value) * Math.floor(Math.abs(value) + 0.5) + 0;

const SIZES = [
  [1, 1],
  [2, 3],
  [15, 17],
  [17, 16],
  [32, 32],
  [33, 31],
  [64, 48],
  [81, 35],
] as const;

describe.each(COLOURS.map((colour) => ({ name: nameOf(colour), colour })))('$name', ({ colour }) => {
  test.each(['I420', 'NV12'] as const)('%s: all coefficients equal those of a plain encoder', (format) => {
    for (const [width, height] of SIZES) {
      memory.reset();
      const yuv = noiseYuv(width, height, width);
      const image = placeYuv(instance, yuv, format, colour, width % 3);
      const want = plainBlocks(yuv, colour, quantisationTables(1));
      for (const effort of ['speed', 'balanced'] as const) {
        const file = decodeCoefficients(encodeJpeg(instance, image, { ...FINEST, effort }).toBytes());
        expect([file.width, file.height, file.components.length]).toEqual([width, height, 3]);
        expect(file.components.map(({ blocks }) => blocks)).toEqual(want);
      }
    }
  });
});

test('coarser steps give the nearest level, or the one beside it near the middle', () => {
  const colour = { matrix: 'bt601', fullRange: false } as const;
  for (const quality of [0.1, 0.5, 0.75, 0.9, 0.95]) {
    const tables = quantisationTables(quality);
    const yuv = noiseYuv(65, 49, 7);
    const image = placeYuv(instance, yuv, 'NV12', colour);
    const file = decodeCoefficients(encodeJpeg(instance, image, { ...FINEST, quality }).toBytes());
    const exact = plainBlocks(yuv, colour, [new Array<number>(64).fill(1 / 8), new Array<number>(64).fill(1 / 8)]);
    let others = 0;
    file.components.forEach(({ blocks }, c) =>
      blocks.forEach((block, b) =>
        block.forEach((level, k) => {
          const quotient = exact[c]![b]![k]! / 8 / tables[c === 0 ? 0 : 1][ZIGZAG[k]!]!;
          if (level !== nearest(quotient)) others++;
          expect(Math.abs(level - quotient)).toBeLessThan(0.63);
        }),
      ),
    );
    expect(others / (exact.flat().length * 64)).toBeLessThan(0.01);
  }
});

test.each(COLOURS.map((colour) => ({ name: nameOf(colour), colour })))(
  '$name: planes read in place give the same bytes as planes that are copied',
  ({ colour }) => {
    const efforts = [{}, { effort: 'balanced' }, { effort: 'size' }, { maxBytes: 6000 }] as const;
    for (const [width, height] of [
      [64, 48],
      [96, 41],
    ] as const) {
      for (const effort of efforts) {
        memory.reset();
        const yuv = noiseYuv(width, height, 2);
        const settings: JpegSettings = { ...FINEST, quality: 0.8, ...effort };
        // I420 of whole vectors is read where it lies; NV12 is taken apart first.
        const inPlace = placeYuv(instance, yuv, 'I420', colour, 0);
        const before = bytesOf(instance, inPlace);
        const file = encodeJpeg(instance, inPlace, settings).toBytes();
        expect(bytesOf(instance, inPlace).equals(before)).toBe(true);
        for (const copied of [
          placeYuv(instance, yuv, 'NV12', colour, 0),
          placeYuv(instance, yuv, 'I420', colour, 11),
          placeYuv(instance, yuv, 'NV12', colour, 6),
        ]) {
          expect(encodeJpeg(instance, copied, settings).toBytes()).toEqual(file);
        }
      }
    }
  },
);

test('neutral chroma makes a grey photo in every format, and one other sample a colour photo', () => {
  const colour = { matrix: 'bt601', fullRange: false } as const;
  for (const format of ['I420', 'NV12'] as const) {
    for (const plane of ['u', 'v'] as const) {
      for (const [width, height] of [
        [32, 32],
        [33, 17],
      ] as const) {
        const yuv = noiseYuv(width, height, 4);
        yuv.u.fill(128);
        yuv.v.fill(128);
        const components = (): number =>
          decodeCoefficients(encodeJpeg(instance, placeYuv(instance, yuv, format, colour, 3), FINEST).toBytes())
            .components.length;
        expect(components()).toBe(1);
        yuv[plane][yuv[plane].length - 1] = 127;
        expect(components()).toBe(3);
      }
    }
  }
});
