import { Darkroom } from '../src/index.ts';
import { order, ratios, summarise, type Summary } from './statistics.ts';
import { prepare, type SubjectSource } from './subject.ts';

/** How long one photo takes two workers, wall ms, and the ratio to one worker in the same round. */
export type ShareResult = { name: string; task: string; alone: Summary; shared: Summary; ratio: Summary };

const TASKS = [
  { task: 'JPEG (speed)', options: { effort: 'speed' } },
  { task: 'JPEG (balanced)', options: {} },
  { task: 'PNG (balanced)', options: { type: 'image/png' } },
] as const;

/** One I420 VideoFrame to its photo, by one worker of a pool and by two. */
export async function share(source: SubjectSource, rounds: number): Promise<ShareResult[]> {
  const { planarFrame, width, height } = await prepare(source);
  const darkroom = new Darkroom({ workers: 2 });
  await darkroom.ready();
  const results: ShareResult[] = [];
  for (const { task, options } of TASKS) {
    const times: [number[], number[]] = [[], []];
    // The first two rounds warm both workers.
    for (let round = -2; round < rounds; round++) {
      for (const i of order(2, round + 2)) {
        const frame = planarFrame();
        const started = performance.now();
        await darkroom.develop(frame, { quality: 0.9, metadata: false, ...options, workers: i + 1 });
        if (round >= 0) times[i as 0 | 1].push(performance.now() - started);
      }
    }
    const [alone, shared] = times;
    const name = `${source.name}, ${width} × ${height}`;
    results.push({
      name,
      task,
      alone: summarise(alone),
      shared: summarise(shared),
      ratio: summarise(ratios(shared, alone)),
    });
  }
  darkroom.close();
  return results;
}
