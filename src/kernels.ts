/**
 * 'motordrive/kernels': the kernels without workers or DOM, for Node, Deno, Bun and workers of one's own. All functions
 * are synchronous and leave their input as it was.
 */
import { encode } from '../worker/develop.ts';
import { planGeometry } from '../worker/scale/geometry.ts';
import { assertSides } from '../worker/limits.ts';
import type { PackedImage } from '../worker/frame/image.ts';
import { mirrored, UPRIGHT } from '../worker/frame/orientation.ts';
import {
  compileKernels,
  instantiateKernels,
  type KernelInstance,
  type KernelSource,
} from '../worker/memory/kernels.ts';
import { layOut } from '../worker/scale/layout.ts';
import { assertOptions, resolveOptions, type DevelopOptions, type PhotoType } from '../worker/options.ts';
import type { RedEye } from '../worker/photo.ts';
import { reduceRedEye } from '../worker/red-eye/red-eye.ts';

export type { GpsMetadata, PhotoMetadata } from '../worker/metadata/photo-metadata.ts';
export type { KernelSource } from '../worker/memory/kernels.ts';
export type { RedEye } from '../worker/photo.ts';

/** RGBA, 8 bits a channel, straight alpha, row after row, sRGB unless it says otherwise; an `ImageData` is one. */
export type Image = {
  /** The pixels: `width * height * 4` bytes. */
  data: Uint8Array<ArrayBuffer> | Uint8ClampedArray<ArrayBuffer>;
  /** Width in pixels. */
  width: number;
  /** Height in pixels. */
  height: number;
  /** What the values mean; default `srgb`. */
  colorSpace?: PredefinedColorSpace;
};

/**
 * How a JPEG is written; see {@link DevelopOptions}. Metadata is written only when it is given, and none is added to
 * it.
 */
export type JpegOptions = Pick<DevelopOptions, 'quality' | 'maxBytes' | 'chromaSubsampling' | 'effort' | 'metadata'>;

/** How a PNG is written; see {@link JpegOptions}. */
export type PngOptions = Pick<DevelopOptions, 'effort' | 'metadata'>;

/** The size asked for, in pixels; with one side given the other follows the aspect ratio. */
export type ResizeOptions = {
  /** Width in pixels; fractions are rounded. */
  width?: number;
  /** Height in pixels; fractions are rounded. */
  height?: number;
} & Pick<DevelopOptions, 'fit' | 'background' | 'mirror' | 'kernel' | 'linear'>;

/** The kernels on memory of their own. Every method throws TypeError or RangeError for a wrong image or option. */
export interface Kernels {
  /** Encodes a baseline JPEG; alpha is composited on white. */
  encodeJpeg(image: Image, options?: JpegOptions): Uint8Array<ArrayBuffer>;
  /** Encodes a PNG without loss; an opaque image is stored as RGB. */
  encodePng(image: Image, options?: PngOptions): Uint8Array<ArrayBuffer>;
  /** Resamples to the size asked for. */
  resize(image: Image, options: ResizeOptions): Image;
  /** Corrects red pupils. An image without any comes back unchanged. */
  reduceRedEye(image: Image): { image: Image; redEyes: RedEye[] };
}

/**
 * Loads the kernels: from the file that lies beside this module, or from bytes, a URL, a Response or a compiled module.
 * @throws OperationError when they cannot be loaded.
 */
export async function loadKernels(source?: KernelSource): Promise<Kernels> {
  const wanted = source ?? new URL('../build/kernels.wasm', import.meta.url);
  const file = wanted instanceof URL && wanted.protocol === 'file:' ? await readFile(wanted) : undefined;
  return new LoadedKernels(await instantiateKernels(await compileKernels(file ?? wanted)));
}

/** Node's fetch does not know file URLs, so the file is read there; elsewhere it is fetched. */
async function readFile(url: URL): Promise<BufferSource | undefined> {
  type Host = { getBuiltinModule?: (name: string) => { readFile(url: URL): Promise<Uint8Array<ArrayBuffer>> } };
  const host = (globalThis as { process?: Host }).process;
  return host?.getBuiltinModule?.('node:fs/promises').readFile(url);
}

class LoadedKernels implements Kernels {
  readonly #instance: KernelInstance;

  constructor(instance: KernelInstance) {
    this.#instance = instance;
  }

  encodeJpeg(image: Image, options: JpegOptions = {}): Uint8Array<ArrayBuffer> {
    return this.#encode(image, options, 'image/jpeg');
  }

  encodePng(image: Image, options: PngOptions = {}): Uint8Array<ArrayBuffer> {
    return this.#encode(image, options, 'image/png');
  }

  resize(image: Image, options: ResizeOptions): Image {
    assertOptions(options);
    const { width: imageWidth, height: imageHeight, ...layout } = options;
    // Pixels have no file type: a size that no type can hold is refused.
    const settings = resolveOptions({ ...layout, imageWidth, imageHeight, type: 'image/png', maxBytes: undefined });
    const read = readImage(image);
    const geometry = planGeometry(read, read, settings);
    const loaded = this.#load(read, geometry.width * geometry.height * 4);
    const orientation = settings.mirror ? mirrored(UPRIGHT) : UPRIGHT;
    return this.#copy(layOut(this.#instance, loaded, geometry, orientation, settings) as PackedImage, read);
  }

  reduceRedEye(image: Image): { image: Image; redEyes: RedEye[] } {
    const read = readImage(image);
    const loaded = this.#load(read);
    const redEyes = reduceRedEye(this.#instance, loaded);
    return { image: this.#copy(loaded, read), redEyes };
  }

  #encode(image: Image, options: JpegOptions, type: PhotoType): Uint8Array<ArrayBuffer> {
    assertOptions(options);
    const { quality, maxBytes, chromaSubsampling, effort, metadata = false } = options;
    const jpeg = type === 'image/jpeg' ? { quality, maxBytes, chromaSubsampling } : {};
    const settings = resolveOptions({ ...jpeg, effort, metadata, type });
    const read = readImage(image);
    assertSides(type, read.width, read.height);
    return encode(this.#instance, this.#load(read), read.colorSpace ?? 'srgb', settings).toBytes();
  }

  #load({ data, width, height }: Image, more = 0): PackedImage {
    const { memory } = this.#instance;
    memory.reset();
    memory.reserve(data.length + more);
    const address = memory.alloc(data.length);
    memory.bytes(address, data.length).set(data);
    return { format: 'RGBA', width, height, address, stride: width * 4 };
  }

  /** The pixels as an image of the same colours as the one they came from. */
  #copy({ address, width, height }: PackedImage, { colorSpace }: Image): Image {
    const bytes = this.#instance.memory.bytes(address, width * height * 4).slice();
    return { data: new Uint8ClampedArray(bytes.buffer), width, height, ...(colorSpace && { colorSpace }) };
  }
}

/**
 * Reads each member of an image once and checks it. Nothing of the caller's runs after that: a getter that calls the
 * kernels does so before memory is laid out.
 */
function readImage(image: Image): Image {
  if (typeof image !== 'object' || image === null) throw new TypeError('image must be an object.');
  const { data, width, height, colorSpace } = image;
  if (typeof width !== 'number' || typeof height !== 'number') {
    throw new TypeError('image.width and image.height must be numbers.');
  }
  if (!Number.isInteger(width) || !Number.isInteger(height) || width < 1 || height < 1) {
    throw new RangeError(`image.width and image.height must be whole numbers above 0, not ${width} × ${height}.`);
  }
  if (!ArrayBuffer.isView(data) || data.BYTES_PER_ELEMENT !== 1) throw new TypeError('image.data must be bytes.');
  if (data.length !== width * height * 4) {
    throw new RangeError(`image.data must hold ${width * height * 4} bytes, not ${data.length}.`);
  }
  if (colorSpace !== undefined && colorSpace !== 'srgb' && colorSpace !== 'display-p3') {
    throw new TypeError(`image.colorSpace must be 'srgb' or 'display-p3', not ${String(colorSpace)}.`);
  }
  return { data, width, height, ...(colorSpace && { colorSpace }) };
}
