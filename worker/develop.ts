import { planarToRgba } from './color.ts';
import { frameSize, readFrame, type Frame } from './frame.ts';
import { planGeometry, type Geometry } from './geometry.ts';
import { isPlanar, type PackedImage, type PixelImage, type PlanarImage } from './image.ts';
import { encodeJpeg } from './jpeg/encode.ts';
import type { KernelInstance } from './kernels.ts';
import type { DevelopSettings } from './options.ts';
import type { RedEye, WorkerPhoto } from './photo.ts';
import { encodePng } from './png.ts';
import { reduceRedEye } from './red-eye.ts';
import { scalePacked, scalePlanar } from './scale.ts';
import type { Sink } from './sink.ts';

/**
 * The path of a frame: read → red-eye → scale → encode → Blob. Linear memory is empty before and after; the frame is not
 * closed here.
 * @throws RangeError for a photo that is too large, before any work; InvalidStateError for a closed frame;
 * OperationError when the host cannot read it or give the memory.
 */
export async function develop(instance: KernelInstance, frame: Frame, settings: DevelopSettings): Promise<WorkerPhoto> {
  const { memory } = instance;
  memory.reset();
  const { display, bytes } = frameSize(frame);
  const { width, height } = planGeometry(display, display, settings);
  memory.reserve(bytes + width * height * 4);

  const clock = new Stopwatch();
  const source = await readFrame(memory, frame);
  const read = clock.lap();
  const redEyes = settings.redEyeReduction ? reduceRedEye(instance, source.image) : [];
  const redEye = clock.lap();
  const geometry = planGeometry(source.image, source.display, settings);
  const upright = inEncoderColours(instance, source.image, settings);
  const image = scaleTo(instance, upright, geometry, settings);
  const scale = clock.lap();
  const sink = encode(instance, image, settings);
  const encoded = clock.lap();
  const blob = new Blob(sink.parts(), { type: settings.type });
  memory.reset();
  return {
    blob,
    width,
    height,
    redEyes: redEyes.flatMap((eye) => toPhoto(eye, geometry)),
    timings: { read, redEye, scale, encode: encoded, blob: clock.lap() },
  };
}

/** Planes are kept for a JPEG that stores 4:2:0; every other photo is made of RGB. */
function inEncoderColours(instance: KernelInstance, image: PixelImage, settings: DevelopSettings): PixelImage {
  const storesPlanes = settings.type === 'image/jpeg' && settings.chromaSubsampling === '4:2:0';
  return isPlanar(image) && !storesPlanes ? planarToRgba(instance, image) : image;
}

/** Crops, resamples and pads as planned; the image itself where nothing changes. */
export function scaleTo(
  instance: KernelInstance,
  image: PixelImage,
  geometry: Geometry,
  { kernel }: Pick<DevelopSettings, 'kernel'>,
): PixelImage {
  const { width, height, crop, inner } = geometry;
  const padded = inner.width !== width || inner.height !== height;
  if (
    !padded &&
    crop.width === image.width &&
    crop.height === image.height &&
    width === image.width &&
    height === image.height
  ) {
    return image;
  }
  // Bars of an odd width would begin between two chroma samples.
  const source = isPlanar(image) && ((inner.x | inner.y) & 1) === 1 ? planarToRgba(instance, image) : image;
  if (isPlanar(source)) {
    const target = allocPlanar(instance, source, width, height);
    if (padded) fillBlack(instance, target);
    scalePlanar(instance, source, crop, part(target, inner), kernel);
    return target;
  }
  const target = allocPacked(instance, source, width, height);
  if (padded) instance.memory.words(target.address, width * height).fill(OPAQUE_BLACK);
  scalePacked(
    instance,
    source,
    crop,
    {
      ...target,
      address: target.address + inner.y * target.stride + inner.x * 4,
      width: inner.width,
      height: inner.height,
    },
    kernel,
  );
  return target;
}

/** 255 in the highest byte: alpha, in all four orders of channels. */
const OPAQUE_BLACK = 0xff000000 | 0;

function encode(instance: KernelInstance, image: PixelImage, settings: DevelopSettings): Sink {
  if (settings.type === 'image/jpeg') return encodeJpeg(instance, image, settings);
  return encodePng(instance, isPlanar(image) ? planarToRgba(instance, image) : image, settings);
}

function allocPacked({ memory }: KernelInstance, like: PackedImage, width: number, height: number): PackedImage {
  return { format: like.format, width, height, address: memory.alloc(width * height * 4), stride: width * 4 };
}

function allocPlanar({ memory }: KernelInstance, like: PlanarImage, width: number, height: number): PlanarImage {
  const chroma = { width: (width + 1) >> 1, height: (height + 1) >> 1 };
  const luma = memory.alloc(width * height);
  const planes = [
    { address: luma, stride: width },
    { address: memory.alloc(chroma.width * chroma.height), stride: chroma.width },
    { address: memory.alloc(chroma.width * chroma.height), stride: chroma.width },
  ];
  return { format: 'I420', width, height, planes, colour: like.colour };
}

function fillBlack({ memory }: KernelInstance, { planes, width, height, colour }: PlanarImage): void {
  const chromaBytes = ((width + 1) >> 1) * ((height + 1) >> 1);
  memory.bytes(planes[0]!.address, width * height).fill(colour.fullRange ? 0 : 16);
  memory.bytes(planes[1]!.address, chromaBytes).fill(128);
  memory.bytes(planes[2]!.address, chromaBytes).fill(128);
}

/** A rectangle of an I420 image, its corner even, as an image of its own. */
function part(image: PlanarImage, { x, y, width, height }: Geometry['inner']): PlanarImage {
  const planes = image.planes.map(({ address, stride }, i) =>
    i === 0
      ? { address: address + y * stride + x, stride }
      : { address: address + (y >> 1) * stride + (x >> 1), stride },
  );
  return { ...image, width, height, planes };
}

/** A circle of the source in pixels of the photo, unless it was cropped away. Pixel centres lie at halves. */
function toPhoto(eye: RedEye, { width, height, crop, inner }: Geometry): RedEye[] {
  const across = inner.width / crop.width;
  const down = inner.height / crop.height;
  const x = inner.x + (eye.x + 0.5 - crop.x) * across - 0.5;
  const y = inner.y + (eye.y + 0.5 - crop.y) * down - 0.5;
  const inside = x >= 0 && y >= 0 && x <= width - 1 && y <= height - 1;
  return inside ? [{ ...eye, x, y, radius: eye.radius * Math.sqrt(across * down) }] : [];
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
