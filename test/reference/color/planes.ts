/** What a JPEG stores of 4:2:0 planes, by the definitions: JFIF's BT.601 in full range, whole MCUs. */
import type { YuvColour } from '../../../worker/frame/image.ts';
import { halfOf, type Yuv } from '../../helpers/yuv.ts';
import { rgbToYcc, toByte, toFullRange, yccToRgb } from './color.ts';

/** A factor as the kernels have it: 14 bits behind the point. */
const fixed = (factor: number): number => Math.round(factor * 2 ** 14) / 2 ** 14;

/** The nearest integer, the upper one of two. */
const nearest = (value: number): number => Math.floor(value + 0.5);

/** How much of a chroma value's parts becomes Y, Cb and Cr of BT.601 where it was BT.709. */
const [OF_CB, OF_CR] = [
  [1, 0],
  [0, 1],
].map(([cb, cr]) => {
  const [y, newCb, newCr] = rgbToYcc(...yccToRgb(0, 128 + cb!, 128 + cr!, 'bt709'));
  return [y, newCb - 128, newCr - 128].map(fixed);
}) as [number[], number[]];

/** The planes in JFIF's colours, of the same size. */
export function jfifPlanes(yuv: Yuv, { matrix, fullRange }: YuvColour): Yuv {
  const { width } = yuv;
  const half = halfOf(yuv).width;
  const scaled = (plane: Uint8Array, component: 0 | 1): Uint8Array =>
    plane.map((value) => (fullRange ? value : toByte(toFullRange(value, value, value)[component])));
  const [y, u, v] = [scaled(yuv.y, 0), scaled(yuv.u, 1), scaled(yuv.v, 1)];
  if (matrix === 'bt601') return { ...yuv, y, u, v };
  const part = (at: number, component: number): number =>
    nearest(OF_CB[component]! * (u[at]! - 128) + OF_CR[component]! * (v[at]! - 128));
  return {
    ...yuv,
    y: y.map((value, i) => toByte(value + part(Math.floor(i / width / 2) * half + ((i % width) >> 1), 0))),
    u: u.map((_, i) => toByte(128 + part(i, 1))),
    v: v.map((_, i) => toByte(128 + part(i, 2))),
  };
}

/** A plane of `width` × `height`, its last column and row repeated. */
export function padded(
  plane: Uint8Array,
  { width, height }: { width: number; height: number },
  fullWidth: number,
  fullHeight: number,
): Uint8Array {
  return Uint8Array.from({ length: fullWidth * fullHeight }, (_, i) => {
    const x = Math.min(i % fullWidth, width - 1);
    return plane[Math.min(Math.floor(i / fullWidth), height - 1) * width + x]!;
  });
}
