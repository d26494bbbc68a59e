import sharp, { type JpegOptions } from 'sharp';
import type { Pixels } from '../../src/bench/likeness.ts';
import { encodeJpeg } from '../../worker/jpeg/encode.ts';
import type { Contest, Contestant } from '../contests/contest.ts';
import { equaliser } from '../contests/equal-quality.ts';
import type { Peers } from '../peers/peers.ts';
import { blobOf, decodeInNode, type NodeSubject } from '../subjects/node-subject.ts';

const QUALITY = 0.9;

/** RGB to a JPEG of quality 0.9, 4:2:0, against libjpeg-turbo and mozjpeg; peers at the SSIM of libjpeg-turbo. */
export function jpeg(subject: NodeSubject, peers: Peers<Pixels>): Contest[] {
  const { raw, instance, pixels } = subject;
  const native = (name: string, options: JpegOptions): Contestant => ({
    name,
    run: async () =>
      blobOf(
        await raw()
          .jpeg({ quality: QUALITY * 100, ...options })
          .toBuffer(),
        'image/jpeg',
      ),
  });
  const own = (['speed', 'balanced', 'size'] as const).map((effort): Contestant => ({
    name: `motordrive (${effort})`,
    run: () => {
      const settings = { quality: QUALITY, chromaSubsampling: '4:2:0', effort } as const;
      return new Blob(encodeJpeg(instance, pixels(), settings).parts(), { type: 'image/jpeg' });
    },
  }));
  return [
    {
      task: 'RGB → JPEG q0.9',
      original: subject,
      contestants: [
        native('sharp, libjpeg-turbo', { optimiseCoding: false }),
        native('sharp, libjpeg-turbo, optimal tables', { optimiseCoding: true }),
        native('sharp, mozjpeg', { mozjpeg: true }),
        ...own,
        ...peers.jpegContestants(subject, equaliser(subject, bySharp, decodeInNode, toPixels)),
      ],
    },
  ];
}

async function bySharp({ data, width, height }: Pixels): Promise<Blob> {
  const raw = sharp(Uint8ClampedArray.from(data), { raw: { width, height, channels: 4 } });
  return blobOf(
    await raw
      .removeAlpha()
      .jpeg({ quality: QUALITY * 100, optimiseCoding: false })
      .toBuffer(),
    'image/jpeg',
  );
}

function toPixels(data: Uint8ClampedArray<ArrayBuffer>, width: number, height: number): Pixels {
  return { data, width, height };
}
