import { encodePng } from '../../worker/png/encode.ts';
import type { Contest } from '../contests/contest.ts';
import type { Peers } from '../peers/peers.ts';
import type { Subject } from '../subjects/subject.ts';

/**
 * RGBA to PNG, against the browser's encoder on a canvas that is already drawn. Everybody's pixels must be the same.
 */
export function png({ canvas, data, instance, pixels }: Subject, peers: Peers): Contest[] {
  const encode = (effort: 'speed' | 'balanced') => (): Blob =>
    new Blob(encodePng(instance, pixels(), { effort }).parts(), { type: 'image/png' });
  return [
    {
      task: 'RGBA → PNG',
      original: data,
      contestants: [
        { name: 'convertToBlob', run: () => canvas.convertToBlob({ type: 'image/png' }) },
        { name: 'motordrive (balanced)', run: encode('balanced') },
        { name: 'motordrive (speed)', run: encode('speed') },
        ...peers.pngContestants(data),
      ],
    },
  ];
}
