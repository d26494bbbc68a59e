import type { PlanarImage, YuvColour } from '../../worker/frame/image.ts';
import type { KernelInstance } from '../../worker/memory/kernels.ts';
import type { Pixels } from './scene.ts';

/** The shares of R, G and B in luma, and what B and R less luma are divided by to be chroma (ITU-T H.273 table 4). */
const MATRICES = {
  bt601: { weights: [0.299, 0.587, 0.114], blue: 1.772, red: 1.402 },
  bt709: { weights: [0.2126, 0.7152, 0.0722], blue: 1.8556, red: 1.5748 },
} as const;

/** Puts a picture into linear memory as planes. */
export function loadPlanes(
  { memory }: KernelInstance,
  { data, width, height }: Pixels,
  format: PlanarImage['format'] = 'I420',
  colour: YuvColour = { matrix: 'bt601', fullRange: false },
): PlanarImage {
  const [across, down] = [(width + 1) >> 1, (height + 1) >> 1];
  const { weights, blue, red } = MATRICES[colour.matrix];
  const [zero, gain, chromaGain] = colour.fullRange ? [0, 1, 1] : [16, 219 / 255, 224 / 255];
  const step = format === 'NV12' ? 2 : 1;
  const stride = width + 3;
  const chromaStride = across * step + 5;
  const planes = [
    { address: memory.alloc(stride * height), stride },
    { address: memory.alloc(chromaStride * down), stride: chromaStride },
    { address: memory.alloc(chromaStride * down), stride: chromaStride },
  ];
  const v = format === 'NV12' ? planes[1]!.address + 1 : planes[2]!.address;
  const all = memory.bytes(0, memory.byteLength);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [r, g, b] = data.subarray((y * width + x) * 4) as unknown as [number, number, number];
      all[planes[0]!.address + y * stride + x] = Math.round(
        zero + (weights[0] * r + weights[1] * g + weights[2] * b) * gain,
      );
    }
  }
  for (let y = 0; y < down; y++) {
    for (let x = 0; x < across; x++) {
      const sums = [0, 0, 0];
      for (const [dx, dy] of [
        [0, 0],
        [1, 0],
        [0, 1],
        [1, 1],
      ] as const) {
        const at = (Math.min(2 * y + dy, height - 1) * width + Math.min(2 * x + dx, width - 1)) * 4;
        for (let c = 0; c < 3; c++) sums[c]! += data[at + c]! / 4;
      }
      const [r, g, b] = sums as [number, number, number];
      const luma = weights[0] * r + weights[1] * g + weights[2] * b;
      const at = y * chromaStride + x * step;
      all[planes[1]!.address + at] = Math.round(128 + ((b - luma) / blue) * chromaGain);
      all[v + at] = Math.round(128 + ((r - luma) / red) * chromaGain);
    }
  }
  return { format, width, height, planes: format === 'NV12' ? planes.slice(0, 2) : planes, colour };
}

/** All bytes that a picture's planes hold, gaps between rows included. */
export function bytesOf({ memory }: KernelInstance, { planes, height }: PlanarImage): Buffer {
  const rows = [height, (height + 1) >> 1, (height + 1) >> 1];
  return Buffer.concat(planes.map(({ address, stride }, i) => memory.bytes(address, stride * rows[i]!)));
}
