import { afterAll, describe, expect, test } from 'vitest';
import { Darkroom, type DevelopOptions } from '../../../src/index.ts';
import { engine, has } from '../../helpers/engine.ts';
import { kill, restoreWorkers, watchWorkers } from '../../helpers/workers.ts';
import { bitmap, decode, expectTimingsAddUp, paint, pixels, psnr } from '../frames.ts';
import { planarFrame } from '../planar-frame.ts';
import { rejection } from '../../helpers/rejection.ts';

const darkroom = new Darkroom({ workers: 1 });
afterAll(() => darkroom.close());

describe('photos', () => {
  test.each([
    [1, 1],
    [17, 13],
    [1279, 719],
    [4000, 3000],
  ])('%i × %i have that size and those colours, as JPEG and as PNG', async (width, height) => {
    for (const type of ['image/jpeg', 'image/png'] as const) {
      const photo = await darkroom.develop(bitmap(width, height), { type });
      expect(photo.blob.type).toBe(type);
      const image = await decode(photo.blob);
      expect([photo.width, photo.height, image.width, image.height]).toEqual([width, height, width, height]);
    }
  });

  test('a PNG is lossless', async () => {
    const source = pixels(paint(321, 123), 321, 123);
    const photo = await darkroom.develop(bitmap(321, 123), { type: 'image/png' });
    expect(psnr((await decode(photo.blob)).data, source)).toBe(99);
  });

  test('half-transparent pixels keep their colour in a PNG', async () => {
    const data = new Uint8ClampedArray([255, 0, 0, 128, 0, 255, 0, 255, 12, 34, 56, 0, 0, 0, 255, 255]);
    const photo = await darkroom.develop(new ImageData(data, 2, 2), { type: 'image/png' });
    const image = await decode(photo.blob);
    expect([...image.data.slice(0, 8)]).toEqual([255, 0, 0, 128, 0, 255, 0, 255]);
    expect(image.data[11]).toBe(0);
  });

  test.each([
    'bitmap',
    'ImageData',
    'VideoFrame RGBA',
    'VideoFrame I420',
    'VideoFrame NV12',
    'VideoFrame bt709',
  ] as const)('a JPEG of a %s looks like what the browser shows', async (kind) => {
    const frame = await makeFrame(kind, 320, 240);
    const shown = pixels(frame instanceof ImageData ? await createImageBitmap(frame) : frame, 320, 240);
    const photo = await darkroom.develop(frame, { quality: 0.95, chromaSubsampling: '4:2:0' });
    expect(psnr((await decode(photo.blob)).data, shown)).toBeGreaterThan(36);
  });

  test('a bitmap made of pixels, of a canvas or of another bitmap keeps its pixels', async () => {
    const scene = paint(320, 240);
    const shown = pixels(scene, 320, 240);
    const whole = await createImageBitmap(scene);
    const made = [
      await createImageBitmap(new ImageData(new Uint8ClampedArray(shown), 320, 240)),
      await createImageBitmap(whole, 0, 0, 320, 240),
      whole,
    ];
    for (const frame of made) {
      const photo = await darkroom.develop(frame, { type: 'image/png' });
      expect(psnr((await decode(photo.blob)).data, shown)).toBe(99);
    }
  });

  test.each(['VideoFrame I420', 'VideoFrame NV12', 'VideoFrame bt709'] as const)(
    'a PNG of a %s has the colours that the browser shows',
    async (kind) => {
      const frame = await makeFrame(kind, 320, 240);
      const shown = pixels(frame as VideoFrame, 320, 240);
      const photo = await darkroom.develop(frame, { type: 'image/png' });
      // WebKitGTK's own conversion of NV12 is a little rougher.
      expect(psnr((await decode(photo.blob)).data, shown)).toBeGreaterThan(engine === 'webkit' ? 37 : 38);
    },
  );

  test('an odd-sized I420 frame keeps its last column and row', async ({ skip }) => {
    skip(!has.oddPlanes, 'no I420 frames of odd size can be made');
    const photo = await darkroom.develop(await makeFrame('VideoFrame I420', 321, 241), {});
    expect([photo.width, photo.height]).toEqual([321, 241]);
  });

  test('a photo has the display size of its frame when that differs from the stored size', async () => {
    const frame = new VideoFrame(paint(640, 480), { timestamp: 0, displayWidth: 320, displayHeight: 180 });
    const photo = await darkroom.develop(frame);
    expect([photo.width, photo.height]).toEqual([320, 180]);
  });

  test.each<[DevelopOptions, number, number]>([
    [{ imageWidth: 100 }, 100, 75],
    [{ imageHeight: 33 }, 44, 33],
    [{ imageWidth: 101, imageHeight: 57 }, 101, 57],
    [{ imageWidth: 101, imageHeight: 57, fit: 'contain' }, 101, 57],
    [{ imageWidth: 57, imageHeight: 101, fit: 'fill' }, 57, 101],
    [{ imageWidth: 801, imageHeight: 3 }, 801, 3],
    [{ imageWidth: 99.6, imageHeight: 0.4 }, 100, 1],
  ])('%o gives exactly the size asked for, from pixels and from planes', async (options, width, height) => {
    for (const kind of ['bitmap', 'VideoFrame I420'] as const) {
      for (const type of ['image/jpeg', 'image/png'] as const) {
        const photo = await darkroom.develop(await makeFrame(kind, 400, 300), { ...options, type });
        const image = await decode(photo.blob);
        expect([photo.width, photo.height, image.width, image.height]).toEqual([width, height, width, height]);
      }
    }
  });

  test('contain adds black bars, cover adds none', async () => {
    const options = { imageWidth: 100, imageHeight: 100, type: 'image/png' } as const;
    const contain = await decode((await darkroom.develop(bitmap(80, 40), { ...options, fit: 'contain' })).blob);
    expect([...contain.data.slice(0, 4)]).toEqual([0, 0, 0, 255]);
    const cover = await decode((await darkroom.develop(bitmap(80, 40), { ...options, fit: 'cover' })).blob);
    expect(cover.data[2]).toBeGreaterThan(50);
  });

  test.each([
    ['bitmap', 'image/png'],
    ['bitmap', 'image/jpeg'],
    ['VideoFrame I420', 'image/png'],
    ['VideoFrame I420', 'image/jpeg'],
  ] as const)('the bars of a %s in %s have the background’s colour', async (kind, type) => {
    const options = { imageWidth: 100, imageHeight: 100, fit: 'contain', background: '#2a8', type } as const;
    const photo = await darkroom.develop(await makeFrame(kind, 80, 40), options);
    const { data } = await decode(photo.blob);
    [0x22, 0xaa, 0x88].forEach((value, c) => expect(Math.abs(data[c]! - value)).toBeLessThanOrEqual(3));
  });

  test('mirroring gives the same photo when two workers are allowed as with one', async () => {
    const pool = new Darkroom({ workers: 2 });
    const options = { mirror: true, workers: 2, quality: 0.95 } as const;
    const photo = await decode((await pool.develop(bitmap(320, 640), options)).blob);
    const one = await decode((await pool.develop(bitmap(320, 640), { ...options, workers: 1 })).blob);
    pool.close();
    expect(psnr(photo.data, one.data)).toBe(99);
  });

  test('mirror swaps left and right', async () => {
    const plain = await decode((await darkroom.develop(bitmap(61, 47), { type: 'image/png' })).blob);
    const photo = await darkroom.develop(bitmap(61, 47), { type: 'image/png', mirror: true });
    const mirrored = await decode(photo.blob);
    const swapped = plain.data.map((_, i) => plain.data[i - (i % 244) + (60 - ((i % 244) >> 2)) * 4 + (i % 4)]!);
    expect(psnr(mirrored.data, swapped)).toBe(99);
  });

  test.for(
    [0, 90, 180, 270].flatMap((rotation) => [
      { rotation, flip: false },
      { rotation, flip: true },
    ]),
  )('a frame with %o is shown upright, from pixels and from planes', async (init, { skip }) => {
    skip(!has.rotation, 'frames do not know rotation');
    for (const kind of ['VideoFrame RGBA', 'VideoFrame I420'] as const) {
      for (const type of ['image/png', 'image/jpeg'] as const) {
        const stored = (await makeFrame(kind, 320, 240)) as VideoFrame;
        const frame = new VideoFrame(stored, init as VideoFrameInit);
        stored.close();
        const { displayWidth, displayHeight } = frame;
        expect(displayWidth).toBe(init.rotation % 180 === 0 ? 320 : 240);
        const shown = pixels(frame, displayWidth, displayHeight);
        const photo = await darkroom.develop(frame, { type, quality: 0.95 });
        expect([photo.width, photo.height]).toEqual([displayWidth, displayHeight]);
        expect(psnr((await decode(photo.blob)).data, shown)).toBeGreaterThan(36);
      }
    }
  });

  test('a photo shows only the visible part of its frame', async () => {
    const frame = new VideoFrame(paint(320, 240), {
      timestamp: 0,
      visibleRect: { x: 80, y: 60, width: 80, height: 60 },
    });
    const photo = await darkroom.develop(frame, { type: 'image/png', imageWidth: 40 });
    const { data } = await decode(photo.blob);
    expect([photo.width, photo.height]).toEqual([40, 30]);
    expect([...data.slice(0, 4)]).toEqual([0xc0, 0x40, 0x20, 255]);
    expect([...data.slice(-4)]).toEqual([0xc0, 0x40, 0x20, 255]);
  });

  test('the timings add up', async () => {
    // Far more work than a tick of the coarsest clock, on any machine.
    const { timings } = await darkroom.develop(bitmap(1200, 900), { type: 'image/png', effort: 'size' });
    expectTimingsAddUp(timings);
    expect(timings.encode).toBeGreaterThan(0);
    expect(timings.total).toBeGreaterThanOrEqual(timings.encode);
  });
});

describe('bad input', () => {
  test.each<[DevelopOptions, string, string]>([
    [{ imageWidth: 0 }, 'RangeError', 'imageWidth'],
    [{ imageHeight: -1 }, 'RangeError', 'imageHeight'],
    [{ imageWidth: NaN }, 'TypeError', 'imageWidth'],
    [{ imageWidth: 65536 }, 'RangeError', 'imageWidth'],
    [{ imageHeight: Infinity }, 'RangeError', 'imageHeight'],
    [{ quality: 1.01 }, 'RangeError', 'quality'],
    [{ quality: -0.1 }, 'RangeError', 'quality'],
    [{ quality: NaN }, 'TypeError', 'quality'],
    [{ type: 'image/webp' as 'image/png' }, 'TypeError', 'type'],
    [{ fit: 'inside' as 'fill' }, 'TypeError', 'fit'],
    [{ kernel: 'sinc' as 'box' }, 'TypeError', 'kernel'],
    [{ background: 'teal' }, 'TypeError', 'background'],
    [{ background: '#12345' }, 'TypeError', 'background'],
    [{ background: 0 as unknown as string }, 'TypeError', 'background'],
    [{ mirror: 1 as unknown as boolean }, 'TypeError', 'mirror'],
    [{ linear: 'yes' as unknown as boolean }, 'TypeError', 'linear'],
    [{ effort: 'max' as 'size' }, 'TypeError', 'effort'],
    [{ chromaSubsampling: '4:1:1' as '4:2:0' }, 'TypeError', 'chromaSubsampling'],
    [{ maxBytes: 0 }, 'RangeError', 'maxBytes'],
    [{ maxBytes: 1.5 }, 'RangeError', 'maxBytes'],
    [{ maxBytes: 100 }, 'RangeError', 'maxBytes'],
    [{ maxBytes: 1000, type: 'image/png' }, 'TypeError', 'maxBytes'],
    [{ redEyeReduction: 1 as unknown as boolean }, 'TypeError', 'redEyeReduction'],
    [{ signal: {} as AbortSignal }, 'TypeError', 'signal'],
    [{ imageWidth: 60000, imageHeight: 60000 }, 'RangeError', 'MiB'],
    [{ imageWidth: 65500, imageHeight: undefined }, 'RangeError', '65500'],
    [{ imageWidth: 65501 }, 'RangeError', 'from 1 to 65500'],
    [{ imageHeight: 65501, type: 'image/jpeg' }, 'RangeError', 'from 1 to 65500'],
    [{ imageHeight: 1_000_001, type: 'image/png' }, 'RangeError', 'from 1 to 1000000'],
  ])('%o throws an error that names the option, and the frame is closed', async (options, name, word) => {
    const frame = bitmap(40, 80);
    const error = (await rejection(darkroom.develop(frame, options))) as Error;
    expect(error.name).toBe(name);
    expect(error).toBeInstanceOf(name === 'TypeError' ? TypeError : RangeError);
    expect(error.message).toContain(word);
    expect(frame.width).toBe(0);
    await darkroom.develop(bitmap());
  });

  test('rejects with TypeError when given something that is no frame', async () => {
    for (const frame of [null, undefined, 5, {}, new Event('frame')]) {
      expect(await rejection(darkroom.develop(frame as unknown as ImageBitmap))).toBeInstanceOf(TypeError);
    }
  });

  test('rejects with InvalidStateError for closed frames and detached pixels', async () => {
    const closedBitmap = bitmap();
    closedBitmap.close();
    const closedFrame = new VideoFrame(paint(8, 8), { timestamp: 0 });
    closedFrame.close();
    const spent = new ImageData(4, 4);
    await darkroom.develop(spent);
    for (const frame of [closedBitmap, closedFrame, spent]) {
      const error = await rejection(darkroom.develop(frame));
      expect(error).toBeInstanceOf(DOMException);
      expect((error as DOMException).name).toBe('InvalidStateError');
    }
  });

  test.each([{ workers: 0 }, { workers: 1.5 }, { maxPending: 0 }])(
    'new Darkroom(%o) throws a RangeError',
    (options) => {
      expect(() => new Darkroom(options)).toThrow(RangeError);
    },
  );
});

describe('abort', () => {
  test('before the work rejects with the reason and closes the frame', async () => {
    const frame = bitmap();
    const reason = new Error('changed my mind');
    expect(await rejection(darkroom.develop(frame, { signal: AbortSignal.abort(reason) }))).toBe(reason);
    expect(frame.width).toBe(0);
  });

  test('in the queue and during the work rejects at once, and the next photo works', async () => {
    const controller = new AbortController();
    const first = darkroom.develop(bitmap(3000, 2000), {
      type: 'image/png',
      effort: 'size',
      signal: controller.signal,
    });
    const queued = bitmap(3000, 2000);
    const second = darkroom.develop(queued, { signal: controller.signal });
    const third = darkroom.develop(bitmap());
    setTimeout(() => controller.abort(), 5);
    for (const error of await Promise.all([rejection(first), rejection(second)])) {
      expect((error as DOMException).name).toBe('AbortError');
    }
    expect(queued.width).toBe(0);
    expect((await third).blob.size).toBeGreaterThan(0);
  });
});

describe('workers', () => {
  test('several photos made at the same time are each right', async () => {
    using pool = new Darkroom({ workers: 2 });
    const widths = Array.from({ length: 20 }, (_, i) => 10 + i * 13);
    const photos = await Promise.all(widths.map((width) => pool.develop(bitmap(300, 200), { imageWidth: width })));
    expect(photos.map((photo) => photo.width)).toEqual(widths);
  });

  test.each([
    ['a worker script that is not there', { workerUrl: '/no-such-worker.js' }],
    ['kernels that are not there', { wasmUrl: '/no-such-kernels.wasm' }],
    ['kernels that are no kernels', { wasmUrl: '/package.json' }],
  ])('%s: the photo rejects with OperationError, and nothing stays pending', async (_, options) => {
    using pool = new Darkroom(options);
    const attempts = [pool.develop(bitmap()), pool.ready(), pool.develop(bitmap())];
    for (const error of await Promise.all(attempts.map(rejection))) {
      expect(error).toBeInstanceOf(DOMException);
      expect((error as DOMException).name).toBe('OperationError');
      expect((error as DOMException).message.length).toBeGreaterThan(20);
    }
  });

  test('a page whose policy forbids workers gets an OperationError', async () => {
    const frame = document.createElement('iframe');
    const entry = new URL('../../../src/index.ts', import.meta.url).href;
    const told = new Promise<MessageEvent>((resolve) => addEventListener('message', resolve, { once: true }));
    frame.srcdoc = `<meta http-equiv="Content-Security-Policy" content="worker-src 'none'">
      <script type="module">
        import { Darkroom } from '${entry}';
        const darkroom = new Darkroom();
        darkroom.develop(new ImageData(4, 4)).then(
          () => parent.postMessage('developed', '*'),
          (error) => parent.postMessage(error.name + ': ' + error.message, '*'));
      </script>`;
    document.body.append(frame);
    expect((await told).data).toMatch(/^OperationError: .{20}/);
    frame.remove();
  });

  test('a worker that dies fails its job and is replaced', async () => {
    const { made } = watchWorkers();
    using pool = new Darkroom({ workers: 1 });
    await pool.ready();
    const doomed = pool.develop(bitmap(3000, 2000), { type: 'image/png', effort: 'size' });
    const waiting = pool.develop(bitmap(30, 20));
    kill(made[0]!);
    expect(((await rejection(doomed)) as DOMException).name).toBe('OperationError');
    expect((await waiting).width).toBe(30);
    expect(made).toHaveLength(2);
    restoreWorkers();
  });

  test('close() rejects what is pending, closes the frames and ends the workers', async () => {
    const pool = new Darkroom({ workers: 1 });
    await pool.ready();
    const frames = [bitmap(1000, 1000), bitmap(1000, 1000)];
    const jobs = frames.map((frame) => rejection(pool.develop(frame)));
    pool.close();
    for (const error of await Promise.all(jobs)) expect((error as DOMException).name).toBe('AbortError');
    expect(frames.map((frame) => frame.width)).toEqual([0, 0]);
    expect(((await rejection(pool.develop(bitmap()))) as DOMException).name).toBe('InvalidStateError');
    expect(Darkroom.shared).toBe(Darkroom.shared);
  });
});

async function makeFrame(
  kind: 'bitmap' | 'ImageData' | 'VideoFrame RGBA' | 'VideoFrame I420' | 'VideoFrame NV12' | 'VideoFrame bt709',
  width: number,
  height: number,
): Promise<ImageBitmap | ImageData | VideoFrame> {
  const scene = paint(width, height);
  if (kind === 'bitmap') return scene.transferToImageBitmap();
  const rgba = pixels(scene, width, height);
  if (kind === 'ImageData') return new ImageData(new Uint8ClampedArray(rgba), width, height);
  if (kind === 'VideoFrame RGBA') return new VideoFrame(scene, { timestamp: 0 });
  const matrix = kind === 'VideoFrame bt709' ? 'bt709' : 'bt601';
  const picture = { data: rgba, width, height };
  return planarFrame(picture, kind === 'VideoFrame NV12' ? 'NV12' : 'I420', { matrix, fullRange: false });
}
