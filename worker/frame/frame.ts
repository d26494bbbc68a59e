/** Pixels of an ImageData on their way to the worker: its bytes are moved, not copied. */
export type ImageDataRecord = {
  data: ImageData['data'];
  width: number;
  height: number;
  colorSpace: PredefinedColorSpace;
};

/** What can be developed. */
export type Frame = VideoFrame | ImageBitmap | ImageDataRecord;

/** Closes a frame of any kind, if it is one that can be; closing twice is no error. */
export function closeFrame(frame: Frame | ImageData | Blob): void {
  if ('close' in frame) frame.close();
}
