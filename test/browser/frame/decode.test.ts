import { expect, test } from 'vitest';
import { Darkroom } from '../../../src/darkroom/darkroom.ts';
import { pictureSize } from '../../../src/photo/picture-size.ts';
import { has } from '../../helpers/engine.ts';
import { decode, paint, psnr, pixels } from '../frames.ts';
import { rejection } from '../../helpers/rejection.ts';

/** A JPEG or PNG of {@link paint}, by the browser. */
const picture = (type: string, width = 64, height = 48, quality = 1): Promise<Blob> =>
  paint(width, height).convertToBlob({ type, quality });

/** A JPEG with an Exif orientation (CIPA DC-008 4.6.4) put in front of its other segments. */
async function oriented(orientation: number, quality: number): Promise<Blob> {
  const jpeg = new Uint8Array(await (await picture('image/jpeg', 64, 48, quality)).arrayBuffer());
  const tiff = [0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0];
  const exif = [...'Exif\0\0'].map((letter) => letter.charCodeAt(0));
  const segment = new Uint8Array([0xff, 0xe1, 0, 2 + exif.length + tiff.length, ...exif, ...tiff]);
  return new Blob([new Uint8Array([...jpeg.subarray(0, 2), ...segment, ...jpeg.subarray(2)])], { type: 'image/jpeg' });
}

/** The picture as the engine shows it. */
async function shown(blob: Blob): Promise<{ width: number; height: number; data: Uint8ClampedArray }> {
  const bitmap = await createImageBitmap(blob);
  const { width, height } = bitmap;
  return { width, height, data: pixels(bitmap, width, height) };
}

test.each(['image/jpeg', 'image/png'])('a %s file becomes a photo whose source is a still', async (type) => {
  using darkroom = new Darkroom({ workers: 1 });
  const blob = await picture(type);
  const photo = await darkroom.develop(blob, { type: 'image/png' });
  expect(photo).toMatchObject({ source: 'still', width: 64, height: 48 });
  expect(psnr((await decode(photo.blob)).data, (await shown(blob)).data)).toBeGreaterThan(40);
  expect((await darkroom.develop(blob, { imageWidth: 31, workers: 2 })).width).toBe(31);
});

test.each([1, 2, 3, 4, 5, 6, 7, 8])('a JPEG is turned upright by its Exif orientation %i', async (orientation) => {
  using darkroom = new Darkroom({ workers: 1 });
  // At quality 1 Chromium stores 4:4:4, else 4:2:0, of which it gives the planes.
  for (const quality of [1, 0.9]) {
    const blob = await oriented(orientation, quality);
    const upright = await shown(blob);
    for (const given of [blob, await createImageBitmap(blob)]) {
      const photo = await darkroom.develop(given, { type: 'image/png' });
      expect([photo.width, photo.height]).toEqual(orientation < 5 ? [64, 48] : [48, 64]);
      const { width, height, data } = await decode(photo.blob);
      expect([width, height]).toEqual([upright.width, upright.height]);
      expect(psnr(data, upright.data)).toBeGreaterThan(30);
    }
  }
});

test('a file is decoded by its bytes when its type says something else', async () => {
  using darkroom = new Darkroom({ workers: 1 });
  for (const [real, told] of [
    ['image/png', 'image/jpeg'],
    ['image/jpeg', 'image/png'],
    ['image/jpeg', ''],
  ] as const) {
    const blob = new Blob([await picture(real)], { type: told });
    const want = await createImageBitmap(blob).catch(() => undefined);
    if (!want) continue; // the engine goes by the label
    const photo = await darkroom.develop(blob, { type: 'image/png' });
    expect(psnr((await decode(photo.blob)).data, pixels(want, 64, 48))).toBeGreaterThan(40);
  }
});

test('rejects with EncodingError when a file holds no picture, and the next photo works', async () => {
  using darkroom = new Darkroom({ workers: 1 });
  for (const type of ['image/jpeg', 'image/png', '']) {
    const error = await rejection(darkroom.develop(new Blob(['no picture'], { type })));
    expect(error).toMatchObject({ name: 'EncodingError' });
  }
  expect((await darkroom.develop(await picture('image/png'))).width).toBe(64);
});

test('a Display P3 file becomes a Display P3 photo', async ({ skip }) => {
  skip(!has.displayP3, 'the canvas has sRGB only');
  const canvas = new OffscreenCanvas(32, 32);
  const context = canvas.getContext('2d', { colorSpace: 'display-p3' })!;
  context.fillStyle = 'color(display-p3 1 0 0)';
  context.fillRect(0, 0, 32, 32);
  using darkroom = new Darkroom({ workers: 1 });
  for (const type of ['image/png', 'image/jpeg'] as const) {
    const photo = await darkroom.develop(await canvas.convertToBlob({ type, quality: 1 }), { type, quality: 1 });
    const bitmap = await createImageBitmap(photo.blob);
    const wide = new OffscreenCanvas(32, 32).getContext('2d', { colorSpace: 'display-p3' })!;
    wide.drawImage(bitmap, 0, 0);
    const [red, green, blue] = wide.getImageData(9, 9, 1, 1, { colorSpace: 'display-p3' }).data;
    expect(red).toBeGreaterThan(250);
    expect(green! + blue!).toBeLessThan(12);
  }
});

test('the size of a picture is read from its header', async () => {
  for (const type of ['image/jpeg', 'image/png']) {
    expect(await pictureSize(await picture(type, 641, 479))).toEqual({ width: 641, height: 479 });
  }
  expect(await pictureSize(await oriented(6, 1))).toEqual({ width: 64, height: 48 });
  for (const bytes of [[], [0xff, 0xd8], [0xff, 0xd8, 0xff, 0xe0, 0, 2, 1], [0x89, 0x50, 0x4e, 0x47]]) {
    expect(await pictureSize(new Blob([new Uint8Array(bytes)]))).toBeUndefined();
  }
});
