import { blobOf, type BenchFrame, type Check, type Contestant, type Findings, type Output } from './contestant.ts';
import { Hung, within } from './patience.ts';
import { photoCheck } from './photo-check.ts';
import { order, ratioInterval, summarise, type Interval, type Summary } from './statistics.ts';

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
  /** Ratio to the first contestant in the same rounds, median and confidence interval; absent where that has no times. */
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

/** What happens now. */
export type BenchProgress = {
  /** Name of the frame. */
  frame: string;
  /** Name of the contestant that is about to run. */
  contestant: string;
  /** Whether its output is looked at, its engine warmed up, or it is measured. */
  phase: 'check' | 'warm-up' | 'round';
  /** Number of the round, from 0. */
  round: number;
  /** Number of rounds asked for. */
  rounds: number;
};

/** What `bench()` is asked to do. */
export type BenchOptions<Frame> = {
  /** Who is compared; ratios refer to the first. */
  contestants: readonly Contestant<Frame>[];
  /** What they are compared on, one after the other. */
  frames: readonly BenchFrame<Frame>[];
  /** Rounds in which each contestant runs once; default: 45, as far as {@link budget} goes. */
  rounds?: number | undefined;
  /** ms after which no more rounds begin on a frame, once there are five; default: 20 000, or no end where `rounds` is given. */
  budget?: number | undefined;
  /** Rounds before, which do not count; default 2: engines compile in the first ones. */
  warmUp?: number | undefined;
  /** ms that one sample should last: a shorter run is repeated, up to 16 times, and divided. Default 20. */
  minimum?: number | undefined;
  /** ms after which a run is given up as hung; default 60 000. Work that never yields cannot be interrupted from inside. */
  timeout?: number | undefined;
  /** CPU time so far in ms, of whatever does the work; default: that of the process in Node, none elsewhere. */
  cpu?: (() => number | undefined | Promise<number | undefined>) | undefined;
  /** Looks at each contestant's first output before its time counts; default: a photo must decode to the frame's size. */
  check?: Check<Frame> | undefined;
  /** Collects garbage, between runs and off the clock; default: `gc()` where the host exposes it. */
  collect?: (() => unknown) | undefined;
  /** Seed of the confidence intervals; default 1. */
  seed?: number | undefined;
  /** Stops after the run at hand; the result keeps the rounds that are complete. */
  signal?: AbortSignal | undefined;
  /** Called after each round with what is known so far, off the clock. */
  onRound?: ((rows: BenchRow[]) => unknown) | undefined;
  /** Called before each run. */
  onProgress?: ((progress: BenchProgress) => unknown) | undefined;
};

/** A contestant on its way through the rounds. */
type Entrant<Frame> = {
  contestant: Contestant<Frame>;
  status: Status;
  reason?: string;
  findings: Findings;
  repeats: number;
  wall: number[];
  cpu: number[];
  stages: Record<string, number[]>;
};

/** What tells a tenth from nothing on a machine that is loaded. */
const [ROUNDS, BUDGET] = [45, 20_000];
/** Rounds that are done whatever they cost: fewer have no interval to speak of. */
export const LEAST_ROUNDS = 5;
const MOST_REPEATS = 16;
/** ms in which threads of the engine finish what a collection has begun: it would count as the contestant's CPU time. */
const SWEEPING = 20;
/** How often the CPU clock is read to learn what reading it costs. */
const CLOCK_READINGS = 9;

/**
 * Compares contestants on frames: rounds in which each runs once, in an order that changes from round to round, after each one's output
 * was looked at and a round of warm-up. One that fails, hangs or is missing is reported as such and the others go on.
 * @throws TypeError or RangeError for wrong options.
 */
export async function bench<Frame>(options: BenchOptions<Frame>): Promise<BenchResult> {
  const { contestants, frames, rounds = ROUNDS, warmUp = 2, timeout = 60_000 } = options;
  const { budget = options.rounds === undefined ? BUDGET : Infinity } = options;
  if (!Array.isArray(contestants) || !Array.isArray(frames))
    throw new TypeError('contestants and frames must be arrays.');
  if (new Set(contestants.map(({ name }) => name)).size < contestants.length) {
    throw new TypeError('contestants must have different names.');
  }
  if (!Number.isInteger(rounds) || rounds < 1) throw new RangeError('rounds must be a whole number above 0.');
  if (!Number.isInteger(warmUp) || warmUp < 0) throw new RangeError('warmUp must be a whole number, 0 or above.');
  if (!(timeout > 0)) throw new RangeError('timeout must be above 0.');
  if (!(budget >= 0)) throw new RangeError('budget must be 0 or above.');
  const rows: BenchRow[] = [];
  let complete = true;
  for (const frame of frames) {
    if (options.signal?.aborted) complete = false;
    if (!complete) break;
    const contest = new Contest(frame, options, { rounds, warmUp, timeout, budget });
    complete = await contest.hold();
    rows.push(...contest.rows());
  }
  return { rows, complete };
}

/** How much is done at most; times in ms. */
type Limits = { rounds: number; warmUp: number; timeout: number; budget: number };

/** All contestants on one frame. */
class Contest<Frame> {
  readonly #frame: BenchFrame<Frame>;
  readonly #options: BenchOptions<Frame>;
  readonly #limits: Limits;
  readonly #entrants: Entrant<Frame>[];
  readonly #cpu: () => number | undefined | Promise<number | undefined>;
  readonly #collect: (() => unknown) | undefined;
  /** What reading the CPU clock twice costs, in ms: short runs would seem longer by it. */
  #cpuCost = 0;

  constructor(frame: BenchFrame<Frame>, options: BenchOptions<Frame>, limits: Limits) {
    this.#frame = frame;
    this.#options = options;
    this.#limits = limits;
    this.#cpu = options.cpu ?? processCpu;
    this.#collect = options.collect ?? (globalThis as { gc?: () => void }).gc;
    this.#entrants = options.contestants.map((contestant) => ({
      contestant,
      status: 'ok',
      findings: {},
      repeats: 1,
      wall: [],
      cpu: [],
      stages: {},
    }));
  }

  /** Runs everything; false when it was stopped. */
  async hold(): Promise<boolean> {
    const { rounds, warmUp, budget } = this.#limits;
    try {
      for (const entrant of this.#entrants) {
        if (this.#stopped) return false;
        await this.#prove(entrant);
      }
      await this.#weighClock();
      const started = performance.now();
      for (let round = -warmUp; round < rounds; round++) {
        if (round >= LEAST_ROUNDS && performance.now() - started > budget) break;
        for (const i of order(this.#entrants.length, round + warmUp)) {
          if (this.#stopped) return false;
          await this.#sample(this.#entrants[i]!, round);
        }
        if (round >= 0) await this.#options.onRound?.(this.rows());
      }
      return true;
    } finally {
      for (const { contestant } of this.#entrants) {
        try {
          await contestant.close?.();
        } catch {
          // What it measured stands.
        }
      }
    }
  }

  rows(): BenchRow[] {
    const running = this.#entrants.filter(({ status }) => status === 'ok');
    const whole = Math.min(...running.map(({ wall }) => wall.length));
    const first = this.#entrants[0];
    return this.#entrants.map((entrant) => {
      const { contestant, status, reason, findings, wall, cpu, stages } = entrant;
      const row: BenchRow = {
        frame: this.#frame.name,
        contestant: contestant.name,
        baseline: first!.contestant.name,
        ...(contestant.peer && { peer: true }),
        status,
        ...(reason !== undefined && { reason }),
        ...(status === 'ok' && findings),
        measures: {},
      };
      if (status !== 'ok' || whole === 0) return row;
      row.measures['wall'] = this.#measure(wall, first!.status === 'ok' ? first!.wall : [], whole);
      if (cpu.length >= whole)
        row.measures['cpu'] = this.#measure(cpu, first!.status === 'ok' ? first!.cpu : [], whole);
      const told = Object.entries(stages);
      if (told.length > 0) row.stages = Object.fromEntries(told.map(([stage, times]) => [stage, summarise(times)]));
      return row;
    });
  }

  #measure(all: readonly number[], base: readonly number[], whole: number): Measure {
    const samples = all.slice(0, whole);
    const comparable = base.length >= whole && base.slice(0, whole).every((value) => value > 0);
    return {
      unit: 'ms',
      better: 'less',
      ...summarise(samples),
      samples,
      ...(comparable && { ratio: ratioInterval(samples, base, { seed: this.#options.seed }) }),
    };
  }

  get #stopped(): boolean {
    return this.#options.signal?.aborted ?? false;
  }

  /** Opens a contestant, lets it run once and looks at what it gives. */
  async #prove(entrant: Entrant<Frame>): Promise<void> {
    const { contestant, findings } = entrant;
    const { check = photoCheck() } = this.#options;
    await this.#tell(contestant, 'check', 0);
    try {
      await within(this.#limits.timeout, contestant.open?.());
    } catch (error) {
      return drop(entrant, error, 'missing');
    }
    let output: Output;
    try {
      const frame = await this.#frame.take();
      output = await within(this.#limits.timeout, contestant.run(frame));
      closeFrame(frame);
    } catch (error) {
      return drop(entrant, error, 'failed');
    }
    try {
      Object.assign(findings, await check(output, { frame: this.#frame, contestant }));
    } catch (error) {
      drop(entrant, error, 'invalid');
    }
  }

  /** One sample of a contestant; rounds below 0 warm up, and the last of them says how often a run is repeated. */
  async #sample(entrant: Entrant<Frame>, round: number): Promise<void> {
    if (entrant.status !== 'ok') return;
    const { contestant, repeats } = entrant;
    await this.#tell(contestant, round < 0 ? 'warm-up' : 'round', Math.max(0, round));
    const frames: Frame[] = [];
    try {
      for (let i = 0; i < repeats; i++) frames.push(await this.#frame.take());
      if (this.#collect) {
        await this.#collect();
        await new Promise((resolve) => setTimeout(resolve, SWEEPING));
      }
      const outputs: Output[] = [];
      const cpuBefore = await this.#cpu();
      const before = performance.now();
      for (const frame of frames) outputs.push(await within(this.#limits.timeout, contestant.run(frame)));
      const wall = performance.now() - before;
      const cpuAfter = await this.#cpu();
      if (round < 0) {
        const { minimum = 20 } = this.#options;
        const once = Math.max(wall / repeats, 0.001);
        entrant.repeats = Math.max(1, Math.min(MOST_REPEATS, Math.ceil(minimum / once)));
        return;
      }
      entrant.wall.push(wall / repeats);
      if (cpuBefore !== undefined && cpuAfter !== undefined) {
        entrant.cpu.push(Math.max(0, cpuAfter - cpuBefore - this.#cpuCost) / repeats);
      }
      for (const output of outputs) tellStages(entrant.stages, output);
    } catch (error) {
      drop(entrant, error, 'failed');
    } finally {
      frames.forEach(closeFrame);
    }
  }

  async #weighClock(): Promise<void> {
    const costs: number[] = [];
    for (let i = 0; i < CLOCK_READINGS && !this.#stopped; i++) {
      const [before, after] = [await this.#cpu(), await this.#cpu()];
      if (before !== undefined && after !== undefined) costs.push(after - before);
    }
    if (costs.length > 0) this.#cpuCost = summarise(costs).median;
  }

  #tell({ name }: Contestant<Frame>, phase: BenchProgress['phase'], round: number): unknown {
    const { rounds } = this.#limits;
    return this.#options.onProgress?.({ frame: this.#frame.name, contestant: name, phase, round, rounds });
  }
}

function drop<Frame>(entrant: Entrant<Frame>, error: unknown, status: Status): void {
  entrant.status = error instanceof Hung ? 'hung' : status;
  entrant.reason = error instanceof Error ? error.message : String(error);
}

function closeFrame(frame: unknown): void {
  if (typeof VideoFrame !== 'undefined' && frame instanceof VideoFrame) frame.close();
  if (typeof ImageBitmap !== 'undefined' && frame instanceof ImageBitmap) frame.close();
}

function tellStages(stages: Record<string, number[]>, output: Output): void {
  if (!blobOf(output) || output instanceof Blob) return;
  for (const [stage, time] of Object.entries((output as { timings?: Record<string, number> }).timings ?? {})) {
    (stages[stage] ??= []).push(time);
  }
}

/** CPU time of this process, all threads, in ms; undefined where there is no such thing. */
function processCpu(): number | undefined {
  type Host = { cpuUsage?: () => { user: number; system: number } };
  const usage = (globalThis as { process?: Host }).process?.cpuUsage?.();
  return usage && (usage.user + usage.system) / 1000;
}
