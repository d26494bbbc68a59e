/** What is known of a frame's pixels before they are read. */
import type { Frame } from './frame.ts';
import type { YuvColour } from './image.ts';

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

/**
 * What the planes' values mean, or undefined for a matrix that the kernels do not know. Camera frames often say
 * nothing: then engines show BT.601, limited range.
 */
export function yuvColour(colorSpace: VideoColorSpace): YuvColour | undefined {
  const { matrix, fullRange, primaries, transfer } = colorSpace;
  // Other wide or HDR colours: the host converts them to sRGB. The names are younger than TypeScript's lib.
  const foreign: unknown[] = ['smpte432', 'bt2020', 'pq', 'hlg'];
  if (!isDisplayP3(colorSpace) && (foreign.includes(primaries) || foreign.includes(transfer))) return undefined;
  if (matrix === 'bt709') return { matrix: 'bt709', fullRange: fullRange === true };
  if (matrix === null || matrix === 'smpte170m' || matrix === 'bt470bg') {
    return { matrix: 'bt601', fullRange: fullRange === true };
  }
  return undefined;
}

/** The colours in which a frame's pixels are kept. */
export function colorSpaceOf({ colorSpace }: VideoFrame): PredefinedColorSpace {
  return isDisplayP3(colorSpace) ? 'display-p3' : 'srgb';
}

/** Of P3's primaries, with a curve that engines take for that of sRGB. */
export function isDisplayP3({ primaries, transfer }: VideoColorSpace): boolean {
  const curves: unknown[] = [null, 'iec61966-2-1', 'bt709', 'smpte170m'];
  return (primaries as unknown) === 'smpte432' && curves.includes(transfer);
}

/** Of the primaries of sRGB, or of none that are named. */
export function isSrgb({ primaries }: VideoColorSpace): boolean {
  return primaries === null || primaries === 'bt709';
}
