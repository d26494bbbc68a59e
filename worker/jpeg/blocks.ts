/** A photo's blocks, one row of MCUs at a time. */
import type { PixelImage } from '../frame/image.ts';
import type { KernelInstance } from '../memory/kernels.ts';
import type { ChromaSubsampling } from '../options.ts';
import type { FrameHeader } from './header.ts';
import { isGrey, openStrip, sampled, SAMPLING, type Strip } from './strips.ts';
import type { QuantisationTables } from './tables.ts';

/** Quantised blocks: their records and the exact values of those that have large ones. */
export type Blocks = { records: number; wide: number };

/** How a row of blocks is made up. */
export type BlockLayout = {
  /** Blocks of a row. */
  readonly count: number;
  /** Blocks of an MCU. */
  readonly perMcu: number;
  /** Address of the component of each block of an MCU, u8: 0 for luma. */
  readonly components: number;
};

/**
 * Colour conversion, subsampling, DCT and quantisation. A photo without colour has one component, unless `colour` asks
 * for all.
 */
export class BlockSource implements BlockLayout {
  /** Of the photo, in pixels. */
  readonly width: number;
  readonly height: number;
  /** Rows of MCUs. */
  readonly rows: number;
  readonly count: number;
  readonly perMcu: number;
  readonly components: number;
  /** Whether there is luma only. */
  readonly grey: boolean;
  readonly #instance: KernelInstance;
  readonly #across: number;
  readonly #down: number;
  readonly #mcus: number;
  readonly #strip: Strip;
  readonly #reciprocals: number;
  readonly #coefs: number;
  readonly #blocks: Blocks;
  #quantisers: readonly (readonly number[])[] = [];

  constructor(
    instance: KernelInstance,
    image: PixelImage,
    subsampling: ChromaSubsampling,
    { colour = false }: { colour?: boolean } = {},
  ) {
    const { kernels, memory } = instance;
    const { width, height } = image;
    const source = sampled(instance, image, subsampling);
    const grey = !colour && isGrey(instance, source);
    this.width = width;
    this.height = height;
    const [across, down] = SAMPLING[grey ? '4:4:4' : subsampling];
    this.#instance = instance;
    this.#across = across;
    this.#down = down;
    this.grey = grey;
    this.#mcus = Math.ceil(width / (8 * across));
    this.rows = Math.ceil(height / (8 * down));
    this.perMcu = grey ? 1 : across * down + 2;
    this.count = this.#mcus * this.perMcu;
    this.components = memory.alloc(16);
    this.#reciprocals = memory.alloc(256);
    this.#coefs = memory.alloc(this.coefsBytes);
    this.#blocks = {
      records: memory.alloc(this.count * kernels.quantisedBytes.value),
      wide: memory.alloc(this.count * kernels.exactBytes.value),
    };
    const layout = { mcus: this.#mcus, across, down, grey };
    this.#strip = openStrip(instance, source, layout);
    memory
      .bytes(this.components, 16)
      .fill(0)
      .set([1, 2], across * down);
  }

  /** Bytes of a row's coefficients. */
  get coefsBytes(): number {
    return this.count * this.#instance.kernels.coefficientBytes.value;
  }

  /** What the frame header tells, once there are quantisers. */
  frame(restarts: boolean): FrameHeader {
    return {
      width: this.width,
      height: this.height,
      across: this.#across,
      down: this.#down,
      quantisers: this.#quantisers,
      restartInterval: restarts ? this.#mcus : 0,
    };
  }

  /** Sets the tables for the rows to come. */
  quantiseBy(tables: QuantisationTables): void {
    this.#quantisers = this.grey ? tables.slice(0, 1) : tables;
    const reciprocals = new Int16Array(this.#instance.memory.memory.buffer, this.#reciprocals, 128);
    tables.forEach((table, t) => {
      for (let i = 0; i < 64; i++) {
        const q = table[(i & 7) * 8 + (i >> 3)]!; // transposed, as the DCT leaves its coefficients
        reciprocals[t * 64 + i] = Math.round(32768 / (8 * q));
      }
    });
  }

  /** Writes the coefficients of a row, in the order of an interleaved scan, to `coefs`. */
  transform(row: number, coefs: number): void {
    const { y, cb, cr, yStride, chromaStride } = this.#strip.load(row);
    this.#instance.kernels.transformMcuRow({
      y,
      cb,
      cr,
      coefs,
      mcus: this.#mcus,
      grey: this.grey ? 1 : 0,
      across: this.#across,
      down: this.#down,
      yStride,
      chromaStride,
    });
  }

  /** Quantises the coefficients of a row. The blocks live until the next call. */
  quantise(coefs: number): Blocks {
    const { records, wide } = this.#blocks;
    const { kernels } = this.#instance;
    kernels.quantiseBlocks(coefs, this.components, this.#reciprocals, records, wide, this.count, this.perMcu);
    return this.#blocks;
  }

  /** The quantised blocks of a row. They live until the next call. */
  load(row: number): Blocks {
    this.transform(row, this.#coefs);
    return this.quantise(this.#coefs);
  }
}
