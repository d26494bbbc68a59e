import { failure } from '../../worker/errors.ts';
import { assertOpen } from '../../worker/frame/frame-facts.ts';
import type { Frame, ImageDataRecord } from '../../worker/frame/frame.ts';
import { readableBitmap } from './readable-bitmap.ts';

/**
 * What was given, in the form in which it is moved to a worker.
 * @throws TypeError for what is no frame, InvalidStateError for a closed one.
 */
export function takeFrame(frame: ImageBitmap | VideoFrame | ImageData | Blob): Frame | Blob {
  if (typeof VideoFrame !== 'undefined' && frame instanceof VideoFrame) {
    assertOpen(frame);
    return frame;
  }
  if (typeof ImageBitmap !== 'undefined' && frame instanceof ImageBitmap) {
    assertOpen(frame);
    return readableBitmap(frame);
  }
  if (typeof ImageData !== 'undefined' && frame instanceof ImageData) return takeImageData(frame);
  if (frame instanceof Blob) return frame;
  throw new TypeError('frame must be an ImageBitmap, a VideoFrame, an ImageData or a Blob.');
}

/** The bytes alone are moved; a view on a part of a buffer is copied out, so that the rest stays where it is. */
function takeImageData({ data, width, height, colorSpace }: ImageData): ImageDataRecord {
  if (data.length === 0) throw failure('InvalidStateError', 'The ImageData is detached.');
  return { data: data.byteLength === data.buffer.byteLength ? moved(data) : data.slice(), width, height, colorSpace };
}

/** The same elements in a buffer that can be moved on: that of a WebAssembly memory cannot, and is copied. */
function moved<T extends ImageData['data']>(data: T): T {
  try {
    const buffer = structuredClone(data.buffer, { transfer: [data.buffer] });
    return new (data.constructor as new (buffer: ArrayBuffer) => T)(buffer);
  } catch {
    return data.slice() as T;
  }
}
