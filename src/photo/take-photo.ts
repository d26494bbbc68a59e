import type { Photo } from '../../worker/photo.ts';
import { assertSupported, gatherCapabilities, photoCapabilities } from '../track/capabilities.ts';
import { Darkroom } from '../darkroom/darkroom.ts';
import { withFillLight } from '../track/fill-light.ts';
import { nextFrame } from '../frame-source/next-frame.ts';
import { shotMetadata } from './photo-metadata.ts';
import { readPhotoSettings, type PhotoRequest } from './photo-settings.ts';
import { takeStill, type Still } from './still.ts';
import { assertUsable, attempt, type TrackWatch } from '../track/track-watch.ts';
import { requireVideoTrack } from '../track/track.ts';
import type { DevelopOptions } from '../../worker/options.ts';

/**
 * Takes a photo as `ImageCapture.takePhoto()` does, and gives all that is known of it: its size, the red eyes
 * corrected, where the time went, and whether it was made of a frame of the video or of a still.
 *
 * A photo larger than the video's frames is made of a still where the camera can take one, else of the frame, enlarged.
 * @throws as the constructor and `takePhoto()` of ImageCapture do, always by rejecting.
 */
export async function takePhoto(
  track: MediaStreamTrack,
  settings: PhotoSettings & DevelopOptions = {},
  { darkroom }: { darkroom?: Darkroom | undefined } = {},
): Promise<Photo> {
  requireVideoTrack(track);
  return shoot(track, requestPhoto(track, settings, {}), darkroom);
}

/**
 * Reads the settings of a photo and checks the track, in the same task.
 * @throws TypeError or RangeError for a wrong setting, InvalidStateError for an unusable track, the signal's reason
 * when it is aborted.
 */
export function requestPhoto(track: MediaStreamTrack, settings: unknown, defaults: DevelopOptions): PhotoRequest {
  const request = readPhotoSettings(settings, defaults);
  assertUsable(track);
  request.options.signal?.throwIfAborted();
  return request;
}

/** Takes the photo that was asked for. Rejects as `ImageCapture.takePhoto()` does. */
export function shoot(
  track: MediaStreamTrack,
  { fillLightMode, options }: PhotoRequest,
  darkroom: Darkroom = Darkroom.shared,
): Promise<Photo> {
  return attempt(track, options.signal, async (watch) => {
    assertSupported(await capabilitiesFor(track, options), { ...options, fillLightMode });
    const { frame, still, metadata } = await withFillLight(track, fillLightMode, watch.signal, async () => {
      const { frame, timestamp } = await nextFrame(track, watch.signal);
      const still = await stillInsteadOf(frame, track, options, watch);
      return { frame, still, metadata: shotMetadata(track, timestamp, options.metadata) };
    });
    return develop(frame, still, { ...options, metadata, signal: watch.signal }, darkroom);
  });
}

/** What photos of this track can be. The engine is asked only for sizes beyond the video's. */
function capabilitiesFor(
  track: MediaStreamTrack,
  options: DevelopOptions,
): Promise<PhotoCapabilities> | PhotoCapabilities {
  const { width = 0, height = 0 } = track.getSettings();
  const { imageWidth = 0, imageHeight = 0 } = options;
  return imageWidth > width || imageHeight > height ? gatherCapabilities(track) : photoCapabilities(track);
}

/** A still, if the photo needs one; the frame is closed when the shot is given up meanwhile. */
async function stillInsteadOf(
  frame: VideoFrame | ImageBitmap,
  track: MediaStreamTrack,
  options: DevelopOptions,
  watch: TrackWatch,
): Promise<Still | undefined> {
  try {
    return await watch.race(takeStill(track, frame, options), () => {});
  } catch (error) {
    frame.close();
    throw error;
  }
}

/**
 * Develops the still, and the frame where there is none or it cannot be developed; the frame is closed on every path.
 */
async function develop(
  frame: VideoFrame | ImageBitmap,
  still: Still | undefined,
  options: DevelopOptions,
  darkroom: Darkroom,
): Promise<Photo> {
  try {
    if (still) {
      const photo = await darkroom.develop(still.blob, { ...options, ...still.sides });
      frame.close();
      return photo;
    }
  } catch {
    // The frame may still work: it is smaller, and nothing has to be decoded.
  }
  return darkroom.develop(frame, options);
}
