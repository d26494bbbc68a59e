/** Rows of MCUs from a frame: colour conversion, chroma subsampling, edges. */
import { rangeOf } from '../color.ts';
import type { PackedImage, PlanarImage } from '../image.ts';
import type { KernelInstance } from '../kernels.ts';

/** Planes of one MCU row, whole blocks. */
export type LoadedStrip = { y: number; cb: number; cr: number; yStride: number; chromaStride: number };

/** Where an encoder gets its samples: one row of MCUs at a time. */
export interface Strip {
  /** Planes of a row of MCUs, edges repeated to whole blocks. They live until the next call. */
  load(row: number): LoadedStrip;
}

/** A strip of RGB, converted when it is loaded. */
export class PackedStrip implements Strip {
  readonly #instance: KernelInstance;
  readonly #image: PackedImage;
  readonly #rows: number;
  readonly #width: number;
  readonly #halve: { across: boolean; down: boolean };
  readonly #staging: number;
  readonly #out: LoadedStrip;

  constructor(instance: KernelInstance, image: PackedImage, mcus: number, across: number, down: number) {
    const { memory } = instance;
    this.#instance = instance;
    this.#image = image;
    this.#rows = 8 * down;
    // Colour kernels take 16 pixels at a time.
    this.#width = Math.ceil((mcus * 8 * across) / 16) * 16;
    this.#halve = { across: across === 2, down: down === 2 };
    this.#staging = memory.alloc(this.#width * 4 * this.#rows);
    const chromaStride = this.#width / across;
    this.#out = {
      y: memory.alloc(this.#width * this.#rows),
      cb: memory.alloc(chromaStride * 8),
      cr: memory.alloc(chromaStride * 8),
      yStride: this.#width,
      chromaStride,
    };
  }

  load(row: number): LoadedStrip {
    const { kernels } = this.#instance;
    const { width, height, stride, format } = this.#image;
    const address = this.#image.address + row * this.#rows * stride;
    const rows = Math.min(this.#rows, height - row * this.#rows);
    const hasAlpha = format === 'RGBA' || format === 'BGRA';
    const blend = hasAlpha && !kernels.isOpaque(address, width, rows, stride);
    const whole = width & ~15;
    if (rows < this.#rows || blend) {
      const staged = this.#stage(address, width, rows, this.#width);
      if (blend) kernels.compositeOnWhite(staged, this.#width, this.#rows, this.#width * 4);
      this.#convert(staged, this.#width * 4, 0, this.#width);
    } else {
      if (whole > 0) this.#convert(address, stride, 0, whole);
      if (whole < this.#width) {
        const rest = this.#width - whole;
        // A width of whole vectors may still leave half an MCU: then its last column is repeated.
        const from = Math.min(whole, width - 1);
        this.#convert(this.#stage(address + from * 4, Math.max(1, width - whole), rows, rest), rest * 4, whole, rest);
      }
    }
    return this.#out;
  }

  #stage(address: number, width: number, rows: number, fullWidth: number): number {
    const { kernels } = this.#instance;
    const { stride } = this.#image;
    kernels.copyReplicated(address, this.#staging, width, rows, fullWidth, this.#rows, stride, fullWidth * 4, 4);
    return this.#staging;
  }

  #convert(src: number, stride: number, x: number, width: number): void {
    const { kernels } = this.#instance;
    const { y, cb, cr, yStride, chromaStride } = this.#out;
    const blueFirst = this.#image.format.startsWith('B') ? 1 : 0;
    kernels.rgbaToLuma(src, y + x, width, this.#rows, stride, yStride, blueFirst);
    if (this.#halve.across) {
      const at = x >> 1;
      const halveRows = this.#halve.down ? 1 : 0;
      kernels.rgbaToChromaHalf(src, cb + at, cr + at, width, this.#rows, stride, chromaStride, halveRows, blueFirst);
    } else {
      kernels.rgbaToChroma(src, cb + x, cr + x, width, this.#rows, stride, chromaStride, blueFirst);
    }
  }
}

/** A strip of 4:2:0 planes: where they lie when they are JFIF's own and whole, else copied and converted. */
export class PlanarStrip implements Strip {
  readonly #instance: KernelInstance;
  readonly #image: PlanarImage;
  readonly #width: number;
  readonly #raw: LoadedStrip;
  readonly #out: LoadedStrip;

  constructor(instance: KernelInstance, image: PlanarImage, mcus: number) {
    this.#instance = instance;
    this.#image = image;
    // Conversion takes 16 samples at a time, of chroma too.
    this.#width = Math.ceil((mcus * 16) / 32) * 32;
    this.#raw = this.#alloc();
    this.#out = this.#alloc();
  }

  #alloc(): LoadedStrip {
    const { memory } = this.#instance;
    const chroma = this.#width / 2;
    return {
      y: memory.alloc(this.#width * 16),
      cb: memory.alloc(chroma * 8),
      cr: memory.alloc(chroma * 8),
      yStride: this.#width,
      chromaStride: chroma,
    };
  }

  load(row: number): LoadedStrip {
    const { kernels } = this.#instance;
    const { colour } = this.#image;
    const source = this.#source(row);
    if (colour.fullRange && colour.matrix === 'bt601') return source;
    const { y, cb, cr, yStride, chromaStride } = this.#out;
    const { zero, lumaGain, chromaGain } = rangeOf(colour);
    const half = this.#width / 2;
    kernels.scaleSamples(source.y, y, this.#width, 16, source.yStride, yStride, zero, lumaGain, 0);
    kernels.scaleSamples(source.cb, cb, half, 8, source.chromaStride, chromaStride, 128, chromaGain, 128);
    kernels.scaleSamples(source.cr, cr, half, 8, source.chromaStride, chromaStride, 128, chromaGain, 128);
    if (colour.matrix === 'bt709') kernels.bt709ToBt601(y, cb, cr, this.#width, 16, yStride, chromaStride);
    return this.#out;
  }

  /** The strip as the frame has it, edges repeated to whole vectors. */
  #source(row: number): LoadedStrip {
    const { kernels } = this.#instance;
    const { width, height, planes, format } = this.#image;
    const luma = planes[0]!;
    const chroma = planes[1]!;
    const y = luma.address + row * 16 * luma.stride;
    const at = row * 8 * chroma.stride;
    const whole = width === this.#width && (row + 1) * 16 <= height;
    if (whole && format === 'I420') {
      const cr = planes[2]!;
      return { y, cb: chroma.address + at, cr: cr.address + at, yStride: luma.stride, chromaStride: chroma.stride };
    }
    const raw = this.#raw;
    const rows = Math.min(16, height - row * 16);
    const chromaWidth = (width + 1) >> 1;
    const chromaRows = (rows + 1) >> 1;
    const half = this.#width / 2;
    const pad = (src: number, dst: number, stride: number): void =>
      kernels.copyReplicated(src, dst, chromaWidth, chromaRows, half, 8, stride, half, 1);
    kernels.copyReplicated(y, raw.y, width, rows, this.#width, 16, luma.stride, this.#width, 1);
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
