import { blobOf, closeFrame, type BenchFrame, type Contestant, type Findings, type Output } from './contestant.ts';
import { CpuClock } from './cpu-clock.ts';
import type { BenchOptions, BenchProgress, Limits } from './options.ts';
import { within } from './patience.ts';
import { photoCheck } from './photo-check.ts';
import { Entrant, holdRounds, measuresOf, type Sample } from './rounds.ts';
import type { BenchRow } from './row.ts';
import { summarise } from './statistics.ts';

const QUANTITIES = { wall: { unit: 'ms', better: 'less' }, cpu: { unit: 'ms', better: 'less' } } as const;
/** Times that a short run is repeated for one sample at most. */
const MOST_REPEATS = 16;
/**
 * ms in which threads of the engine finish what a collection has begun: it would count as the contestant's CPU time.
 */
const SWEEPING = 20;

class Runner<Frame> extends Entrant {
  readonly contestant: Contestant<Frame>;
  findings: Findings = {};
  /** Runs of one sample. */
  repeats = 1;
  readonly stages: Record<string, number[]> = {};
  /** ms of the shortest run so far: what else the machine did does not make it look long. */
  #shortest = Infinity;

  constructor(contestant: Contestant<Frame>) {
    super();
    this.contestant = contestant;
  }

  /** Learns how often a run has to be repeated, of the time that one took, so that a sample lasts `minimum` ms. */
  warmUp(wall: number, minimum = 20): void {
    this.#shortest = Math.min(this.#shortest, Math.max(wall, 0.001));
    this.repeats = Math.max(1, Math.min(MOST_REPEATS, Math.ceil(minimum / this.#shortest)));
  }
}

/** All contestants on one frame. */
export class Contest<Frame> {
  readonly #frame: BenchFrame<Frame>;
  readonly #options: BenchOptions<Frame>;
  readonly #limits: Limits;
  readonly #runners: Runner<Frame>[];
  readonly #clock: CpuClock;
  readonly #collect: (() => unknown) | undefined;

  constructor(frame: BenchFrame<Frame>, options: BenchOptions<Frame>, limits: Limits) {
    this.#frame = frame;
    this.#options = options;
    this.#limits = limits;
    this.#clock = new CpuClock(options.cpu);
    this.#collect = options.collect ?? (globalThis as { gc?: () => void }).gc;
    this.#runners = options.contestants.map((contestant) => new Runner(contestant));
  }

  /** Runs everything; false when it was stopped. */
  async hold(): Promise<boolean> {
    const isStopped = (): boolean => this.#options.signal?.aborted ?? false;
    const { onRound } = this.#options;
    try {
      for (const runner of this.#runners) {
        if (isStopped()) return false;
        await this.#prove(runner);
      }
      await this.#clock.weigh();
      return await holdRounds(
        this.#runners,
        { ...this.#limits, isStopped },
        (runner, round) => this.#sample(runner, round),
        onRound && (() => onRound(this.rows())),
      );
    } finally {
      for (const { contestant } of this.#runners) {
        try {
          await contestant.close?.();
        } catch {
          // What it measured stands.
        }
      }
    }
  }

  rows(): BenchRow[] {
    const measures = measuresOf(this.#runners, QUANTITIES, this.#options.seed);
    return this.#runners.map(({ contestant, status, reason, findings, stages }, i) => {
      const told = Object.entries(stages).map(([stage, times]) => [stage, summarise(times)] as const);
      const isMeasured = Object.keys(measures[i]!).length > 0;
      return {
        frame: this.#frame.name,
        contestant: contestant.name,
        baseline: this.#runners[0]!.contestant.name,
        ...(contestant.peer && { peer: true }),
        status,
        ...(reason !== undefined && { reason }),
        ...(status === 'ok' && findings),
        measures: measures[i]!,
        ...(isMeasured && told.length > 0 && { stages: Object.fromEntries(told) }),
      };
    });
  }

  /** Opens a contestant, lets it run once and looks at what it gives. */
  async #prove(runner: Runner<Frame>): Promise<void> {
    const { contestant } = runner;
    const { check = photoCheck() } = this.#options;
    await this.#tell(contestant, 'check', 0);
    await runner.attempt('missing', () => within(this.#limits.timeout, contestant.open?.()));
    if (runner.status !== 'ok') return;
    let output: Output;
    await runner.attempt('failed', async () => {
      const frame = await this.#frame.take();
      output = await within(this.#limits.timeout, contestant.run(frame));
      closeFrame(frame);
    });
    if (runner.status !== 'ok') return;
    await runner.attempt('invalid', async () => {
      runner.findings = await check(output, { frame: this.#frame, contestant });
    });
  }

  /** One sample of a contestant; rounds below 0 warm up, and say how often a run is repeated. */
  async #sample(runner: Runner<Frame>, round: number): Promise<Sample | undefined> {
    const { contestant, repeats } = runner;
    await this.#tell(contestant, round < 0 ? 'warm-up' : 'round', Math.max(0, round));
    const frames: Frame[] = [];
    const sample = await runner.attempt('failed', async () => {
      for (let i = 0; i < repeats; i++) frames.push(await this.#frame.take());
      if (this.#collect) {
        await this.#collect();
        await new Promise((resolve) => setTimeout(resolve, SWEEPING));
      }
      const outputs: Output[] = [];
      const cpuBefore = await this.#clock.read();
      const before = performance.now();
      for (const frame of frames) outputs.push(await within(this.#limits.timeout, contestant.run(frame)));
      const wall = (performance.now() - before) / repeats;
      const cpu = this.#clock.between(cpuBefore, await this.#clock.read());
      if (round < 0) runner.warmUp(wall, this.#options.minimum);
      else for (const output of outputs) tellStages(runner.stages, output);
      return { wall, ...(cpu !== undefined && { cpu: cpu / repeats }) };
    });
    frames.forEach(closeFrame);
    return sample;
  }

  #tell({ name }: Contestant<Frame>, phase: BenchProgress['phase'], round: number): unknown {
    const { rounds } = this.#limits;
    return this.#options.onProgress?.({ frame: this.#frame.name, contestant: name, phase, round, rounds });
  }
}

function tellStages(stages: Record<string, number[]>, output: Output): void {
  if (!blobOf(output) || output instanceof Blob) return;
  for (const [stage, time] of Object.entries((output as { timings?: Record<string, number> }).timings ?? {})) {
    (stages[stage] ??= []).push(time);
  }
}
