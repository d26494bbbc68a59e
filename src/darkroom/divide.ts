/** Cutting a frame into parts for several workers, and what a photo must be for that. */
import { frameSize, isStoredAsShown } from '../../worker/frame/frame-facts.ts';
import type { Frame } from '../../worker/frame/frame.ts';
import { planGeometry } from '../../worker/scale/geometry.ts';
import { PART_ROWS } from '../../worker/jpeg/parts.ts';
import type { DevelopSettings } from '../../worker/options.ts';

/** Rows of pixels, and how many of those above them come along: a PNG's filters look at the row above. */
export type Rows = { y: number; height: number; above: number };

/**
 * How a photo is divided among at most `workers`: at rows of MCUs, evenly. One part for what can only be done as a
 * whole: red eyes, another size, a mirrored picture, a budget of bytes, a JPEG of effort 'size', a thumbnail, a
 * measured sharpness, a PNG of what may be transparent.
 */
export function divide(frame: Frame, settings: DevelopSettings, workers: number): Rows[] {
  const { display } = frameSize(frame);
  const { width, height } = planGeometry(display, display, settings);
  const count = Math.min(settings.workers, workers, Math.ceil(height / PART_ROWS));
  const whole = [{ y: 0, height, above: 0 }];
  if (count < 2 || !canShare(frame, settings)) return whole;
  if (width !== display.width || height !== display.height || !hasWholeRows(frame)) return whole;
  const rows = Math.ceil(height / count / PART_ROWS) * PART_ROWS;
  return Array.from({ length: Math.ceil(height / rows) }, (_, i) => ({
    y: i * rows,
    height: Math.min(rows, height - i * rows),
    above: settings.type === 'image/png' && i > 0 ? CHROMA_ROWS : 0,
  }));
}

/** Planes can be cut between two rows of chroma only. */
const CHROMA_ROWS = 2;

function canShare(frame: Frame, settings: DevelopSettings): boolean {
  const { type, effort, maxBytes, redEyeReduction, mirror, metadata, measureSharpness } = settings;
  if (maxBytes !== undefined || redEyeReduction || mirror || measureSharpness || (metadata && metadata.thumbnail))
    return false;
  return type === 'image/jpeg' ? effort !== 'size' : isOpaque(frame);
}

/** Whether a frame has no alpha: then its PNG is RGB, whatever its pixels are. */
function isOpaque(frame: Frame): boolean {
  return frame instanceof VideoFrame && ['I420', 'NV12', 'RGBX', 'BGRX'].includes(frame.format ?? '');
}

/** Whether a frame's rows are rows of its pixels, one for one. */
function hasWholeRows(frame: Frame): boolean {
  if (!isStoredAsShown(frame)) return false;
  // Chroma samples lie between two rows and columns.
  return !(frame instanceof VideoFrame) || ((frame.visibleRect!.x | frame.visibleRect!.y) & 1) === 0;
}

/** Cuts a frame into frames of these rows. It is closed, whatever happens; the parts are the caller's. */
export async function cut(frame: Frame, parts: readonly Rows[]): Promise<Frame[]> {
  if (frame instanceof VideoFrame) return cutVideoFrame(frame, parts);
  if (frame instanceof ImageBitmap) return cutBitmap(frame, parts);
  const { data, width, colorSpace } = frame;
  const bytes = data.length / frame.height;
  return parts.map(({ y, height, above }) => ({
    data: data.slice((y - above) * bytes, (y + height) * bytes),
    width,
    height: above + height,
    colorSpace,
  }));
}

/** The parts are handles to the same pixels. */
function cutVideoFrame(frame: VideoFrame, parts: readonly Rows[]): VideoFrame[] {
  const cuts: VideoFrame[] = [];
  try {
    const { x, y: top, width } = frame.visibleRect!;
    for (const { y, height, above } of parts) {
      const visibleRect = { x, y: top + y - above, width, height: above + height };
      cuts.push(new VideoFrame(frame, { visibleRect, displayWidth: width, displayHeight: above + height }));
    }
    return cuts;
  } catch (error) {
    for (const part of cuts) part.close();
    throw error;
  } finally {
    frame.close();
  }
}

async function cutBitmap(bitmap: ImageBitmap, parts: readonly Rows[]): Promise<ImageBitmap[]> {
  const cuts = await Promise.allSettled(
    parts.map(({ y, height, above }) => createImageBitmap(bitmap, 0, y - above, bitmap.width, above + height)),
  );
  bitmap.close();
  const failed = cuts.find((part) => part.status === 'rejected');
  const made = cuts.flatMap((part) => (part.status === 'fulfilled' ? [part.value] : []));
  if (!failed) return made;
  for (const part of made) part.close();
  throw failed.reason;
}
