/**
 * A case's photo by the kernels in this process: the stages of worker/develop.ts on a frame that lies in linear memory.
 */
import { loadKernels } from '../../src/kernels.ts';
import { encode } from '../../worker/develop.ts';
import { planGeometry, type Geometry } from '../../worker/scale/geometry.ts';
import type { PixelImage } from '../../worker/frame/image.ts';
import { mirrored, type Orientation, turned, turnedSize } from '../../worker/frame/orientation.ts';
import type { KernelInstance } from '../../worker/memory/kernels.ts';
import { layOut } from '../../worker/scale/layout.ts';
import { resolveOptions, type DevelopSettings } from '../../worker/options.ts';
import type { RedEye } from '../../worker/photo.ts';
import { reduceRedEye } from '../../worker/red-eye/red-eye.ts';
import { measureSharpness } from '../../worker/sharpness.ts';
import { displayOf, isPlanarFormat, type Case } from './case.ts';
import type { Picture } from './picture.ts';
import { readPicture } from './picture.ts';
import type { Stored } from './stored.ts';

/** A photo, and what it was made of. */
export type Developed = {
  file: Uint8Array<ArrayBuffer>;
  settings: DevelopSettings;
  geometry: Geometry;
  orientation: Orientation;
  /** The visible part of the frame as it was read, and after red eyes were corrected. */
  read: Picture;
  corrected: Picture;
  redEyes: RedEye[];
  sharpness: number | undefined;
};

/** Puts a frame into linear memory, as the stages want it: the address is that of what is visible. */
export function load({ memory }: KernelInstance, given: Case, { data, layout }: Stored): PixelImage {
  const { width, height, margin, format, colour } = given;
  const address = memory.alloc(data.length);
  memory.bytes(address, data.length).set(data);
  const packed = isPlanarFormat(format) ? 1 : 4;
  const planes = layout.map(({ offset, stride }, i) => {
    const [left, top] = i === 0 ? [margin.left * packed, margin.top] : [margin.left / 2, margin.top / 2];
    const step = format === 'NV12' && i === 1 ? 2 : 1;
    return { address: address + offset + top * stride + left * step, stride };
  });
  return isPlanarFormat(format) ? { format, width, height, planes, colour } : { format, width, height, ...planes[0]! };
}

/** Develops a case. Throws what the library throws. */
export function develop(instance: KernelInstance, given: Case, stored: Stored): Developed {
  const settings = settingsOf(given);
  instance.memory.reset();
  const image = load(instance, given, stored);
  const stoodAt = turned(given.rotation, given.flip);
  const geometry = planGeometry(turnedSize(image, stoodAt), displayOf(given), settings);
  const sharpness = settings.measureSharpness ? measureSharpness(instance, image) : undefined;
  const read = readPicture(instance, image);
  const redEyes = settings.redEyeReduction ? reduceRedEye(instance, image) : [];
  const corrected = redEyes.length > 0 ? readPicture(instance, image) : read;
  const orientation = settings.mirror ? mirrored(stoodAt) : stoodAt;
  const packed = settings.type === 'image/png' || settings.chromaSubsampling !== '4:2:0';
  const photo = layOut(instance, image, geometry, orientation, { ...settings, packed });
  const file = encode(instance, photo, given.colorSpace, settings).toBytes();
  return { file, settings, geometry, orientation, read, corrected, redEyes, sharpness };
}

/** The settings of a case; metadata is written only where a case has any. */
export function settingsOf({ options }: Case): DevelopSettings {
  const settings = resolveOptions(options);
  return { ...settings, metadata: options.metadata === undefined ? false : settings.metadata };
}

const published = await loadKernels(new URL('../../build/kernels.wasm', import.meta.url));

/** The same photo by the functions of 'motordrive/kernels', for frames that are images. */
export function developByKernels(given: Case, pixels: Uint8Array): Uint8Array | undefined {
  const { width, height, format, colorSpace, rotation, flip, display, options } = given;
  if (format !== 'RGBA' || rotation || flip || display || (options.workers ?? 1) > 1) return undefined;
  const { type, redEyeReduction, imageWidth, imageHeight, fit, background, mirror, kernel, linear } = options;
  let image: Parameters<typeof published.resize>[0] = { data: pixels.slice(), width, height, colorSpace };
  if (redEyeReduction) image = published.reduceRedEye(image).image;
  if (imageWidth !== undefined || imageHeight !== undefined || mirror) {
    const size = { width: imageWidth, height: imageHeight } as { width?: number; height?: number };
    image = published.resize(image, { ...size, fit, background, mirror, kernel, linear });
  }
  const { quality, maxBytes, chromaSubsampling, effort, metadata } = options;
  if (type === 'image/png') return published.encodePng(image, { effort, metadata });
  return published.encodeJpeg(image, { quality, maxBytes, chromaSubsampling, effort, metadata });
}
