import type { Pixels } from '../../src/bench/likeness.ts';
import { decodePhoto } from '../../src/bench/photo-check.ts';
import { encodeJpeg } from '../../worker/jpeg/encode.ts';
import type { Effort } from '../../worker/options.ts';
import type { Contest } from '../contests/contest.ts';
import { equaliser } from '../contests/equal-quality.ts';
import type { Peers } from '../peers/peers.ts';
import type { Subject } from '../subjects/subject.ts';

const EFFORTS: readonly Effort[] = ['speed', 'balanced', 'size'];
const QUALITY = 0.9;

/**
 * RGBA to a JPEG of quality 0.9, 4:2:0, against the browser's encoder on a canvas that is already drawn; peers at equal
 * SSIM.
 */
export function jpeg({ canvas, data, instance, pixels }: Subject, peers: Peers): Contest[] {
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
        ...peers.jpegContestants(data, equaliser(data, byCanvas, decodePhoto, toImageData)),
      ],
    },
  ];
}

async function byCanvas({ data, width, height }: Pixels): Promise<Blob> {
  const canvas = new OffscreenCanvas(width, height);
  const image = toImageData(Uint8ClampedArray.from(data), width, height);
  canvas.getContext('2d')!.putImageData(image, 0, 0);
  return canvas.convertToBlob({ type: 'image/jpeg', quality: QUALITY });
}

function toImageData(data: Uint8ClampedArray<ArrayBuffer>, width: number, height: number): ImageData {
  return new ImageData(data, width, height);
}
