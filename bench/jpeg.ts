import { encodeJpeg } from '../worker/jpeg/encode.ts';
import type { Contest } from './contest.ts';
import type { Subject } from './subject.ts';

/** RGBA to a JPEG of quality 0.9, 4:2:0, against the browser's encoder on a canvas that is already drawn. */
export function jpeg({ canvas, instance, pixels }: Subject): Contest[] {
  const encode = (effort: 'speed' | 'balanced' | 'size') => (): Blob =>
    new Blob(encodeJpeg(instance, pixels(), { quality: 0.9, chromaSubsampling: '4:2:0', effort }).parts());
  return [
    {
      task: 'RGBA → JPEG q0.9',
      contestants: [
        { name: 'convertToBlob', run: () => canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 }) },
        { name: 'motordrive (balanced)', run: encode('balanced') },
        { name: 'motordrive (size)', run: encode('size') },
      ],
    },
  ];
}
