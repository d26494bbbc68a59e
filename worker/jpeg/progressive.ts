/**
 * Writing of progressive JPEGs from quantised coefficients (T.81 Annex G): scans chosen by counting, a Huffman table
 * for each.
 */
import { BAND_RUN_BYTES, writeBandRun } from '../../build/records.js';
import type { KernelInstance } from '../memory/kernels.ts';
import { Sink } from '../memory/sink.ts';
import { codedBits, tableBits } from './entropy.ts';
import { EOI, frameSegment, huffmanSegment, JFIF, quantisationSegments, segment } from './header.ts';
import { codeTable, optimalTable } from './huffman.ts';
import { chooseAcScans, type AcScan } from './scan-script.ts';

/** One component's blocks in raster order, rows padded to whole MCUs; the `real` ones are those the picture reaches. */
export type Component = {
  /** Address of 64 × i16 for each block, zigzag order. */
  coefs: number;
  /** Address of a u64 for each block: which of its coefficients are not 0. */
  masks: number;
  across: number;
  down: number;
  realAcross: number;
  realDown: number;
};

/** A picture as its quantised coefficients: one component, or Y, Cb and Cr. */
export type CodedPicture = {
  width: number;
  height: number;
  /** Sampling factors of luma; chroma has 1. */
  across: number;
  down: number;
  components: readonly Component[];
  /** Luminance and chrominance, row-major. */
  quantisers: readonly (readonly number[])[];
  /** Marker segments to go behind JFIF's. */
  segments: Uint8Array;
};

/** Room for tokens, unless a row of blocks needs more: a longer scan is coded in parts. */
const MOST_TOKENS = 1 << 20;

/** Tokens that one block may become. */
const BLOCK_TOKENS = 72;

/** Tokens written at once, and what they may take: 32 bits each, doubled by stuffing. */
const SLICE = 8192;
const SLICE_BOUND = SLICE * 8 + 16;

/** One row of blocks in this many is counted to choose scans. */
const SAMPLE = 4;

/** 256 symbols, and the one that has no code. */
export const SCAN_SYMBOLS = 257;

/**
 * Where a scan's tokens come from: rows of at most `bound` tokens; `produce` writes one to an address and returns how
 * many.
 */
type TokenSource = { rows: number; bound: number; produce: (row: number, tokens: number) => number };

/**
 * Writes a picture to a sink of its own. The scans of AC coefficients are chosen by counting unless they are given.
 * What it allocates stays on the memory's stack.
 */
export function writeProgressive(instance: KernelInstance, picture: CodedPicture, scans?: readonly AcScan[]): Sink {
  return new ProgressiveWriter(instance, picture).write(scans);
}

class ProgressiveWriter {
  readonly #instance: KernelInstance;
  readonly #picture: CodedPicture;
  /** State of what is written: bits that fill no byte yet, the DC predictor, the end-of-band run. */
  readonly #bits: number;
  readonly #predictor: number;
  readonly #run: number;
  readonly #counts: number;
  readonly #codes: number;
  readonly #tokens: number;
  readonly #capacity: number;
  readonly #sink: Sink;
  /** How many bits follow the codes of the scan counted last. */
  #extraBits = 0;
  /** How many tokens of the scan counted last lie in the buffer, if all do. */
  #held = 0;

  constructor(instance: KernelInstance, picture: CodedPicture) {
    const { memory } = instance;
    const { width, height, components } = picture;
    this.#instance = instance;
    this.#picture = picture;
    this.#bits = memory.alloc(16);
    this.#predictor = memory.alloc(4);
    this.#run = memory.alloc(BAND_RUN_BYTES);
    this.#counts = memory.alloc(SCAN_SYMBOLS * 4);
    this.#codes = memory.alloc(SCAN_SYMBOLS * 4);
    const rowTokens = components[0]!.across * BLOCK_TOKENS;
    this.#capacity = Math.max(rowTokens, Math.min(MOST_TOKENS, rowTokens * components[0]!.down));
    this.#tokens = memory.alloc(this.#capacity * 4);
    // A quarter of a byte a pixel is more than most photographs need.
    this.#sink = new Sink(memory, SLICE_BOUND + ((width * height) >> 2));
    memory.words(this.#bits, 4).fill(0);
    memory.write(this.#run, writeBandRun, { token: 0, length: 0 });
  }

  write(scans?: readonly AcScan[]): Sink {
    this.#writeHeader();
    this.#picture.components.forEach((_, c) => this.#writeDc(c));
    for (const scan of scans ?? this.#script()) this.#writeAc(scan);
    this.#sink.write(EOI);
    return this.#sink;
  }

  /** SOI, APP0, the given segments, DQT, SOF2. */
  #writeHeader(): void {
    const { segments } = this.#picture;
    const frame = { ...this.#picture, restartInterval: 0 };
    this.#sink.write(new Uint8Array([0xff, 0xd8, ...JFIF]));
    this.#sink.write(segments);
    this.#sink.write(new Uint8Array([...quantisationSegments(frame), ...frameSegment(0xc2, frame)]));
  }

  /** The scan of one component's DC coefficients: alone, each is predicted by its neighbour on the left. */
  #writeDc(component: number): void {
    const source = this.#dcTokens(component);
    const table = optimalTable(this.#count(source).subarray(0, 16));
    this.#writeScan(source, codeTable(table, 16), huffmanSegment(0x00, table), [1, component + 1, 0, 0, 0, 0]);
  }

  #dcTokens(component: number): TokenSource {
    const { kernels, memory } = this.#instance;
    const { coefs, across, realAcross, realDown } = this.#picture.components[component]!;
    const produce = (row: number, tokens: number): number => {
      if (row === 0) memory.words(this.#predictor, 1)[0] = 0;
      kernels.dcTokens(coefs + row * across * 128, tokens, this.#predictor, realAcross);
      return realAcross;
    };
    return { rows: realDown, bound: realAcross, produce };
  }

  /** The AC scans of all components: first what gives the picture its shape, the lowest bits last. */
  #script(): AcScan[] {
    const scans = this.#picture.components.flatMap((_, c) => chooseAcScans(c, (scan) => this.#acBits(scan)));
    const round = ({ high }: AcScan): number => (high === 0 ? 0 : 16 - high);
    return scans.sort((a, b) => round(a) - round(b) || a.from - b.from || a.component - b.component);
  }

  /** What a scan would take, judged by some of its rows. */
  #acBits(scan: AcScan): number {
    const { rows, bound, produce } = this.#acTokens(scan);
    const step = rows < 4 * SAMPLE ? 1 : SAMPLE;
    const sampled = Math.floor(rows / step);
    const sample = (row: number, tokens: number): number => produce(row * step + (step >> 1), tokens);
    const counts = this.#count({ rows: sampled, bound, produce: sample });
    const symbols = counts.subarray(0, 256);
    return Math.round(((codedBits(symbols) + this.#extraBits) * rows) / sampled) + tableBits(symbols);
  }

  #writeAc(scan: AcScan): void {
    const { component, from, to, high, low } = scan;
    const source = this.#acTokens(scan);
    const table = optimalTable(this.#count(source).subarray(0, 256));
    const parameters = [1, component + 1, 0, from, to, (high << 4) | low];
    this.#writeScan(source, codeTable(table, 256), huffmanSegment(0x10, table), parameters);
  }

  /** Writes the scan that was counted last: its table, its header (B.2.3), its data. */
  #writeScan(source: TokenSource, codes: Int32Array, table: number[], parameters: number[]): void {
    const { kernels, memory } = this.#instance;
    memory.words(this.#codes, SCAN_SYMBOLS).fill(0).set(codes);
    this.#sink.write(new Uint8Array([...table, ...segment(0xda, parameters)]));
    if (this.#held > 0) this.#writeTokens(this.#held);
    else this.#parts(source, (count) => this.#writeTokens(count));
    this.#sink.advance(kernels.closeScan(this.#bits, this.#sink.room(16)));
  }

  #acTokens({ component, from, to, high, low }: AcScan): TokenSource {
    const { kernels } = this.#instance;
    const { coefs, masks, across, realAcross, realDown } = this.#picture.components[component]!;
    const make = high === 0 ? kernels.firstTokens : kernels.refinementTokens;
    const produce = (row: number, tokens: number): number => {
      const at = row * across;
      return make(coefs + at * 128, masks + at * 8, tokens, this.#run, realAcross, from, to, low);
    };
    return { rows: realDown, bound: realAcross * BLOCK_TOKENS, produce };
  }

  /**
   * Makes a scan's tokens in parts of at least a row that fit the buffer; `use` gets how many lie there. Returns the
   * number of parts.
   */
  #parts({ rows, bound, produce }: TokenSource, use: (count: number) => void): number {
    let parts = 0;
    for (let row = 0; row < rows; parts++) {
      let count = 0;
      while (row < rows && count + bound <= this.#capacity) count += produce(row++, this.#tokens + count * 4);
      this.#instance.kernels.closeRun(this.#run);
      use(count);
    }
    return parts;
  }

  /** Counts the symbols of a scan: a view on 257 counts. */
  #count(source: TokenSource): Int32Array {
    const { kernels, memory } = this.#instance;
    const counts = memory.words(this.#counts, SCAN_SYMBOLS).fill(0);
    let held = 0;
    this.#extraBits = 0;
    const parts = this.#parts(source, (count) => {
      held = count;
      this.#extraBits += kernels.countTokens(this.#tokens, this.#counts, count);
    });
    this.#held = parts === 1 ? held : 0;
    return counts;
  }

  #writeTokens(count: number): void {
    for (let at = 0; at < count; at += SLICE) {
      const room = this.#sink.room(SLICE_BOUND);
      const length = Math.min(SLICE, count - at);
      const { kernels } = this.#instance;
      this.#sink.advance(kernels.writeTokens(this.#tokens + at * 4, this.#codes, this.#bits, room, length));
    }
  }
}
