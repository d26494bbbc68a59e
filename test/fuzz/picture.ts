/** Pictures as the definitions take them: samples without gaps, RGBA or the three planes of 4:2:0. */
import assert from 'node:assert/strict';
import { planarToRgba } from '../../worker/color/color.ts';
import { isPlanar, type PixelImage, type YuvColour } from '../../worker/frame/image.ts';
import type { KernelInstance } from '../../worker/memory/kernels.ts';
import { toByte, toFullRange, yccToRgb } from '../reference/color/color.ts';
import type { Samples } from '../reference/scale/resample.ts';

export type Picture = { pixels: Samples } | { planes: [Samples, Samples, Samples]; colour: YuvColour };

/** A picture that lies in linear memory. */
export function readPicture(instance: KernelInstance, image: PixelImage): Picture {
  const { width, height } = image;
  if (!isPlanar(image)) {
    const data = readRows(instance, image, width * 4, height);
    const [blueFirst, opaque] = [image.format.startsWith('B'), image.format.endsWith('X')];
    for (let i = 0; i < data.length; i += 4) {
      if (blueFirst) [data[i], data[i + 2]] = [data[i + 2]!, data[i]!];
      if (opaque) data[i + 3] = 255;
    }
    return { pixels: { data, width, height, channels: 4 } };
  }
  const { format, planes, colour } = image;
  const [across, down] = [(width + 1) >> 1, (height + 1) >> 1];
  const [y, second, third] = planes.map((plane, i) =>
    i === 0
      ? readRows(instance, plane, width, height)
      : readRows(instance, plane, across * (format === 'NV12' ? 2 : 1), down),
  );
  const [u, v] = third ? [second!, third] : [0, 1].map((c) => second!.filter((_, i) => i % 2 === c));
  const half = { width: across, height: down, channels: 1 } as const;
  const samples = [
    { data: y!, width, height, channels: 1 },
    { data: u!, ...half },
    { data: v!, ...half },
  ] as [Samples, Samples, Samples];
  return { planes: samples, colour };
}

function readRows(
  { memory }: KernelInstance,
  { address, stride }: { address: number; stride: number },
  bytes: number,
  rows: number,
): Uint8Array<ArrayBuffer> {
  const data = new Uint8Array(bytes * rows);
  for (let y = 0; y < rows; y++) data.set(memory.bytes(address + y * stride, bytes), y * bytes);
  return data;
}

/** A picture's pixels; planes as browsers show them, chroma repeated. */
export function pixelsOf(picture: Picture): Samples {
  if ('pixels' in picture) return picture.pixels;
  const { planes, colour } = picture;
  const [y, u, v] = planes;
  const { width, height } = y;
  const data = new Uint8Array(width * height * 4);
  for (let i = 0; i < width * height; i++) {
    const at = (Math.floor(i / width) >> 1) * u.width + ((i % width) >> 1);
    const codes = [y.data[i]!, u.data[at]!, v.data[at]!] as const;
    const full = colour.fullRange ? codes : toFullRange(...codes);
    data.set([...yccToRgb(...full, colour.matrix).map(toByte), 255], i * 4);
  }
  return { data, width, height, channels: 4 };
}

/**
 * Planes as RGBA by the kernels, which are within one level of the definition. What is made of bright pixels by `linear`
 * can differ by more levels in the dark than these do.
 */
export function rgbaByKernels(instance: KernelInstance, picture: Extract<Picture, { planes: unknown }>): Samples {
  const { memory } = instance;
  memory.reset();
  const { planes, colour } = picture;
  const [{ width, height }] = planes;
  const stored = planes.map(({ data, width: stride }) => {
    const address = memory.alloc(data.length);
    memory.bytes(address, data.length).set(data);
    return { address, stride };
  });
  const image = planarToRgba(instance, { format: 'I420', width, height, planes: stored, colour });
  const data = readRows(instance, image, width * 4, height);
  const { data: defined } = pixelsOf(picture);
  data.forEach((value, i) => assert(Math.abs(value - defined[i]!) <= 1, `RGBA of planes: ${value}, not ${defined[i]}`));
  return { data, width, height, channels: 4 };
}
