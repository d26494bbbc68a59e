import { filePart } from './blob.ts';
import { planarToRgba } from './color/color.ts';
import { frameSize, hasPlanes, isStoredAsShown } from './frame/frame-facts.ts';
import type { Frame } from './frame/frame.ts';
import { isPlanar, type PixelImage } from './frame/image.ts';
import { mirrored, turnedSize, UPRIGHT, uprightPoint, type Orientation } from './frame/orientation.ts';
import { readFrame } from './frame/read.ts';
import { planGeometry, type Geometry } from './scale/geometry.ts';
import { encodeJpeg } from './jpeg/encode.ts';
import { JFIF } from './jpeg/header.ts';
import type { KernelInstance } from './memory/kernels.ts';
import { layOut } from './scale/layout.ts';
import { exif } from './metadata/exif.ts';
import { iccProfile } from './metadata/icc.ts';
import { pngChunks } from './metadata/png-chunks.ts';
import type { DevelopSettings } from './options.ts';
import type { RedEye, WorkerPhoto } from './photo.ts';
import { encodePng } from './png/encode.ts';
import { reduceRedEye } from './red-eye/red-eye.ts';
import { measureSharpness } from './sharpness.ts';
import type { Sink } from './memory/sink.ts';

/**
 * The path of a frame: read → red-eye → scale → encode → Blob. Linear memory is empty before and after; a VideoFrame is
 * closed as soon as it is read, as cameras lend few.
 * @throws RangeError for a photo that is too large, before any work; InvalidStateError for a closed frame;
 * OperationError when the host cannot read it or give the memory.
 */
export async function develop(instance: KernelInstance, frame: Frame, settings: DevelopSettings): Promise<WorkerPhoto> {
  const { memory } = instance;
  memory.reset();
  const { display, bytes } = frameSize(frame);
  const { width, height } = planGeometry(display, display, settings);
  const keepsSize = width === display.width && height === display.height && !settings.mirror && isStoredAsShown(frame);
  memory.reserve(bytes + width * height * bytesPerPixel(frame, settings, keepsSize));

  const clock = new Stopwatch();
  const source = await readFrame(memory, frame);
  if (frame instanceof VideoFrame) frame.close();
  const readAt = epochNow();
  const sharpness = settings.measureSharpness ? measureSharpness(instance, source.image) : undefined;
  const read = clock.lap();
  const redEyes = settings.redEyeReduction ? reduceRedEye(instance, source.image) : [];
  const redEye = clock.lap();
  const geometry = planGeometry(turnedSize(source.image, source.orientation), source.display, settings);
  const orientation = settings.mirror ? mirrored(source.orientation) : source.orientation;
  const image = layOut(instance, source.image, geometry, orientation, { ...settings, packed: !storesPlanes(settings) });
  const scale = clock.lap();
  const sink = encode(instance, image, source.colorSpace, settings);
  const file = [filePart(sink.parts(), settings.type)];
  memory.reset();
  return {
    file,
    width,
    height,
    redEyes: redEyes.flatMap((eye) => toPhoto(eye, source.image, orientation, geometry)),
    sharpness,
    timings: { read, redEye, scale, encode: clock.lap() },
    readAt,
  };
}

/** Planes are kept for a JPEG that stores 4:2:0; every other photo is made of RGB. */
function storesPlanes({ type, chromaSubsampling }: DevelopSettings): boolean {
  return type === 'image/jpeg' && chromaSubsampling === '4:2:0';
}

/** Bytes that a pixel of the photo takes beside the frame: none where the frame's own pixels are encoded. */
function bytesPerPixel(frame: Frame, settings: DevelopSettings, keepsSize: boolean): number {
  const planar = hasPlanes(frame);
  if (planar && !storesPlanes(settings)) return 4;
  if (keepsSize) return 0;
  return planar && !settings.linear ? 1.5 : 4;
}

/** Encodes a photo with its metadata and, unless it is sRGB, its colour profile. */
export function encode(
  instance: KernelInstance,
  image: PixelImage,
  colorSpace: PredefinedColorSpace,
  settings: Pick<
    DevelopSettings,
    'type' | 'quality' | 'maxBytes' | 'chromaSubsampling' | 'effort' | 'metadata' | 'workers'
  >,
): Sink {
  const { type, metadata } = settings;
  const { width, height } = image;
  const preview = metadata && metadata.thumbnail ? thumbnail(instance, image) : undefined;
  const block = metadata ? exif(metadata, { type, width, height, colorSpace, thumbnail: preview }) : undefined;
  const profile = iccProfile(colorSpace);
  if (type === 'image/jpeg') {
    // The bytes depend on what was asked for, not on how many workers could be had.
    return encodeJpeg(instance, image, { ...settings, restarts: settings.workers > 1, exif: block, profile });
  }
  const packed = isPlanar(image) ? planarToRgba(instance, image) : image;
  return encodePng(instance, packed, { ...settings, chunks: pngChunks(metadata || undefined, block, profile) });
}

/** A thumbnail as Exif has it (4.5.8): within 160 × 120 pixels, baseline, without application segments. */
function thumbnail(instance: KernelInstance, image: PixelImage): Uint8Array {
  const { memory } = instance;
  const mark = memory.mark();
  const scale = Math.min(1, 160 / image.width, 120 / image.height);
  const width = Math.max(1, Math.round(image.width * scale));
  const height = Math.max(1, Math.round(image.height * scale));
  const crop = { x: 0, y: 0, width: image.width, height: image.height };
  const geometry = { width, height, crop, inner: { x: 0, y: 0, width, height } };
  const small = layOut(instance, image, geometry, UPRIGHT, { kernel: 'box', background: [0, 0, 0], linear: false });
  const jpeg = encodeJpeg(instance, small, { quality: 0.75, chromaSubsampling: '4:2:0', effort: 'speed' }).toBytes();
  memory.release(mark);
  const startOfImage = 2;
  jpeg.copyWithin(JFIF.length, 0, startOfImage);
  return jpeg.subarray(JFIF.length);
}

/** A circle of the stored frame in pixels of the photo, unless it was cropped away. Pixel centres lie at halves. */
function toPhoto(eye: RedEye, stored: PixelImage, orientation: Orientation, geometry: Geometry): RedEye[] {
  const { width, height, crop, inner } = geometry;
  const across = inner.width / crop.width;
  const down = inner.height / crop.height;
  const upright = uprightPoint({ x: eye.x + 0.5, y: eye.y + 0.5 }, stored, orientation);
  const x = inner.x + (upright.x - crop.x) * across - 0.5;
  const y = inner.y + (upright.y - crop.y) * down - 0.5;
  const inside = x >= 0 && y >= 0 && x <= width - 1 && y <= height - 1;
  return inside ? [{ ...eye, x, y, radius: eye.radius * Math.sqrt(across * down) }] : [];
}

/**
 * Milliseconds since 1970, as finely as the clock of `performance.now()` tells them, which differs between page and
 * worker.
 */
function epochNow(): number {
  return performance.timeOrigin + performance.now();
}

class Stopwatch {
  #last = performance.now();

  /** Milliseconds since the last lap. */
  lap(): number {
    const now = performance.now();
    const elapsed = now - this.#last;
    this.#last = now;
    return elapsed;
  }
}
