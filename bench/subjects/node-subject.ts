import { readFile } from 'node:fs/promises';
import sharp, { type Sharp } from 'sharp';
import type { Pixels } from '../../src/bench/likeness.ts';
import type { PackedImage } from '../../worker/frame/image.ts';
import { compileKernels, instantiateKernels, type KernelInstance } from '../../worker/memory/kernels.ts';
import { photoLike } from './scene.ts';
import type { SubjectSource } from './subject.ts';

/** A picture, in Node. */
export type NodeSubject = {
  width: number;
  height: number;
  /** RGBA. */
  data: Uint8ClampedArray<ArrayBuffer>;
  instance: KernelInstance;
  /** The pixels in linear memory; what was allocated behind them is released. */
  pixels: () => PackedImage;
  /** The pixels without alpha. */
  rgb: Uint8Array;
  /** The same, as native code takes them. */
  raw: () => Sharp;
};

/** Loads or generates a picture. */
export async function prepareInNode({ file, width, height }: SubjectSource): Promise<NodeSubject> {
  const picture =
    file === undefined
      ? sharp(photoLike(width!, height!), { raw: { width: width!, height: height!, channels: 4 } })
      : sharp(file).ensureAlpha();
  const { data: bytes, info } = await picture.raw().toBuffer({ resolveWithObject: true });
  const data = new Uint8ClampedArray(bytes);
  const rgb = await sharp(data, { raw: info }).removeAlpha().raw().toBuffer();
  const size = { width: info.width, height: info.height };
  const instance = await instantiateKernels(
    await compileKernels(await readFile(new URL('../../build/kernels.wasm', import.meta.url))),
  );
  const { memory } = instance;
  const pixels = (): PackedImage => {
    memory.reset();
    return { format: 'RGBX', ...size, address: memory.alloc(data.length), stride: size.width * 4 };
  };
  memory.bytes(pixels().address, data.length).set(data);
  return { ...size, data, instance, pixels, rgb, raw: () => sharp(rgb, { raw: { ...size, channels: 3 } }) };
}

/** The pixels of a photo. */
export async function decodeInNode(photo: Blob): Promise<Pixels> {
  const { data, info } = await sharp(await photo.arrayBuffer())
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

/** A Blob of what native code gives. */
export function blobOf(bytes: Uint8Array, type: string): Blob {
  return new Blob([new Uint8Array(bytes)], { type });
}
