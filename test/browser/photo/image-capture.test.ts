import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ImageCapture } from '../../../src/photo/image-capture.ts';
import { engine, has } from '../../helpers/engine.ts';
import { countOpenFrames, openFrames } from '../../helpers/open-frames.ts';
import { audioTrack, cameraTrack, canvasTrack, generatorTrack, pixel, twoColours } from '../../helpers/tracks.ts';
import { pause } from '../../../src/async/pause.ts';
import { rejection } from '../../helpers/rejection.ts';

const OPERATIONS = ['takePhoto', 'getPhotoCapabilities', 'getPhotoSettings', 'grabFrame'] as const;

const tracks: MediaStreamTrack[] = [];
const used = <T extends MediaStreamTrack>(track: T): T => (tracks.push(track), track);
beforeEach(countOpenFrames);
afterEach(() => tracks.splice(0).forEach((track) => track.stop()));

/** Width and height of a photo as a decoder sees them. */
async function sizeOf(blob: Blob): Promise<[number, number]> {
  const bitmap = await createImageBitmap(blob);
  const size: [number, number] = [bitmap.width, bitmap.height];
  bitmap.close();
  return size;
}

/** Whether a promise has rejected by the time that one microtask has run. */
async function rejectedAtOnce(promise: Promise<unknown>): Promise<boolean> {
  let rejected = false;
  promise.catch(() => (rejected = true));
  await undefined;
  return rejected;
}

describe('the constructor', () => {
  test.each([
    ['nothing', undefined],
    ['null', null],
    ['a string', 'track'],
    ['a look-alike', { kind: 'video', readyState: 'live', enabled: true }],
    ['an heir of the prototype', Object.create(MediaStreamTrack.prototype)],
  ])('throws TypeError for %s', (_, value) => {
    expect(() => new ImageCapture(value as never)).toThrow(TypeError);
  });

  test('throws TypeError for a Proxy of a track, NotSupportedError for audio', () => {
    expect(() => new ImageCapture(new Proxy(used(canvasTrack()), {}))).toThrow(TypeError);
    const error = (() => {
      try {
        return new ImageCapture(used(audioTrack()));
      } catch (thrown) {
        return thrown as DOMException;
      }
    })();
    expect(error).toMatchObject({ name: 'NotSupportedError', code: 9 });
  });

  test('accepts ended and disabled tracks, and throws for wrong defaults', () => {
    const track = canvasTrack();
    track.enabled = false;
    new ImageCapture(track);
    track.stop();
    new ImageCapture(track);
    expect(() => new ImageCapture(track, { defaults: { quality: 2 } })).toThrow(RangeError);
    expect(() => new ImageCapture(track, { defaults: { type: 'image/webp' as never } })).toThrow(TypeError);
  });

  test('takes tracks of another realm', async () => {
    const frame = document.createElement('iframe');
    document.body.append(frame);
    const canvas = frame.contentDocument!.createElement('canvas');
    canvas.getContext('2d')!.fillRect(0, 0, 9, 9);
    const track = canvas.captureStream().getVideoTracks()[0]!;
    expect(track instanceof MediaStreamTrack).toBe(false);
    const bitmap = await new ImageCapture(track).grabFrame();
    expect([bitmap.width, bitmap.height]).toEqual([300, 150]);
    expect(await sizeOf(await new ImageCapture(track).takePhoto())).toEqual([300, 150]);
    const pending = new ImageCapture(track).grabFrame().then(
      () => 'resolved',
      ({ name }: Error) => name,
    );
    frame.remove();
    // Firefox keeps the canvas of a removed frame alive.
    expect(await pending).toBe(engine === 'firefox' ? 'resolved' : 'OperationError');
  });
});

describe('arguments of takePhoto', () => {
  test('are read once each, the standard members first, before the state of the track is checked', async () => {
    const ended = canvasTrack();
    ended.stop();
    const read: string[] = [];
    const settings = new Proxy({}, { get: (_, key) => void read.push(String(key)) });
    const promise = new ImageCapture(ended).takePhoto(settings);
    expect(read).toEqual([
      ...['fillLightMode', 'imageHeight', 'imageWidth', 'redEyeReduction'],
      ...[
        'background',
        'chromaSubsampling',
        'effort',
        'fit',
        'kernel',
        'linear',
        'maxBytes',
        'measureSharpness',
        'metadata',
        'mirror',
        'quality',
        'signal',
        'type',
        'workers',
      ],
    ]);
    expect((await rejection(promise)).name).toBe('InvalidStateError');
  });

  test.each<[string, unknown]>([
    ['a number', 5],
    ['a string', 'settings'],
    ['a BigInt', 1n],
    ['NaN', { imageWidth: NaN }],
    ['infinity', { imageHeight: Infinity }],
    ['no number', { imageWidth: 'abc' }],
    ['an object without a number', { imageWidth: {} }],
    ['a BigInt width', { imageWidth: 10n }],
    ['a Symbol width', { imageWidth: Symbol() }],
    ['an unknown light', { fillLightMode: 'torch' }],
    ['no light', { fillLightMode: null }],
    ['an unknown type', { type: 'image/webp' }],
    ['a quality of the wrong kind', { quality: '1' }],
    ['no signal', { signal: {} }],
  ])('reject with TypeError: %s', async (_, settings) => {
    const capture = new ImageCapture(used(canvasTrack()));
    expect(await rejection(capture.takePhoto(settings as never))).toBeInstanceOf(TypeError);
  });

  test('reject with what a getter throws, and with RangeError for a quality above 1', async () => {
    const capture = new ImageCapture(used(canvasTrack()));
    const thrown = new Error('mine');
    const settings = Object.defineProperty({}, 'imageWidth', {
      get() {
        throw thrown;
      },
    });
    expect(await rejection(capture.takePhoto(settings))).toBe(thrown);
    expect(await rejection(capture.takePhoto({ quality: 1.1 }))).toBeInstanceOf(RangeError);
  });

  test('are converted by the rules of Web IDL', async () => {
    const capture = new ImageCapture(used(canvasTrack()));
    for (const settings of [null, undefined, {}, () => {}, { unknown: 1 }, { redEyeReduction: 'yes' }]) {
      expect(await sizeOf(await capture.takePhoto(settings as never))).toEqual([320, 240]);
    }
    expect(await sizeOf(await capture.takePhoto({ imageWidth: '64' as never }))).toEqual([64, 48]);
    expect(await sizeOf(await capture.takePhoto({ imageWidth: 64.4, imageHeight: 47.6 }))).toEqual([64, 48]);
  });

  test.each([0, -1, 0.4, 1281, 1e9])(
    'reject with NotSupportedError for a width of %d, on the first call',
    async (side) => {
      const capture = new ImageCapture(used(canvasTrack()));
      const promise = capture.takePhoto({ imageWidth: side });
      expect((await rejection(promise)).name).toBe('NotSupportedError');
      const heights = capture.takePhoto({ imageHeight: side });
      expect((await rejection(heights)).name).toBe('NotSupportedError');
    },
  );

  test('accept every fillLightMode on a track that declares none', async () => {
    const capture = new ImageCapture(used(canvasTrack()));
    for (const fillLightMode of ['auto', 'off', 'flash'] as const) await capture.takePhoto({ fillLightMode });
  });
});

describe('the state of the track', () => {
  test.each(OPERATIONS)('%s returns a rejected promise when the track has ended or is disabled', async (name) => {
    const disabled = used(canvasTrack());
    disabled.enabled = false;
    const ended = canvasTrack();
    ended.stop();
    for (const track of [ended, disabled]) {
      const promise = new ImageCapture(track)[name]();
      const error = rejection(promise);
      expect(await rejectedAtOnce(promise)).toBe(true);
      expect(await error).toMatchObject({ name: 'InvalidStateError', code: 11 });
    }
  });

  test.each(OPERATIONS)('%s rejects with OperationError when the track stops while it is pending', async (name) => {
    for (const track of [canvasTrack({ moving: true }), canvasTrack(), await cameraTrack()]) {
      const pending = rejection(new ImageCapture(track)[name]());
      track.stop();
      expect((await pending).name).toBe('OperationError');
    }
    await expect.poll(openFrames).toBe(0);
  });

  test('takePhoto() waits while the track is muted', async () => {
    const { track, send } = generatorTrack();
    const capture = new ImageCapture(used(track));
    const photo = capture.takePhoto();
    const bitmap = capture.grabFrame();
    await pause(400);
    const feeding = setInterval(() => void send(twoColours(32, 16)), 30);
    expect(await sizeOf(await photo)).toEqual([32, 16]);
    expect((await bitmap).width).toBe(32);
    clearInterval(feeding);
  });

  test('rejects after 5 s when a track gives no frames, while other tracks work', async () => {
    const silent = new ImageCapture(used(generatorTrack().track));
    const results = [rejection(silent.takePhoto()), rejection(silent.grabFrame())];
    expect(await sizeOf(await new ImageCapture(used(canvasTrack())).takePhoto())).toEqual([320, 240]);
    for (const error of await Promise.all(results)) {
      expect(error).toBeInstanceOf(DOMException);
      expect(error.name).toBe('UnknownError');
    }
  });

  test('every one of many calls settles when the track stops', async () => {
    const track = await cameraTrack();
    const capture = new ImageCapture(track);
    let done = 0;
    const calls = Array.from({ length: 21 }, async (_, i) => {
      await capture.takePhoto({ imageWidth: 100 + i });
      if (++done === 5) track.stop();
    });
    for (const result of await Promise.allSettled(calls)) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ name: 'OperationError' });
    }
    expect(done).toBeGreaterThanOrEqual(5);
  });
});

describe('takePhoto', () => {
  test.each([
    [{ imageWidth: 1, imageHeight: 1 }, [1, 1]],
    [{ imageWidth: 17, imageHeight: 13 }, [17, 13]],
    [{ imageWidth: 641 }, [641, 481]],
    [{ imageHeight: 239 }, [319, 239]],
    [{ imageWidth: 1279, imageHeight: 719 }, [1279, 719]],
    [{}, [640, 480]],
  ])('gives a photo of the camera for %o of %o', async (settings, size) => {
    const capture = new ImageCapture(used(await cameraTrack({ width: 640, height: 480 })));
    for (const type of ['image/jpeg', 'image/png'] as const) {
      const blob = await capture.takePhoto({ ...settings, type });
      expect(blob.type).toBe(type);
      expect(await sizeOf(blob)).toEqual(size);
      const start = new Uint8Array(await blob.slice(0, 2).arrayBuffer());
      expect([...start]).toEqual(type === 'image/jpeg' ? [0xff, 0xd8] : [0x89, 0x50]);
    }
    expect(openFrames()).toBe(0);
  });

  test('answers 20 calls in rapid succession, each with the size it asked for', async () => {
    const capture = new ImageCapture(used(await cameraTrack()));
    const widths = Array.from({ length: 20 }, (_, i) => 40 + 7 * i);
    const photos = await Promise.all(widths.map((imageWidth) => capture.takePhoto({ imageWidth, imageHeight: 31 })));
    expect(await Promise.all(photos.map(sizeOf))).toEqual(widths.map((width) => [width, 31]));
    expect(openFrames()).toBe(0);
  });

  test('shows what the track shows, on still, moving and generated tracks', async () => {
    const { track: fed, send } = generatorTrack();
    const feeding = setInterval(() => void send(twoColours(64, 32)), 30);
    for (const track of [canvasTrack(), canvasTrack({ moving: true }), fed]) {
      const blob = await new ImageCapture(used(track)).takePhoto({ type: 'image/png' });
      const [red, green, blue] = pixel(await createImageBitmap(blob), 8, 8);
      expect(red).toBeGreaterThan(240);
      expect(green! + blue!).toBeLessThan(30);
    }
    clearInterval(feeding);
  });

  test('keeps the aspect ratio and the size of a track that scales its camera', async () => {
    const track = used(await cameraTrack({ width: 800, height: 600, resizeMode: 'crop-and-scale' } as never));
    expect(await sizeOf(await new ImageCapture(track).takePhoto())).toEqual([800, 600]);
  });

  test('uses the defaults of the constructor unless the call overrides them', async () => {
    const defaults = { type: 'image/png', imageWidth: 50 } as const;
    const capture = new ImageCapture(used(canvasTrack()), { defaults });
    const photo = await capture.takePhoto();
    expect([photo.type, ...(await sizeOf(photo))]).toEqual(['image/png', 50, 38]);
    const other = await capture.takePhoto({ type: 'image/jpeg', imageWidth: 60 });
    expect([other.type, ...(await sizeOf(other))]).toEqual(['image/jpeg', 60, 45]);
  });

  test('a lower quality makes a smaller file', async () => {
    const capture = new ImageCapture(used(await cameraTrack()));
    const [low, high] = await Promise.all([0.3, 0.95].map((quality) => capture.takePhoto({ quality })));
    expect(low!.size).toBeLessThan(high!.size);
  });

  test('rejects with the abort reason before the call, while waiting for a frame and during work', async () => {
    const capture = new ImageCapture(used(await cameraTrack()));
    const reason = { any: 'value' };
    const before = capture.takePhoto({ signal: AbortSignal.abort(reason) });
    const error = rejection(before);
    expect(await rejectedAtOnce(before)).toBe(true);
    expect(await error).toBe(reason);
    const silent = new ImageCapture(used(generatorTrack().track));
    const abort = new AbortController();
    const pending = rejection(silent.takePhoto({ signal: abort.signal }));
    setTimeout(() => abort.abort(reason), 30);
    expect(await pending).toBe(reason);

    let developing = new AbortController();
    const darkroom = { develop: (frame: VideoFrame, { signal }: { signal: AbortSignal }) => stall(frame, signal) };
    const stall = async (frame: VideoFrame, signal: AbortSignal): Promise<never> => {
      setTimeout(() => developing.abort(reason), 10);
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      frame.close();
      throw signal.reason;
    };
    developing = new AbortController();
    const slow = new ImageCapture(used(canvasTrack()), { darkroom: darkroom as never });
    expect(await rejection(slow.takePhoto({ signal: developing.signal }))).toBe(reason);
    await expect.poll(openFrames).toBe(0);
  });

  test('passes on DOMExceptions of the darkroom, and rejects with NotSupportedError for too large a photo, else UnknownError', async () => {
    const failing = (thrown: unknown): ImageCapture =>
      new ImageCapture(used(canvasTrack()), {
        darkroom: {
          develop: async (frame: VideoFrame) => {
            frame.close();
            throw thrown;
          },
        } as never,
      });
    const dead = new DOMException('The worker died.', 'OperationError');
    expect(await rejection(failing(dead).takePhoto())).toBe(dead);
    expect((await rejection(failing(new RangeError('large')).takePhoto())).name).toBe('NotSupportedError');
    for (const thrown of [undefined, new Error('odd')]) {
      expect((await rejection(failing(thrown).takePhoto())).name).toBe('UnknownError');
    }
  });

  test('leaves the track live, enabled and constrained as it was', async () => {
    const track = used(await cameraTrack({ width: 640 }));
    const before = [track.getConstraints(), track.getSettings().width];
    await new ImageCapture(track).takePhoto({ imageWidth: 1280, imageHeight: 720, fillLightMode: 'flash' });
    expect([track.getConstraints(), track.getSettings().width]).toEqual(before);
    expect([track.readyState, track.enabled]).toEqual(['live', true]);
  });
});

describe('the torch', () => {
  /** A track that pretends to have a torch, and tells what is done to it. */
  function torchTrack(torch: unknown): { track: MediaStreamTrack; log: unknown[]; set(on: boolean): void } {
    const track = used(canvasTrack({ moving: true }));
    const log: unknown[] = [];
    let on = false;
    let constraints: MediaTrackConstraints = { width: 320 };
    const { getSettings, getCapabilities } = MediaStreamTrack.prototype;
    Object.assign(track, {
      getCapabilities: () => ({ ...getCapabilities.call(track), torch }),
      getSettings: () => ({ ...getSettings.call(track), torch: on }),
      getConstraints: () => constraints,
      applyConstraints: async (wanted: MediaTrackConstraints) => {
        constraints = wanted;
        const set = wanted.advanced?.[0] as { torch?: boolean } | undefined;
        on = set?.torch ?? on;
        log.push(set?.torch ?? wanted);
      },
    });
    return { track, log, set: (value) => (on = value) };
  }

  test.each([[true], [[false, true]]])(
    'is switched on for a flash and off afterwards (capability %o)',
    async (capability) => {
      const { track, log } = torchTrack(capability);
      const capture = new ImageCapture(track);
      expect((await capture.getPhotoCapabilities()).fillLightMode).toEqual(['off', 'flash']);
      expect((await capture.getPhotoSettings()).fillLightMode).toBe('off');
      await capture.takePhoto({ fillLightMode: 'flash' });
      expect(log).toEqual([true, false, { width: 320 }]);
      expect((await rejection(capture.takePhoto({ fillLightMode: 'auto' }))).name).toBe('NotSupportedError');
      await capture.takePhoto(await capture.getPhotoSettings());
      expect(log.length).toBe(3);
    },
  );

  test('stays on for a flash when it was on, and goes off for a photo without flash', async () => {
    const { track, log, set } = torchTrack(true);
    set(true);
    const capture = new ImageCapture(track);
    expect((await capture.getPhotoSettings()).fillLightMode).toBe('flash');
    await capture.takePhoto({ fillLightMode: 'flash' });
    expect(log).toEqual([]);
    await capture.takePhoto({ fillLightMode: 'off' });
    expect(log).toEqual([false, true, { width: 320 }]);
  });

  test('is restored after each of several flashes, and after an abort', async () => {
    const { track, log } = torchTrack(true);
    const capture = new ImageCapture(track);
    await Promise.all([1, 2].map(() => capture.takePhoto({ fillLightMode: 'flash' })));
    expect(log).toEqual([true, false, { width: 320 }, true, false, { width: 320 }]);
    log.length = 0;
    const abort = new AbortController();
    const pending = rejection(capture.takePhoto({ fillLightMode: 'flash', signal: abort.signal }));
    await pause(50);
    abort.abort('enough');
    expect(await pending).toBe('enough');
    await expect.poll(() => log).toEqual([true, false, { width: 320 }]);
  });
});

describe('capabilities and settings', () => {
  test('are fresh plain objects with finite ranges, keys in lexicographical order', async () => {
    for (const track of [canvasTrack(), await cameraTrack(), generatorTrack().track]) {
      const capture = new ImageCapture(used(track));
      const capabilities = await capture.getPhotoCapabilities();
      expect(Object.keys(capabilities)).toEqual(['imageHeight', 'imageWidth', 'redEyeReduction']);
      expect(capabilities.redEyeReduction).toBe('controllable');
      expect(Object.getPrototypeOf(capabilities)).toBe(Object.prototype);
      expect(await capture.getPhotoCapabilities()).not.toBe(capabilities);
      for (const side of ['width', 'height'] as const) {
        const { min, max, step } = capabilities[
          side === 'width' ? 'imageWidth' : 'imageHeight'
        ] as Required<MediaSettingsRange>;
        expect([min, step]).toEqual([1, 1]);
        expect(max).toBeGreaterThanOrEqual(track.getCapabilities()[side]?.max ?? 1);
        expect(max).toBeLessThanOrEqual(16384);
        expect(max).toBeGreaterThanOrEqual(4 * (track.getSettings()[side] ?? 0));
      }
    }
  });

  test('settings have the present size of the track, and takePhoto accepts them', async () => {
    const track = used(await cameraTrack({ width: 640, height: 480 }));
    const capture = new ImageCapture(track);
    expect(await capture.getPhotoSettings()).toEqual({ imageHeight: 480, imageWidth: 640, redEyeReduction: false });
    await track.applyConstraints({ width: 320, height: 240, resizeMode: 'crop-and-scale' } as never);
    // Firefox and WebKit change the size of no fake camera.
    const [width, height] = engine === 'chromium' ? [320, 240] : [640, 480];
    expect(await capture.getPhotoSettings()).toMatchObject({ imageHeight: height, imageWidth: width });
    expect(await sizeOf(await capture.takePhoto(await capture.getPhotoSettings()))).toEqual([width, height]);
  });

  test('settings have no size before the first frame, and takePhoto accepts them', async ({ skip }) => {
    skip(!has.generator, 'a canvas has its size from the beginning');
    const { track, send } = generatorTrack();
    const capture = new ImageCapture(used(track));
    const settings = await capture.getPhotoSettings();
    expect(settings).toEqual({ redEyeReduction: false });
    const photo = capture.takePhoto(settings);
    const feeding = setInterval(() => void send(twoColours(16, 8)), 30);
    expect(await sizeOf(await photo)).toEqual([16, 8]);
    clearInterval(feeding);
  });
});

describe('grabFrame', () => {
  test('answers calls made together, with frames of the displayed size', async () => {
    const camera = used(await cameraTrack({ width: 800, height: 600, resizeMode: 'crop-and-scale' } as never));
    const capture = new ImageCapture(camera);
    const bitmaps = await Promise.all(Array.from({ length: 5 }, () => capture.grabFrame()));
    for (const bitmap of bitmaps) {
      expect(bitmap).toBeInstanceOf(ImageBitmap);
      expect([bitmap.width, bitmap.height]).toEqual([800, 600]);
      bitmap.close();
    }
    expect(openFrames()).toBe(0);
  });

  test('keeps transparency', async () => {
    const bitmap = await new ImageCapture(used(canvasTrack({ fill: 'rgb(255 0 0 / 50%)' }))).grabFrame();
    expect(pixel(bitmap, 5, 5)).toEqual([255, 0, 0, 128]);
  });

  test.for<[object, number[], string[]]>([
    [{ rotation: 90 }, [16, 32], ['red', 'red', 'lime', 'lime']],
    [{ rotation: 180 }, [32, 16], ['lime', 'red', 'lime', 'red']],
    [{ rotation: 270 }, [16, 32], ['lime', 'lime', 'red', 'red']],
    [{ flip: true }, [32, 16], ['lime', 'red', 'lime', 'red']],
  ])('gives an upright bitmap of a frame with %o', async ([init, size, corners], { skip }) => {
    skip(!has.rotation, 'frames do not know rotation');
    const { track, send } = generatorTrack();
    const feeding = setInterval(() => void send(twoColours(32, 16, init)), 30);
    const bitmap = await new ImageCapture(used(track)).grabFrame();
    clearInterval(feeding);
    const { width: w, height: h } = bitmap;
    expect([w, h]).toEqual(size);
    const at = (x: number, y: number): string => (pixel(bitmap, x, y)[0]! > 128 ? 'red' : 'lime');
    expect([at(2, 2), at(w - 3, 2), at(2, h - 3), at(w - 3, h - 3)]).toEqual(corners);
  });
});
