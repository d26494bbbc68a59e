/** JPEG for effort 'size': from pixels to quantised coefficients of the whole picture, then progressive scans. */
import type { PixelImage } from '../frame/image.ts';
import type { KernelInstance } from '../memory/kernels.ts';
import type { ChromaSubsampling } from '../options.ts';
import type { Sink } from '../memory/sink.ts';
import { writeProgressive, type Component } from './progressive.ts';
import { Quantiser } from './quantiser.ts';
import { jpegSegments } from '../metadata/jpeg-segments.ts';
import { openStrip, sampled, SAMPLING } from './strips.ts';
import { visualTables } from './visual-tables.ts';

/** How a small JPEG is written. */
export type SmallJpegSettings = {
  quality: number;
  chromaSubsampling: ChromaSubsampling;
  /** What goes into APP1. */
  exif?: Uint8Array | undefined;
  /** An ICC profile of RGB colours with the white of sRGB, for APP2; a grey photo means the same without it. */
  profile?: Uint8Array | undefined;
};

/**
 * Encodes a progressive JPEG (T.81 Annex G, JFIF) that spends its bytes on what the eye sees: quantisation weighs
 * errors against bits, scans are chosen by counting, each has a Huffman table made for it. A picture without colour
 * gets one component. All coefficients are held in memory, 2 bytes each and a bit; all that is allocated stays on the
 * memory's stack.
 * @throws RangeError when the memory's limit does not allow that.
 */
export function encodeSmall(instance: KernelInstance, image: PixelImage, settings: SmallJpegSettings): Sink {
  const { chromaSubsampling, quality, exif, profile } = settings;
  const { width, height } = image;
  const [across, down] = SAMPLING[chromaSubsampling];
  const { memory } = instance;
  const mcus = Math.ceil(width / (8 * across));
  const mcuRows = Math.ceil(height / (8 * down));
  const component = (h: number, v: number, realAcross: number, realDown: number): Component => {
    const blocks = mcus * h * mcuRows * v;
    const [coefs, masks] = [memory.alloc(blocks * 128), memory.alloc(blocks * 8)];
    return { coefs, masks, across: mcus * h, down: mcuRows * v, realAcross, realDown };
  };
  const all = [
    component(across, down, Math.ceil(width / 8), Math.ceil(height / 8)),
    component(1, 1, mcus, mcuRows),
    component(1, 1, mcus, mcuRows),
  ] as const;

  const mark = memory.mark();
  transform(instance, sampled(instance, image, chromaSubsampling), all, [across, down]);
  memory.release(mark);

  const colour = all.slice(1).some((c) => instance.kernels.isZero(c.coefs, c.across * c.down * 128) === 0);
  const components = colour ? all : [all[0]];
  const quantisers = visualTables(quality).slice(0, components.length);
  new Quantiser(instance, all[0].across).quantise(components, quantisers);
  memory.release(mark);

  const segments = jpegSegments(exif, colour ? profile : undefined);
  return writeProgressive(instance, { width, height, across, down, components, quantisers, segments });
}

/** Forward DCT of the whole picture, a row of MCUs at a time. */
function transform(
  instance: KernelInstance,
  image: PixelImage,
  [luma, blue, red]: readonly [Component, Component, Component],
  [across, down]: readonly [number, number],
): void {
  const { kernels, memory } = instance;
  const scratch = memory.alloc(128);
  const strip = openStrip(instance, image, { mcus: blue.across, across, down, grey: false });
  for (let row = 0; row < blue.down; row++) {
    const { y, cb, cr, yStride, chromaStride } = strip.load(row);
    for (let v = 0; v < down; v++) {
      const to = luma.coefs + (row * down + v) * luma.across * 128;
      kernels.forwardBlocks(y + v * 8 * yStride, to, scratch, luma.across, yStride);
    }
    const at = row * blue.across * 128;
    kernels.forwardBlocks(cb, blue.coefs + at, scratch, blue.across, chromaStride);
    kernels.forwardBlocks(cr, red.coefs + at, scratch, red.across, chromaStride);
  }
}
