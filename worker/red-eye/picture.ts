import { chromaShares, lumaCoefficients, rangeOf } from '../color/color.ts';
import { isPlanar, type PixelImage, type PlanarImage } from '../frame/image.ts';
import type { KernelInstance } from '../memory/kernels.ts';

/** Levels of the pyramid at most; the radius of a pupil is 3 to 6 pixels on one of them. */
const MAX_LEVELS = 7;

/** Pictures with a smaller side are not searched. */
export const LEAST_SIDE = 16;

/** Words of a picture's description before its levels, and of each level: see assembly/red-eye/picture.ts. */
const HEADER_WORDS = 24;
const LEVEL_WORDS = 4;
const LEVEL_COUNT = 21;

/** A picture as the red-eye kernels see it: the address of its description, and its levels. */
export type Picture = { address: number; planar: boolean; levels: Level[] };

/** Level 0 is the image; of planes, its luma, less a last column or row that is odd. */
type Level = { address: number; stride: number; width: number; height: number };

/** Pixels from `left` and `top` on, before `right` and `bottom`. */
export type Box = { left: number; top: number; right: number; bottom: number };

/**
 * Describes a picture of at least {@link LEAST_SIDE} pixels a side and halves it until its shorter side is 8 to 16
 * pixels. What is written lies on the memory's stack; the image itself is level 0, whatever its format.
 */
export function describePicture(instance: KernelInstance, image: PixelImage): Picture {
  const { memory } = instance;
  const planar = isPlanar(image);
  const [width, height] = planar ? [image.width & ~1, image.height & ~1] : [image.width, image.height];
  const sizes = [{ width, height }];
  while (sizes.length < MAX_LEVELS) {
    const last = sizes.at(-1)!;
    if (Math.min(last.width, last.height) <= LEAST_SIDE && sizes.length > 1) break;
    sizes.push({ width: last.width >> 1, height: last.height >> 1 });
  }
  const words = HEADER_WORDS + LEVEL_WORDS * MAX_LEVELS;
  const address = memory.alloc(words * 4);
  const plane = planar ? image.planes[0]! : image;
  const levels = sizes.map((size, i) => {
    const stride = i === 0 ? plane.stride : size.width * 4;
    return { ...size, stride, address: i === 0 ? plane.address : memory.alloc(stride * size.height) };
  });
  const table = memory.words(address, words);
  table.fill(0);
  if (planar) describePlanes(table, image);
  else table[1] = image.format.startsWith('B') ? 2 : 0;
  table[LEVEL_COUNT] = levels.length;
  levels.forEach((level, i) =>
    table.set([level.address, level.stride, level.width, level.height], HEADER_WORDS + i * LEVEL_WORDS),
  );
  const picture = { address, planar, levels };
  halveRows(instance, picture, 0, height);
  return picture;
}

/** Halves rows `top` to `bottom` of the image anew, and what comes of them. */
export function halveRows({ kernels }: KernelInstance, picture: Picture, top: number, bottom: number): void {
  const { address, planar, levels } = picture;
  let [from, end] = [top, bottom];
  for (let i = 1; i < levels.length; i++) {
    const [above, level] = [levels[i - 1]!, levels[i]!];
    // Of three rows that are halved to one, the last begins the next three.
    from = Math.max((from - 1) >> 1, 0);
    end = Math.min(((end - 1) >> 1) + 1, level.height);
    const rows = end - from;
    if (rows <= 0) break;
    const to = level.address + from * level.stride;
    if (i === 1 && planar) kernels.halvePlanes(address, from, from + rows);
    else {
      const src = above.address + 2 * from * above.stride;
      const odd = [above.width & 1, above.height & 1] as const;
      kernels.halvePixels(src, to, level.width, rows, above.stride, level.stride, ...odd);
    }
  }
}

function describePlanes(table: Int32Array, { format, planes, colour }: PlanarImage): void {
  const u = planes[1]!;
  const interleaved = format === 'NV12';
  const { kr, kg, kb } = lumaCoefficients(colour);
  const { zero, lumaGain, chromaGain } = rangeOf(colour);
  const { vr, ug, vg, ub } = chromaShares(colour, chromaGain / 16384);
  const fixed = (value: number, bits: number): number => Math.round(value * (1 << bits));
  table[0] = 1;
  table.set([u.address, interleaved ? u.address + 1 : planes[2]!.address, u.stride, interleaved ? 2 : 1], 2);
  const toRgb = [lumaGain / 16384, vr, -ug, -vg, ub];
  table.set([zero, ...toRgb.map((value) => fixed(value, 13))], 6);
  const luma = 16384 / lumaGain;
  const [blue, red] = [1 / ub, 1 / vr];
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
