/**
 * The kinds of samples that can be resampled: planes, chroma, opaque pixels, pixels with alpha, and all pixels as
 * light.
 */

import { rgbaConverter } from '../color/color.ts';
import type { Plane, PlanarImage } from '../frame/image.ts';
import { lightTables } from './light.ts';
import type { Job, SampleKind, Steps } from './sample-kind.ts';

/** One channel of 8-bit samples, sixteen rows at a time. */
export const PLANE: SampleKind = {
  channels: 1,
  planes: 1,
  lanes: 4,
  steps: ({ instance: { kernels }, resampling: { columns, transposed }, sources, targets }) => ({
    load: (x, upper, lower, slot, width) => {
      const row = addressIn(sources[0]!, 1);
      kernels.pairSampleRows(row(x, upper), row(x, lower), slot, width);
      return true;
    },
    store: (block, offsets, weights, x, y, count, rows) => {
      const { stride } = targets[0]!;
      const first = addressIn(targets[0]!, 1)(x, y);
      kernels.filterSamplesToBytes({
        block,
        offsets,
        weights,
        dstA: first,
        dstB: first + 8 * (transposed ? 1 : stride),
        width: count,
        rowsA: Math.min(rows, 8),
        rowsB: Math.max(rows - 8, 0),
        pairs: columns.window / 2,
        strideA: stride,
        strideB: stride,
        transposed: transposed ? 1 : 0,
      });
    },
  }),
};

/** The chroma planes U and V of I420, eight rows of each at a time. */
export const CHROMA: SampleKind = {
  channels: 1,
  planes: 2,
  lanes: 4,
  steps: ({ instance: { kernels }, resampling: { columns, transposed }, sources, targets, planeBytes }) => ({
    load: (x, upper, lower, slot, width) => {
      sources.forEach((source, i) => {
        const row = addressIn(source, 1);
        kernels.pairSampleRows(row(x, upper), row(x, lower), slot + i * planeBytes, width);
      });
      return true;
    },
    store: (block, offsets, weights, x, y, count, rows) => {
      const [u, v] = targets;
      kernels.filterSamplesToBytes({
        block,
        offsets,
        weights,
        dstA: addressIn(u!, 1)(x, y),
        dstB: addressIn(v!, 1)(x, y),
        width: count,
        rowsA: rows,
        rowsB: rows,
        pairs: columns.window / 2,
        strideA: u!.stride,
        strideB: v!.stride,
        transposed: transposed ? 1 : 0,
      });
    },
  }),
};

/** The interleaved chroma plane of NV12, filtered to planes U and V. */
export const INTERLEAVED_CHROMA: SampleKind = {
  ...CHROMA,
  steps: (job) => ({
    ...CHROMA.steps(job),
    load: (x, upper, lower, slot, width) => {
      const row = addressIn(job.sources[0]!, 2);
      job.instance.kernels.pairUvRows(row(x, upper), row(x, lower), slot, slot + job.planeBytes, width);
      return true;
    },
  }),
};

/** Pixels whose fourth byte does not count; it comes out as 255. */
export const OPAQUE: SampleKind = {
  channels: 3,
  planes: 1,
  lanes: 1,
  steps: (job) => {
    const { kernels } = job.instance;
    const { columns, transposed } = job.resampling;
    const target = job.targets[0]!;
    return {
      load: pixelLoader(job, (upper, lower, slot, width) => {
        kernels.pairPixelRows(upper, lower, slot, width);
        return true;
      }),
      store: (block, offsets, weights, x, y, count, rows) => {
        const first = addressIn(target, 4)(x, y);
        const pairs = columns.window / 2;
        kernels.filterPixelsToBytes(block, offsets, weights, first, count, rows, pairs, target.stride, transposed);
      },
    };
  },
};

/** Pixels that should be opaque: gives up at one that is not. */
export const OPAQUE_OR_NONE: SampleKind = {
  ...OPAQUE,
  steps: (job) => ({
    ...OPAQUE.steps(job),
    load: pixelLoader(
      job,
      (upper, lower, slot, width) => job.instance.kernels.pairPixelRows(upper, lower, slot, width) >>> 24 === 255,
    ),
  }),
};

/** Pixels with straight alpha, filtered premultiplied. */
export const ALPHA: SampleKind = {
  ...OPAQUE,
  channels: 4,
  steps: (job) => {
    const { kernels } = job.instance;
    return wideSteps(
      job,
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
    ...ALPHA,
    steps: (job) => {
      const { kernels, memory } = job.instance;
      const { light, codes } = lightTables();
      const decode = memory.alloc(light.byteLength);
      const encode = memory.alloc(codes.byteLength);
      memory.bytes(decode, light.byteLength).set(new Uint8Array(light.buffer, light.byteOffset, light.byteLength));
      memory.bytes(encode, codes.byteLength).set(codes);
      return wideSteps(
        job,
        (row, to, width) => kernels.linearizePixels(row, to, width, decode, mask),
        (pixels, to, count, step) => kernels.delinearizePixels(pixels, to, count, step, encode),
      );
    },
  };
}

/** The same kind of pixels, but read from 4:2:0 planes, whose rows become RGBA as they are loaded. */
export function ofPlanes(kind: SampleKind, image: PlanarImage): SampleKind {
  return {
    ...kind,
    steps: (job) => {
      const { memory, kernels } = job.instance;
      const convert = rgbaConverter(kernels, image);
      const stride = (job.width + 1) * 4;
      const scratch = memory.alloc(stride * 2);
      // A row may begin between two chroma samples.
      const rows = (x: number, y: number, width: number): number => {
        const odd = x & 1;
        const address = scratch + (y & 1) * stride;
        convert({ x: x - odd, y, width: width + odd, height: 1 }, address, stride);
        return address + odd * 4;
      };
      return kind.steps({ ...job, rows });
    },
  };
}

/** Steps by way of 16-bit pixels: rows are widened one by one before they are paired, and narrowed again. */
function wideSteps(
  job: Job,
  widen: (row: number, to: number, width: number) => void,
  narrow: (pixels: number, to: number, count: number, step: number) => void,
): Steps {
  const { kernels, memory } = job.instance;
  const { columns, transposed } = job.resampling;
  const target = job.targets[0]!;
  const upper = memory.alloc(job.width * 8 + 32);
  const lower = memory.alloc(job.width * 8 + 32);
  const wideStride = columns.count * 8;
  const pixels = memory.alloc(wideStride * 4);
  return {
    load: pixelLoader(job, (rowA, rowB, slot, width) => {
      widen(rowA, upper, width);
      widen(rowB, lower, width);
      kernels.pairWideRows(upper, lower, slot, width * 4);
      return true;
    }),
    store: (block, offsets, weights, x, y, count, rows) => {
      kernels.filterPixels(block, offsets, weights, pixels, count, columns.window / 2, wideStride);
      const first = addressIn(target, 4)(x, y);
      for (let row = 0; row < rows; row++) {
        const [to, step] = transposed ? [first + row * 4, target.stride] : [first + row * target.stride, 4];
        narrow(pixels + row * wideStride, to, count, step);
      }
    },
  };
}

/** Finds two rows of pixels and hands them on. */
function pixelLoader(
  { sources, rows }: Job,
  pair: (upper: number, lower: number, slot: number, width: number) => boolean,
): Steps['load'] {
  const row = rows ?? addressIn(sources[0]!, 4);
  return (x, upper, lower, slot, width) => pair(row(x, upper, width), row(x, lower, width), slot, width);
}

/** Where a sample of a plane lies. */
function addressIn({ address, stride }: Plane, bytes: number): (x: number, y: number) => number {
  return (x, y) => address + y * stride + x * bytes;
}
