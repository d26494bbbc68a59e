import { develop } from '../worker/develop.ts';
import { resolveOptions, type Effort } from '../worker/options.ts';
import type { Contest } from './contest.ts';
import type { Subject } from './subject.ts';

/** The whole path in a worker, readout and Blob included, against drawImage and convertToBlob. */
export function path({ bitmap, width, height, instance, planarFrame }: Subject): Contest[] {
  const draw = (frame: ImageBitmap | VideoFrame): Promise<Blob> => {
    const canvas = new OffscreenCanvas(width, height);
    canvas.getContext('2d')!.drawImage(frame, 0, 0);
    return canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 });
  };
  const own =
    (effort: Effort) =>
    async (frame: ImageBitmap | VideoFrame): Promise<Blob> =>
      (await develop(instance, frame, resolveOptions({ quality: 0.9, effort, metadata: false }))).blob;
  const closing = async (work: (frame: VideoFrame) => Promise<Blob>): Promise<Blob> => {
    const frame = planarFrame();
    try {
      return await work(frame);
    } finally {
      frame.close();
    }
  };
  return [
    {
      task: 'ImageBitmap → JPEG Blob',
      contestants: [
        { name: 'drawImage + convertToBlob', run: () => draw(bitmap) },
        { name: 'motordrive (speed)', run: () => own('speed')(bitmap) },
        { name: 'motordrive (balanced)', run: () => own('balanced')(bitmap) },
      ],
    },
    {
      task: 'I420 VideoFrame → JPEG Blob',
      contestants: [
        { name: 'drawImage + convertToBlob', run: () => closing(draw) },
        { name: 'motordrive (speed)', run: () => closing(own('speed')) },
        { name: 'motordrive (balanced)', run: () => closing(own('balanced')) },
      ],
    },
  ];
}
