import { convertToBlob, motordrive } from '../src/bench/contestants.ts';
import type { Contestant } from '../src/bench/contestant.ts';
import type { ResultRow } from '../src/bench/result-file.ts';
import { order, ratioInterval, summarise } from '../src/bench/statistics.ts';
import { Darkroom } from '../src/index.ts';
import type { Link } from './link.ts';
import { prepare } from './subject.ts';

const SIZE = { width: 4000, height: 3000 };
/** Photos of one sample. */
const PHOTOS = 10;
/** ms in which freed memory goes back to the system. */
const SETTLE = 300;

/**
 * Memory that photos of 12 megapixels take: how far above the start the browser's processes go while ten are made one after the
 * other, and how much of it they keep. Each sample has workers of its own.
 */
export async function memory(link: Link, rounds: number): Promise<ResultRow[]> {
  const common = { question: 'memory', task: `${PHOTOS} photos of 12 MP`, frame: 'generated 12 MP, 4000 × 3000' };
  const contestants: (() => Contestant<VideoFrame> & { end?: () => void })[] = [
    () => convertToBlob({ quality: 0.9 }) as Contestant<VideoFrame>,
    ...(['speed', 'balanced'] as const).map((effort) => () => {
      const darkroom = new Darkroom({ workers: 1 });
      const own = motordrive({ darkroom, quality: 0.9, effort, name: `motordrive (${effort})` });
      return { ...(own as Contestant<VideoFrame>), end: () => darkroom.close() };
    }),
  ];
  const subject = await prepare({ name: 'generated 12 MP', ...SIZE });
  const peaks = contestants.map((): number[] => []);
  const kept = contestants.map((): number[] => []);
  for (let round = -1; round < Math.min(rounds, 7); round++) {
    for (const i of order(contestants.length, round + 1)) {
      const contestant = contestants[i]!();
      await settle();
      if ((await link.memory('start')) === undefined) throw new Error('this host does not tell memory');
      await contestant.open?.();
      for (let photo = 0; photo < PHOTOS; photo++) {
        const frame = subject.planarFrame();
        await contestant.run(frame);
        frame.close();
      }
      await settle();
      const { before, peak, after } = (await link.memory('stop'))!;
      contestant.end?.();
      if (round < 0) continue;
      peaks[i]!.push(peak - before);
      kept[i]!.push(after - before);
    }
  }
  const names = contestants.map((make) => {
    const { name, end } = make();
    end?.();
    return name;
  });
  const measure = (samples: number[], base: number[]): ResultRow['measures'][string] => ({
    unit: 'MB',
    better: 'less',
    ...summarise(samples),
    samples,
    ...(base.length > 0 && base.every((value) => value > 0) && { ratio: ratioInterval(samples, base) }),
  });
  return names.map((contestant, i) => ({
    ...common,
    contestant,
    baseline: names[0]!,
    status: 'ok',
    measures: { peak: measure(peaks[i]!, peaks[0]!), kept: measure(kept[i]!, []) },
  }));
}

/** Lets garbage go, where the host can be asked. */
async function settle(): Promise<void> {
  (globalThis as { gc?: () => void }).gc?.();
  await new Promise((resolve) => setTimeout(resolve, SETTLE));
}
