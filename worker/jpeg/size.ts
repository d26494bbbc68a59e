import { planarToRgba } from '../color.ts';
import { isPlanar, type PixelImage } from '../image.ts';
import type { KernelInstance } from '../kernels.ts';
import type { ChromaSubsampling } from '../options.ts';
import { Sink } from '../sink.ts';
import { codedBits, tableBits } from './entropy.ts';
import { EOI, huffmanSegment, JFIF, quantisationSegments, segment } from './header.ts';
import { codeTable, optimalTable } from './huffman.ts';
import { Quantiser } from './quantiser.ts';
import { chooseAcScans, type AcScan } from './scan-script.ts';
import { PackedStrip, PlanarStrip, type Strip } from './strips.ts';
import { quantisationTables } from './tables.ts';

/** How a small JPEG is written; `segments` are whole marker segments (APPn, COM) for behind JFIF's. */
export type SmallJpegSettings = {
  quality: number;
  chromaSubsampling: ChromaSubsampling;
  segments?: readonly Uint8Array[];
};

/** One component's blocks in raster order, rows padded to whole MCUs; `real` are those the picture reaches. */
export type Component = {
  /** 64 × i16 for each block, and a u64 that says which are not 0. */
  coefs: number;
  masks: number;
  across: number;
  down: number;
  realAcross: number;
  realDown: number;
};

/** Luma blocks of an MCU, across and down (T.81 A.1.1). */
const SAMPLING = { '4:2:0': [2, 2], '4:2:2': [2, 1], '4:4:4': [1, 1] } as const;

/** Room for tokens: a scan of more is coded in parts. A row of blocks at the largest width must fit. */
const TOKEN_BYTES = 4 << 20;

/** Tokens that one block may become. */
const BLOCK_TOKENS = 72;

/** Tokens written at once, and what they may take: 32 bits each, doubled by stuffing. */
const SLICE = 8192;
const SLICE_BOUND = SLICE * 8 + 16;

/** One row of blocks in this many is counted to choose scans. */
const SAMPLE = 4;

/** 256 symbols, and the one that has no code; then the sum of the bits behind codes. */
const SYMBOLS = 257;

/**
 * Encodes a progressive JPEG (T.81 Annex G, JFIF) that is as small as it gets for what the eye sees: rate-distortion optimised
 * quantisation, scans chosen by counting, Huffman tables for each. All coefficients are kept in memory: 2 bytes each. A picture without colour
 * becomes one component. What it allocates stays on the memory's stack.
 * @throws RangeError when the memory's limit does not allow that.
 */
export function encodeSmall(instance: KernelInstance, image: PixelImage, settings: SmallJpegSettings): Sink {
  const direct = !isPlanar(image) || settings.chromaSubsampling === '4:2:0';
  const encoder = new SmallEncoder(instance, direct ? image : planarToRgba(instance, image), settings);
  return encoder.encode();
}

/** What writes a scan's tokens: a row at a time, at most `bound` of them, to an address; returns how many. */
type TokenSource = { rows: number; bound: number; produce: (row: number, tokens: number) => number };

class SmallEncoder {
  readonly #instance: KernelInstance;
  readonly #image: PixelImage;
  readonly #settings: SmallJpegSettings;
  readonly #across: number;
  readonly #down: number;
  readonly #mcus: number;
  readonly #mcuRows: number;
  readonly #components: Component[];
  readonly #state: number;
  readonly #counts: number;
  readonly #codes: number;
  readonly #tokens: number;
  readonly #tokenCapacity: number;
  readonly #sink: Sink;
  /** How many tokens of the scan counted last lie in the buffer, if all do. */
  #held = 0;

  constructor(instance: KernelInstance, image: PixelImage, settings: SmallJpegSettings) {
    const { memory } = instance;
    this.#instance = instance;
    this.#image = image;
    this.#settings = settings;
    const [across, down] = SAMPLING[settings.chromaSubsampling];
    this.#across = across;
    this.#down = down;
    this.#mcus = Math.ceil(image.width / (8 * across));
    this.#mcuRows = Math.ceil(image.height / (8 * down));
    this.#components = [
      this.#component(across, down, Math.ceil(image.width / 8), Math.ceil(image.height / 8)),
      this.#component(1, 1, this.#mcus, this.#mcuRows),
      this.#component(1, 1, this.#mcus, this.#mcuRows),
    ];
    this.#state = memory.alloc(48);
    this.#counts = memory.alloc((SYMBOLS + 1) * 4);
    this.#codes = memory.alloc(SYMBOLS * 4);
    const blocks = this.#components[0]!.across * this.#components[0]!.down;
    this.#tokenCapacity = Math.min(TOKEN_BYTES >> 2, Math.max(blocks, 3) * BLOCK_TOKENS);
    this.#tokens = memory.alloc(this.#tokenCapacity * 4);
    this.#sink = new Sink(memory, SLICE_BOUND + ((image.width * image.height) >> 2));
  }

  #component(h: number, v: number, realAcross: number, realDown: number): Component {
    const { memory } = this.#instance;
    const across = this.#mcus * h;
    const down = this.#mcuRows * v;
    const coefs = memory.alloc(across * down * 128);
    return { coefs, masks: memory.alloc(across * down * 8), across, down, realAcross, realDown };
  }

  encode(): Sink {
    this.#transform();
    const grey = this.#isGrey();
    const components = grey ? this.#components.slice(0, 1) : this.#components;
    const quantisers = ((globalThis as any).DEVTAB ?? quantisationTables)(this.#settings.quality).slice(0, components.length);
    new Quantiser(this.#instance, components[0]!.across, this.#tokens).quantise(components, quantisers);
    this.#writeHeader(components, quantisers);
    this.#writeDc(components);
    for (const scan of this.#script(components.length)) this.#writeAc(scan);
    this.#sink.write(EOI);
    return this.#sink;
  }

  /** Forward DCT of the whole picture. */
  #transform(): void {
    const { kernels, memory } = this.#instance;
    const mark = memory.mark();
    const scratch = memory.alloc(128);
    const strip: Strip = isPlanar(this.#image)
      ? new PlanarStrip(this.#instance, this.#image, this.#mcus)
      : new PackedStrip(this.#instance, this.#image, this.#mcus, this.#across, this.#down);
    const [luma, blue, red] = this.#components as [Component, Component, Component];
    for (let row = 0; row < this.#mcuRows; row++) {
      const { y, cb, cr, yStride, chromaStride } = strip.load(row);
      for (let v = 0; v < this.#down; v++) {
        const to = luma.coefs + (row * this.#down + v) * luma.across * 128;
        kernels.forwardBlocks(y + v * 8 * yStride, to, scratch, luma.across, yStride);
      }
      const at = row * this.#mcus * 128;
      kernels.forwardBlocks(cb, blue.coefs + at, scratch, this.#mcus, chromaStride);
      kernels.forwardBlocks(cr, red.coefs + at, scratch, this.#mcus, chromaStride);
    }
    memory.release(mark);
  }

  #isGrey(): boolean {
    const { kernels } = this.#instance;
    return this.#components.slice(1).every((c) => kernels.isZero(c.coefs, c.across * c.down * 128) === 1);
  }

  /** SOI, APP0, the given segments, DQT, SOF2. */
  #writeHeader(components: Component[], quantisers: number[][]): void {
    const { width, height } = this.#image;
    const frame = { width, height, across: this.#across, down: this.#down, quantisers };
    const luma = components.length === 1 ? 0x11 : (this.#across << 4) | this.#down;
    const factors = components.flatMap((_, i) => [i + 1, i === 0 ? luma : 0x11, i === 0 ? 0 : 1]);
    const size = [height >> 8, height & 255, width >> 8, width & 255];
    this.#sink.write(new Uint8Array([0xff, 0xd8, ...JFIF]));
    for (const bytes of this.#settings.segments ?? []) this.#sink.write(bytes);
    this.#sink.write(
      new Uint8Array([...quantisationSegments(frame), ...segment(0xc2, [8, ...size, components.length, ...factors])]),
    );
  }

  /** The scan of DC coefficients, all components interleaved. */
  #writeDc(components: Component[]): void {
    const { kernels, memory } = this.#instance;
    const [luma, blue, red] = components as [Component, Component?, Component?];
    const colour = components.length > 1;
    const [mcus, across, down] = colour ? [this.#mcus, this.#across, this.#down] : [luma.realAcross, 1, 1];
    const predictors = this.#state + 16;
    const rows = colour ? this.#mcuRows : luma.realDown;
    const produce = (row: number, tokens: number): number => {
      if (row === 0) memory.words(predictors, 3).fill(0);
      return kernels.dcTokens(
        luma.coefs + row * down * luma.across * 128,
        blue ? blue.coefs + row * blue.across * 128 : 0,
        red ? red.coefs + row * red.across * 128 : 0,
        tokens,
        predictors,
        mcus,
        across,
        down,
        luma.realAcross,
        Math.min(down, luma.realDown - row * down),
        luma.across * 128,
        colour ? 1 : 0,
      );
    };
    const source = { rows, bound: mcus * (across * down + (colour ? 2 : 0)), produce };
    const counts = this.#count(source);
    const tables = [counts.subarray(0, 16), counts.subarray(16, 32)].slice(0, colour ? 2 : 1).map(optimalTable);
    const codes = memory.words(this.#codes, SYMBOLS).fill(0);
    tables.forEach((table, t) => codes.set(codeTable(table, 16), t * 16));
    const selectors = components.flatMap((_, i) => [i + 1, i === 0 ? 0x00 : 0x10]);
    this.#sink.write(
      new Uint8Array([
        ...tables.flatMap((table, t) => huffmanSegment(t, table)),
        ...segment(0xda, [components.length, ...selectors, 0, 0, 0]),
      ]),
    );
    this.#write(source);
  }

  #writeAc(scan: AcScan): void {
    const { memory } = this.#instance;
    const { component, from, to, high, low } = scan;
    const source = this.#acTokens(scan);
    const counts = this.#count(source);
    const table = optimalTable(counts.subarray(0, 256));
    const codes = memory.words(this.#codes, SYMBOLS).fill(0);
    codes.set(codeTable(table, 256));
    this.#sink.write(
      new Uint8Array([
        ...huffmanSegment(0x10, table),
        ...segment(0xda, [1, component + 1, 0, from, to, (high << 4) | low]),
      ]),
    );
    this.#write(source);
  }

  /** The AC scans of all components: what gives the picture its shape first, the last bits last. */
  #script(components: number): AcScan[] {
    const scans = Array.from({ length: components }, (_, c) => chooseAcScans(c, (scan) => this.#acBits(scan))).flat();
    return scans.sort((a, b) => (a.high === 0 ? 0 : 9 - a.high) - (b.high === 0 ? 0 : 9 - b.high) || a.from - b.from);
  }

  /** What a scan would take, judged by some of its rows. */
  #acBits(scan: AcScan): number {
    const { rows, bound, produce } = this.#acTokens(scan);
    const step = rows < 4 * SAMPLE ? 1 : SAMPLE;
    const sampled = Math.floor(rows / step);
    const at = (row: number): number => row * step + (step >> 1);
    const counts = this.#count({ rows: sampled, bound, produce: (row, tokens) => produce(at(row), tokens) });
    const bits = codedBits(counts.subarray(0, 256)) + counts[SYMBOLS]!;
    return Math.round((bits * rows) / sampled) + tableBits(counts.subarray(0, 256));
  }

  #acTokens({ component, from, to, high, low }: AcScan): TokenSource {
    const { kernels } = this.#instance;
    const { coefs, masks, across, realAcross, realDown } = this.#components[component]!;
    const make = high === 0 ? kernels.firstTokens : kernels.refinementTokens;
    const produce = (row: number, tokens: number): number => {
      const at = row * across;
      return make(coefs + at * 128, masks + at * 8, tokens, this.#state + 32, realAcross, from, to, low);
    };
    return { rows: realDown, bound: realAcross * BLOCK_TOKENS, produce };
  }

  /** Makes a scan's tokens in parts that fit the buffer; `use` gets how many lie there. Returns the number of parts. */
  #parts({ rows, bound, produce }: TokenSource, use: (count: number) => void): number {
    const { kernels, memory } = this.#instance;
    const run = this.#state + 32;
    memory.words(run, 2).fill(0);
    let parts = 0;
    for (let row = 0; row < rows; parts++) {
      let count = 0;
      while (row < rows && count + bound <= this.#tokenCapacity) count += produce(row++, this.#tokens + count * 4);
      kernels.closeRun(run);
      use(count);
    }
    return parts;
  }

  /** Counts the symbols of a scan. */
  #count(source: TokenSource): Int32Array {
    const { kernels, memory } = this.#instance;
    const counts = memory.words(this.#counts, SYMBOLS + 1).fill(0);
    let held = 0;
    const parts = this.#parts(source, (count) => {
      held = count;
      kernels.countTokens(this.#tokens, this.#counts, count);
    });
    this.#held = parts === 1 ? held : 0;
    return counts;
  }

  /** Writes the scan that was counted last. */
  #write(source: TokenSource): void {
    if (this.#held > 0) this.#writeTokens(this.#held);
    else this.#parts(source, (count) => this.#writeTokens(count));
    this.#sink.advance(this.#instance.kernels.closeScan(this.#state, this.#sink.room(16)));
  }

  #writeTokens(count: number): void {
    const sink = this.#sink;
    for (let at = 0; at < count; at += SLICE) {
      const tokens = this.#tokens + at * 4;
      const length = Math.min(SLICE, count - at);
      const room = sink.room(SLICE_BOUND);
      sink.advance(this.#instance.kernels.writeTokens(tokens, this.#codes, this.#state, room, length));
    }
  }
}
