import type { OrientedFrame } from '../../worker/frame/frame-facts.ts';
import { resolveOptions, type DevelopOptions } from '../../worker/options.ts';
import { gatherCapabilities, photoSettings } from '../track/capabilities.ts';
import type { Darkroom } from '../darkroom/darkroom.ts';
import { nextFrame } from '../frame-source/next-frame.ts';
import { requestPhoto, shoot } from './take-photo.ts';
import { assertUsable, attempt } from '../track/track-watch.ts';
import { requireVideoTrack } from '../track/track.ts';
import { shapeAsInterface } from './web-idl.ts';

/** What an ImageCapture may be given beside its track. */
export type ImageCaptureOptions = {
  /** The pool that develops the photos; default: `Darkroom.shared`. */
  darkroom?: Darkroom | undefined;
  /** How photos are developed where a call of takePhoto() does not say. */
  defaults?: DevelopOptions | undefined;
};

/**
 * The `ImageCapture` interface of W3C MediaStream Image Capture, for every video track of every engine: photos come
 * from the track's frames and are developed in a worker. Rejections are DOMExceptions: InvalidStateError on a track
 * that has ended or is disabled, OperationError when that happens while a call is pending, NotSupportedError for
 * settings outside the capabilities, UnknownError for the rest, such as a track that gives no frame within 5 s. While a
 * track is muted, calls wait.
 */
export class ImageCapture {
  readonly #track: MediaStreamTrack;
  readonly #darkroom: Darkroom | undefined;
  readonly #defaults: DevelopOptions;

  /**
   * @throws TypeError for a value that is no MediaStreamTrack and for wrong defaults, RangeError for defaults outside
   * their limits, NotSupportedError for an audio track. An ended or disabled track is accepted.
   */
  constructor(track: MediaStreamTrack, options: ImageCaptureOptions = {}) {
    requireVideoTrack(track);
    const { darkroom, defaults } = options ?? {};
    resolveOptions(defaults);
    this.#track = track;
    this.#darkroom = darkroom;
    this.#defaults = { ...defaults };
  }

  /** The track given to the constructor. */
  get track(): MediaStreamTrack {
    return this.#track;
  }

  /**
   * Takes a photo of the track's next frame, exactly as large as asked for. Calls in rapid succession all resolve, each
   * with its own settings. Beside PhotoSettings every member of DevelopOptions may be given; the Blob's `type` is that
   * of its bytes. Sizes beyond those of the track's frames come from a still of the camera where it can take one;
   * {@link takePhoto} says whether one was taken. `fillLightMode` switches the track's torch for the shot where it has
   * one.
   *
   * Rejects with TypeError or RangeError for a setting of the wrong kind or outside its limits, and with the reason of
   * `signal` when it aborts; else as described for the class.
   */
  async takePhoto(settings: PhotoSettings & DevelopOptions = {}): Promise<Blob> {
    const request = requestPhoto(this.#track, settings, this.#defaults);
    return (await shoot(this.#track, request, this.#darkroom)).blob;
  }

  /**
   * What photos of this track can be. `redEyeReduction` is always `controllable`, as it is done in software; sizes go
   * up to four times those of the track, or to the largest that the track or the camera's own stills can have.
   */
  async getPhotoCapabilities(): Promise<PhotoCapabilities> {
    const track = this.#track;
    assertUsable(track);
    return attempt(track, undefined, () => gatherCapabilities(track));
  }

  /** The settings that a photo has when none are asked for; takePhoto() accepts them as they are. */
  async getPhotoSettings(): Promise<PhotoSettings> {
    const track = this.#track;
    assertUsable(track);
    const { redEyeReduction = false } = this.#defaults;
    return attempt(track, undefined, async () => photoSettings(track, redEyeReduction));
  }

  /** The track's next frame, upright and in the size at which it is displayed. */
  async grabFrame(): Promise<ImageBitmap> {
    const track = this.#track;
    assertUsable(track);
    const discard = (late: ImageBitmap): void => late.close();
    return attempt(
      track,
      undefined,
      async (watch) => uprightBitmap((await nextFrame(track, watch.signal)).frame),
      discard,
    );
  }
}

shapeAsInterface(ImageCapture, 'ImageCapture');

/**
 * Turns a frame into a bitmap and closes it. Chromium 156 gives bitmaps of some rotated frames the size from before the
 * rotation, so those are drawn instead.
 */
async function uprightBitmap(frame: VideoFrame | ImageBitmap): Promise<ImageBitmap> {
  if (frame instanceof ImageBitmap) return frame;
  try {
    const { rotation = 0, flip = false }: OrientedFrame = frame;
    if (rotation === 0 && !flip) return await createImageBitmap(frame);
    const canvas = new OffscreenCanvas(frame.displayWidth, frame.displayHeight);
    canvas.getContext('2d')!.drawImage(frame, 0, 0, frame.displayWidth, frame.displayHeight);
    return canvas.transferToImageBitmap();
  } finally {
    frame.close();
  }
}
