/**
 * Pictures that the camera itself takes, larger than its video: the engine's own takePhoto(), where it has one, as a
 * source of pixels. Engines are not to be relied on: some declare sizes that they do not give (Chromium 156's fake
 * camera), some take seconds, some never answer.
 */
import { frameSize, type OrientedFrame } from '../../worker/frame/frame-facts.ts';
import { planGeometry } from '../../worker/scale/geometry.ts';
import type { DevelopOptions } from '../../worker/options.ts';
import { answerWithin } from '../async/at-most.ts';
import { nativeCapabilities, NativeImageCapture } from '../track/native-image-capture.ts';
import { pictureSize } from './picture-size.ts';

/** How long the camera may take for a still, in ms. */
const PATIENCE_MS = 5000;

type Size = { width: number; height: number };

/** A still, and what makes it the photo that was asked for. */
export type Still = { blob: Blob; sides: Pick<DevelopOptions, 'imageWidth' | 'imageHeight' | 'fit'> };

/**
 * Has the camera take a still for a photo that would need more pixels than this frame has. Undefined when the frame has
 * enough pixels, or no larger still comes in time. The frame remains the caller's.
 */
export async function takeStill(
  track: MediaStreamTrack,
  frame: VideoFrame | ImageBitmap,
  options: DevelopOptions,
): Promise<Still | undefined> {
  const own = pixelSize(frame);
  const photo = photoSize(frame, options);
  if (!NativeImageCapture || !isEnlarged(own, frame, options)) return undefined;
  const { imageWidth, imageHeight } = (await nativeCapabilities(track)) ?? {};
  if (!imageWidth?.max || !imageHeight?.max || imageWidth.max * imageHeight.max <= area(own)) return undefined;
  const wanted = { imageHeight: clamp(photo.height, imageHeight), imageWidth: clamp(photo.width, imageWidth) };
  const blob = await answerWithin(PATIENCE_MS, new NativeImageCapture(track).takePhoto(wanted));
  const given = blob && (await pictureSize(blob));
  if (!given || area(given) <= area(own)) return undefined;
  // A still may show more than the video does: a photo of which one side was asked for has the video's aspect ratio.
  const oneSide = options.imageWidth === undefined || options.imageHeight === undefined;
  return { blob, sides: oneSide ? { imageWidth: photo.width, imageHeight: photo.height, fit: 'cover' } : {} };
}

/** Whether the photo would be made larger than the pixels it is made of. */
function isEnlarged(own: Size, frame: VideoFrame | ImageBitmap, options: DevelopOptions): boolean {
  const { crop, inner } = planGeometry(own, frameSize(frame).display, sides(options));
  return inner.width > crop.width || inner.height > crop.height;
}

function photoSize(frame: VideoFrame | ImageBitmap, options: DevelopOptions): Size {
  const { display } = frameSize(frame);
  const { width, height } = planGeometry(display, display, sides(options));
  return { width, height };
}

function sides({
  imageWidth,
  imageHeight,
  fit = 'cover',
  type = 'image/jpeg',
}: DevelopOptions): Parameters<typeof planGeometry>[2] {
  const whole = (side: number | undefined): number | undefined => side && Math.max(1, Math.round(side));
  return { imageWidth: whole(imageWidth), imageHeight: whole(imageHeight), fit, type };
}

/** The pixels that a frame has, upright: a scaled track of Chromium's shows fewer than that. */
function pixelSize(frame: VideoFrame | ImageBitmap): Size {
  if (frame instanceof ImageBitmap || !frame.visibleRect) return frameSize(frame).display;
  const { width, height } = frame.visibleRect;
  const { rotation = 0 }: OrientedFrame = frame;
  return rotation % 180 === 0 ? { width, height } : { width: height, height: width };
}

const area = ({ width, height }: Size): number => width * height;

const clamp = (side: number, { min = 1, max = side }: MediaSettingsRange): number => Math.min(Math.max(side, min), max);
