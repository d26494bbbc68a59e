/** ImageData of every kind: float pixels, wide colours, memory that cannot be moved. */
import { afterAll, expect, test } from 'vitest';
import { Darkroom } from '../../../src/index.ts';
import { decode } from '../frames.ts';
import { rejection } from '../../helpers/rejection.ts';

const darkroom = new Darkroom({ workers: 2 });
afterAll(() => darkroom.close());

type FloatSettings = { colorSpace: PredefinedColorSpace; pixelFormat: 'rgba-float16' };
const hasFloats = ((): boolean => {
  try {
    const settings: FloatSettings = { colorSpace: 'srgb', pixelFormat: 'rgba-float16' };
    return !(new ImageData(1, 1, settings).data instanceof Uint8ClampedArray);
  } catch {
    return false;
  }
})();

/** Every byte value in each channel, and what lies outside. */
function floats(colorSpace: PredefinedColorSpace): { image: ImageData; bytes: number[] } {
  const settings: FloatSettings = { colorSpace, pixelFormat: 'rgba-float16' };
  const image = new ImageData(16, 16, settings);
  const bytes = Array.from({ length: 16 * 16 * 4 }, (_, i) => ((i & 3) === 3 ? 255 : ((i >> 2) * (1 + (i & 3))) & 255));
  bytes.forEach((byte, i) => (image.data[i] = byte / 255));
  [image.data[0], image.data[1], image.data[2]] = [1.5, -0.5, NaN];
  [bytes[0], bytes[1], bytes[2]] = [255, 0, 0];
  return { image, bytes };
}

test.for(['srgb', 'display-p3'] as const)('float16 pixels are rounded to bytes: %s', async (colorSpace, { skip }) => {
  skip(!hasFloats, 'the engine has no ImageData of floats');
  const context = new OffscreenCanvas(1, 1).getContext('2d', { colorSpace })!;
  for (const workers of [1, 2]) {
    const { image, bytes } = floats(colorSpace);
    const photo = await darkroom.develop(image, { type: 'image/png', workers });
    const bitmap = await createImageBitmap(photo.blob);
    context.canvas.width = context.canvas.height = 16;
    context.drawImage(bitmap, 0, 0);
    const shown = context.getImageData(0, 0, 16, 16, { colorSpace }).data;
    // Reading in Display P3 passes a conversion of the engine's.
    const most = colorSpace === 'srgb' ? 0 : 1;
    bytes.forEach((byte, i) => expect(Math.abs(shown[i]! - byte)).toBeLessThanOrEqual(most));
    const { image: again } = floats(colorSpace);
    const jpeg = await darkroom.develop(again, { quality: 1, chromaSubsampling: '4:4:4', workers });
    expect((await decode(jpeg.blob)).width).toBe(16);
  }
});

test('half-transparent float16 pixels keep their colours, mirrored or not', async ({ skip }) => {
  skip(!hasFloats, 'the engine has no ImageData of floats');
  const settings: FloatSettings = { colorSpace: 'srgb', pixelFormat: 'rgba-float16' };
  const image = new ImageData(2, 1, settings);
  image.data.set([1, 0, 0, 0.5, 0, 1, 0, 1]);
  const photo = await darkroom.develop(image, { type: 'image/png', mirror: true });
  expect([...(await decode(photo.blob)).data]).toEqual([0, 255, 0, 255, 255, 0, 0, 128]);
});

test.each([1, 2])('an ImageData over a whole WebAssembly memory is copied, for %i workers', async (workers) => {
  const { buffer } = new WebAssembly.Memory({ initial: 1 });
  const data = new Uint8ClampedArray(buffer).fill(255);
  data[0] = 7;
  const photo = await darkroom.develop(new ImageData(data, 128, 128), { type: 'image/png', workers });
  expect((await decode(photo.blob)).data.slice(0, 5)).toEqual(Uint8ClampedArray.of(7, 255, 255, 255, 255));
  expect([data.length, data[0]]).toEqual([65536, 7]);
});

test('a 4K photo of camera planes needs little more memory than the planes', async ({ skip }) => {
  const [width, height] = [3840, 2160];
  const bytes = width * height * 1.5;
  let frame: VideoFrame;
  try {
    const init = { format: 'I420', codedWidth: width, codedHeight: height, timestamp: 0 } as const;
    frame = new VideoFrame(new Uint8Array(bytes).fill(128), init);
  } catch {
    return skip('the engine makes no frames of planes');
  }
  using own = new Darkroom({ workers: 1 });
  await own.develop(frame, { effort: 'speed' });
  expect(await own.memoryBytes()).toBeLessThan(bytes + 8 * 2 ** 20);
});

test.each([
  [65501, 1],
  [1, 65536],
  [70000, 16],
])('%i × %i is refused as a JPEG in every way, and accepted as a PNG', async (width, height) => {
  for (const options of [{}, { effort: 'speed', workers: 2 }, { effort: 'size' }, { maxBytes: 9000 }] as const) {
    const error = await rejection(darkroom.develop(new ImageData(width, height), options));
    expect(error).toBeInstanceOf(RangeError);
    expect((error as Error).message).toContain('65500');
  }
  const photo = await darkroom.develop(new ImageData(width, height), { type: 'image/png' });
  expect([photo.width, photo.height]).toEqual([width, height]);
  const scaled = await darkroom.develop(new ImageData(width, height), { imageWidth: 20, imageHeight: 10 });
  expect([scaled.width, scaled.height]).toEqual([20, 10]);
});
