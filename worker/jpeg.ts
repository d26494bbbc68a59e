import { planarToRgba, rangeOf } from './color.ts';
import { isPlanar, type PackedImage, type PixelImage, type PlanarImage } from './image.ts';
import {
  codeTable,
  optimalTable,
  quantisationTables,
  TYPICAL_TABLES,
  ZIGZAG,
  type HuffmanTable,
} from './jpeg-tables.ts';
import type { KernelInstance } from './kernels.ts';
import type { ChromaSubsampling, Effort } from './options.ts';
import { Sink } from './sink.ts';

/** How a JPEG is written. */
export type JpegSettings = { quality: number; chromaSubsampling: ChromaSubsampling; effort: Effort };

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
  const { chromaSubsampling, quality, effort } = settings;
  const direct = !isPlanar(image) || chromaSubsampling === '4:2:0';
  const source = direct ? image : planarToRgba(instance, image);
  const encoder = new JpegEncoder(instance, source, chromaSubsampling, quality);
  const tables = effort === 'size' ? encoder.optimalTables() : TYPICAL_TABLES;
  return encoder.encode(tables);
}

type Tables = readonly [HuffmanTable, HuffmanTable, HuffmanTable, HuffmanTable];

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
  optimalTables(): Tables {
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

  encode(tables: Tables): Sink {
    const { kernels, memory } = this.#instance;
    const codes = memory.words(this.#codes, TABLE_ENTRIES * 3);
    for (const [component, first] of [0, 2, 2].entries()) {
      codes.set(codeTable(tables[first]!, 16), component * TABLE_ENTRIES);
      codes.set(codeTable(tables[first + 1]!, 256), component * TABLE_ENTRIES + 16);
    }
    memory.words(this.#state, 8).fill(0);
    const sink = this.#sink;
    sink.write(this.#header(tables));
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
    sink.write(new Uint8Array([0xff, 0xd9])); // EOI
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

  /** SOI, APP0 (JFIF), DQT, SOF0, DHT, SOS (T.81 B.2). */
  #header(tables: Tables): Uint8Array {
    const { width, height } = this.#image;
    const out: number[] = [0xff, 0xd8];
    const segment = (marker: number, body: number[]): void => {
      out.push(0xff, marker, (body.length + 2) >> 8, (body.length + 2) & 255, ...body);
    };
    segment(0xe0, [0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0]);
    this.#quantisers.forEach((table, t) => segment(0xdb, [t, ...ZIGZAG.map((i) => table[i]!)]));
    const luma = (this.#across << 4) | this.#down;
    const size = [height >> 8, height & 255, width >> 8, width & 255];
    segment(0xc0, [8, ...size, 3, 1, luma, 0, 2, 0x11, 1, 3, 0x11, 1]);
    tables.forEach(({ counts, symbols }, t) => segment(0xc4, [((t & 1) << 4) | (t >> 1), ...counts, ...symbols]));
    segment(0xda, [3, 1, 0x00, 2, 0x11, 3, 0x11, 0, 63, 0]);
    return new Uint8Array(out);
  }
}

/** Planes of one MCU row, whole blocks. */
type LoadedStrip = { y: number; cb: number; cr: number; yStride: number; chromaStride: number };

interface Strip {
  load(row: number): LoadedStrip;
}

/** A strip of RGB, converted when it is loaded. */
class PackedStrip implements Strip {
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
class PlanarStrip implements Strip {
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
