import type { PackedImage } from '../frame/image.ts';
import type { KernelInstance } from '../memory/kernels.ts';
import type { PngLayout } from './reduce.ts';
import { bytesPerRow, filterDistance, packedBytes, packer, type Packer } from './rows.ts';
import type { Choice } from './search.ts';

/** Packed bytes that are filtered at a time, so that they stay in the cache; a row may be larger. */
const STRIP = 1 << 15;
/** Zeros before every packed row: its left neighbours. Rows of bits have none, but are not filtered either. */
const LEAD = 16;

/**
 * The rows of an image, packed as its PNG holds them, a strip at a time, and filtered. Its memory is taken when it is
 * made.
 */
export class RowFilter {
  /** Bytes of a filtered row, its filter type among them. */
  readonly filteredRow: number;
  readonly #instance: KernelInstance;
  readonly #rowBytes: number;
  readonly #distance: number;
  readonly #pitch: number;
  readonly #stripRows: number;
  /** The address of a strip's first row; the row above it lies one pitch before. */
  readonly #strip: number;
  readonly #pack: Packer;
  readonly #startsImage: boolean;

  /** @param startsImage Nothing is above the first row; else the row above lies one stride before it in memory. */
  constructor(instance: KernelInstance, image: PackedImage, layout: PngLayout, startsImage: boolean) {
    const { memory } = instance;
    this.#instance = instance;
    this.#rowBytes = bytesPerRow(layout, image.width);
    this.filteredRow = 1 + this.#rowBytes;
    this.#distance = filterDistance(layout);
    this.#pitch = Math.ceil((LEAD + packedBytes(layout, image.width)) / 16) * 16;
    this.#stripRows = Math.min(image.height, Math.max(1, Math.floor(STRIP / this.#pitch)));
    const bytes = (1 + this.#stripRows) * this.#pitch;
    const packed = memory.alloc(bytes);
    memory.bytes(packed, bytes).fill(0);
    this.#strip = packed + LEAD + this.#pitch;
    this.#pack = packer(instance, image, layout);
    this.#startsImage = startsImage;
  }

  /** Goes to row `y`, which is filtered next: filters refer to the row above it. */
  seek(y: number): void {
    const { memory, kernels } = this.#instance;
    const above = this.#strip - this.#pitch;
    if (y === 0 && this.#startsImage) {
      memory.bytes(above, this.#rowBytes).fill(0);
    } else {
      this.#pack(y - 1, 1, this.#strip, this.#pitch);
      kernels.copyRows(this.#strip, above, this.#rowBytes, 1, 0, 0);
    }
  }

  /** Filters rows from `top` on, where the last call or {@link seek} ended, to an address. */
  filter(top: number, rows: number, to: number, { filters, step, measure: by }: Choice): void {
    const { kernels } = this.#instance;
    const measure = kernels[by].value;
    const [strip, pitch, rowBytes] = [this.#strip, this.#pitch, this.#rowBytes];
    for (let y = 0; y < rows; y += this.#stripRows) {
      const count = Math.min(this.#stripRows, rows - y);
      const dst = to + y * this.filteredRow;
      this.#pack(top + y, count, strip, pitch);
      kernels.filterRows(strip, dst, rowBytes, count, pitch, this.#distance, filters, step, measure);
      kernels.copyRows(strip + (count - 1) * pitch, strip - pitch, rowBytes, 1, 0, 0);
    }
  }
}
