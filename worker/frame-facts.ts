/** What is known of a frame's pixels before they are read. */
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
