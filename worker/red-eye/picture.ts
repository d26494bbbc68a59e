import { chromaShares, lumaCoefficients, rangeOf } from '../color/color.ts';
import { isPlanar, type PackedImage, type PixelImage, type PlanarImage } from '../frame/image.ts';
import type { KernelInstance } from '../memory/kernels.ts';
import { LEVEL_BYTES, PICTURE_BYTES, writeLevel, writePicture } from '../../build/records.js';
import type { Level, Picture as Description } from '../../build/records.js';

/** Levels of the pyramid at most; the radius of a pupil is 3 to 6 pixels on one of them. */
const MAX_LEVELS = 7;

/** Pictures with a smaller side are not searched. */
export const LEAST_SIDE = 16;

/**
 * A picture as the red-eye kernels see it: the address of its description (assembly/red-eye/picture.ts), and its
 * levels.
 */
export type Picture = { address: number; planar: boolean; levels: Level[] };

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
  const address = memory.alloc(PICTURE_BYTES + LEVEL_BYTES * MAX_LEVELS);
  const plane = planar ? image.planes[0]! : image;
  const levels = sizes.map((size, i) => {
    const stride = i === 0 ? plane.stride : size.width * 4;
    return { ...size, stride, address: i === 0 ? plane.address : memory.alloc(stride * size.height) };
  });
  writeDescription(instance, address, planar ? describePlanes(image) : describePixels(image), levels);
  const picture = { address, planar, levels };
  halveRows(instance, picture, 0, height);
  return picture;
}

/** Writes a picture's description to an address, and its levels behind it. */
export function writeDescription(
  { memory }: KernelInstance,
  address: number,
  description: Omit<Description, 'levels'>,
  levels: readonly Level[],
): void {
  memory.write(address, writePicture, { ...description, levels: levels.length });
  levels.forEach((level, i) => memory.write(address + PICTURE_BYTES + LEVEL_BYTES * i, writeLevel, level));
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

/** What a picture of four-channel pixels is. */
export function describePixels({ format }: { format: PackedImage['format'] }): Omit<Description, 'levels'> {
  return {
    ...{ planar: 0, red: format.startsWith('B') ? 2 : 0, u: 0, v: 0, chromaStride: 0, chromaStep: 0 },
    ...{ zero: 0, gain: 0, vToR: 0, uToG: 0, vToG: 0, uToB: 0 },
    ...{ rToY: 0, gToY: 0, bToY: 0, rToU: 0, gToU: 0, bToU: 0, rToV: 0, gToV: 0, bToV: 0 },
  };
}

function describePlanes({ format, planes, colour }: PlanarImage): Omit<Description, 'levels'> {
  const u = planes[1]!;
  const interleaved = format === 'NV12';
  const { kr, kg, kb } = lumaCoefficients(colour);
  const { zero, lumaGain, chromaGain } = rangeOf(colour);
  const { vr, ug, vg, ub } = chromaShares(colour, chromaGain / 16384);
  const toRgb = (value: number): number => Math.round(value * (1 << 13));
  const fromRgb = (value: number): number => Math.round(value * (1 << 14));
  const luma = 16384 / lumaGain;
  const [blue, red] = [1 / ub, 1 / vr];
  return {
    planar: 1,
    red: 0,
    u: u.address,
    v: interleaved ? u.address + 1 : planes[2]!.address,
    chromaStride: u.stride,
    chromaStep: interleaved ? 2 : 1,
    zero,
    gain: toRgb(lumaGain / 16384),
    vToR: toRgb(vr),
    uToG: toRgb(-ug),
    vToG: toRgb(-vg),
    uToB: toRgb(ub),
    rToY: fromRgb(kr * luma),
    gToY: fromRgb(kg * luma),
    bToY: fromRgb(kb * luma),
    rToU: fromRgb(-kr * blue),
    gToU: fromRgb(-kg * blue),
    bToU: fromRgb((1 - kb) * blue),
    rToV: fromRgb((1 - kr) * red),
    gToV: fromRgb(-kg * red),
    bToV: fromRgb(-kb * red),
  };
}
