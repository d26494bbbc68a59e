/** Rows of MCUs from a frame: colour conversion, chroma subsampling, edges. */
import { planarToRgba, rangeOf } from '../color/color.ts';
import { isPlanar, type PackedImage, type PixelImage, type PlanarImage } from '../frame/image.ts';
import type { KernelInstance } from '../memory/kernels.ts';
import type { ChromaSubsampling } from '../options.ts';

/** Planes of one MCU row, whole blocks. */
type LoadedStrip = { y: number; cb: number; cr: number; yStride: number; chromaStride: number };

/** Luma blocks of an MCU, across and down (T.81 A.1.1). */
export const SAMPLING = { '4:2:0': [2, 2], '4:2:2': [2, 1], '4:4:4': [1, 1] } as const;

/** How a row of MCUs is made up: how many, their luma blocks across and down, and whether they have luma only. */
export type StripLayout = { mcus: number; across: number; down: number; grey: boolean };

/** Where an encoder gets its samples: one row of MCUs at a time. */
export interface Strip {
  /** Planes of a row of MCUs, edges repeated to whole blocks. They live until the next call. */
  load(row: number): LoadedStrip;
}

/**
 * What a file's strips are taken from: planes as they are when the file is 4:2:0 too, else RGB on the memory's stack.
 */
export function sampled(instance: KernelInstance, image: PixelImage, subsampling: ChromaSubsampling): PixelImage {
  return isPlanar(image) && subsampling !== '4:2:0' ? planarToRgba(instance, image) : image;
}

/** The strips of an image; planes must be 4:2:0 in the file too. */
export function openStrip(instance: KernelInstance, image: PixelImage, layout: StripLayout): Strip {
  return isPlanar(image) ? new PlanarStrip(instance, image, layout) : new PackedStrip(instance, image, layout);
}

/** Whether a photo has no colour at all: equal channels, neutral chroma. */
export function isGrey({ kernels }: KernelInstance, image: PixelImage): boolean {
  const { width, height } = image;
  if (!isPlanar(image)) return kernels.hasEqualChannels(image.address, width, height, image.stride) === 1;
  const across = ((width + 1) >> 1) * (image.format === 'NV12' ? 2 : 1);
  return image.planes
    .slice(1)
    .every(({ address, stride }) => kernels.isConstant(address, across, (height + 1) >> 1, stride, 128) === 1);
}

/** A strip of RGB, converted when it is loaded. */
class PackedStrip implements Strip {
  readonly #instance: KernelInstance;
  readonly #image: PackedImage;
  readonly #layout: StripLayout;
  readonly #rows: number;
  readonly #width: number;
  readonly #staging: number;
  readonly #out: LoadedStrip;

  constructor(instance: KernelInstance, image: PackedImage, layout: StripLayout) {
    const { memory } = instance;
    const { mcus, across, down } = layout;
    this.#instance = instance;
    this.#image = image;
    this.#layout = layout;
    this.#rows = 8 * down;
    // Colour kernels take 16 pixels at a time; a width of whole vectors is one of whole MCUs.
    this.#width = Math.ceil((mcus * 8 * across) / 16) * 16;
    this.#staging = memory.alloc(this.#width * 4 * this.#rows);
    this.#out = allocStrip(instance, this.#width, layout);
  }

  load(row: number): LoadedStrip {
    const { kernels } = this.#instance;
    const { width, height, stride, format } = this.#image;
    const address = this.#image.address + row * this.#rows * stride;
    const rows = Math.min(this.#rows, height - row * this.#rows);
    const whole = rows === this.#rows ? width & ~15 : 0;
    let opaque = this.#convert(address, stride, 0, whole);
    if (whole < this.#width) {
      const rest = this.#width - whole;
      const staged = this.#stage(address + whole * 4, width - whole, rows, rest);
      opaque = this.#convert(staged, rest * 4, whole, rest) && opaque;
    }
    if (!opaque && (format === 'RGBA' || format === 'BGRA')) {
      const staged = this.#stage(address, width, rows, this.#width);
      kernels.compositeOnWhite(staged, this.#width, this.#rows, this.#width * 4);
      this.#convert(staged, this.#width * 4, 0, this.#width);
    }
    return this.#out;
  }

  #stage(address: number, width: number, rows: number, fullWidth: number): number {
    const { kernels } = this.#instance;
    const { stride } = this.#image;
    kernels.copyReplicated({
      src: address,
      dst: this.#staging,
      width,
      rows,
      fullWidth,
      fullRows: this.#rows,
      srcStride: stride,
      dstStride: fullWidth * 4,
      size: 4,
    });
    return this.#staging;
  }

  /** Whether all of the pixels are opaque. */
  #convert(src: number, stride: number, x: number, width: number): boolean {
    const { kernels } = this.#instance;
    const { across, down, grey } = this.#layout;
    const { y, cb, cr, yStride, chromaStride } = this.#out;
    const blueFirst = this.#image.format.startsWith('B') ? 1 : 0;
    const at = x / across;
    if (down === 2) {
      return (
        kernels.rgbaToYcc420({
          src,
          dstY: y + x,
          dstCb: cb + at,
          dstCr: cr + at,
          width,
          rows: this.#rows,
          srcStride: stride,
          yStride,
          chromaStride,
          blueFirst,
        }) === 1
      );
    }
    if (!grey) {
      const toChroma = across === 2 ? kernels.rgbaToChroma422 : kernels.rgbaToChroma444;
      toChroma(src, cb + at, cr + at, width, this.#rows, stride, chromaStride, blueFirst);
    }
    return kernels.rgbaToLuma(src, y + x, width, this.#rows, stride, yStride, blueFirst) === 1;
  }
}

/** A strip of 4:2:0 planes: where they lie when they are JFIF's own and whole, else copied and converted. */
class PlanarStrip implements Strip {
  readonly #instance: KernelInstance;
  readonly #image: PlanarImage;
  readonly #layout: StripLayout;
  readonly #rows: number;
  readonly #width: number;
  readonly #raw: LoadedStrip;
  readonly #out: LoadedStrip;

  constructor(instance: KernelInstance, image: PlanarImage, layout: StripLayout) {
    this.#instance = instance;
    this.#image = image;
    this.#layout = layout;
    this.#rows = 8 * layout.down;
    // Conversion takes 16 samples at a time, of chroma too.
    this.#width = Math.ceil((layout.mcus * 8 * layout.across) / 32) * 32;
    this.#raw = allocStrip(instance, this.#width, layout);
    this.#out = allocStrip(instance, this.#width, layout);
  }

  load(row: number): LoadedStrip {
    const { kernels } = this.#instance;
    const { colour } = this.#image;
    const source = this.#source(row);
    if (colour.fullRange && colour.matrix === 'bt601') return source;
    const { y, cb, cr, yStride, chromaStride } = this.#out;
    const { zero, lumaGain, chromaGain } = rangeOf(colour);
    kernels.scaleSamples({
      src: source.y,
      dst: y,
      width: this.#width,
      rows: this.#rows,
      srcStride: source.yStride,
      dstStride: yStride,
      zero,
      gain: lumaGain,
      base: 0,
    });
    if (this.#layout.grey) return this.#out;
    for (const [src, dst] of [
      [source.cb, cb],
      [source.cr, cr],
    ] as const) {
      kernels.scaleSamples({
        src,
        dst,
        width: this.#width / 2,
        rows: 8,
        srcStride: source.chromaStride,
        dstStride: chromaStride,
        zero: 128,
        gain: chromaGain,
        base: 128,
      });
    }
    if (colour.matrix === 'bt709') kernels.bt709ToBt601(y, cb, cr, this.#width, 16, yStride, chromaStride);
    return this.#out;
  }

  /** The strip as the frame has it, edges repeated to whole vectors. */
  #source(row: number): LoadedStrip {
    const { kernels } = this.#instance;
    const { width, height, planes, format } = this.#image;
    const { grey } = this.#layout;
    const luma = planes[0]!;
    const chroma = planes[1]!;
    const y = luma.address + row * this.#rows * luma.stride;
    const at = row * 8 * chroma.stride;
    const whole = width === this.#width && (row + 1) * this.#rows <= height;
    if (whole && (grey || format === 'I420')) {
      const cb = chroma.address + at;
      const cr = planes.at(-1)!.address + at;
      return { y, cb, cr, yStride: luma.stride, chromaStride: chroma.stride };
    }
    const raw = this.#raw;
    const rows = Math.min(this.#rows, height - row * this.#rows);
    kernels.copyReplicated({
      src: y,
      dst: raw.y,
      width,
      rows,
      fullWidth: this.#width,
      fullRows: this.#rows,
      srcStride: luma.stride,
      dstStride: this.#width,
      size: 1,
    });
    if (grey) return raw;
    const chromaWidth = (width + 1) >> 1;
    const chromaRows = (rows + 1) >> 1;
    const half = this.#width / 2;
    const pad = (src: number, dst: number, stride: number): void =>
      kernels.copyReplicated({
        src,
        dst,
        width: chromaWidth,
        rows: chromaRows,
        fullWidth: half,
        fullRows: 8,
        srcStride: stride,
        dstStride: half,
        size: 1,
      });
    if (format === 'NV12') {
      kernels.deinterleaveUv(chroma.address + at, raw.cb, raw.cr, chromaWidth, chromaRows, chroma.stride, half);
      pad(raw.cb, raw.cb, half);
      pad(raw.cr, raw.cr, half);
    } else {
      pad(chroma.address + at, raw.cb, chroma.stride);
      pad(planes[2]!.address + at, raw.cr, planes[2]!.stride);
    }
    return raw;
  }
}

function allocStrip({ memory }: KernelInstance, width: number, { across, down }: StripLayout): LoadedStrip {
  const chromaStride = width / across;
  return {
    y: memory.alloc(width * 8 * down),
    cb: memory.alloc(chromaStride * 8),
    cr: memory.alloc(chromaStride * 8),
    yStride: width,
    chromaStride,
  };
}
