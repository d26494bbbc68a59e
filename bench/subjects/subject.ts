import type { KernelInstance } from '../../worker/memory/kernels.ts';
import { compileKernels, instantiateKernels } from '../../worker/memory/kernels.ts';
import type { PackedImage } from '../../worker/frame/image.ts';
import { decodePhoto } from '../../src/bench/photo-check.ts';
import { toI420 } from './i420.ts';
import { photoLike } from './scene.ts';

/** A picture to measure on: a file, by its address for browsers and by its path for Node, or a size to generate. */
export type SubjectSource = {
  name: string;
  url?: string;
  file?: string;
  width?: number;
  height?: number;
  /** Whether it is generated and large. */
  isLarge?: true;
};

/** A picture in every form that a contestant may start from. */
export type Subject = {
  name: string;
  width: number;
  height: number;
  bitmap: ImageBitmap;
  canvas: OffscreenCanvas;
  data: ImageData;
  instance: KernelInstance;
  /** The pixels in linear memory; what was allocated behind them is released. */
  pixels: () => PackedImage;
  /** A new limited-range BT.601 I420 frame. */
  planarFrame: () => VideoFrame;
};

/** Loads or generates a picture. */
export async function prepare(source: SubjectSource): Promise<Subject> {
  const bitmap = await createImageBitmap(await decode(source));
  const { width, height } = bitmap;
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext('2d')!.drawImage(bitmap, 0, 0);
  const image = await decode(source);
  const { data } = image;
  const wasm = new URL('../../build/kernels.wasm', import.meta.url);
  const instance = await instantiateKernels(await compileKernels(wasm));
  const { memory } = instance;
  const pixels = (): PackedImage => {
    memory.reset();
    return { format: 'RGBX', width, height, address: memory.alloc(data.length), stride: width * 4 };
  };
  memory.bytes(pixels().address, data.length).set(data);
  let planes: Uint8Array<ArrayBuffer> | undefined;
  const planarFrame = (): VideoFrame =>
    new VideoFrame((planes ??= toI420(data, width, height)), {
      format: 'I420',
      codedWidth: width,
      codedHeight: height,
      timestamp: 0,
      colorSpace: { matrix: 'smpte170m', primaries: 'bt709', transfer: 'bt709', fullRange: false },
    });
  return { name: source.name, width, height, bitmap, canvas, data: image, instance, pixels, planarFrame };
}

/** The picture that was decoded last: questions share it. */
let decoded: { name: string; pixels: ImageData } | undefined;

async function decode({ name, url, width, height }: SubjectSource): Promise<ImageData> {
  if (decoded?.name === name) return decoded.pixels;
  const pixels =
    url === undefined
      ? new ImageData(photoLike(width!, height!), width!, height!)
      : await decodePhoto(await (await fetch(url)).blob());
  decoded = { name, pixels };
  return pixels;
}
