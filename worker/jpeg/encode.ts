import { planarToRgba } from '../color.ts';
import { isPlanar, type PixelImage } from '../image.ts';
import type { KernelInstance } from '../kernels.ts';
import { jpegSegments } from '../metadata/jpeg-segments.ts';
import type { ChromaSubsampling, Effort } from '../options.ts';
import { Sink } from '../sink.ts';
import { BlockSource } from './blocks.ts';
import { PIECE_BOUND, TokenCoder } from './coder.ts';
import { baselineHeader, EOI } from './header.ts';
import { quantisationTables, TYPICAL_TABLES } from './tables.ts';
import { TokenStore } from './tokens.ts';

/** How a JPEG is written. */
export type JpegSettings = {
  quality: number;
  chromaSubsampling: ChromaSubsampling;
  effort: Effort;
  /** What goes into APP1. */
  exif?: Uint8Array | undefined;
  /** An ICC profile of RGB colours with the white of sRGB, for APP2; a grey photo means the same without it. */
  profile?: Uint8Array | undefined;
};

/**
 * Encodes a baseline JPEG (T.81, JFIF), one row of MCUs at a time. Planes are taken as they are for 4:2:0; alpha is composited
 * on white. With effort 'speed' the Huffman tables are the typical ones of Annex K and a row is coded as soon as it is
 * transformed; else the photo's tokens are kept until their statistics have made the best tables. What it allocates stays on the
 * memory's stack.
 */
export function encodeJpeg(instance: KernelInstance, image: PixelImage, settings: JpegSettings): Sink {
  const { chromaSubsampling, quality, effort } = settings;
  const direct = !isPlanar(image) || chromaSubsampling === '4:2:0';
  const source = direct ? image : planarToRgba(instance, image);
  const blocks = new BlockSource(instance, source, chromaSubsampling, quantisationTables(quality));
  const grey = blocks.frame.quantisers.length === 1;
  const segments = jpegSegments(settings.exif, grey ? undefined : settings.profile);
  const coder = new TokenCoder(instance);
  const tokens = new TokenStore(instance, blocks);
  if (effort === 'speed') {
    const sink = new Sink(instance.memory, sinkBytes(image));
    sink.write(baselineHeader(blocks.frame, TYPICAL_TABLES, segments));
    coder.start(TYPICAL_TABLES);
    for (let row = 0; row < blocks.rows; row++) {
      tokens.clear();
      tokens.add(blocks.load(row));
      coder.encode(tokens, sink);
    }
    return finish(coder, sink);
  }
  for (let row = 0; row < blocks.rows; row++) tokens.add(blocks.load(row));
  const tables = tokens.optimalTables();
  const sink = new Sink(instance.memory, sinkBytes(image));
  sink.write(baselineHeader(blocks.frame, tables, segments));
  coder.start(tables);
  coder.encode(tokens, sink);
  return finish(coder, sink);
}

/** Half a byte a pixel is more than most photographs need; what does not fit is copied out. */
function sinkBytes({ width, height }: PixelImage): number {
  return PIECE_BOUND + (width * height) / 2;
}

function finish(coder: TokenCoder, sink: Sink): Sink {
  coder.flush(sink);
  sink.write(EOI);
  return sink;
}
