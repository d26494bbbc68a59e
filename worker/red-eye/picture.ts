import { lumaCoefficients, rangeOf } from '../color.ts';
import { isPlanar, type PixelImage, type PlanarImage } from '../image.ts';
import type { KernelInstance } from '../kernels.ts';

/** Levels of the pyramid at most; the radius of a pupil is 3 to 6 pixels on one of them. */
const MAX_LEVELS = 7;

/** Pictures with a smaller side are not searched. */
export const LEAST_SIDE = 16;

/** Words of a picture's description before its levels, and of each level: see assembly/redeye/picture.ts. */
const HEADER_WORDS = 24;
const LEVEL_WORDS = 4;
const LEVEL_COUNT = 21;

/** A picture as the red-eye kernels see it: the address of its description, and the sizes of its levels. */
export type Picture = { address: number; planar: boolean; levels: { width: number; height: number }[] };

/**
 * Describes a picture of at least {@link LEAST_SIDE} pixels a side and halves it until its shorter side is 8 to 16 pixels. What is written lies on
 * the memory's stack; the image itself is level 0, whatever its format.
 */
export function describePicture(instance: KernelInstance, image: PixelImage): Picture {
  const { kernels, memory } = instance;
  const { width, height } = image;
  const planar = isPlanar(image);
  const levels = [{ width, height }];
  while (levels.length < MAX_LEVELS) {
    const last = levels.at(-1)!;
    if (Math.min(last.width, last.height) <= LEAST_SIDE && levels.length > 1) break;
    levels.push({ width: last.width >> 1, height: last.height >> 1 });
  }
  const words = HEADER_WORDS + LEVEL_WORDS * MAX_LEVELS;
  const address = memory.alloc(words * 4);
  const plane = planar ? image.planes[0]! : image;
  const places = levels.map((size, i) => {
    const stride = i === 0 ? plane.stride : size.width * 4;
    return { ...size, stride, address: i === 0 ? plane.address : memory.alloc(stride * size.height) };
  });
  const table = memory.words(address, words);
  table.fill(0);
  if (planar) describePlanes(table, image);
  else table[1] = image.format.startsWith('B') ? 2 : 0;
  table[LEVEL_COUNT] = levels.length;
  places.forEach((place, i) =>
    table.set([place.address, place.stride, place.width, place.height], HEADER_WORDS + i * LEVEL_WORDS),
  );
  places.forEach((place, i) => {
    if (i === 0) return;
    const above = places[i - 1]!;
    if (i === 1 && planar) kernels.halvePlanes(address);
    else kernels.halvePixels(above.address, place.address, place.width, place.height, above.stride, place.stride);
  });
  return { address, planar, levels };
}

function describePlanes(table: Int32Array, { format, planes, colour }: PlanarImage): void {
  const u = planes[1]!;
  const interleaved = format === 'NV12';
  const { kr, kg, kb } = lumaCoefficients(colour);
  const { zero, lumaGain, chromaGain } = rangeOf(colour);
  const chroma = chromaGain / 16384;
  const fixed = (value: number, bits: number): number => Math.round(value * 2 ** bits);
  table[0] = 1;
  table.set([u.address, interleaved ? u.address + 1 : planes[2]!.address, u.stride, interleaved ? 2 : 1], 2);
  const toRgb = [
    lumaGain / 16384,
    2 * (1 - kr) * chroma,
    ((-2 * (1 - kb) * kb) / kg) * chroma,
    ((-2 * (1 - kr) * kr) / kg) * chroma,
    2 * (1 - kb) * chroma,
  ];
  table.set([zero, ...toRgb.map((value) => fixed(value, 13))], 6);
  const luma = 16384 / lumaGain;
  const blue = 1 / (2 * (1 - kb) * chroma);
  const red = 1 / (2 * (1 - kr) * chroma);
  const fromRgb = [
    ...[kr * luma, kg * luma, kb * luma],
    ...[-kr * blue, -kg * blue, (1 - kb) * blue],
    ...[(1 - kr) * red, -kg * red, -kb * red],
  ];
  table.set(
    fromRgb.map((value) => fixed(value, 14)),
    12,
  );
}
