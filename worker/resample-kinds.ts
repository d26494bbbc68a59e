/** The kinds of samples that can be resampled: planes, opaque pixels, pixels with alpha, and all pixels as light. */

import type { KernelInstance } from './kernels.ts';
import { lightTables } from './light.ts';
import type { Resampling, SampleKind, Steps } from './resample.ts';

/** One channel of 8-bit samples. */
export const PLANE: SampleKind = {
  bytes: 1,
  channels: 1,
  steps: ({ kernels }, { columns, transposed }, _width, targetStride) => ({
    load: (rowA, rowB, slot, width) => {
      kernels.pairSampleRows(rowA, rowB, slot, width);
      return true;
    },
    store: (block, offsets, weights, target, count, rows) =>
      kernels.filterSamplesToBytes(
        block,
        offsets,
        weights,
        target,
        count,
        rows,
        columns.window / 2,
        targetStride,
        transposed,
      ),
  }),
};

/** Pixels whose fourth byte does not count; it comes out as 255. */
export const OPAQUE: SampleKind = {
  bytes: 4,
  channels: 3,
  steps: ({ kernels }, { columns, transposed }, _width, targetStride) => ({
    load: (rowA, rowB, slot, width) => {
      kernels.pairPixelRows(rowA, rowB, slot, width);
      return true;
    },
    store: (block, offsets, weights, target, count, rows) =>
      kernels.filterPixelsToBytes(
        block,
        offsets,
        weights,
        target,
        count,
        rows,
        columns.window / 2,
        targetStride,
        transposed,
      ),
  }),
};

/** Pixels that should be opaque: gives up at one that is not. */
export const OPAQUE_OR_NONE: SampleKind = {
  ...OPAQUE,
  steps: (instance, ...rest) => ({
    ...OPAQUE.steps(instance, ...rest),
    load: (rowA, rowB, slot, width) => instance.kernels.pairPixelRows(rowA, rowB, slot, width) >>> 24 === 255,
  }),
};

/** Pixels with straight alpha, filtered premultiplied. */
export const ALPHA: SampleKind = {
  bytes: 4,
  channels: 4,
  steps: (instance, resampling, widest, targetStride) => {
    const { kernels } = instance;
    return wideSteps(
      instance,
      resampling,
      widest,
      targetStride,
      (row, to, width) => kernels.premultiplyPixels(row, to, width),
      (pixels, to, count, step) => kernels.unpremultiplyPixels(pixels, to, count, step),
    );
  },
};

/** Pixels with straight alpha, filtered as light, premultiplied. */
export const LINEAR_ALPHA = linearKind(0);

/** Pixels whose fourth byte does not count, filtered as light. */
export const LINEAR_OPAQUE = linearKind(0xff000000 | 0);

/** `mask` is or-ed to every pixel, as a little-endian word. */
function linearKind(mask: number): SampleKind {
  return {
    bytes: 4,
    channels: 4,
    steps: (instance, resampling, widest, targetStride) => {
      const { kernels, memory } = instance;
      const { light, codes } = lightTables();
      const decode = memory.alloc(light.byteLength);
      const encode = memory.alloc(codes.byteLength);
      memory.bytes(decode, light.byteLength).set(new Uint8Array(light.buffer, light.byteOffset, light.byteLength));
      memory.bytes(encode, codes.byteLength).set(codes);
      return wideSteps(
        instance,
        resampling,
        widest,
        targetStride,
        (row, to, width) => kernels.linearizePixels(row, to, width, decode, mask),
        (pixels, to, count, step) => kernels.delinearizePixels(pixels, to, count, step, encode),
      );
    },
  };
}

/** Steps by way of 16-bit pixels: rows are widened one by one before they are paired, and narrowed again. */
function wideSteps(
  { kernels, memory }: KernelInstance,
  { columns, transposed }: Resampling,
  widest: number,
  targetStride: number,
  widen: (row: number, to: number, width: number) => void,
  narrow: (pixels: number, to: number, count: number, step: number) => void,
): Steps {
  const upper = memory.alloc(widest * 8 + 32);
  const lower = memory.alloc(widest * 8 + 32);
  const stride = columns.count * 8;
  const pixels = memory.alloc(stride * 4);
  return {
    load: (rowA, rowB, slot, width) => {
      widen(rowA, upper, width);
      widen(rowB, lower, width);
      kernels.pairWideRows(upper, lower, slot, width * 4);
      return true;
    },
    store: (block, offsets, weights, target, count, rows) => {
      kernels.filterPixels(block, offsets, weights, pixels, count, columns.window / 2, stride);
      for (let row = 0; row < rows; row++) {
        const [to, step] = transposed ? [target + row * 4, targetStride] : [target + row * targetStride, 4];
        narrow(pixels + row * stride, to, count, step);
      }
    },
  };
}
