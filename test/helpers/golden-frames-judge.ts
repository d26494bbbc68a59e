/** Whether a golden photo is what its frame shows: a picture made by plain float arithmetic says so, no hash. */
import sharp from 'sharp';
import { expect } from 'vitest';
import { planGeometry } from '../../worker/scale/geometry.ts';
import { turnedSize } from '../../worker/frame/orientation.ts';
import { resolveOptions } from '../../worker/options.ts';
import { toByte, toFullRange, yccToRgb } from '../reference/color/color.ts';
import { oriented, resample, type Samples } from '../reference/scale/resample.ts';
import { colourOf, EYES, optionsOf, orientationOf, pictureOf, type GoldenFrame } from './golden-frames.ts';
import { halfOf, yuvOf } from './yuv.ts';

/** The least likeness in dB: PNGs differ by rounding alone, JPEGs by what their quality and chroma leave out. */
const LEAST = { png: 55, jpeg: 31 };

/** The most that all pixels of a channel may be off together; colours of large flat parts are rounded alike. */
const CAST = { eyes: 2, other: 0.5 };

/** The frame's own pixels as RGBA: chroma repeated over its four, straight to sRGB. */
function seen(one: GoldenFrame): Samples {
  const picture = pictureOf(one);
  const { width, height } = picture;
  const data = new Uint8Array(picture.data);
  if (one.format === 'I420' || one.format === 'NV12') {
    const colour = colourOf(one);
    const { y, u, v } = yuvOf(picture, colour);
    const across = halfOf(picture).width;
    for (let i = 0; i < width * height; i++) {
      const at = (Math.floor(i / width) >> 1) * across + ((i % width) >> 1);
      const codes = [y[i]!, u[at]!, v[at]!] as const;
      data.set(yccToRgb(...(colour.fullRange ? codes : toFullRange(...codes)), colour.matrix).map(toByte), i * 4);
    }
  }
  return { data, width, height, channels: 4 };
}

/** Discs about the eyes, of so many radii. */
function discs(one: GoldenFrame, radii: number): Samples {
  const { width, height } = pictureOf(one);
  const inside = (i: number): boolean =>
    one.content === 'eyes' &&
    EYES.some(({ x, y, r }) => ((i % width) - x) ** 2 + (Math.floor(i / width) - y) ** 2 < (r * radii) ** 2);
  const data = Uint8Array.from({ length: width * height }, (_, i) => (inside(i) ? 255 : 0));
  return { data, width, height, channels: 1 };
}

/** A picture laid out by the definitions; bars get `bar`. */
function laidOut(source: Samples, one: GoldenFrame, bar: number[]): Samples {
  const settings = resolveOptions(optionsOf(one));
  const upright = oriented(source, orientationOf(one));
  const size = turnedSize(source, orientationOf(one));
  const { width, height, crop, inner } = planGeometry(size, size, settings);
  const mirror = { transposed: false, mirroredX: settings.mirror, mirroredY: false };
  const small = resample(upright, crop, inner, settings.kernel, settings.linear);
  const { data } = oriented({ ...inner, data: small, channels: source.channels }, mirror);
  const { channels } = source;
  const out = Uint8Array.from({ length: width * height * channels }, (_, i) => bar[i % channels]!);
  for (let y = 0; y < inner.height; y++) {
    const row = data.subarray(y * inner.width * channels, (y + 1) * inner.width * channels);
    out.set(row, ((inner.y + y) * width + inner.x) * channels);
  }
  return { data: out, width, height, channels };
}

/** Expects a file to show the frame. */
export async function judgeGolden(file: Uint8Array, one: GoldenFrame): Promise<void> {
  const want = laidOut(seen(one), one, [0x33, 0xaa, 0x77, 255]);
  const hidden = laidOut(discs(one, 3), one, [0]).data;
  const { data, info } = await sharp(file, { failOn: 'warning' })
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  expect([info.width, info.height]).toEqual([want.width, want.height]);
  let [squares, count] = [0, 0];
  const sums = [0, 0, 0];
  for (let i = 0; i < want.width * want.height; i++) {
    if (hidden[i]! > 0) continue;
    count++;
    for (let c = 0; c < 3; c++) {
      const off = data[i * info.channels + c]! - want.data[i * 4 + c]!;
      squares += off * off;
      sums[c]! += off;
    }
  }
  const psnr = squares === 0 ? 99 : 10 * Math.log10((65025 * 3 * count) / squares);
  const cast = Math.max(...sums.map((sum) => Math.abs(sum / count)));
  expect(psnr).toBeGreaterThan(one.kind.startsWith('PNG') ? LEAST.png : LEAST.jpeg);
  expect(cast).toBeLessThan(one.content === 'eyes' ? CAST.eyes : CAST.other);
  if (one.content === 'eyes') {
    expect(redness(data, info.channels, one)).toBeLessThan(60);
    expect(ringed(data, info.channels, one)).toBe(0);
  }
}

/** How much redder than green pupils are. */
function redness(data: Uint8Array, channels: number, one: GoldenFrame): number {
  const pupils = laidOut(discs(one, 0.7), one, [0]).data;
  let [sum, count] = [0, 0];
  pupils.forEach((value, i) => {
    if (value < 200) return;
    sum += data[i * channels]! - data[i * channels + 1]!;
    count++;
  });
  return sum / count;
}

/** Pixels of magenta about the pupils: what a correction leaves where chroma is wrong at its edge. */
function ringed(data: Uint8Array, channels: number, one: GoldenFrame): number {
  let count = 0;
  laidOut(discs(one, 2), one, [0]).data.forEach((value, i) => {
    const [red, green, blue] = data.subarray(i * channels) as unknown as [number, number, number];
    if (value > 0 && Math.min(red, blue) - green > 40) count++;
  });
  return count;
}
