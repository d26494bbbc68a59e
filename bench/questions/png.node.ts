import type { Pixels } from '../../src/bench/likeness.ts';
import { encodePng } from '../../worker/png/encode.ts';
import type { Contest, Contestant } from '../contests/contest.ts';
import type { Peers } from '../peers/peers.ts';
import { blobOf, type NodeSubject } from '../subjects/node-subject.ts';

/** RGB to PNG, against libpng with adaptive filters. Everybody's pixels must be the same. */
export function png(subject: NodeSubject, peers: Peers<Pixels>): Contest[] {
  const { raw, instance, pixels } = subject;
  const native = (level: number): Contestant => ({
    name: `sharp, level ${level}`,
    run: async () =>
      blobOf(await raw().png({ compressionLevel: level, adaptiveFiltering: true }).toBuffer(), 'image/png'),
  });
  const own = (['balanced', 'speed'] as const).map((effort): Contestant => ({
    name: `motordrive (${effort})`,
    run: () => new Blob(encodePng(instance, pixels(), { effort }).parts(), { type: 'image/png' }),
  }));
  return [
    {
      task: 'RGB → PNG',
      original: subject,
      contestants: [native(6), native(1), ...own, ...peers.pngContestants(subject)],
    },
  ];
}
