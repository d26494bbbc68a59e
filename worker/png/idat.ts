import type { PackedImage } from '../frame/image.ts';
import type { KernelInstance } from '../memory/kernels.ts';
import { Sink } from '../memory/sink.ts';
import { uint32 } from '../metadata/big-endian.ts';
import type { Effort } from '../options.ts';
import { CHUNK_FRAME } from './chunks.ts';
import type { PngLayout } from './reduce.ts';
import { RowFilter } from './row-filter.ts';
import { searchFor, type Choice, type Search } from './search.ts';
import { ZLIB_HEADER } from '../metadata/zlib.ts';
import { ZlibStream, type PieceCheck } from './zlib-stream.ts';

/** Filtered bytes on which filters are tried; a row may be larger. */
const SAMPLE = 1 << 14;

/** Where a run of rows stands in the zlib stream of its image. */
export type Place = {
  /** It starts the stream, whose header comes before it. Else the row above the first lies one stride before it. */
  first: boolean;
  /** It ends the stream. */
  last: boolean;
  /** It is the whole stream: the checksum of RFC 1950 ends it. */
  whole: boolean;
};

/**
 * Makes IDAT chunks of the rows of an image. All memory is taken when it is made, the sink's among it; nothing is
 * written to the sink before `write` is called.
 */
export class IdatWriter {
  readonly sink: Sink;
  readonly #instance: KernelInstance;
  readonly #place: Place;
  readonly #height: number;
  readonly #windowRows: number;
  readonly #choices: Search['choices'];
  readonly #rows: RowFilter;
  readonly #stream: ZlibStream;
  readonly #crc32Tables: number;
  readonly #chunkBound: number;

  constructor(
    instance: KernelInstance,
    image: PackedImage,
    layout: PngLayout,
    place: Place,
    { effort, outputBytes }: { effort: Effort; outputBytes: number },
  ) {
    const { kernels, memory } = instance;
    const { choices, matches, window } = searchFor(layout, effort);
    this.#instance = instance;
    this.#place = place;
    this.#height = image.height;
    this.#choices = choices;
    this.#rows = new RowFilter(instance, image, layout, place.first);
    this.#windowRows = this.#rowsOf(window, image.height);
    const windowBytes = this.#windowRows * this.#rows.filteredRow;
    this.#stream = new ZlibStream(instance, windowBytes, matches, choices.length > 1);
    this.#crc32Tables = memory.alloc(kernels.crc32TableBytes.value);
    kernels.crc32Tables(this.#crc32Tables);
    this.#chunkBound = CHUNK_FRAME + ZLIB_HEADER.length + this.#stream.bound + 4;
    this.sink = new Sink(memory, Math.max(64, this.#chunkBound + outputBytes));
  }

  /** Writes all rows. */
  write(): PieceCheck {
    this.#rows.seek(0);
    for (let top = 0; top < this.#height; top += this.#windowRows) {
      this.#writeChunk(top, Math.min(this.#windowRows, this.#height - top));
    }
    return this.#stream.check;
  }

  #writeChunk(top: number, rows: number): void {
    const { kernels, memory } = this.#instance;
    const { first, last, whole } = this.#place;
    const complete = top + rows === this.#height;
    const ending = !complete ? 'endingOpen' : last ? 'endingEnds' : 'endingFlushes';
    const chunk = this.sink.room(this.#chunkBound);
    const type = chunk + 4;
    const data = chunk + 8;
    this.#rows.filter(top, rows, this.#stream.input, this.#choose(top, rows, chunk));
    let bytes = 0;
    if (first && top === 0) {
      memory.bytes(data, ZLIB_HEADER.length).set(ZLIB_HEADER);
      bytes += ZLIB_HEADER.length;
    }
    bytes += this.#stream.compress(rows * this.#rows.filteredRow, data + bytes, ending);
    if (whole && complete) {
      this.#putUint32(data + bytes, this.#stream.check.adler32);
      bytes += 4;
    }
    this.#putUint32(chunk, bytes);
    memory.bytes(type, 4).set([0x49, 0x44, 0x41, 0x54]); // IDAT
    this.#putUint32(data + bytes, kernels.crc32(type, this.#crc32Tables, 4 + bytes, 0));
    this.sink.advance(CHUNK_FRAME + bytes);
  }

  /** The filters that make rows in the middle of a window smallest; there is room for a window at `scratch`. */
  #choose(top: number, rows: number, scratch: number): Choice {
    const [first, ...others] = this.#choices;
    if (others.length === 0) return first!;
    const count = this.#rowsOf(SAMPLE, rows);
    const from = top + ((rows - count) >> 1);
    let best = first!;
    let least = Infinity;
    for (const choice of this.#choices) {
      this.#rows.seek(from);
      this.#rows.filter(from, count, this.#stream.input, choice);
      const bytes = this.#stream.trial(count * this.#rows.filteredRow, scratch);
      if (bytes < least) [best, least] = [choice, bytes];
    }
    this.#rows.seek(top);
    return best;
  }

  /** How many of `most` rows, at least one, fit into so many filtered bytes. */
  #rowsOf(bytes: number, most: number): number {
    return Math.min(most, Math.max(1, Math.floor(bytes / this.#rows.filteredRow)));
  }

  #putUint32(address: number, value: number): void {
    this.#instance.memory.bytes(address, 4).set(uint32(value));
  }
}
