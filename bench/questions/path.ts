import { toBlob } from '../../worker/blob.ts';
import { develop } from '../../worker/develop.ts';
import { resolveOptions, type DevelopOptions, type Effort } from '../../worker/options.ts';
import type { Contest } from '../contests/contest.ts';
import { targetsOf } from './scale.ts';
import type { Subject } from '../subjects/subject.ts';

/** The whole path in a worker, readout and Blob included, against drawImage and convertToBlob. */
export function path(subject: Subject): Contest[] {
  const { bitmap, instance, planarFrame } = subject;
  const [imageWidth, imageHeight] = targetsOf(subject)[0]!;
  const draw = (frame: ImageBitmap | VideoFrame, { width, height } = subject): Promise<Blob> => {
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d')!;
    context.imageSmoothingQuality = 'high';
    context.drawImage(frame, 0, 0, width, height);
    return canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 });
  };
  const own =
    (effort: Effort, size: DevelopOptions = {}) =>
    async (frame: ImageBitmap | VideoFrame): Promise<Blob> => {
      const settings = resolveOptions({ quality: 0.9, effort, metadata: false, ...size });
      const { file } = await develop(instance, frame, settings);
      return toBlob(file, settings.type);
    };
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
        { name: 'drawImage + convertToBlob', run: () => closing((frame) => draw(frame)) },
        { name: 'motordrive (speed)', run: () => closing(own('speed')) },
        { name: 'motordrive (balanced)', run: () => closing(own('balanced')) },
      ],
    },
    {
      task: `I420 VideoFrame → JPEG Blob of ${imageWidth} × ${imageHeight}`,
      size: { width: imageWidth, height: imageHeight },
      contestants: [
        {
          name: 'drawImage high + convertToBlob',
          run: () => closing((frame) => draw(frame, { ...subject, width: imageWidth, height: imageHeight })),
        },
        { name: 'motordrive (speed)', run: () => closing(own('speed', { imageWidth, imageHeight })) },
        { name: 'motordrive (balanced)', run: () => closing(own('balanced', { imageWidth, imageHeight })) },
      ],
    },
  ];
}
