import { convertToBlob, motordrive } from '../../src/bench/contestants.ts';
import { Darkroom } from '../../src/index.ts';
import type { Holding } from '../contests/contest.ts';
import { prepare } from '../subjects/subject.ts';

const SIZE = { width: 1920, height: 1080 };

/**
 * CPU time of everything that the browser runs for one photo, as a measure of what it takes from the battery: work that
 * was only moved to another thread or process counts all the same.
 */
export async function energy(holding: Holding): Promise<void> {
  const { planarFrame } = await prepare({ name: 'generated 1080p', ...SIZE });
  const darkroom = new Darkroom({ workers: 1 });
  try {
    await holding({ frame: 'generated 1080p, 1920 × 1080', ...SIZE })({
      task: 'I420 VideoFrame → JPEG Blob, all processes',
      take: planarFrame,
      contestants: [
        convertToBlob({ quality: 0.9 }),
        motordrive({ darkroom, quality: 0.9, effort: 'speed', name: 'motordrive (speed)' }),
        motordrive({ darkroom, quality: 0.9, name: 'motordrive (balanced)' }),
      ],
      cpuOf: 'browser',
      minimum: 300,
    });
  } finally {
    darkroom.close();
  }
}
