import { encodeJpeg } from '../worker/jpeg/encode.ts';
import type { Effort } from '../worker/options.ts';
import type { Contest } from './contest.ts';
import type { Peers } from './peers.ts';
import type { Subject } from './subject.ts';

const EFFORTS: readonly Effort[] = ['speed', 'balanced', 'size'];
const QUALITY = 0.9;

/** RGBA to a JPEG of quality 0.9, 4:2:0, against the browser's encoder on a canvas that is already drawn. */
export function jpeg({ canvas, data, instance, pixels }: Subject, peers: Peers | undefined): Contest[] {
  const own = EFFORTS.map((effort) => ({
    name: `motordrive (${effort})`,
    run: (): Blob => {
      const sink = encodeJpeg(instance, pixels(), { quality: QUALITY, chromaSubsampling: '4:2:0', effort });
      return new Blob(sink.parts(), { type: 'image/jpeg' });
    },
  }));
  return [
    {
      task: 'RGBA → JPEG q0.9',
      original: data,
      contestants: [
        { name: 'convertToBlob', run: () => canvas.convertToBlob({ type: 'image/jpeg', quality: QUALITY }) },
        ...own,
        ...(peers?.jpegContestants(data, QUALITY) ?? []),
      ],
    },
  ];
}
