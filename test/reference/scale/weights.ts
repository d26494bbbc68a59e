/** The weights of resampling filters in 2^-14, by their definitions. */
import type { ResampleKernel } from '../../../worker/options.ts';
import type { AxisCut } from '../../../worker/scale/weights.ts';
import { taps } from './resample.ts';

/** For each output its samples and their weights, those that are not 0; the sum of the rounded ones is 2^14. */
export function weightsOf(kernel: ResampleKernel, { start, length, limit, count }: AxisCut): [number, number][][] {
  return taps(kernel, start, length, limit, count).map((exact) => {
    // Each rounding error is handed on to the next weight.
    let error = 0;
    return exact
      .filter(([, weight]) => Math.abs(weight) > 1e-9)
      .map(([index, weight]): [number, number] => {
        const wanted = weight * 2 ** 14 + error;
        error = wanted - Math.round(wanted);
        return [index, Math.round(wanted)];
      })
      .filter(([, weight]) => weight !== 0);
  });
}
