import type { Picture } from './exact.ts';
import { order, ratios, summarise, type Summary } from './statistics.ts';

/** One way to do the work; gives bytes, or nothing to look at but what `picture` tells of the last run. */
export type Contestant = {
  name: string;
  run: () => Promise<Blob | void> | Blob | void;
  /** What a run spoils is made anew before every sample, outside its time. */
  renew?: () => unknown;
  picture?: () => Picture;
};

/** What a question asks: contestants for one frame, the browser's own first. */
export type Contest = {
  task: string;
  contestants: Contestant[];
  /** How like the original a photo is, when that is of interest. */
  likeness?: ((photo: Blob) => Promise<number>) | undefined;
  /** How like what it should be a picture is. */
  fidelity?: (picture: Picture) => Fidelity;
  /** Runs that are timed together, where one is short against asking for the time. Default 1. */
  repeats?: number;
};

/** Likeness in dB and as mean SSIM. */
type Fidelity = { psnr: number; ssim: number | undefined };

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
  psnr: number | undefined;
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
  { task, contestants, likeness, fidelity, repeats = 1 }: Contest,
  rounds: number,
  { cpu, sizeOf }: Host,
): Promise<Result[]> {
  const failures = new Map<number, string>();
  const bytes: (number | undefined)[] = [];
  const likenesses: (number | undefined)[] = [];
  const psnrs: (number | undefined)[] = [];
  const sizes = new Set<string>();
  for (const [i, { run, renew, picture }] of contestants.entries()) {
    try {
      renew?.();
      const made = await run();
      const found = picture && fidelity?.(picture());
      if (found) [psnrs[i], likenesses[i]] = [found.psnr, found.ssim];
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
      contestants[i]!.renew?.();
      const cpuBefore = await cpu();
      const before = performance.now();
      for (let time = 0; time < repeats; time++) await contestants[i]!.run();
      wall[i]!.push((performance.now() - before) / repeats);
      const cpuAfter = await cpu();
      if (cpuBefore !== undefined && cpuAfter !== undefined) cpus[i]!.push((cpuAfter - cpuBefore) / repeats);
    }
  }
  return contestants.map(({ name }, i) => {
    const timed = wall[i]!.length > 0 && wall[0]!.length > 0;
    const clocked = cpus[i]!.length > 0 && cpus[0]!.length > 0;
    const nothing = { median: NaN, low: NaN, high: NaN };
    return {
      task,
      contestant: name,
      wall: timed ? summarise(wall[i]!) : nothing,
      cpu: clocked ? summarise(cpus[i]!) : undefined,
      wallRatio: timed ? summarise(ratios(wall[i]!, wall[0]!)) : nothing,
      cpuRatio: clocked ? summarise(ratios(cpus[i]!, cpus[0]!)) : undefined,
      bytes: bytes[i],
      likeness: likenesses[i],
      psnr: psnrs[i],
      failed: failures.get(i),
    };
  });
}
