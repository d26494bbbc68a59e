/** The kinds of samples that can be resampled: planes, opaque pixels, and pixels with alpha. */

import type { SampleKind } from './resample.ts';

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
  steps: ({ kernels, memory }, { columns, transposed }, widest, targetStride) => {
    const upper = memory.alloc(widest * 8 + 32);
    const lower = memory.alloc(widest * 8 + 32);
    const stride = columns.count * 8;
    const pixels = memory.alloc(stride * 4);
    return {
      load: (rowA, rowB, slot, width) => {
        kernels.premultiplyPixels(rowA, upper, width);
        kernels.premultiplyPixels(rowB, lower, width);
        kernels.pairWideRows(upper, lower, slot, width * 4);
        return true;
      },
      store: (block, offsets, weights, target, count, rows) => {
        kernels.filterPixels(block, offsets, weights, pixels, count, columns.window / 2, stride);
        for (let row = 0; row < rows; row++) {
          const [to, step] = transposed ? [target + row * 4, targetStride] : [target + row * targetStride, 4];
          kernels.unpremultiplyPixels(pixels + row * stride, to, count, step);
        }
      },
    };
  },
};
