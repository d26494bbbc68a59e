/**
 * Camera frames of every kind and the photos that they become, in every engine: pairwise over formats, colours, sizes,
 * visible rectangles and options. The hashes are recorded in golden-frames.hashes.ts; `RECORD=1 npx vitest run
 * --project node test/kernels/golden-frames.test.ts` writes it anew, where every photo looks like its frame.
 */
import { encode } from '../../worker/develop.ts';
import { planGeometry } from '../../worker/scale/geometry.ts';
import type { PixelImage, YuvColour } from '../../worker/frame/image.ts';
import { mirrored, type Orientation, turned, turnedSize } from '../../worker/frame/orientation.ts';
import type { KernelInstance } from '../../worker/memory/kernels.ts';
import { layOut } from '../../worker/scale/layout.ts';
import { resolveOptions, type DevelopOptions } from '../../worker/options.ts';
import { reduceRedEye } from '../../worker/red-eye/red-eye.ts';
import { face, type DrawnEye } from './golden-red-eye.ts';
import { load } from './images.ts';
import { pairwise, type CaseOf } from './pairwise.ts';
import { drawn, scene, type Pixels } from './scene.ts';
import { placeYuv, yuvOf } from './yuv.ts';

export const FACTORS = {
  format: ['I420', 'NV12', 'RGBA', 'BGRA'],
  fullRange: [false, true],
  matrix: ['bt601', 'bt709'],
  /** Rows of whole vectors are taken in place. */
  size: ['whole', 'even', 'odd'],
  /** The part of the stored picture that is visible. */
  visible: ['all', 'part'],
  content: ['scene', 'grey', 'eyes'],
  kind: ['speed', 'balanced', 'size', 'maxBytes', 'PNG speed', 'PNG balanced', 'PNG size'],
  chroma: ['4:2:0', '4:2:2', '4:4:4'],
  scale: ['none', 'down', 'up', 'cover', 'contain', 'fill'],
  kernel: ['lanczos3', 'mitchell', 'bilinear', 'box'],
  linear: [false, true],
  mirror: [false, true],
  rotation: [0],
  flip: [false],
} as const;

/** Frames that are turned, as one engine alone makes them. */
const TURNED = {
  ...FACTORS,
  content: ['scene', 'eyes'],
  linear: [false],
  rotation: [90, 180, 270],
  flip: [false, true],
} as const;

/** A frame and how it is developed. */
export type GoldenFrame = CaseOf<typeof FACTORS> | CaseOf<typeof TURNED>;

/** What has no meaning gets a fixed value. */
export function normal<F extends GoldenFrame>(one: F): F {
  const packed = one.format === 'RGBA' || one.format === 'BGRA';
  return {
    ...one,
    ...(packed && { fullRange: true, matrix: 'bt601' }),
    ...(one.kind.startsWith('PNG') && { chroma: '4:2:0' }),
    ...(one.scale === 'none' && { kernel: 'lanczos3', linear: false }),
  };
}

const upright: GoldenFrame[] = pairwise(FACTORS, normal, 1);
const rotated: GoldenFrame[] = pairwise(TURNED, normal, 2).filter((_, i) => i % 2 === 0);

export const GOLDEN_FRAMES: readonly GoldenFrame[] = [...upright, ...rotated];

/** The case in words: its key among the hashes. */
export function titleOf(one: GoldenFrame): string {
  const { format, fullRange, matrix, size, visible, content, kind, chroma, scale, kernel, linear, mirror } = one;
  const planar = format === 'I420' || format === 'NV12';
  return [
    planar ? `${format} ${matrix} ${fullRange ? 'full' : 'limited'}` : format,
    `${size} size`,
    ...(visible === 'part' ? ['a part'] : []),
    content,
    ...(one.rotation || one.flip ? [`turned ${one.rotation}${one.flip ? ' flipped' : ''}`] : []),
    ...(scale === 'none' ? [] : [`${scale} by ${kernel}${linear ? ' linear' : ''}`]),
    ...(mirror ? ['mirrored'] : []),
    kind.startsWith('PNG') ? kind : `JPEG ${kind} ${chroma}`,
  ].join(', ');
}

const SIZES = { whole: [192, 128], even: [198, 134], odd: [197, 131] } as const;

/** The eyes of the face, where that is the content. */
export const EYES: readonly DrawnEye[] = [
  { x: 60, y: 56, r: 6 },
  { x: 132, y: 58, r: 6 },
];

/** What is visible of a frame, as pixels. */
export function pictureOf({ size, content }: GoldenFrame): Pixels {
  const [width, height] = SIZES[size];
  if (content === 'eyes') return face(width, height, [...EYES]);
  if (content === 'scene') return scene(width, height);
  return drawn(width, height, (x, y) => {
    const grey = (x + y + 40 * (((x >> 4) ^ (y >> 4)) & 1)) & 255;
    return [grey, grey, grey, 255];
  });
}

/** Columns and rows before the visible rectangle: even, as 4:2:0 demands. */
export const PART = { x: 6, y: 4 };

/** The frame's colour. */
export const colourOf = ({ matrix, fullRange }: GoldenFrame): YuvColour => ({ matrix, fullRange });

/** Its options; nothing in a photo that differs from run to run. */
export function optionsOf({ kind, chroma, scale, kernel, linear, mirror, content }: GoldenFrame): DevelopOptions {
  const png = kind.startsWith('PNG');
  const sides = {
    none: {},
    down: { imageWidth: 71 },
    up: { imageHeight: 163 },
    cover: { imageWidth: 90, imageHeight: 90 },
    contain: { imageWidth: 120, imageHeight: 111 },
    fill: { imageWidth: 87, imageHeight: 140 },
  }[scale];
  return {
    ...sides,
    ...(scale === 'cover' || scale === 'contain' || scale === 'fill' ? { fit: scale } : {}),
    kernel,
    linear,
    mirror,
    background: '#3a7',
    redEyeReduction: content === 'eyes',
    type: png ? 'image/png' : 'image/jpeg',
    chromaSubsampling: chroma,
    quality: 0.9,
    ...(kind === 'maxBytes'
      ? { maxBytes: 7000 }
      : { effort: kind.replace('PNG ', '') as 'speed' | 'balanced' | 'size' }),
    metadata: false,
  };
}

/** How the stored picture becomes upright. */
export const orientationOf = ({ rotation, flip }: GoldenFrame): Orientation => turned(rotation, flip);

/** Puts what a frame shows into linear memory, as it is read of one. */
function read(instance: KernelInstance, one: GoldenFrame): PixelImage {
  const { format } = one;
  const picture = pictureOf(one);
  if (format === 'RGBA' || format === 'BGRA') return load(instance, picture, format);
  return placeYuv(instance, yuvOf(picture, colourOf(one)), format, colourOf(one));
}

/** The photo of a frame by the stages of worker/develop.ts, which takes frames of browsers alone. */
export function developGolden(instance: KernelInstance, one: GoldenFrame): Uint8Array<ArrayBuffer> {
  instance.memory.reset();
  const settings = resolveOptions(optionsOf(one));
  const image = read(instance, one);
  if (settings.redEyeReduction) reduceRedEye(instance, image);
  const stored = orientationOf(one);
  const size = turnedSize(image, stored);
  const packed = settings.type !== 'image/jpeg' || settings.chromaSubsampling !== '4:2:0';
  const orientation = settings.mirror ? mirrored(stored) : stored;
  const photo = layOut(instance, image, planGeometry(size, size, settings), orientation, { ...settings, packed });
  return encode(instance, photo, 'srgb', settings).toBytes();
}
