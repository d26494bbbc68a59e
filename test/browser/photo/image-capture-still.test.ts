// @module-tag slow
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ImageCapture } from '../../../src/photo/image-capture.ts';
import { NativeImageCapture, nativeHas } from '../../../src/track/native-image-capture.ts';
import { takePhoto } from '../../../src/photo/take-photo.ts';
import { decode } from '../frames.ts';
import { countOpenFrames, openFrames } from '../../helpers/open-frames.ts';
import { cameraTrack, canvasTrack } from '../../helpers/tracks.ts';
import { rejection } from '../../helpers/rejection.ts';

const takesStills = nativeHas('takePhoto', 'getPhotoCapabilities');
const NO_STILLS = 'the engine takes no stills';
const tracks: MediaStreamTrack[] = [];
const used = <T extends MediaStreamTrack>(track: T): T => (tracks.push(track), track);
beforeEach(countOpenFrames);
afterEach(() => {
  vi.restoreAllMocks();
  tracks.splice(0).forEach((track) => track.stop());
});

/** A track of 640 × 480 of a camera that can take stills of 1920 × 1080: another page of the same camera uses it so. */
async function smallTrackOfLargeCamera(): Promise<MediaStreamTrack> {
  used(await cameraTrack({ width: 1920, height: 1080 }));
  return used(await cameraTrack({ width: 640, height: 480 }));
}

const large = { imageWidth: 1920, imageHeight: 1080 };
const size = async (blob: Blob): Promise<number[]> => {
  const { width, height } = await decode(blob);
  return [width, height];
};

test('takePhoto() of the module has length 1', () => expect(takePhoto.length).toBe(1));

test('takePhoto() of the module gives a photo with all that is known of it', async () => {
  const photo = await takePhoto(used(canvasTrack()), { imageWidth: 100, type: 'image/png' });
  expect(photo).toMatchObject({ width: 100, height: 75, redEyes: [], source: 'frame' });
  expect([photo.blob.type, ...(await size(photo.blob))]).toEqual(['image/png', 100, 75]);
  expect(photo.timings.total).toBeGreaterThan(0);
});

test('takePhoto() of the module rejects where the class throws or rejects', async () => {
  const ended = canvasTrack();
  ended.stop();
  expect((await rejection(takePhoto(ended))).name).toBe('InvalidStateError');
  expect(await rejection(takePhoto({} as MediaStreamTrack))).toBeInstanceOf(TypeError);
  expect(await rejection(takePhoto(used(canvasTrack()), { imageWidth: NaN }))).toBeInstanceOf(TypeError);
  const tooWide = takePhoto(used(canvasTrack()), { imageWidth: 99999 });
  expect((await rejection(tooWide)).name).toBe('NotSupportedError');
});

describe('a still of the camera', () => {
  beforeEach(({ skip }) => skip(!takesStills, NO_STILLS));
  const native = NativeImageCapture?.prototype as globalThis.ImageCapture;

  test('is taken for a photo larger than the video', async () => {
    const track = await smallTrackOfLargeCamera();
    const photo = await takePhoto(track, large);
    expect(photo.source).toBe('still');
    expect(await size(photo.blob)).toEqual([1920, 1080]);
    expect([track.readyState, track.getSettings().width]).toEqual(['live', 640]);
    expect((await takePhoto(track)).source).toBe('frame');
    expect(openFrames()).toBe(0);
  });

  test('keeps the aspect ratio of the video when one side is asked for', async () => {
    const photo = await takePhoto(await smallTrackOfLargeCamera(), { imageWidth: 1920 });
    expect(photo).toMatchObject({ source: 'still', width: 1920, height: 1440 });
  });

  test('is developed with all options: size, type, red eyes, mirror, metadata', async () => {
    const options = { ...large, imageWidth: 1919, redEyeReduction: true, mirror: true, metadata: { artist: 'Ada' } };
    const { blob, source, timings } = await takePhoto(await smallTrackOfLargeCamera(), options);
    expect(source).toBe('still');
    expect(await size(blob)).toEqual([1919, 1080]);
    expect(timings.redEye).toBeGreaterThan(0);
    expect(await blob.text()).toContain('Ada');
  });

  test('is taken by ImageCapture too', async () => {
    const taken = vi.spyOn(native, 'takePhoto');
    const blob = await new ImageCapture(await smallTrackOfLargeCamera()).takePhoto(large);
    expect([blob.type, ...(await size(blob))]).toEqual(['image/jpeg', 1920, 1080]);
    expect(taken).toHaveBeenCalledOnce();
  });

  test('is not taken when the frame has enough pixels or the track is no camera', async () => {
    const taken = vi.spyOn(native, 'takePhoto');
    const scaled = { width: 320, height: 240, resizeMode: 'crop-and-scale' };
    const track = used(await cameraTrack(scaled as never));
    expect(await takePhoto(track)).toMatchObject({ source: 'frame', width: 320, height: 240 });
    const canvas = used(canvasTrack({ moving: true }));
    expect(await takePhoto(canvas, { imageWidth: 640 })).toMatchObject({ source: 'frame', width: 640, height: 480 });
    expect(taken).not.toHaveBeenCalled();
  });

  test.each<[string, () => Promise<Blob>]>([
    ['is refused', () => Promise.reject(new DOMException('platform error', 'UnknownError'))],
    ['is refused with undefined', () => Promise.reject(undefined)],
    ['is no larger than the frame', async () => smallPicture()],
    ['is no picture', async () => new Blob(['none'], { type: 'image/jpeg' })],
    ['cannot be decoded', async () => new Blob([header(4000, 3000)], { type: 'image/png' })],
    ['never comes', () => new Promise<Blob>(() => {})],
  ])('that %s is replaced by the frame', async (_, answer) => {
    vi.spyOn(native, 'takePhoto').mockImplementation(answer);
    const photo = await takePhoto(await smallTrackOfLargeCamera(), large);
    expect(photo).toMatchObject({ source: 'frame', width: 1920, height: 1080 });
    expect(openFrames()).toBe(0);
  });

  test('is given up when the track stops or the call is aborted', async () => {
    let started = (): void => {};
    vi.spyOn(native, 'takePhoto').mockImplementation(() => (started(), new Promise<Blob>(() => {})));
    for (const stop of [true, false]) {
      const under = new Promise<void>((resolve) => (started = resolve));
      const track = await smallTrackOfLargeCamera();
      const abort = new AbortController();
      const pending = rejection(takePhoto(track, { ...large, signal: abort.signal }));
      await under;
      if (stop) track.stop();
      else abort.abort('enough');
      const reason: unknown = await pending;
      if (stop) expect(reason).toMatchObject({ name: 'OperationError' });
      else expect(reason).toBe('enough');
      expect(openFrames()).toBe(0);
    }
  });

  test('raises the sizes in the capabilities to what the camera declares', async () => {
    const track = await smallTrackOfLargeCamera();
    const declared = { imageWidth: { min: 96, max: 5000, step: 1 }, imageHeight: { min: 96, max: 4000, step: 1 } };
    vi.spyOn(native, 'getPhotoCapabilities').mockResolvedValue(declared as PhotoCapabilities);
    const { imageWidth, imageHeight } = await new ImageCapture(track).getPhotoCapabilities();
    const most = (side: 'width' | 'height'): number => track.getCapabilities()[side]!.max!;
    expect([imageWidth!.max, imageHeight!.max]).toEqual([
      Math.max(5000, most('width')),
      Math.max(4000, most('height')),
    ]);
    expect((await takePhoto(track, { imageWidth: 5000 })).width).toBe(5000);
  });

  async function smallPicture(): Promise<Blob> {
    return new OffscreenCanvas(64, 48).convertToBlob();
  }

  /** The header of a PNG without the picture. */
  function header(width: number, height: number): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(33);
    bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]);
    new DataView(bytes.buffer).setUint32(16, width);
    new DataView(bytes.buffer).setUint32(20, height);
    return bytes;
  }
});

test('the frame is used when the camera gives smaller stills than it declares', async ({ skip }) => {
  skip(!takesStills, NO_STILLS);
  // Chromium's fake camera declares 1920 × 1080 and gives the size at which it runs.
  const photo = await takePhoto(used(await cameraTrack({ width: 640, height: 480 })), { imageWidth: 1280 });
  expect([photo.width, photo.height]).toEqual([1280, 960]);
  expect(photo.source).toBe((await stillWidth()) > 640 ? 'still' : 'frame');
});

/** The width of a still that the engine gives of a small track when asked for a large one. */
async function stillWidth(): Promise<number> {
  const track = used(await cameraTrack({ width: 640, height: 480 }));
  const blob = await new NativeImageCapture!(track).takePhoto({ imageWidth: 1280, imageHeight: 960 });
  return (await size(blob))[0]!;
}
