/** From camera planes to RGB, as PNG and the finer kinds of JPEG need it. */
import { beforeEach, describe, expect, test } from 'vitest';
import { codesOf, planarToRgba, rgbaConverter } from '../../../worker/color/color.ts';
import type { YuvColour } from '../../../worker/frame/image.ts';
import { measureSharpness } from '../../../worker/sharpness.ts';
import { loadTestKernels } from '../../helpers/kernels.ts';
import { COLOURS, emptyYuv, halfOf, nameOf, noiseYuv, placeYuv, type Yuv } from '../../helpers/yuv.ts';
import { fromFullRange, rgbToYcc, toByte, toFullRange, yccToRgb } from '../../reference/color/color.ts';
import { laplacianEnergy } from '../../reference/sharpness.ts';

const instance = await loadTestKernels();
const { kernels, memory } = instance;
beforeEach(() => memory.reset());

/** The colour of a pixel by the definition, not rounded but clamped. */
function colourOf({ y, u, v, width }: Yuv, { matrix, fullRange }: YuvColour, x: number, row: number): number[] {
  const chroma = (row >> 1) * ((width + 1) >> 1) + (x >> 1);
  const codes = [y[row * width + x]!, u[chroma]!, v[chroma]!] as const;
  return yccToRgb(...(fullRange ? codes : toFullRange(...codes)), matrix).map((value) =>
    Math.min(255, Math.max(0, value)),
  );
}

/**
 * Every code of luma with every chroma out of a grid that has all extremes; 256 columns and some that are no whole
 * vector.
 */
function allColours(more: number): Yuv {
  const chroma = [0, 1, 15, 16, 17, 64, 100, 127, 128, 129, 160, 200, 239, 240, 241, 254, 255];
  const out = emptyYuv(256 + more, chroma.length * chroma.length * 2);
  const half = halfOf(out);
  out.y.forEach((_, i) => (out.y[i] = i % out.width));
  out.u.forEach((_, i) => (out.u[i] = chroma[Math.floor(i / half.width) % chroma.length]!));
  out.v.forEach((_, i) => (out.v[i] = chroma[Math.floor(i / half.width / chroma.length)]!));
  return out;
}

describe.each(COLOURS.map((colour) => ({ name: nameOf(colour), colour })))('$name', ({ colour }) => {
  test.each(['I420', 'NV12'] as const)('%s: every colour equals the definition, rounded', (format) => {
    for (const more of [0, 7]) {
      memory.reset();
      const yuv = allColours(more);
      const { address, stride } = planarToRgba(instance, placeYuv(instance, yuv, format, colour, 3));
      for (let y = 0; y < yuv.height; y++) {
        const row = memory.bytes(address + y * stride, yuv.width * 4);
        for (let x = 0; x < yuv.width; x++) {
          const want = colourOf(yuv, colour, x, y);
          for (let c = 0; c < 3; c++) {
            if (Math.abs(row[x * 4 + c]! - want[c]!) > 0.52) {
              expect.fail(`${yuv.y[y * yuv.width + x]} in row ${y}: channel ${c} is ${row[x * 4 + c]}, not ${want[c]}`);
            }
          }
          if (row[x * 4 + 3] !== 255) expect.fail('not opaque');
        }
      }
    }
  });

  test.each(['I420', 'NV12'] as const)(
    '%s: a rectangle equals its part of the whole, and nothing else is written',
    (format) => {
      const yuv = noiseYuv(51, 19, 5);
      const image = placeYuv(instance, yuv, format, colour, 2);
      const convert = rgbaConverter(kernels, image);
      const whole = planarToRgba(instance, image);
      for (const [x, y, width, height] of [
        [0, 0, 1, 1],
        [2, 4, 7, 3],
        [4, 5, 8, 1],
        [6, 2, 45, 17],
        [50, 18, 1, 1],
      ] as const) {
        const stride = width * 4 + 12;
        const address = memory.alloc(stride * height);
        memory.bytes(address, stride * height).fill(7);
        convert({ x, y, width, height }, address, stride);
        for (let row = 0; row < height; row++) {
          const want = memory.bytes(whole.address + (y + row) * whole.stride + x * 4, width * 4);
          expect(Buffer.compare(memory.bytes(address + row * stride, width * 4), want)).toBe(0);
          expect([...memory.bytes(address + row * stride + width * 4, 12)]).toEqual(new Array(12).fill(7));
        }
      }
    },
  );

  test('the codes of a colour equal the definition, rounded', () => {
    for (let i = 0; i < 125; i++) {
      const rgb = [i % 5, Math.floor(i / 5) % 5, Math.floor(i / 25)].map((value) => value * 63.75) as [
        number,
        number,
        number,
      ];
      const ycc = rgbToYcc(...rgb, colour.matrix);
      const want = (colour.fullRange ? ycc : fromFullRange(...ycc)).map(toByte);
      expect(codesOf(rgb, colour)).toEqual(want);
    }
  });

  test('sharpness is that of luma in full range', () => {
    const yuv = noiseYuv(60, 40, 9);
    const gain = colour.fullRange ? 1 : 255 / 219;
    const want = (laplacianEnergy(yuv.y, 60, 40, 60) * gain * gain) / (58 * 38);
    for (const format of ['I420', 'NV12'] as const) {
      const got = measureSharpness(instance, placeYuv(instance, yuv, format, colour, 3));
      expect(Math.abs(got / want - 1)).toBeLessThan(0.0002);
    }
  });
});
