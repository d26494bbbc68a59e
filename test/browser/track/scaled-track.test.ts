/** Frames that hold more than they show: tracks that scale their camera, visible rectangles, rotations, all at once. */
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { openFrameSource } from '../../../src/frame-source/frame-source.ts';
import { Darkroom, ImageCapture } from '../../../src/index.ts';
import { engine, has } from '../../helpers/engine.ts';
import { cameraTrack } from '../../helpers/tracks.ts';
import { decode, paint, pixels, psnr } from '../frames.ts';
import { planarFrame } from '../planar-frame.ts';

const darkroom = new Darkroom({ workers: 1 });
afterAll(() => darkroom.close());

const SCALED_BY_ENGINE = 'the engine scales the frames itself';
const NO_ROTATION = 'VideoFrames of this engine have no rotation';

const tracks: MediaStreamTrack[] = [];
afterEach(() => tracks.splice(0).forEach((track) => track.stop()));

/**
 * A track of 800 × 600 pixels of a camera that has 1280 × 720: Chromium hands out what it cuts from the camera,
 * unscaled.
 */
async function scaledTrack(): Promise<MediaStreamTrack> {
  const track = await cameraTrack({ width: 800, height: 600, resizeMode: 'crop-and-scale' } as never);
  tracks.push(track);
  return track;
}

async function nextFrame(track: MediaStreamTrack): Promise<VideoFrame> {
  const source = openFrameSource(track);
  const { frame } = await source.next();
  source.close();
  return frame as VideoFrame;
}

/** The visible pixels as they are stored. */
async function storedPixels(frame: VideoFrame): Promise<Uint8ClampedArray> {
  const { width, height } = frame.visibleRect!;
  const data = new Uint8ClampedArray(width * height * 4);
  await frame.copyTo(data, { format: 'RGBA' });
  return data;
}

describe('a track that scales its camera', () => {
  test('gives photos of its own size, and all the camera’s pixels for a larger one', async ({ skip }) => {
    skip(engine !== 'chromium', SCALED_BY_ENGINE);
    const frame = await nextFrame(await scaledTrack());
    const { width, height } = frame.visibleRect!;
    expect([frame.displayWidth, frame.displayHeight]).toEqual([800, 600]);
    expect(width).toBeGreaterThan(800);
    const stored = await storedPixels(frame);

    const usual = await darkroom.develop(frame.clone());
    expect([usual.width, usual.height]).toEqual([800, 600]);
    const large = await darkroom.develop(frame, { imageWidth: width, imageHeight: height, type: 'image/png' });
    const image = await decode(large.blob);
    expect([image.width, image.height]).toEqual([width, height]);
    // Nothing is resampled: what differs is the rounding of colours.
    expect(psnr(image.data, stored)).toBeGreaterThan(45);
  });

  test('gives larger photos with takePhoto(), before and after applyConstraints()', async ({ skip }) => {
    skip(engine !== 'chromium', SCALED_BY_ENGINE);
    const track = await scaledTrack();
    const capture = new ImageCapture(track, { darkroom });
    const sizes = [];
    for (const constraints of [
      { width: 800, height: 600 },
      { width: 400, height: 300 },
    ]) {
      await track.applyConstraints({ ...constraints, resizeMode: 'crop-and-scale' } as never);
      for (const settings of [{}, { imageWidth: 960 }]) {
        const { width, height } = await decode(await capture.takePhoto(settings));
        sizes.push([width, height]);
      }
    }
    expect(sizes).toEqual([
      [800, 600],
      [960, 720],
      [400, 300],
      [960, 720],
    ]);
  });
});

describe.each(['RGBA', 'I420'] as const)('a frame of %s that is cut, stretched and turned', (format) => {
  const init = { visibleRect: { x: 40, y: 20, width: 240, height: 200 }, displayWidth: 360, displayHeight: 200 };

  /** The visible part of the picture, stretched to its display size. */
  const visiblePixels = (): Uint8ClampedArray => {
    const { visibleRect, displayWidth, displayHeight } = init;
    const context = new OffscreenCanvas(displayWidth, displayHeight).getContext('2d')!;
    context.imageSmoothingQuality = 'high';
    const { x, y, width, height } = visibleRect;
    context.drawImage(paint(320, 240), x, y, width, height, 0, 0, displayWidth, displayHeight);
    return context.getImageData(0, 0, displayWidth, displayHeight).data;
  };

  test.for([
    { rotation: 0, flip: false },
    { rotation: 90, flip: false },
    { rotation: 180, flip: true },
    { rotation: 270, flip: true },
  ])('is shown as the browser shows it: %o', async (turn, { skip }) => {
    skip(turn.rotation > 0 && !has.rotation, NO_ROTATION);
    for (const type of ['image/png', 'image/jpeg'] as const) {
      const frame = new VideoFrame(await frameOf(format), { ...init, ...turn, timestamp: 0 } as VideoFrameInit);
      const { displayWidth, displayHeight } = frame;
      expect([displayWidth, displayHeight]).toEqual(turn.rotation % 180 === 0 ? [360, 200] : [200, 360]);
      // Not as the engine draws it: WebKitGTK 2.50 draws such frames otherwise.
      const shown = turn.rotation === 0 ? visiblePixels() : pixels(frame, displayWidth, displayHeight);
      const photo = await darkroom.develop(frame, { type, quality: 0.95 });
      expect([photo.width, photo.height]).toEqual([displayWidth, displayHeight]);
      expect(psnr((await decode(photo.blob)).data, shown)).toBeGreaterThan(30);
    }
  });

  test('can be mirrored and cut to another aspect ratio at the same time', async ({ skip }) => {
    skip(!has.rotation, NO_ROTATION);
    const options = { imageWidth: 100, imageHeight: 100, type: 'image/png' } as const;
    const frame = new VideoFrame(await frameOf(format), { ...init, rotation: 90, timestamp: 0 } as VideoFrameInit);
    const context = new OffscreenCanvas(100, 100).getContext('2d')!;
    context.imageSmoothingQuality = 'high';
    context.setTransform(-1, 0, 0, 1, 100, 0);
    context.drawImage(frame, 0, 80, 200, 200, 0, 0, 100, 100);
    const photo = await decode((await darkroom.develop(frame, { ...options, mirror: true })).blob);
    expect(psnr(photo.data, context.getImageData(0, 0, 100, 100).data)).toBeGreaterThan(30);
  });
});

/** {@link paint}, 320 × 240, in a format that a camera may have. */
async function frameOf(format: 'RGBA' | 'I420'): Promise<VideoFrame> {
  const [codedWidth, codedHeight] = [320, 240];
  const rgba = pixels(paint(codedWidth, codedHeight), codedWidth, codedHeight);
  if (format === 'RGBA') return new VideoFrame(rgba, { format, codedWidth, codedHeight, timestamp: 0 });
  const picture = { data: rgba, width: codedWidth, height: codedHeight };
  return planarFrame(picture, format, { matrix: 'bt601', fullRange: false });
}
