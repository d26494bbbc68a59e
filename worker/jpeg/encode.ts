import type { PixelImage } from '../frame/image.ts';
import type { KernelInstance } from '../memory/kernels.ts';
import { assertSides } from '../limits.ts';
import { jpegSegments } from '../metadata/jpeg-segments.ts';
import type { ChromaSubsampling, Effort } from '../options.ts';
import type { Sink } from '../memory/sink.ts';
import { BlockSource } from './blocks.ts';
import { encodeWithin } from './budget.ts';
import { Coder } from './coder.ts';
import { addRows, encodeAtOnce, encodeTokens } from './scan.ts';
import { encodeSmall } from './effort-size.ts';
import { quantisationTables } from './tables.ts';
import { TokenStore } from './tokens.ts';

/** How a JPEG is written. */
export type JpegSettings = {
  quality: number;
  chromaSubsampling: ChromaSubsampling;
  effort: Effort;
  /** The most bytes the file may have: the quality is chosen for that, and `quality` is ignored. */
  maxBytes?: number | undefined;
  /**
   * Write a restart marker behind every row of MCUs, so that the rows can be coded apart. The photo then always has
   * colour.
   */
  restarts?: boolean | undefined;
  /** What goes into APP1. */
  exif?: Uint8Array | undefined;
  /** An ICC profile of RGB colours with the white of sRGB, for APP2; a grey photo means the same without it. */
  profile?: Uint8Array | undefined;
};

/**
 * Encodes a JPEG (T.81, JFIF): progressive for effort 'size', else baseline. Planes are taken as they are for 4:2:0;
 * alpha is composited on white; a photo without colour has one component. With effort 'speed' the Huffman tables are
 * the typical ones of Annex K and a row of MCUs is coded as soon as it is transformed; else the photo's tokens are kept
 * until their statistics have made the best tables. A file with a budget of bytes is baseline. What it allocates stays
 * on the memory's stack.
 * @throws RangeError when a side is too long or `maxBytes` cannot be reached.
 */
export function encodeJpeg(instance: KernelInstance, image: PixelImage, settings: JpegSettings): Sink {
  const { chromaSubsampling, quality, effort, maxBytes, restarts = false, exif, profile } = settings;
  assertSides('image/jpeg', image.width, image.height);
  if (effort === 'size' && maxBytes === undefined) return encodeSmall(instance, image, settings);
  const blocks = new BlockSource(instance, image, chromaSubsampling, { colour: restarts });
  const coder = new Coder(instance);
  const file = { restarts, segments: jpegSegments(exif, blocks.grey ? undefined : profile) };
  if (maxBytes !== undefined) return encodeWithin(instance, blocks, coder, file, maxBytes);
  blocks.quantiseBy(quantisationTables(quality));
  if (effort === 'speed') return encodeAtOnce(instance, blocks, coder, file);
  const tokens = new TokenStore(instance, blocks);
  addRows(tokens, blocks, restarts);
  return encodeTokens(instance, blocks, coder, tokens, file);
}
