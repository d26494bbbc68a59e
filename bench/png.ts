import { encodePng } from '../worker/png/encode.ts';
import type { Contest } from './contest.ts';
import type { Peers } from './peers.ts';
import type { Subject } from './subject.ts';

/** RGBA to PNG, against the browser's encoder on a canvas that is already drawn. */
export function png({ canvas, data, instance, pixels }: Subject, peers: Peers | undefined): Contest[] {
  const encode = (effort: 'speed' | 'balanced') => (): Blob =>
    new Blob(encodePng(instance, pixels(), { effort }).parts());
  return [
    {
      task: 'RGBA → PNG',
      contestants: [
        { name: 'convertToBlob', run: () => canvas.convertToBlob({ type: 'image/png' }) },
        { name: 'motordrive (balanced)', run: encode('balanced') },
        { name: 'motordrive (speed)', run: encode('speed') },
        ...(peers?.pngContestants(data) ?? []),
      ],
    },
  ];
}
