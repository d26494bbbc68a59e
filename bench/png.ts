import { encodePng } from '../worker/png/encode.ts';
import type { Contest } from './contest.ts';
import type { Subject } from './subject.ts';

/** RGBA to PNG, against the browser's encoder on a canvas that is already drawn. */
export function png({ canvas, instance, pixels }: Subject): Contest[] {
  const encode = (effort: 'speed' | 'balanced') => (): Blob =>
    new Blob(encodePng(instance, pixels(), { effort }).parts());
  return [
    {
      task: 'RGBA → PNG',
      contestants: [
        { name: 'convertToBlob', run: () => canvas.convertToBlob({ type: 'image/png' }) },
        { name: 'motordrive (balanced)', run: encode('balanced') },
        { name: 'motordrive (speed)', run: encode('speed') },
      ],
    },
  ];
}
