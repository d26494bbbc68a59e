import { readFile } from 'node:fs/promises';
import sharp, { type JpegOptions } from 'sharp';
import { encodeJpeg } from '../worker/jpeg/encode.ts';
import { compileKernels, instantiateKernels } from '../worker/kernels.ts';
import type { PackedImage } from '../worker/image.ts';
import { scalePacked } from '../worker/scale.ts';
import { hold, type Contest, type Contestant, type Host, type Result } from './contest.ts';
import { exactLanczos3, psnr } from './exact.ts';
import { targetsOf } from './scale.ts';

const QUALITY = 0.9;
const EFFORTS = ['speed', 'balanced', 'size'] as const;

/**
 * The kernels beside native code on one thread: sharp's libjpeg-turbo and mozjpeg, and its lanczos3. CPU time is that of this
 * process.
 */
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
  const scaling = targetsOf(info).map(([toWidth, toHeight]): Contest => {
    const exact = exactLanczos3({ data: rgba, width, height }, toWidth, toHeight);
    let address = 0;
    const resized = (name: string, from: Buffer, channels: 3 | 4): Contestant => {
      let made = from;
      return {
        name,
        run: async () => {
          const raw = sharp(from, { raw: { width, height, channels } });
          made = await raw.resize(toWidth, toHeight, { kernel: 'lanczos3', fit: 'fill' }).raw().toBuffer();
        },
        picture: () => {
          const opaque = new Uint8ClampedArray(toWidth * toHeight * 4).fill(255);
          for (let i = 0; i < opaque.length; i++) if (i % 4 < 3) opaque[i] = made[(i >> 2) * channels + (i % 4)]!;
          return { data: opaque, width: toWidth, height: toHeight };
        },
      };
    };
    return {
      task: `scale to ${toWidth} × ${toHeight}`,
      contestants: [
        resized('sharp, RGBA', rgba, 4),
        resized('sharp, RGB', data, 3),
        {
          name: 'motordrive lanczos3',
          run: () => {
            const source: PackedImage = { ...pixels(), format: 'RGBA' };
            address = memory.alloc(toWidth * toHeight * 4);
            const target = { ...source, width: toWidth, height: toHeight, stride: toWidth * 4, address };
            scalePacked({ kernels, memory }, source, { x: 0, y: 0, width, height }, target, 'lanczos3');
          },
          picture: () => ({
            data: memory.bytes(address, toWidth * toHeight * 4).slice(),
            width: toWidth,
            height: toHeight,
          }),
        },
      ],
      fidelity: (picture) => ({ psnr: psnr(picture, exact), ssim: undefined }),
    };
  });
  const host: Host = {
    cpu: () => {
      const { user, system } = process.cpuUsage();
      return Promise.resolve((user + system) / 1000);
    },
    sizeOf: async (photo) => {
      const { width, height } = await sharp(await photo.arrayBuffer()).metadata();
      return { width, height };
    },
  };
  const results: Result[] = [];
  for (const contest of [{ task: 'RGB → JPEG q0.9', contestants }, ...scaling]) {
    results.push(...(await hold(contest, rounds, host)));
  }
  return { width, height, bitsPerPixel: ((results[0]?.bytes ?? 0) * 8) / (width * height), results };
}
