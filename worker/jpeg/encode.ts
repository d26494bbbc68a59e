import { planarToRgba } from '../color.ts';
import { isPlanar, type PixelImage } from '../image.ts';
import type { KernelInstance } from '../kernels.ts';
import type { ChromaSubsampling, Effort } from '../options.ts';
import { Sink } from '../sink.ts';
import { baselineHeader, EOI, type HuffmanTables } from './header.ts';
import { codeTable, optimalTable } from './huffman.ts';
import { PackedStrip, PlanarStrip, type Strip } from './strips.ts';
import { quantisationTables, TYPICAL_TABLES } from './tables.ts';

/** How a JPEG is written. */
export type JpegSettings = {
  quality: number;
  chromaSubsampling: ChromaSubsampling;
  effort: Effort;
  /** Marker segments that go behind APP0. Default: none. */
  segments?: Uint8Array;
};

/**
 * The most that one block can take: 11 + 16 bits of DC, 63 × (16 + 10) of AC, doubled by stuffing.
 */
const BLOCK_BOUND = 416;

/** DC and AC entries of one component's code table. */
const TABLE_ENTRIES = 16 + 256;

const HEADER_BOUND = 1024;

/** Luma blocks of an MCU, across and down (T.81 A.1.1). */
const SAMPLING = { '4:2:0': [2, 2], '4:2:2': [2, 1], '4:4:4': [1, 1] } as const;

/**
 * Encodes a baseline JPEG (T.81, JFIF), one row of MCUs at a time. Planes are taken as they are for 4:2:0; alpha is composited
 * on white. With effort 'size' the Huffman tables are made for this photo, at the price of a second pass over it; else
 * they are the typical ones of Annex K. What it allocates stays on the memory's stack.
 */
export function encodeJpeg(instance: KernelInstance, image: PixelImage, settings: JpegSettings): Sink {
  const { chromaSubsampling, quality, effort, segments } = settings;
  const direct = !isPlanar(image) || chromaSubsampling === '4:2:0';
  const source = direct ? image : planarToRgba(instance, image);
  const encoder = new JpegEncoder(instance, source, chromaSubsampling, quality);
  const tables = effort === 'size' ? encoder.optimalTables() : TYPICAL_TABLES;
  return encoder.encode(tables, segments);
}

class JpegEncoder {
  readonly #instance: KernelInstance;
  readonly #image: PixelImage;
  readonly #across: number;
  readonly #down: number;
  readonly #mcus: number;
  readonly #mcuRows: number;
  readonly #blocks: number;
  readonly #quantisers: [number[], number[]];
  readonly #reciprocals: number;
  readonly #components: number;
  readonly #codes: number;
  readonly #state: number;
  readonly #coefs: number;
  readonly #masks: number;
  readonly #strip: Strip;
  readonly #sink: Sink;

  constructor(instance: KernelInstance, image: PixelImage, subsampling: ChromaSubsampling, quality: number) {
    const { memory } = instance;
    this.#instance = instance;
    this.#image = image;
    [this.#across, this.#down] = SAMPLING[subsampling];
    this.#mcus = Math.ceil(image.width / (8 * this.#across));
    this.#mcuRows = Math.ceil(image.height / (8 * this.#down));
    this.#blocks = this.#mcus * (this.#across * this.#down + 2);
    this.#quantisers = quantisationTables(quality);
    this.#reciprocals = memory.alloc(256);
    this.#components = memory.alloc(16);
    this.#codes = memory.alloc(TABLE_ENTRIES * 4 * 3);
    this.#state = memory.alloc(32);
    this.#coefs = memory.alloc(this.#blocks * 128);
    this.#masks = memory.alloc(this.#blocks * 8);
    this.#strip = isPlanar(image)
      ? new PlanarStrip(instance, image, this.#mcus)
      : new PackedStrip(instance, image, this.#mcus, this.#across, this.#down);
    // Half a byte a pixel is more than most photographs need; a row's worst case must fit.
    const row = this.#blocks * BLOCK_BOUND + HEADER_BOUND;
    this.#sink = new Sink(memory, row + Math.min(row * (this.#mcuRows - 1), (image.width * image.height) >> 1));
    this.#writeConstants();
  }

  /** Tables made from this photo's own statistics. */
  optimalTables(): HuffmanTables {
    const { kernels, memory } = this.#instance;
    const counts = memory.words(this.#codes, TABLE_ENTRIES * 3);
    counts.fill(0);
    memory.words(this.#state, 8).fill(0);
    for (let row = 0; row < this.#mcuRows; row++) {
      this.#transform(row);
      const perMcu = this.#across * this.#down + 2;
      kernels.countSymbols(this.#coefs, this.#masks, this.#components, this.#codes, this.#state, this.#blocks, perMcu);
    }
    const of = (component: number, from: number, to: number): Int32Array =>
      counts.subarray(component * TABLE_ENTRIES + from, component * TABLE_ENTRIES + to);
    const chroma = (from: number, to: number): number[] => {
      const cr = of(2, from, to);
      return Array.from(of(1, from, to), (count, i) => count + cr[i]!);
    };
    return [
      optimalTable(of(0, 0, 16)),
      optimalTable(of(0, 16, TABLE_ENTRIES)),
      optimalTable(chroma(0, 16)),
      optimalTable(chroma(16, TABLE_ENTRIES)),
    ];
  }

  encode(tables: HuffmanTables, segments?: Uint8Array): Sink {
    const { kernels, memory } = this.#instance;
    const codes = memory.words(this.#codes, TABLE_ENTRIES * 3);
    for (const [component, first] of [0, 2, 2].entries()) {
      codes.set(codeTable(tables[first]!, 16), component * TABLE_ENTRIES);
      codes.set(codeTable(tables[first + 1]!, 256), component * TABLE_ENTRIES + 16);
    }
    memory.words(this.#state, 8).fill(0);
    const sink = this.#sink;
    const { width, height } = this.#image;
    const frame = { width, height, across: this.#across, down: this.#down, quantisers: this.#quantisers };
    sink.write(baselineHeader(frame, tables, segments));
    const perMcu = this.#across * this.#down + 2;
    for (let row = 0; row < this.#mcuRows; row++) {
      this.#transform(row);
      const room = sink.room(this.#blocks * BLOCK_BOUND + 16);
      sink.advance(
        kernels.encodeBlocks(
          this.#coefs,
          this.#masks,
          this.#components,
          this.#codes,
          this.#state,
          room,
          this.#blocks,
          perMcu,
        ),
      );
    }
    sink.advance(kernels.flushBits(this.#state, sink.room(16)));
    sink.write(EOI);
    return sink;
  }

  #transform(row: number): void {
    const { y, cb, cr, yStride, chromaStride } = this.#strip.load(row);
    this.#instance.kernels.transformMcuRow(
      y,
      cb,
      cr,
      this.#coefs,
      this.#masks,
      this.#mcus,
      this.#across,
      this.#down,
      yStride,
      chromaStride,
      this.#reciprocals,
      this.#reciprocals + 128,
    );
  }

  #writeConstants(): void {
    const { memory } = this.#instance;
    const bytes = memory.bytes(this.#reciprocals, 256);
    const reciprocals = new Int16Array(bytes.buffer, bytes.byteOffset, 128);
    this.#quantisers.forEach((table, t) => {
      for (let i = 0; i < 64; i++) {
        const q = table[(i & 7) * 8 + (i >> 3)]!; // transposed, as the DCT leaves its coefficients
        reciprocals[t * 64 + i] = Math.round(32768 / (8 * q));
      }
    });
    const luma = this.#across * this.#down;
    memory.bytes(this.#components, luma + 2).set([...new Array<number>(luma).fill(0), 1, 2]);
  }
}
