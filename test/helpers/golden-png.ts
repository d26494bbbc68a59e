/** Seeded images and the SHA-256 of the PNG that each must become, in every engine. */
import type { KernelInstance } from '../../worker/memory/kernels.ts';
import type { PackedImage } from '../../worker/frame/image.ts';
import type { Effort } from '../../worker/options.ts';
import { encodePng } from '../../worker/png/encode.ts';
import { Random } from './random.ts';

/** Kinds of content, each a matter of its own to filters or matches. */
export const CONTENTS = ['noise', 'flat', 'ramp', 'tiles', 'text', 'photo'] as const;
export type Content = (typeof CONTENTS)[number];

/** `width` × `height` pixels of four bytes; alpha as the content has it, or 255 where `opaque`. */
export function makePixels(
  content: Content,
  width: number,
  height: number,
  seed: number,
  opaque: boolean,
): Uint8Array<ArrayBuffer> {
  const random = new Random(seed);
  const pixels = new Uint8Array(width * height * 4);
  const words = new Uint32Array(pixels.buffer);
  if (content === 'noise') {
    for (let i = 0; i < words.length; i++) words[i] = random.word();
  } else if (content === 'flat') {
    words.fill(random.word());
  } else if (content === 'ramp') {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) words[y * width + x] = (x + y) * 0x01010101 + seed;
    }
  } else if (content === 'tiles') {
    const tile = new Uint32Array(1 + random.below(12000));
    for (let i = 0; i < tile.length; i++) tile[i] = random.word();
    for (let i = 0; i < words.length; i++) words[i] = tile[i % tile.length]!;
  } else if (content === 'text') {
    const glyphs = random.bytes(64 * 8);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const glyph = ((x >> 3) * 7 + (y >> 3) * 13 + ((x * y) >> 9)) & 63;
        words[y * width + x] = (glyphs[glyph * 8 + (y & 7)]! >> (x & 7)) & 1 ? 0xff202020 : 0xfff8f8f0;
      }
    }
  } else {
    const [fx, fy] = [1 + random.below(40), 1 + random.below(40)];
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const light = ((x * fx + y * fy) >> 4) + (((x ^ y) & 64) >> 1);
        for (let channel = 0; channel < 4; channel++) {
          pixels[(y * width + x) * 4 + channel] = light + channel * 20 + random.below(6);
        }
      }
    }
  }
  if (opaque) for (let i = 3; i < pixels.length; i += 4) pixels[i] = 255;
  return pixels;
}

/** Copies pixels to the stack, encodes them and gives the stack back. */
export function encodePixels(
  instance: KernelInstance,
  pixels: Uint8Array,
  image: Omit<PackedImage, 'address'>,
  effort: Effort,
  outputBytes?: number,
): Uint8Array<ArrayBuffer> {
  const { memory } = instance;
  const mark = memory.mark();
  const address = memory.alloc(pixels.length);
  memory.bytes(address, pixels.length).set(pixels);
  const options = outputBytes === undefined ? { effort } : { effort, outputBytes };
  const bytes = encodePng(instance, { ...image, address }, options).toBytes();
  memory.release(mark);
  return bytes;
}

type Golden = { content: Content; width: number; height: number; opaque: boolean; effort: Effort; sha256: string };

/** What {@link goldenPng} must hash to. */
export const GOLDEN_PNGS: readonly Golden[] = [
  {
    content: 'noise',
    width: 33,
    height: 17,
    opaque: false,
    effort: 'balanced',
    sha256: '4046bf246060ff427fbf55d513982b2a175ae4a066360cb37e5a764b1da795ef',
  },
  {
    content: 'photo',
    width: 641,
    height: 479,
    opaque: true,
    effort: 'speed',
    sha256: '078d1cae2252b4f060d392cccbd2a48fea1e8d652ad8b608bb5bacf7ea018fdf',
  },
  {
    content: 'photo',
    width: 641,
    height: 479,
    opaque: true,
    effort: 'balanced',
    sha256: 'ff3bd1a8f0da218b3601e256d9fef6ea3c66ea174c4955f85fc7d7a299955604',
  },
  {
    content: 'photo',
    width: 641,
    height: 479,
    opaque: false,
    effort: 'size',
    sha256: '22576584c29feb0165efe39ce3aea46f3d663ab1d367bb9e5636d47fada93f8c',
  },
  {
    content: 'text',
    width: 640,
    height: 480,
    opaque: true,
    effort: 'balanced',
    sha256: '3a021cc6c629f3702b1ce0a7fe29495b5e2cdc6609a6fb8f436a1e626a70b4a5',
  },
  {
    content: 'tiles',
    width: 300,
    height: 200,
    opaque: false,
    effort: 'size',
    sha256: '7da5257d325447b751c67bd2fd307447ee94cf7ae0e7f9aef9c5e7326ec516e4',
  },
  {
    content: 'ramp',
    width: 255,
    height: 257,
    opaque: false,
    effort: 'balanced',
    sha256: '9e51f23a165313376d90b9943ff75161decd88f06fe8f5bcd87364674fc24efa',
  },
];

/** The file that a golden input becomes on these kernels. */
export function goldenPng(
  instance: KernelInstance,
  { content, width, height, opaque, effort }: Golden,
): Uint8Array<ArrayBuffer> {
  const pixels = makePixels(content, width, height, 1, opaque);
  return encodePixels(instance, pixels, { format: 'RGBA', width, height, stride: width * 4 }, effort);
}
