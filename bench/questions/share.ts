import { Darkroom } from '../../src/index.ts';
import type { HoldingSamples } from '../contests/samples.ts';
import { prepare, type SubjectSource } from '../subjects/subject.ts';
import { countedWorkers, workerCounts } from '../hosts/worker-counts.ts';

const TASKS = [
  { task: 'I420 → JPEG (speed)', options: { effort: 'speed' } },
  { task: 'I420 → JPEG (balanced)', options: {} },
  { task: 'I420 → PNG (balanced)', options: { type: 'image/png' } },
] as const;

/** How long one photo takes one worker of a pool, and several that share it: what a user waits. */
export async function share(source: SubjectSource, rounds: number, holding: HoldingSamples): Promise<void> {
  const { planarFrame, width, height } = await prepare(source);
  const counts = workerCounts();
  const darkroom = new Darkroom({ workers: counts.at(-1)! });
  await darkroom.ready();
  try {
    for (const { task, options } of TASKS) {
      const contestants = counts.map((workers) => ({
        name: countedWorkers(workers),
        sample: async () => {
          const frame = planarFrame();
          const started = performance.now();
          await darkroom.develop(frame, { quality: 0.9, metadata: false, ...options, workers });
          return { wall: performance.now() - started };
        },
      }));
      const quantities = { wall: { unit: 'ms', better: 'less' } } as const;
      await holding({ frame: `${source.name}, ${width} × ${height}` })({ task, quantities, contestants, rounds });
    }
  } finally {
    darkroom.close();
  }
}
