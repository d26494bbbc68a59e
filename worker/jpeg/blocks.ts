/** A photo's quantised blocks, one row of MCUs at a time. */
import { isPlanar, type PixelImage } from '../image.ts';
import type { KernelInstance } from '../kernels.ts';
import type { ChromaSubsampling } from '../options.ts';
import type { FrameHeader } from './header.ts';
import { isGrey, PackedStrip, PlanarStrip, type Strip } from './strips.ts';

/** Luma blocks of an MCU, across and down (T.81 A.1.1). */
const SAMPLING = { '4:2:0': [2, 2], '4:2:2': [2, 1], '4:4:4': [1, 1] } as const;

/** Records of quantised blocks (assembly/jpeg/quantise.ts) and the exact values of those that have large ones. */
export type Blocks = { records: number; wide: number };

/** Colour conversion, subsampling, DCT and quantisation. A photo without colour has one component. */
export class BlockSource {
  /** What the frame header tells. */
  readonly frame: FrameHeader;
  /** Rows of MCUs. */
  readonly rows: number;
  /** Blocks of a row. */
  readonly count: number;
  /** Blocks of an MCU. */
  readonly perMcu: number;
  readonly #instance: KernelInstance;
  readonly #mcus: number;
  readonly #strip: Strip;
  readonly #reciprocals: number;
  readonly #scratch: number;
  readonly #blocks: Blocks;

  constructor(
    instance: KernelInstance,
    image: PixelImage,
    subsampling: ChromaSubsampling,
    quantisers: readonly [number[], number[]],
  ) {
    const { memory } = instance;
    const grey = isGrey(instance, image);
    const [across, down] = grey ? SAMPLING['4:4:4'] : SAMPLING[subsampling];
    const { width, height } = image;
    this.frame = { width, height, across, down, quantisers: grey ? [quantisers[0]] : quantisers };
    this.#instance = instance;
    this.#mcus = Math.ceil(width / (8 * across));
    this.rows = Math.ceil(height / (8 * down));
    this.perMcu = grey ? 1 : across * down + 2;
    this.count = this.#mcus * this.perMcu;
    this.#reciprocals = memory.alloc(256);
    this.#scratch = memory.alloc(128);
    this.#blocks = { records: memory.alloc(this.count * 80), wide: memory.alloc(this.count * 128) };
    const layout = { mcus: this.#mcus, across, down, grey };
    this.#strip = isPlanar(image) ? new PlanarStrip(instance, image, layout) : new PackedStrip(instance, image, layout);
    this.#writeReciprocals(quantisers);
  }

  /** The blocks of a row, in the order of an interleaved scan. They live until the next call. */
  load(row: number): Blocks {
    const { y, cb, cr, yStride, chromaStride } = this.#strip.load(row);
    const { across, down, quantisers } = this.frame;
    this.#instance.kernels.transformMcuRow(
      y,
      cb,
      cr,
      this.#blocks.records,
      this.#blocks.wide,
      this.#scratch,
      this.#mcus,
      quantisers.length === 1 ? 1 : 0,
      across,
      down,
      yStride,
      chromaStride,
      this.#reciprocals,
      this.#reciprocals + 128,
    );
    return this.#blocks;
  }

  #writeReciprocals(quantisers: readonly number[][]): void {
    const reciprocals = new Int16Array(this.#instance.memory.memory.buffer, this.#reciprocals, 128);
    quantisers.forEach((table, t) => {
      for (let i = 0; i < 64; i++) {
        const q = table[(i & 7) * 8 + (i >> 3)]!; // transposed, as the DCT leaves its coefficients
        reciprocals[t * 64 + i] = Math.round(32768 / (8 * q));
      }
    });
  }
}
