import { failure } from '../../worker/errors.ts';
import type { Frame, ImageDataRecord } from '../../worker/frame.ts';
import { readableBitmap } from '../readable-bitmap.ts';

/**
 * What was given, in the form in which it is moved to a worker.
 * @throws TypeError for what is no frame, InvalidStateError for a closed one.
 */
export function takeFrame(frame: ImageBitmap | VideoFrame | ImageData | Blob): Frame | Blob {
  if (typeof VideoFrame !== 'undefined' && frame instanceof VideoFrame) {
    if (frame.codedWidth === 0) throw failure('InvalidStateError', 'The VideoFrame is closed.');
    return frame;
  }
  if (typeof ImageBitmap !== 'undefined' && frame instanceof ImageBitmap) {
    if (frame.width === 0) throw failure('InvalidStateError', 'The ImageBitmap is closed.');
    return readableBitmap(frame);
  }
  if (typeof ImageData !== 'undefined' && frame instanceof ImageData) return takeImageData(frame);
  if (frame instanceof Blob) return frame;
  throw new TypeError('frame must be an ImageBitmap, a VideoFrame, an ImageData or a Blob.');
}

/** The bytes alone are moved; a view on a part of a buffer is copied out first, so that the rest stays where it is. */
function takeImageData({ data, width, height, colorSpace }: ImageData): ImageDataRecord {
  if (data.length === 0) throw failure('InvalidStateError', 'The ImageData is detached.');
  return { data: data.byteLength === data.buffer.byteLength ? data : data.slice(), width, height, colorSpace };
}
