/** What the values of a VideoFrame mean as colours. */
import type { YuvColour } from './image.ts';

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

/** Whether it has the primaries of P3, and a curve that engines treat as that of sRGB. */
export function isDisplayP3({ primaries, transfer }: VideoColorSpace): boolean {
  const curves: unknown[] = [null, 'iec61966-2-1', 'bt709', 'smpte170m'];
  return (primaries as unknown) === 'smpte432' && curves.includes(transfer);
}

/** Whether it has the primaries of sRGB, or names none. */
export function isSrgb({ primaries }: VideoColorSpace): boolean {
  return primaries === null || primaries === 'bt709';
}
