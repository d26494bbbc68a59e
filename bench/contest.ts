import { order, ratios, summarise, type Summary } from './statistics.ts';

/** One way to do the work; gives bytes, a bitmap's size, or nothing to look at. */
export type Contestant = { name: string; run: () => Promise<Blob | void> | Blob | void };

/** What a question asks: contestants for one frame, the browser's own first. */
export type Contest = {
  task: string;
  contestants: Contestant[];
  /** How like the original a photo is, when that is of interest. */
  likeness?: ((photo: Blob) => Promise<number>) | undefined;
};

/** A contestant's figures; ratios are to the first contestant in the same round. */
export type Result = {
  task: string;
  contestant: string;
  wall: Summary;
  cpu: Summary | undefined;
  wallRatio: Summary;
  cpuRatio: Summary | undefined;
  bytes: number | undefined;
  likeness: number | undefined;
  failed: string | undefined;
};

/** CPU time of the page's process in ms, where the host can tell. */
export type CpuClock = () => Promise<number | undefined>;

/** What the host lends a contest: its clock and its decoder. */
export type Host = { cpu: CpuClock; sizeOf: (photo: Blob) => Promise<{ width: number; height: number }> };

/**
 * Runs the contestants in turn, the order rotated from round to round, after one round that does not count. Photos are
 * decoded and their size compared before anything is timed.
 */
export async function hold(
  { task, contestants, likeness }: Contest,
  rounds: number,
  { cpu, sizeOf }: Host,
): Promise<Result[]> {
  const failures = new Map<number, string>();
  const bytes: (number | undefined)[] = [];
  const likenesses: (number | undefined)[] = [];
  const sizes = new Set<string>();
  for (const [i, { run }] of contestants.entries()) {
    try {
      const made = await run();
      if (!made) continue;
      bytes[i] = made.size;
      const { width, height } = await sizeOf(made);
      sizes.add(`${width} × ${height}`);
      if (sizes.size > 1) throw new Error(`made another size: ${[...sizes].join(', ')}`);
      likenesses[i] = await likeness?.(made);
    } catch (error) {
      failures.set(i, String(error));
    }
  }
  const wall = contestants.map((): number[] => []);
  const cpus = contestants.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const i of order(contestants.length, round)) {
      if (failures.has(i)) continue;
      const cpuBefore = await cpu();
      const before = performance.now();
      await contestants[i]!.run();
      wall[i]!.push(performance.now() - before);
      const cpuAfter = await cpu();
      if (cpuBefore !== undefined && cpuAfter !== undefined) cpus[i]!.push(cpuAfter - cpuBefore);
    }
  }
  return contestants.map(({ name }, i) => {
    const timed = wall[i]!.length > 0 && wall[0]!.length > 0;
    const clocked = cpus[i]!.length > 0 && cpus[0]!.length > 0;
    const nothing = { median: NaN, mad: NaN, low: NaN, high: NaN };
    return {
      task,
      contestant: name,
      wall: timed ? summarise(wall[i]!) : nothing,
      cpu: clocked ? summarise(cpus[i]!) : undefined,
      wallRatio: timed ? summarise(ratios(wall[i]!, wall[0]!)) : nothing,
      cpuRatio: clocked ? summarise(ratios(cpus[i]!, cpus[0]!)) : undefined,
      bytes: bytes[i],
      likeness: likenesses[i],
      failed: failures.get(i),
    };
  });
}
