/** Judges a JPEG by what its coefficients show: no block may be further from the picture than its quantisers allow. */
import assert from 'node:assert/strict';
import type { DevelopSettings } from '../../worker/options.ts';
import { quantisationTables, ZIGZAG } from '../../worker/jpeg/tables.ts';
import { visualTables } from '../../worker/jpeg/visual-tables.ts';
import { onWhite, rgbToYcc, toByte, toFullRange, yccToRgb } from '../reference/color/color.ts';
import { decodeCoefficients, type DecodedComponent, type DecodedFile } from '../reference/jpeg/progressive.ts';
import type { Expected } from './expected.ts';
import { pixelsOf, type Picture } from './picture.ts';

/** Full-range BT.601 samples that are not rounded. */
type Plane = { data: Float64Array; width: number; height: number };

/** Rounding of colours to codes, and of the DCT, in codes. */
const ROUNDING = 1.5;

/**
 * Effort 'size' gives up coefficients where their bits are worth more than what they show: the error of a block may be
 * this many times what rounding alone would leave at worst.
 */
const GIVEN_UP = 3;

/** Expects a JPEG to show a picture. */
export function judgeJpegByDefinition(
  jpeg: Uint8Array,
  { picture, tolerance }: Expected,
  settings: DevelopSettings,
): void {
  const file = decodeCoefficients(jpeg);
  const [luma] = 'planes' in picture ? picture.planes : [picture.pixels];
  assert.deepEqual([file.width, file.height], [luma.width, luma.height], 'size');
  const progressive = settings.effort === 'size' && settings.maxBytes === undefined;
  judgeQuantisers(file, settings);
  const subsampling = file.components.length === 1 ? '4:4:4' : settings.chromaSubsampling;
  const expected = samplesOf(picture, subsampling);
  if (file.components.length === 1) {
    for (const plane of expected.slice(1)) {
      assert(
        plane.data.every((value) => Math.abs(value - 128) <= 1),
        'a photo with colour has one component',
      );
    }
  }
  for (const [i, component] of file.components.entries()) {
    const quantiser = file.quantisers[i === 0 ? 0 : 1]!;
    judgeComponent(component, quantiser, expected[i]!, tolerance + ROUNDING, progressive, `component ${i}`);
  }
}

function judgeQuantisers({ quantisers }: DecodedFile, { quality, maxBytes, effort }: DevelopSettings): void {
  if (maxBytes !== undefined) return;
  const tables = effort === 'size' ? visualTables(quality) : quantisationTables(quality);
  const inZigzag = tables.map((table) => ZIGZAG.map((i) => table[i]!));
  assert.deepEqual(quantisers, inZigzag.slice(0, quantisers.length), 'quantisers');
}

function judgeComponent(
  { blocks, across }: DecodedComponent,
  quantiser: readonly number[],
  { data, width, height }: Plane,
  tolerance: number,
  progressive: boolean,
  name: string,
): void {
  const rounded = Math.sqrt(quantiser.reduce((sum, step) => sum + (step / 2) ** 2, 0));
  const limit = (rounded + 8 * tolerance) * (progressive ? GIVEN_UP : 1);
  for (let row = 0; row < Math.ceil(height / 8); row++) {
    for (let column = 0; column < Math.ceil(width / 8); column++) {
      const samples = inverseDct(blocks[row * across + column]!, quantiser);
      let error = 0;
      for (let y = 0; y < 8 && row * 8 + y < height; y++) {
        for (let x = 0; x < 8 && column * 8 + x < width; x++) {
          const shown = Math.min(255, Math.max(0, samples[y * 8 + x]! + 128));
          error += (shown - data[(row * 8 + y) * width + column * 8 + x]!) ** 2;
        }
      }
      const place = `${name}, block ${column}, ${row}`;
      assert(
        Math.sqrt(error) <= limit,
        `${place}: an error of ${Math.sqrt(error).toFixed(1)}, at most ${limit.toFixed(1)}`,
      );
    }
  }
}

const COSINES = Array.from({ length: 64 }, (_, i) => {
  const [x, u] = [i >> 3, i & 7];
  return ((u === 0 ? Math.SQRT1_2 : 1) / 2) * Math.cos(((2 * x + 1) * u * Math.PI) / 16);
});

/** A.3.3, of coefficients in zigzag order. */
function inverseDct(block: readonly number[], quantiser: readonly number[]): Float64Array {
  const coefs = new Float64Array(64);
  for (let k = 0; k < 64; k++) coefs[ZIGZAG[k]!] = block[k]! * quantiser[k]!;
  const half = new Float64Array(64);
  const out = new Float64Array(64);
  for (let v = 0; v < 8; v++) {
    for (let x = 0; x < 8; x++) {
      let sum = 0;
      for (let u = 0; u < 8; u++) sum += COSINES[x * 8 + u]! * coefs[v * 8 + u]!;
      half[v * 8 + x] = sum;
    }
  }
  for (let y = 0; y < 8; y++) {
    for (let x = 0; x < 8; x++) {
      let sum = 0;
      for (let v = 0; v < 8; v++) sum += COSINES[y * 8 + v]! * half[v * 8 + x]!;
      out[y * 8 + x] = sum;
    }
  }
  return out;
}

/** Y, Cb and Cr as JFIF has them. */
function samplesOf(picture: Picture, subsampling: DevelopSettings['chromaSubsampling']): Plane[] {
  if ('planes' in picture && subsampling === '4:2:0') return planarSamples(picture);
  const { data, width, height } = pixelsOf(picture);
  const planes = [0, 1, 2].map(() => new Float64Array(width * height));
  for (let i = 0; i < width * height; i++) {
    const [r, g, b] = [0, 1, 2].map((c) => onWhite(data[i * 4 + c]!, data[i * 4 + 3]!)) as [number, number, number];
    rgbToYcc(r, g, b).forEach((value, c) => (planes[c]![i] = value));
  }
  const [across, down] = { '4:2:0': [2, 2], '4:2:2': [2, 1], '4:4:4': [1, 1] }[subsampling] as [number, number];
  return planes.map((plane, i) =>
    i === 0 ? { data: plane, width, height } : means(plane, width, height, across, down),
  );
}

/** Means of samples, those at the edges repeated. */
function means(plane: Float64Array, width: number, height: number, across: number, down: number): Plane {
  const [w, h] = [Math.ceil(width / across), Math.ceil(height / down)];
  const data = Float64Array.from({ length: w * h }, (_, i) => {
    const [x, y] = [(i % w) * across, Math.floor(i / w) * down];
    let sum = 0;
    for (let v = 0; v < down; v++) {
      for (let u = 0; u < across; u++) sum += plane[Math.min(height - 1, y + v) * width + Math.min(width - 1, x + u)]!;
    }
    return sum / (across * down);
  });
  return { data, width: w, height: h };
}

/** Planes in full range of BT.601; luma of BT.709 changes with the chroma of its four samples. */
function planarSamples({ planes, colour }: Extract<Picture, { planes: unknown }>): Plane[] {
  const [y, u, v] = planes;
  const full = (luma: number, at: number): [number, number, number] => {
    const codes = [luma, u.data[at]!, v.data[at]!] as const;
    const [fy, cb, cr] = colour.fullRange ? codes : toFullRange(...codes).map(toByte);
    if (colour.matrix === 'bt601') return [fy!, cb!, cr!];
    return rgbToYcc(...yccToRgb(fy!, cb!, cr!, 'bt709')).map(clamped) as [number, number, number];
  };
  const luma = Float64Array.from(y.data, (value, i) => {
    return full(value, (Math.floor(i / y.width) >> 1) * u.width + ((i % y.width) >> 1))[0];
  });
  const chroma = [1, 2].map((c) => Float64Array.from(u.data, (_, at) => full(128, at)[c]!));
  return [
    { data: luma, width: y.width, height: y.height },
    ...chroma.map((data) => ({ data, width: u.width, height: u.height })),
  ];
}

const clamped = (value: number): number => Math.min(255, Math.max(0, value));
