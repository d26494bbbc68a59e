/** 4:2:0 pictures as plain planes, and how they get into linear memory. */
import type { PlanarImage, YuvColour } from '../../worker/frame/image.ts';
import type { KernelInstance } from '../../worker/memory/kernels.ts';
import { fromFullRange, rgbToYcc, toByte } from '../reference/color/color.ts';
import { Random } from './random.ts';
import type { Pixels } from './scene.ts';

/** Planes without gaps; chroma has half the sides, rounded up. */
export type Yuv = { width: number; height: number; y: Uint8Array; u: Uint8Array; v: Uint8Array };

/** What planes can mean. */
export const COLOURS: YuvColour[] = [
  { matrix: 'bt601', fullRange: false },
  { matrix: 'bt601', fullRange: true },
  { matrix: 'bt709', fullRange: false },
  { matrix: 'bt709', fullRange: true },
];

/** A colour's name, for the titles of tests. */
export const nameOf = ({ matrix, fullRange }: YuvColour): string => `${matrix} ${fullRange ? 'full' : 'limited'}`;

/** Width and height of chroma. */
export const halfOf = ({ width, height }: { width: number; height: number }): { width: number; height: number } => ({
  width: (width + 1) >> 1,
  height: (height + 1) >> 1,
});

/** A picture's planes by the definition; chroma is the mean of its four pixels, as many as there are. */
export function yuvOf({ data, width, height }: Pixels, { matrix, fullRange }: YuvColour): Yuv {
  const half = halfOf({ width, height });
  const out = emptyYuv(width, height);
  const codes = (colour: [number, number, number]): number[] =>
    (fullRange ? colour : fromFullRange(...colour)).map(toByte);
  for (let i = 0; i < width * height; i++) {
    out.y[i] = codes(rgbToYcc(data[i * 4]!, data[i * 4 + 1]!, data[i * 4 + 2]!, matrix))[0]!;
  }
  for (let i = 0; i < half.width * half.height; i++) {
    const [x, y] = [(i % half.width) * 2, Math.floor(i / half.width) * 2];
    const mean = [0, 0, 0];
    for (const [dx, dy] of [0, 1, 2, 3].map((at) => [at & 1, at >> 1] as const)) {
      const at = (Math.min(y + dy, height - 1) * width + Math.min(x + dx, width - 1)) * 4;
      for (let c = 0; c < 3; c++) mean[c]! += data[at + c]! / 4;
    }
    [, out.u[i], out.v[i]] = codes(rgbToYcc(...(mean as [number, number, number]), matrix)) as [number, number, number];
  }
  return out;
}

/** Every code, those that no colour has among them, in a picture that is smooth in places and noisy in others. */
export function noiseYuv(width: number, height: number, seed: number): Yuv {
  const random = new Random(seed);
  const out = emptyYuv(width, height);
  for (const [plane, across] of [
    [out.y, width],
    [out.u, halfOf(out).width],
    [out.v, halfOf(out).width],
  ] as const) {
    plane.forEach((_, i) => {
      const slope = 128 + 90 * ((((i % across) >> 3) & 1) - 0.5) + ((i / across) & 15) * 4;
      plane[i] = (i >> 4) % 3 === 0 ? random.below(256) : toByte(slope + random.below(9));
    });
  }
  return out;
}

export function emptyYuv(width: number, height: number): Yuv {
  const half = halfOf({ width, height });
  const chroma = half.width * half.height;
  const [y, u, v] = [width * height, chroma, chroma].map((length) => new Uint8Array(length)) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  return { width, height, y, u, v };
}

/** The planes as a format stores them, each with the bytes of a row. */
export function storedPlanes(yuv: Yuv, format: PlanarImage['format']): { data: Uint8Array; across: number }[] {
  const { width } = halfOf(yuv);
  const luma = { data: yuv.y, across: yuv.width };
  if (format === 'I420') return [luma, { data: yuv.u, across: width }, { data: yuv.v, across: width }];
  const data = Uint8Array.from({ length: yuv.u.length * 2 }, (_, i) => (i & 1 ? yuv.v : yuv.u)[i >> 1]!);
  return [luma, { data, across: width * 2 }];
}

/** Puts planes into linear memory, rows `gap` bytes further apart than needed, something else between them. */
export function placeYuv(
  { memory }: KernelInstance,
  yuv: Yuv,
  format: PlanarImage['format'],
  colour: YuvColour,
  gap = 0,
): PlanarImage {
  const planes = storedPlanes(yuv, format).map(({ data, across }) => {
    const stride = across + gap;
    const rows = data.length / across;
    const address = memory.alloc(stride * rows);
    const bytes = memory.bytes(address, stride * rows).fill(0xa5);
    for (let y = 0; y < rows; y++) bytes.set(data.subarray(y * across, (y + 1) * across), y * stride);
    return { address, stride };
  });
  return { format, width: yuv.width, height: yuv.height, planes, colour };
}

/** Planes of I420 in linear memory, taken out. */
export function takeYuv({ memory }: KernelInstance, { width, height, planes }: PlanarImage): Yuv {
  const out = emptyYuv(width, height);
  const half = halfOf(out);
  [out.y, out.u, out.v].forEach((plane, i) => {
    const size = i === 0 ? out : half;
    const { address, stride } = planes[i]!;
    for (let y = 0; y < size.height; y++) plane.set(memory.bytes(address + y * stride, size.width), y * size.width);
  });
  return out;
}
