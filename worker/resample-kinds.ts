/** The kinds of samples that can be resampled: planes, chroma, opaque pixels, pixels with alpha, and all pixels as light. */

import type { Plane } from './image.ts';
import type { KernelInstance } from './kernels.ts';
import { lightTables } from './light.ts';
import type { Resampling } from './resample-plan.ts';
import type { SampleKind, Steps } from './resample.ts';

/** One channel of 8-bit samples, sixteen rows at a time. */
export const PLANE: SampleKind = {
  sourceBytes: 1,
  channels: 1,
  planes: 1,
  lanes: 4,
  steps: ({ kernels }, resampling, _width, [target]) => ({
    load: (rowA, rowB, slot, width) => {
      kernels.pairSampleRows(rowA, rowB, slot, width);
      return true;
    },
    store: (block, offsets, weights, x, y, count, rows) => {
      const { columns, transposed } = resampling;
      const { stride } = target!;
      const first = target!.address + y * stride + x;
      kernels.filterSamplesToBytes(
        block,
        offsets,
        weights,
        first,
        first + 8 * (transposed ? 1 : stride),
        count,
        Math.min(rows, 8),
        Math.max(rows - 8, 0),
        columns.window / 2,
        stride,
        stride,
        transposed,
      );
    },
  }),
};

/** The chroma planes U and V of I420, eight rows of each at a time. */
export const CHROMA: SampleKind = {
  ...PLANE,
  planes: 2,
  steps: (instance, resampling, width, targets) => ({
    ...PLANE.steps(instance, resampling, width, targets),
    store: (block, offsets, weights, x, y, count, rows) => {
      const [u, v] = targets;
      instance.kernels.filterSamplesToBytes(
        block,
        offsets,
        weights,
        u!.address + y * u!.stride + x,
        v!.address + y * v!.stride + x,
        count,
        rows,
        rows,
        resampling.columns.window / 2,
        u!.stride,
        v!.stride,
        resampling.transposed,
      );
    },
  }),
};

/** The interleaved chroma plane of NV12, filtered to planes U and V. */
export const INTERLEAVED_CHROMA: SampleKind = {
  ...CHROMA,
  sourceBytes: 2,
  steps: (instance, ...rest) => ({
    ...CHROMA.steps(instance, ...rest),
    load: (rowA, rowB, slot, width, planeBytes) => {
      instance.kernels.pairUvRows(rowA, rowB, slot, slot + planeBytes, width);
      return true;
    },
  }),
};

/** Pixels whose fourth byte does not count; it comes out as 255. */
export const OPAQUE: SampleKind = {
  sourceBytes: 4,
  channels: 3,
  planes: 1,
  lanes: 1,
  steps: ({ kernels }, { columns, transposed }, _width, [target]) => ({
    load: (rowA, rowB, slot, width) => {
      kernels.pairPixelRows(rowA, rowB, slot, width);
      return true;
    },
    store: (block, offsets, weights, x, y, count, rows) => {
      const { address, stride } = target!;
      const first = address + y * stride + x * 4;
      const pairs = columns.window / 2;
      kernels.filterPixelsToBytes(block, offsets, weights, first, count, rows, pairs, stride, transposed);
    },
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
  ...OPAQUE,
  channels: 4,
  steps: (instance, ...rest) => {
    const { kernels } = instance;
    return wideSteps(
      (row, to, width) => kernels.premultiplyPixels(row, to, width),
      (pixels, to, count, step) => kernels.unpremultiplyPixels(pixels, to, count, step),
      instance,
      ...rest,
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
    ...ALPHA,
    steps: (instance, ...rest) => {
      const { kernels, memory } = instance;
      const { light, codes } = lightTables();
      const decode = memory.alloc(light.byteLength);
      const encode = memory.alloc(codes.byteLength);
      memory.bytes(decode, light.byteLength).set(new Uint8Array(light.buffer, light.byteOffset, light.byteLength));
      memory.bytes(encode, codes.byteLength).set(codes);
      return wideSteps(
        (row, to, width) => kernels.linearizePixels(row, to, width, decode, mask),
        (pixels, to, count, step) => kernels.delinearizePixels(pixels, to, count, step, encode),
        instance,
        ...rest,
      );
    },
  };
}

/** Steps by way of 16-bit pixels: rows are widened one by one before they are paired, and narrowed again. */
function wideSteps(
  widen: (row: number, to: number, width: number) => void,
  narrow: (pixels: number, to: number, count: number, step: number) => void,
  { kernels, memory }: KernelInstance,
  { columns, transposed }: Resampling,
  widest: number,
  [target]: readonly Plane[],
): Steps {
  const upper = memory.alloc(widest * 8 + 32);
  const lower = memory.alloc(widest * 8 + 32);
  const wideStride = columns.count * 8;
  const pixels = memory.alloc(wideStride * 4);
  return {
    load: (rowA, rowB, slot, width) => {
      widen(rowA, upper, width);
      widen(rowB, lower, width);
      kernels.pairWideRows(upper, lower, slot, width * 4);
      return true;
    },
    store: (block, offsets, weights, x, y, count, rows) => {
      kernels.filterPixels(block, offsets, weights, pixels, count, columns.window / 2, wideStride);
      const { address, stride } = target!;
      const first = address + y * stride + x * 4;
      for (let row = 0; row < rows; row++) {
        const [to, step] = transposed ? [first + row * 4, stride] : [first + row * stride, 4];
        narrow(pixels + row * wideStride, to, count, step);
      }
    },
  };
}
