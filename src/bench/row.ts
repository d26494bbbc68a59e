/** What comes of a bench. */
import type { Findings } from './contestant.ts';
import type { Interval, Summary } from './statistics.ts';

/** How a contestant fared. Only `ok` has times. */
export type Status = 'ok' | 'missing' | 'failed' | 'hung' | 'invalid';

/** One measured quantity: its summary, each round's value, and how it compares to the first contestant. */
export type Measure = Summary & {
  /** Unit of all its numbers, such as `ms`. */
  unit: string;
  /** Whether less or more of it is better. */
  better: 'less' | 'more';
  /** One value a round, in order. */
  samples: number[];
  /**
   * Ratio to the first contestant in the same rounds, median and confidence interval; absent where that has no times.
   */
  ratio?: Interval | undefined;
};

/** What came of one contestant on one frame. */
export type BenchRow = Findings & {
  /** Name of the frame. */
  frame: string;
  /** Name of the contestant. */
  contestant: string;
  /** The contestant that ratios refer to. */
  baseline: string;
  /** Whether it is a library of others. */
  peer?: boolean | undefined;
  /** How it fared. */
  status: Status;
  /** Why it is not `ok`. */
  reason?: string | undefined;
  /** `wall` in ms; `cpu` in ms where there is such a clock. */
  measures: Record<string, Measure>;
  /** Megapixels that a run works through, where rates are of interest. */
  megapixels?: number | undefined;
  /** Times of the stages that the contestant tells, in ms. */
  stages?: Record<string, Summary> | undefined;
};

/** What `bench()` gives. */
export type BenchResult = {
  /** A row for each frame and contestant, in order. */
  rows: BenchRow[];
  /** False when it was stopped before all rounds were done; what is there counts nevertheless. */
  complete: boolean;
};
