import { convertToBlob, motordrive } from '../../src/bench/contestants.ts';
import type { Contestant } from '../../src/bench/contestant.ts';
import { Darkroom } from '../../src/index.ts';
import type { Link } from '../hosts/link.ts';
import type { HoldingSamples, Sampled } from '../contests/samples.ts';
import { prepare } from '../subjects/subject.ts';

const SIZE = { width: 4000, height: 3000 };
/** Photos of one sample. */
const PHOTOS = 5;
/** ms in which freed memory goes back to the system. */
const SETTLE = 300;

/** A contestant with workers of its own, and their end. */
type Own = { contestant: Contestant<VideoFrame>; end: () => void };

/**
 * Memory that photos of 12 megapixels take: how far above the start the browser's processes go while ten are made one
 * after the other, and how much of it they keep. Each sample has workers of its own.
 */
export async function memory(link: Link, rounds: number, holding: HoldingSamples): Promise<void> {
  const { planarFrame } = await prepare({ name: 'generated 12 MP', ...SIZE });
  const sampled = (name: string, make: () => Own): Sampled<'peak' | 'kept'> => ({
    name,
    open: async () => {
      if ((await link.memory('start')) === undefined) throw new Error('this host does not tell memory');
      await link.memory('stop');
    },
    sample: async () => {
      const { contestant, end } = make();
      try {
        await settle();
        await link.memory('start');
        await contestant.open?.();
        for (let photo = 0; photo < PHOTOS; photo++) {
          const frame = planarFrame();
          await contestant.run(frame);
          frame.close();
        }
        await settle();
        const { before, peak, after } = (await link.memory('stop'))!;
        return { peak: peak - before, kept: after - before };
      } finally {
        end();
      }
    },
  });
  const own = (effort: 'speed' | 'balanced') =>
    sampled(`motordrive (${effort})`, () => {
      const darkroom = new Darkroom({ workers: 1 });
      return { contestant: motordrive({ darkroom, quality: 0.9, effort }), end: () => darkroom.close() };
    });
  await holding({ frame: 'generated 12 MP, 4000 × 3000' })({
    task: `${PHOTOS} photos of 12 MP`,
    quantities: { peak: { unit: 'MB', better: 'less' }, kept: { unit: 'MB', better: 'less', hasRatio: false } },
    contestants: [
      sampled('drawImage + convertToBlob', () => ({ contestant: convertToBlob({ quality: 0.9 }), end: () => {} })),
      own('speed'),
      own('balanced'),
    ],
    rounds,
  });
}

/** Lets garbage go, where the host can be asked. */
async function settle(): Promise<void> {
  (globalThis as { gc?: () => void }).gc?.();
  await new Promise((resolve) => setTimeout(resolve, SETTLE));
}
