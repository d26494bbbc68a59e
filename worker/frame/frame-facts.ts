/** What is known of a frame's pixels before they are read. */
import { failure } from '../errors.ts';
import type { Frame } from './frame.ts';

/** VideoFrame with the members that TypeScript's lib does not know yet (Chromium 138). */
export type OrientedFrame = VideoFrame & { readonly rotation?: number; readonly flip?: boolean };

/** Whether a frame's pixels are 4:2:0 planes, which are kept as they are. */
export function hasPlanes(frame: Frame): boolean {
  return frame instanceof VideoFrame && (frame.format === 'I420' || frame.format === 'NV12');
}

/** Whether a frame's pixels are stored as they are shown: as many, and upright. */
export function isStoredAsShown(frame: Frame): boolean {
  if (!(frame instanceof VideoFrame)) return true;
  const { rotation, flip, visibleRect, displayWidth, displayHeight }: OrientedFrame = frame;
  if (!visibleRect || rotation || flip) return false;
  return visibleRect.width === displayWidth && visibleRect.height === displayHeight;
}

/** @throws InvalidStateError for a closed frame. */
export function assertOpen(frame: Frame): void {
  if (!(frame instanceof VideoFrame)) {
    if (frame.width === 0 || frame.height === 0) throw failure('InvalidStateError', 'The ImageBitmap is closed.');
    return;
  }
  // A closed frame has no format; neither has one whose pixels only the GPU knows, but that one has a size.
  if (frame.codedWidth === 0) throw failure('InvalidStateError', 'The VideoFrame is closed.');
}

/**
 * The size at which a frame is shown and the bytes that its pixels are expected to take, known before they are read.
 * @throws as {@link assertOpen} does.
 */
export function frameSize(frame: Frame): { display: { width: number; height: number }; bytes: number } {
  assertOpen(frame);
  if (frame instanceof VideoFrame) {
    const { displayWidth, displayHeight, codedWidth, codedHeight } = frame;
    const { width, height } = frame.visibleRect ?? { width: codedWidth, height: codedHeight };
    const bytes = hasPlanes(frame)
      ? width * height + 2 * Math.ceil(width / 2) * Math.ceil(height / 2)
      : width * height * 4;
    return { display: { width: displayWidth, height: displayHeight }, bytes };
  }
  const { width, height } = frame;
  return { display: { width, height }, bytes: width * height * 4 };
}
