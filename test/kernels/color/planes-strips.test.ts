/** From camera planes to the samples of a JPEG: every code, every edge, both layouts. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { PlanarImage } from '../../../worker/frame/image.ts';
import { openStrip } from '../../../worker/jpeg/strips.ts';
import { loadTestKernels } from '../../helpers/kernels.ts';
import { bytesOf } from '../../helpers/planes.ts';
import { COLOURS, halfOf, nameOf, noiseYuv, placeYuv, yuvOf, type Yuv } from '../../helpers/yuv.ts';
import { scene } from '../../helpers/scene.ts';
import { fromFullRange, rgbToYcc, toByte } from '../../reference/color/color.ts';
import { jfifPlanes, padded } from '../../reference/color/planes.ts';

const instance = await loadTestKernels();
const { memory } = instance;
beforeEach(() => memory.reset());

/** What all strips of an image are, put together: whole MCUs. */
function loadAll(image: PlanarImage, grey = false): Record<'y' | 'u' | 'v', Uint8Array> {
  const side = grey ? 8 : 16;
  const [mcus, rows] = [Math.ceil(image.width / side), Math.ceil(image.height / side)];
  const blocks = grey ? 1 : 2;
  const strip = openStrip(instance, image, { mcus, across: blocks, down: blocks, grey });
  const whole = (width: number, height: number): Uint8Array => new Uint8Array(width * height);
  const out = { y: whole(mcus * side, rows * side), u: whole(mcus * 8, rows * 8), v: whole(mcus * 8, rows * 8) };
  for (let row = 0; row < rows; row++) {
    const { y, cb, cr, yStride, chromaStride } = strip.load(row);
    for (let i = 0; i < side; i++) {
      out.y.set(memory.bytes(y + i * yStride, mcus * side), (row * side + i) * mcus * side);
    }
    if (grey) continue;
    for (let i = 0; i < 8; i++) {
      out.u.set(memory.bytes(cb + i * chromaStride, mcus * 8), (row * 8 + i) * mcus * 8);
      out.v.set(memory.bytes(cr + i * chromaStride, mcus * 8), (row * 8 + i) * mcus * 8);
    }
  }
  return out;
}

/** The same by the definition. */
function expected(yuv: Yuv, colour: PlanarImage['colour']): Record<'y' | 'u' | 'v', Uint8Array> {
  const { y, u, v } = jfifPlanes(yuv, colour);
  const [width, height] = [Math.ceil(yuv.width / 16) * 16, Math.ceil(yuv.height / 16) * 16];
  const half = halfOf(yuv);
  return {
    y: padded(y, yuv, width, height),
    u: padded(u, half, width / 2, height / 2),
    v: padded(v, half, width / 2, height / 2),
  };
}

function expectSame(got: Record<string, Uint8Array>, want: Record<string, Uint8Array>, what: string): void {
  for (const name of Object.keys(want)) {
    const at = want[name]!.findIndex((value, i) => value !== got[name]![i]);
    if (at >= 0) expect.fail(`${what}: ${name}[${at}] is ${got[name]![at]}, not ${want[name]![at]}`);
    expect(got[name]!.length).toBe(want[name]!.length);
  }
}

/**
 * Sizes about the edges of blocks, MCUs and vectors; those of 32 and 64 columns are taken in place where they can be.
 */
const WIDTHS = [1, 2, 3, 15, 16, 17, 31, 32, 33, 48, 63, 64, 65, 97];
const HEIGHTS = [1, 2, 15, 16, 17, 31, 32, 33];

describe.each(COLOURS.map((colour) => ({ name: nameOf(colour), colour })))('$name', ({ colour }) => {
  test.each(['I420', 'NV12'] as const)('strips of %s equal the definition at every size', (format) => {
    for (const width of WIDTHS) {
      for (const height of HEIGHTS) {
        memory.reset();
        const yuv = noiseYuv(width, height, width + height);
        for (const gap of width % 16 === 0 ? [0, 7] : [width % 5]) {
          const image = placeYuv(instance, yuv, format, colour, gap);
          expectSame(loadAll(image), expected(yuv, colour), `${width} × ${height}`);
        }
      }
    }
  });

  test('colours of a picture become those of JFIF', () => {
    const [width, height] = [96, 64];
    const pixels = scene(width, height);
    const image = placeYuv(instance, yuvOf(pixels, colour), 'NV12', colour, 3);
    const got = loadAll(image);
    const want = yuvOf(pixels, { matrix: 'bt601', fullRange: true });
    // Codes are rounded twice, of BT.709 three times; nothing leans to one side.
    for (const name of ['y', 'u', 'v'] as const) {
      const differences = Array.from(want[name], (value, i) => got[name][i]! - value);
      expect(Math.max(...differences.map(Math.abs)), name).toBeLessThanOrEqual(2);
      expect(Math.abs(differences.reduce((a, b) => a + b, 0) / differences.length), name).toBeLessThan(0.1);
    }
  });

  test('the planes of the frame are not changed', () => {
    for (const format of ['I420', 'NV12'] as const) {
      for (const width of [64, 61]) {
        const image = placeYuv(instance, noiseYuv(width, 48, 3), format, colour, 5);
        const before = bytesOf(instance, image);
        loadAll(image);
        expect(bytesOf(instance, image).equals(before)).toBe(true);
      }
    }
  });

  test('a grey photo has the same luma as one with chroma', () => {
    if (colour.matrix === 'bt709') {
      // Luma takes a part of chroma, which is neutral.
      const yuv = noiseYuv(40, 24, 1);
      yuv.u.fill(128);
      yuv.v.fill(128);
      expectSame({ y: expected(yuv, colour).y }, { y: expected(yuv, { ...colour, matrix: 'bt601' }).y }, 'reference');
    }
    for (const format of ['I420', 'NV12'] as const) {
      for (const [width, height] of [
        [32, 16],
        [64, 24],
        [40, 9],
        [33, 31],
        [1, 1],
      ] as const) {
        const yuv = noiseYuv(width, height, 8);
        const image = placeYuv(instance, yuv, format, colour, 4);
        const { y } = jfifPlanes(yuv, { ...colour, matrix: 'bt601' });
        const want = padded(y, yuv, Math.ceil(width / 8) * 8, Math.ceil(height / 8) * 8);
        expectSame({ y: loadAll(image, true).y }, { y: want }, `${width} × ${height}`);
      }
    }
  });
});

test.each([
  ['limited', [16, 128, 128], [235, 128, 128]],
  ['full', [0, 128, 128], [255, 128, 128]],
] as const)('black and white of %s range are black and white of JFIF', (range, black, white) => {
  for (const matrix of ['bt601', 'bt709'] as const) {
    const colour = { matrix, fullRange: range === 'full' };
    for (const [codes, want] of [
      [black, [0, 128, 128]],
      [white, [255, 128, 128]],
    ] as const) {
      const yuv = noiseYuv(32, 16, 1);
      [yuv.y, yuv.u, yuv.v].forEach((plane, i) => plane.fill(codes[i]!));
      const got = loadAll(placeYuv(instance, yuv, 'I420', colour));
      expect([got.y, got.u, got.v].map((plane) => [...new Set(plane)])).toEqual(want.map((value) => [value]));
    }
  }
});

test.each(COLOURS.map((colour) => ({ name: nameOf(colour), colour })))(
  'primaries of $name keep their hue',
  ({ colour }) => {
    const primaries: [number, number, number][] = [
      [255, 0, 0],
      [0, 255, 0],
      [0, 0, 255],
      [255, 255, 0],
      [90, 60, 200],
    ];
    for (const rgb of primaries) {
      const ycc = rgbToYcc(...rgb, colour.matrix);
      const codes = (colour.fullRange ? ycc : fromFullRange(...ycc)).map(toByte);
      const yuv = noiseYuv(32, 16, 1);
      [yuv.y, yuv.u, yuv.v].forEach((plane, i) => plane.fill(codes[i]!));
      const got = loadAll(placeYuv(instance, yuv, 'NV12', colour));
      const want = rgbToYcc(...rgb);
      [got.y, got.u, got.v].forEach((plane, i) => expect(Math.abs(plane[0]! - want[i]!)).toBeLessThan(1.7));
    }
  },
);
