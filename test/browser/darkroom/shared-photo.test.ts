import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { Darkroom, type DevelopOptions } from '../../../src/index.ts';
import { countOpenFrames, openFrames } from '../../helpers/open-frames.ts';
import { engine, has } from '../../helpers/engine.ts';
import { bitmap, decode, expectTimingsAddUp, paint, pixels, psnr } from '../frames.ts';
import { rejection } from '../../helpers/rejection.ts';

const alone = new Darkroom({ workers: 1 });
const three = new Darkroom({ workers: 3 });
afterAll(() => {
  alone.close();
  three.close();
});
beforeEach(() => countOpenFrames());

const SIZES = [
  [320, 240],
  [101, 77],
  [64, 18],
  [64, 17],
  [8, 5],
] as const;
const METADATA = { metadata: { dateTime: new Date(0), dateTimeOriginal: new Date(0), offsetTime: '+00:00' } } as const;

const bytesOf = async (darkroom: Darkroom, frame: Parameters<Darkroom['develop']>[0], options: DevelopOptions) =>
  new Uint8Array(await (await darkroom.develop(frame, { ...METADATA, ...options })).blob.arrayBuffer());

function imageData(width: number, height: number): ImageData {
  return new ImageData(pixels(paint(width, height), width, height) as Uint8ClampedArray<ArrayBuffer>, width, height);
}

function imageDataOf(width: number, height: number, value: (i: number) => number): ImageData {
  return new ImageData(
    new Uint8ClampedArray(width * height * 4).map((_, i) => (i % 4 === 3 ? 255 : value(i))),
    width,
    height,
  );
}

/** Sizes of frames to share; where no odd planes can be made only the even ones. */
const sizes = (make: unknown) =>
  SIZES.filter(([width, height]) => make !== i420 || has.oddPlanes || ((width | height) & 1) === 0);

async function i420(width: number, height: number): Promise<VideoFrame> {
  const [chromaWidth, chromaHeight] = [(width + 1) >> 1, (height + 1) >> 1];
  const data = new Uint8Array(width * height + 2 * chromaWidth * chromaHeight);
  data.forEach((_, i) => (data[i] = 40 + ((i * 7 + (i >> 5)) % 160)));
  return new VideoFrame(data, { format: 'I420', codedWidth: width, codedHeight: height, timestamp: 0 });
}

function rgbx(width: number, height: number): VideoFrame {
  const data = new Uint8Array(width * height * 4).map((_, i) => (i * 31 + (i >> 7)) & 255);
  return new VideoFrame(data, { format: 'RGBX', codedWidth: width, codedHeight: height, timestamp: 0 });
}

/** The types of a PNG's chunks, one IDAT for all; without a palette, which only a whole photo is looked through for. */
async function chunkTypes(png: Blob): Promise<string[]> {
  const bytes = new DataView(await png.arrayBuffer());
  const types: string[] = [];
  for (let at = 8; at < bytes.byteLength; at += 12 + bytes.getUint32(at)) {
    types.push(String.fromCharCode(...new Uint8Array(bytes.buffer, at + 4, 4)));
  }
  return types.filter((type, i) => type !== 'PLTE' && (type !== 'IDAT' || types[i - 1] !== 'IDAT'));
}

describe('a photo shared by three workers', () => {
  test.each<[string, (width: number, height: number) => unknown]>([
    ['VideoFrame I420', i420],
    ['VideoFrame RGBA', (width, height) => new VideoFrame(paint(width, height), { timestamp: 0 })],
    ['ImageBitmap', bitmap],
    ['ImageData', imageData],
  ])('%s: has the same bytes as the photo of one worker, and no frame stays open', async (_, make) => {
    for (const [width, height] of sizes(make)) {
      for (const options of [{ effort: 'speed' }, { chromaSubsampling: '4:4:4' }, {}] as DevelopOptions[]) {
        const frame = async () => (await make(width, height)) as ImageBitmap;
        const shared = await bytesOf(three, await frame(), { ...options, workers: 3 });
        expect(shared).toEqual(await bytesOf(alone, await frame(), { ...options, workers: 3 }));
      }
    }
    expect(openFrames()).toBe(0);
  });

  test.for([
    ['I420', i420],
    ['RGBX', rgbx],
  ] as const)(
    'a PNG of %s is lossless and has the same chunks as the photo of one worker',
    async ([format, make], { skip }) => {
      skip(format === 'RGBX' && engine === 'webkit', 'copyTo cannot read RGBX');
      for (const [width, height] of sizes(make)) {
        for (const effort of ['speed', 'balanced', 'size'] as const) {
          const options = { ...METADATA, type: 'image/png', effort } as const;
          const shared = await three.develop(await make(width, height), { ...options, workers: 3 });
          const whole = await alone.develop(await make(width, height), options);
          expect([shared.width, shared.height]).toEqual([width, height]);
          expect(psnr((await decode(shared.blob)).data, (await decode(whole.blob)).data)).toBe(99);
          expect(await chunkTypes(shared.blob)).toEqual(await chunkTypes(whole.blob));
        }
      }
      expect(openFrames()).toBe(0);
    },
  );

  test('looks like the frame, and its timings add up', async () => {
    const shown = pixels(paint(640, 480), 640, 480);
    const photo = await three.develop(bitmap(640, 480), { workers: 3, quality: 0.95 });
    expect([photo.width, photo.height]).toEqual([640, 480]);
    expect(psnr((await decode(photo.blob)).data, shown)).toBeGreaterThan(36);
    expectTimingsAddUp(photo.timings);
  });

  test('makes the same file when its parts are so large that they come as Blobs', async () => {
    const noise = () => imageDataOf(1600, 1200, (i) => (Math.imul(i, 2654435761) >>> 13) & 255);
    const options = { quality: 1, effort: 'speed', workers: 3 } as const;
    const shared = await three.develop(noise(), { ...METADATA, ...options });
    expect(shared.blob.size).toBeGreaterThan(2 ** 20);
    expect(shared.blob.type).toBe('image/jpeg');
    const bytes = new Uint8Array(await shared.blob.arrayBuffer());
    const whole = await bytesOf(alone, noise(), options);
    expect(bytes.length).toBe(whole.length);
    expect(bytes.every((byte, i) => byte === whole[i])).toBe(true);
  });

  test.each<DevelopOptions>([
    { imageWidth: 50 },
    { type: 'image/png' }, // a bitmap may be transparent
    { effort: 'size' },
    { maxBytes: 4000 },
    { redEyeReduction: true },
    { metadata: { thumbnail: true } },
  ])('is made by one worker when it has %o', async (options) => {
    const photo = await three.develop(bitmap(200, 150), { ...options, workers: 3 });
    const { width } = await decode(photo.blob);
    expect(width).toBe(options.imageWidth ?? 200);
    expect(openFrames()).toBe(0);
  });

  test('rejects with the reason when aborted at any moment, and leaves nothing open or pending', async () => {
    for (const delay of [0, 1, 3, 6, 12, 25]) {
      const abort = new AbortController();
      const promise = three.develop(bitmap(1200, 900), { workers: 3, signal: abort.signal });
      setTimeout(() => abort.abort('enough'), delay);
      const result = await promise.then(
        () => 'done',
        (reason: unknown) => reason,
      );
      expect(['enough', 'done']).toContain(result);
    }
    await three.develop(bitmap());
    await expect.poll(() => three.pending).toBe(0);
    await expect.poll(openFrames).toBe(0);
  });

  test('comes out right beside photos of one worker', async () => {
    const photos = await Promise.all(
      Array.from({ length: 8 }, (_, i) => three.develop(bitmap(100 + i, 64), i % 2 ? { workers: 3 } : {})),
    );
    expect(photos.map(({ width }) => width)).toEqual([100, 101, 102, 103, 104, 105, 106, 107]);
  });

  test('rejects with AbortError when the darkroom is closed, and closes every part', async () => {
    const darkroom = new Darkroom({ workers: 2 });
    const promise = darkroom.develop(bitmap(800, 600), { workers: 2 });
    setTimeout(() => darkroom.close(), 5);
    const error = await rejection(promise);
    expect((error as DOMException).name).toBe('AbortError');
    expect(openFrames()).toBe(0);
  });
});
