/** What the scaling engine needs to know of the samples that it filters, and how they get in and out. */

import type { Plane } from '../frame/image.ts';
import type { KernelInstance } from '../memory/kernels.ts';
import type { AxisWeights } from './weights.ts';

/** Weights along both axes of the source, and how the outputs lie in the target. */
export type Resampling = {
  columns: AxisWeights;
  rows: AxisWeights;
  /** Whether outputs of one source row make a column of the target. */
  transposed: boolean;
};

/** Samples of one kind: what is filtered and how it gets in and out. */
export type SampleKind = {
  /** Channels that are filtered and lie beside each other in a row pair. */
  channels: number;
  /** Planes that are filtered alike; their row pairs lie one after the other. */
  planes: 1 | 2;
  /** Fours of rows that a block has room for, of all planes together. */
  lanes: 1 | 4;
  /** Makes the two steps; may allocate scratch. */
  steps: (job: Job) => Steps;
};

/** What the steps of a run have to know. */
export type Job = {
  instance: KernelInstance;
  resampling: Resampling;
  sources: readonly Plane[];
  targets: readonly Plane[];
  /**
   * The address of `width` RGBA pixels from column x of row y on, where they do not lie in the source; good for two
   * rows.
   */
  rows?: (x: number, y: number, width: number) => number;
  /** Pixels of the longest row that is loaded at once. */
  width: number;
  /** Bytes from a plane's row pair to the next plane's. */
  planeBytes: number;
};

/** First and last step of a run. */
export type Steps = {
  /**
   * Makes the row pair at `slot` of `width` pixels from column `x` of the rows `upper` and `lower`; returns false to
   * give up.
   */
  load: (x: number, upper: number, lower: number, slot: number, width: number) => boolean;
  /**
   * Filters a block to `count` outputs of `rows` rows of each plane, from column `x` and row `y` of the targets on;
   * `offsets` and `weights` are those of the first output.
   */
  store: (block: number, offsets: number, weights: number, x: number, y: number, count: number, rows: number) => void;
};
