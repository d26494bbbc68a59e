import { toBlob } from '../../worker/blob.ts';
import { develop } from '../../worker/develop.ts';
import { resolveOptions } from '../../worker/options.ts';
import type { Contest } from '../contests/contest.ts';
import type { Peers } from '../peers/peers.ts';
import type { Subject } from '../subjects/subject.ts';

const WIDTH = 1280;

/** A photo's file to a smaller JPEG, as web apps do before an upload: decoding by the browser included. */
export function shrink({ data, canvas, instance, width, height }: Subject, peers: Peers): Contest[] {
  const size = { width: WIDTH, height: Math.round((height * WIDTH) / width) };
  let file: Blob;
  const open = async (): Promise<void> => {
    file ??= await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.95 });
  };
  if (width < WIDTH) return [];
  return [
    {
      task: `JPEG file → JPEG ${size.width} × ${size.height}`,
      size,
      take: () => file,
      contestants: [
        {
          name: 'createImageBitmap + drawImage high + convertToBlob',
          open,
          run: async (photo: Blob) => {
            const image = await createImageBitmap(photo);
            const target = new OffscreenCanvas(size.width, size.height);
            const context = target.getContext('2d')!;
            context.imageSmoothingQuality = 'high';
            context.drawImage(image, 0, 0, size.width, size.height);
            image.close();
            return target.convertToBlob({ type: 'image/jpeg', quality: 0.9 });
          },
        },
        {
          name: 'createImageBitmap + motordrive',
          open,
          run: async (photo: Blob) => {
            const image = await createImageBitmap(photo);
            const settings = resolveOptions({ quality: 0.9, imageWidth: size.width, metadata: false });
            const { file } = await develop(instance, image, settings);
            image.close();
            return toBlob(file, settings.type);
          },
        },
        ...peers.shrinkContestants(data, size),
      ],
    },
  ];
}
