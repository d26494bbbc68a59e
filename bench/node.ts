import { readFile } from 'node:fs/promises';
import sharp, { type JpegOptions } from 'sharp';
import { encodeJpeg } from '../worker/jpeg/encode.ts';
import { compileKernels, instantiateKernels } from '../worker/kernels.ts';
import type { PackedImage } from '../worker/image.ts';
import { hold, type Result } from './contest.ts';

const QUALITY = 0.9;
const EFFORTS = ['speed', 'balanced', 'size'] as const;

/** The kernels beside native code on one thread: sharp's libjpeg-turbo and mozjpeg. CPU time is that of this process. */
export async function inNode(
  file: string,
  rounds: number,
): Promise<{ width: number; height: number; bitsPerPixel: number; results: Result[] }> {
  sharp.concurrency(1);
  sharp.cache(false);
  const { data, info } = await sharp(file).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  const rgba = await sharp(data, { raw: { width, height, channels: 3 } })
    .ensureAlpha()
    .raw()
    .toBuffer();
  const { kernels, memory } = await instantiateKernels(
    await compileKernels(await readFile(new URL('../build/kernels.wasm', import.meta.url))),
  );
  const pixels = (): PackedImage => {
    memory.reset();
    return { format: 'RGBX', width, height, address: memory.alloc(rgba.length), stride: width * 4 };
  };
  memory.bytes(pixels().address, rgba.length).set(rgba);
  const native = (options: JpegOptions) => async (): Promise<Blob> => {
    const raw = sharp(data, { raw: { width, height, channels: 3 } });
    return new Blob([new Uint8Array(await raw.jpeg({ quality: QUALITY * 100, ...options }).toBuffer())]);
  };
  const contestants = [
    { name: 'sharp, libjpeg-turbo', run: native({ optimiseCoding: false }) },
    { name: 'sharp, libjpeg-turbo, optimal tables', run: native({ optimiseCoding: true }) },
    { name: 'sharp, mozjpeg', run: native({ mozjpeg: true }) },
    ...EFFORTS.map((effort) => ({
      name: `motordrive (${effort})`,
      run: (): Blob => {
        const settings = { quality: QUALITY, chromaSubsampling: '4:2:0', effort } as const;
        return new Blob(encodeJpeg({ kernels, memory }, pixels(), settings).parts());
      },
    })),
  ];
  const results = await hold({ task: 'RGB → JPEG q0.9', contestants }, rounds, {
    cpu: () => {
      const { user, system } = process.cpuUsage();
      return Promise.resolve((user + system) / 1000);
    },
    sizeOf: async (photo) => {
      const { width, height } = await sharp(await photo.arrayBuffer()).metadata();
      return { width, height };
    },
  });
  return { width, height, bitsPerPixel: ((results[0]?.bytes ?? 0) * 8) / (width * height), results };
}
