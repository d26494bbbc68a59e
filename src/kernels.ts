/**
 * 'motordrive/kernels': the kernels without workers or DOM, for Node, Deno, Bun and workers of one's own. All functions
 * are synchronous and leave their input as it was.
 */
import { scaleTo } from '../worker/develop.ts';
import { planGeometry } from '../worker/geometry.ts';
import type { PackedImage } from '../worker/image.ts';
import { encodeJpeg } from '../worker/jpeg/encode.ts';
import { compileKernels, instantiateKernels, type KernelInstance, type KernelSource } from '../worker/kernels.ts';
import { resolveOptions, type DevelopOptions } from '../worker/options.ts';
import type { RedEye } from '../worker/photo.ts';
import { encodePng } from '../worker/png/encode.ts';
import { reduceRedEye } from '../worker/red-eye.ts';

export type { KernelSource } from '../worker/kernels.ts';
export type { RedEye } from '../worker/photo.ts';

/** RGBA, 8 bits a channel, straight alpha, row after row; an `ImageData` is one. */
export type Image = { data: Uint8Array<ArrayBuffer> | Uint8ClampedArray<ArrayBuffer>; width: number; height: number };

/** How a JPEG is written; see {@link DevelopOptions}. */
export type JpegOptions = Pick<DevelopOptions, 'quality' | 'chromaSubsampling' | 'effort'>;

/** How a PNG is written; see {@link DevelopOptions}. */
export type PngOptions = Pick<DevelopOptions, 'effort'>;

/** The size asked for, in pixels; with one side given the other follows the aspect ratio. */
export type ResizeOptions = { width?: number; height?: number } & Pick<DevelopOptions, 'fit' | 'kernel'>;

/** The kernels on memory of their own. Every method throws TypeError or RangeError for a wrong image or option. */
export interface Kernels {
  /** Encodes a baseline JPEG; alpha is composited on white. */
  encodeJpeg(image: Image, options?: JpegOptions): Uint8Array<ArrayBuffer>;
  /** Encodes a PNG without loss; an opaque image is stored as RGB. */
  encodePng(image: Image, options?: PngOptions): Uint8Array<ArrayBuffer>;
  /** Resamples to the size asked for. */
  resize(image: Image, options: ResizeOptions): Image;
  /** Corrects red pupils; an image without any comes back byte for byte. */
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

/** Node's fetch does not know file URLs; where there is no Node, fetch is asked. */
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
    const settings = resolveOptions(options);
    return encodeJpeg(this.#instance, this.#load(image), settings).toBytes();
  }

  encodePng(image: Image, options: PngOptions = {}): Uint8Array<ArrayBuffer> {
    const settings = resolveOptions(options);
    return encodePng(this.#instance, this.#load(image), settings).toBytes();
  }

  resize(image: Image, { width, height, fit, kernel }: ResizeOptions): Image {
    const settings = resolveOptions({ imageWidth: width, imageHeight: height, fit, kernel });
    const geometry = planGeometry(image, image, settings);
    const loaded = this.#load(image, geometry.width * geometry.height * 4);
    return this.#copy(scaleTo(this.#instance, loaded, geometry, settings) as PackedImage);
  }

  reduceRedEye(image: Image): { image: Image; redEyes: RedEye[] } {
    const loaded = this.#load(image);
    const redEyes = reduceRedEye(this.#instance, loaded);
    return { image: this.#copy(loaded), redEyes };
  }

  #load(image: Image, more = 0): PackedImage {
    const { data, width, height } = image;
    if (!Number.isInteger(width) || !Number.isInteger(height) || width < 1 || height < 1) {
      throw new RangeError(`image.width and image.height must be whole numbers above 0, not ${width} × ${height}.`);
    }
    if (data?.BYTES_PER_ELEMENT !== 1) throw new TypeError('image.data must be bytes.');
    if (data.length !== width * height * 4) {
      throw new RangeError(`image.data must hold ${width * height * 4} bytes, not ${data.length}.`);
    }
    const { memory } = this.#instance;
    memory.reset();
    memory.reserve(data.length + more);
    const address = memory.alloc(data.length);
    memory.bytes(address, data.length).set(data);
    return { format: 'RGBA', width, height, address, stride: width * 4 };
  }

  #copy({ address, width, height }: PackedImage): Image {
    const bytes = this.#instance.memory.bytes(address, width * height * 4).slice();
    return { data: new Uint8ClampedArray(bytes.buffer), width, height };
  }
}
