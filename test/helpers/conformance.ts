/**
 * What W3C MediaStream Image Capture, Web IDL and Motordrive's own decisions demand of a class ImageCapture: each
 * statement is a function that throws unless the class does as it says. All of it holds for Motordrive's class in every
 * engine.
 */
import { expect, vi } from 'vitest';
import { trackSources } from './track-sources.ts';
import { audioTrack, cameraTrack, canvasTrack, generatorTrack, pixel, twoColours } from './tracks.ts';
import { pause } from '../../src/async/pause.ts';
import { rejection } from './rejection.ts';

/** Motordrive's class or the engine's. */
export type ImageCaptureClass = typeof globalThis.ImageCapture;
type Statement = (Class: ImageCaptureClass) => void | Promise<void>;

const OPERATIONS = ['getPhotoCapabilities', 'getPhotoSettings', 'grabFrame', 'takePhoto'] as const;
const SETTINGS = ['fillLightMode', 'imageHeight', 'imageWidth', 'redEyeReduction'];

const tracks: MediaStreamTrack[] = [];
const used = <T extends MediaStreamTrack>(track: T): T => (tracks.push(track), track);

/** Ends all tracks that statements have used. */
export function endTracks(): void {
  for (const track of tracks.splice(0)) track.stop();
}

/** A promise's rejection, if it is a DOMException or an Error; what else it rejects with fails. */
async function failure(promise: Promise<unknown>): Promise<DOMException> {
  const reason: unknown = await rejection(promise);
  if (!(reason instanceof DOMException) && !(reason instanceof Error))
    throw new Error(`rejected with ${String(reason)}`);
  return reason as DOMException;
}

async function sizeOf(blob: Blob): Promise<number[]> {
  const { width, height } = await createImageBitmap(blob);
  return [width, height];
}

/** The size at which a `<video>` shows a track. */
async function shownSize(track: MediaStreamTrack): Promise<number[]> {
  const video = document.createElement('video');
  video.muted = true;
  video.srcObject = new MediaStream([track]);
  await video.play();
  const size = [video.videoWidth, video.videoHeight];
  video.srcObject = null;
  return size;
}

const thrownBy = (run: () => unknown): unknown => {
  try {
    run();
  } catch (thrown) {
    return thrown;
  }
  throw new Error('did not throw');
};

const ended = (): MediaStreamTrack => {
  const track = canvasTrack();
  track.stop();
  return track;
};

const disabled = (): MediaStreamTrack => {
  const track = used(canvasTrack());
  track.enabled = false;
  return track;
};

const shape: Record<string, Statement> = {
  'the class has length 1, its name, no static members and no parent': (Class) => {
    expect([Class.length, Class.name]).toEqual([1, 'ImageCapture']);
    expect(Reflect.ownKeys(Class).sort()).toEqual(['length', 'name', 'prototype']);
    expect(Object.getPrototypeOf(Class)).toBe(Function.prototype);
    expect(Object.getPrototypeOf(Class.prototype)).toBe(Object.prototype);
  },
  'the attributes of prototype, constructor and class string': (Class) => {
    const { prototype } = Class;
    const fixed = { writable: false, enumerable: false, configurable: false };
    expect(Object.getOwnPropertyDescriptor(Class, 'prototype')).toEqual({ value: prototype, ...fixed });
    expect(Object.getOwnPropertyDescriptor(prototype, 'constructor')).toEqual({
      value: Class,
      writable: true,
      enumerable: false,
      configurable: true,
    });
    expect(Object.getOwnPropertyDescriptor(prototype, Symbol.toStringTag)).toEqual({
      ...fixed,
      value: 'ImageCapture',
      configurable: true,
    });
    expect(String(prototype)).toBe('[object ImageCapture]');
  },
  'the prototype has the standard members and no others': ({ prototype }) => {
    const keys = [...OPERATIONS, 'constructor', 'track', Symbol.toStringTag];
    expect(new Set(Reflect.ownKeys(prototype))).toEqual(new Set(keys));
  },
  'operations are enumerable, of length 0, by their names, and no constructors': ({ prototype }) => {
    for (const name of OPERATIONS) {
      const { value, ...attributes } = Object.getOwnPropertyDescriptor(prototype, name)!;
      expect(attributes).toEqual({ writable: true, enumerable: true, configurable: true });
      expect([value.name, value.length, 'prototype' in value]).toEqual([name, 0, false]);
      expect(thrownBy(() => new value())).toBeInstanceOf(TypeError);
    }
  },
  'track is an enumerable accessor without a setter': (Class) => {
    const { get, set, ...attributes } = Object.getOwnPropertyDescriptor(Class.prototype, 'track')!;
    expect([get!.name, get!.length, set, attributes]).toEqual([
      'get track',
      0,
      undefined,
      { enumerable: true, configurable: true },
    ]);
    const capture = new Class(used(canvasTrack()));
    expect(Reflect.set(capture, 'track', 1)).toBe(false);
    expect(thrownBy(() => Object.assign(capture, { track: 1 }))).toBeInstanceOf(TypeError);
  },
  'instances have no properties of their own and enumerate the members': (Class) => {
    const capture = new Class(used(canvasTrack()));
    expect(Reflect.ownKeys(capture)).toEqual([]);
    const members: string[] = [];
    for (const name in capture) members.push(name);
    expect(members.sort()).toEqual([...OPERATIONS, 'track'].sort());
  },
  'operations reject with TypeError on an object that is no ImageCapture, and the getter throws it': async ({
    prototype,
  }) => {
    for (const self of [undefined, null, {}, prototype, used(canvasTrack())]) {
      for (const name of OPERATIONS) {
        const promise = (prototype[name] as () => Promise<unknown>).call(self);
        expect(promise).toBeInstanceOf(Promise);
        expect(await failure(promise)).toBeInstanceOf(TypeError);
      }
      expect(thrownBy(() => Reflect.get(prototype, 'track', self))).toBeInstanceOf(TypeError);
    }
  },
  'the class can be extended': (Class) => {
    class Heir extends Class {
      more = 1;
    }
    const track = used(canvasTrack());
    const heir = new Heir(track);
    expect([heir.track === track, heir instanceof Class, String(heir)]).toEqual([true, true, '[object ImageCapture]']);
  },
};

const construction: Record<string, Statement> = {
  'the class cannot be called without new': (Class) => {
    expect(thrownBy(() => (Class as unknown as (track: unknown) => void)(used(canvasTrack())))).toBeInstanceOf(
      TypeError,
    );
  },
  'the constructor throws TypeError when given no MediaStreamTrack': (Class) => {
    const track = used(canvasTrack());
    const heir: unknown = Object.create(MediaStreamTrack.prototype);
    const alike = { kind: 'video', readyState: 'live', enabled: true };
    for (const value of [
      undefined,
      null,
      'video',
      5,
      {},
      alike,
      heir,
      new Proxy(track, {}),
      new MediaStream([track]),
    ]) {
      expect(thrownBy(() => new Class(value as never))).toBeInstanceOf(TypeError);
    }
    expect(thrownBy(() => new (Class as unknown as new () => unknown)())).toBeInstanceOf(TypeError);
  },
  'the constructor throws NotSupportedError for an audio track': (Class) => {
    const thrown = thrownBy(() => new Class(audioTrack()));
    expect(thrown).toBeInstanceOf(DOMException);
    expect(thrown).toMatchObject({ name: 'NotSupportedError', code: 9 });
  },
  'the constructor accepts ended and disabled tracks, and track returns them': (Class) => {
    for (const track of [ended(), disabled()]) expect(new Class(track).track).toBe(track);
  },
  'extra arguments are ignored': (Class) => {
    const Wide = Class as unknown as new (...args: unknown[]) => unknown;
    for (const more of [undefined, null, 5, {}]) new Wide(used(canvasTrack()), more);
  },
};

const conversion: Record<string, Statement> = {
  'settings are read once each in lexicographical order, before the state of the track is checked': async (Class) => {
    const read: string[] = [];
    const settings = new Proxy({}, { get: (_, name) => void read.push(String(name)) });
    const promise = new Class(ended()).takePhoto(settings);
    expect(read.slice(0, 4)).toEqual(SETTINGS);
    expect(new Set(read).size).toBe(read.length);
    expect((await failure(promise)).name).toBe('InvalidStateError');
  },
  'settings of the wrong kind reject with TypeError, on an ended track too': async (Class) => {
    const wrong: unknown[] = [5, 'settings', true, 1n, Symbol()];
    const sides: unknown[] = [NaN, Infinity, -Infinity, 'abc', {}, 10n, Symbol(), [1, 2]];
    for (const side of sides) wrong.push({ imageHeight: side }, { imageWidth: side });
    for (const mode of ['torch', null, 1, '', 'Flash']) wrong.push({ fillLightMode: mode });
    for (const settings of wrong) {
      expect(await failure(new Class(ended()).takePhoto(settings as never))).toBeInstanceOf(TypeError);
    }
  },
  'takePhoto() rejects with what a getter or a conversion throws': async (Class) => {
    const mine = new Error('mine');
    const thrower = (): never => {
      throw mine;
    };
    for (const name of SETTINGS) {
      const settings = Object.defineProperty({}, name, { get: thrower });
      expect(await failure(new Class(ended()).takePhoto(settings))).toBe(mine);
    }
    const converting = { imageWidth: { valueOf: thrower } } as never;
    expect(await failure(new Class(ended()).takePhoto(converting))).toBe(mine);
  },
  'undefined, null, functions and unknown members are accepted as settings': async (Class) => {
    const capture = new Class(used(await cameraTrack({ width: 640, height: 480 })));
    for (const settings of [undefined, null, {}, () => {}, { unknown: 1 }, { imageWidth: undefined }]) {
      expect((await capture.takePhoto(settings as never)).size).toBeGreaterThan(0);
    }
  },
  'strings and fractions are converted to numbers': async (Class) => {
    const capture = new Class(used(await cameraTrack({ width: 640, height: 480 })));
    const numbers = { valueOf: () => 480.4 };
    const photo = await capture.takePhoto({ imageWidth: '640' as never, imageHeight: numbers as never });
    expect(await sizeOf(photo)).toEqual([640, 480]);
  },
  'redEyeReduction is converted to a boolean': async (Class) => {
    const capture = new Class(used(await cameraTrack({ width: 640, height: 480 })));
    for (const redEyeReduction of ['yes', 0, null, {}]) await capture.takePhoto({ redEyeReduction } as never);
  },
};

const states: Record<string, Statement> = {};
for (const name of OPERATIONS) {
  Object.assign(states, {
    [`${name}() returns a promise rejected with InvalidStateError when the track has ended`]: (
      Class: ImageCaptureClass,
    ) => rejectsAtOnce(new Class(ended())[name]()),
    [`${name}() returns a promise rejected with InvalidStateError when the track is disabled`]: (
      Class: ImageCaptureClass,
    ) => rejectsAtOnce(new Class(disabled())[name]()),
    [`${name}() rejects with OperationError when the track stops meanwhile`]: async (Class: ImageCaptureClass) => {
      const track = await cameraTrack();
      const promise = failure(new Class(track)[name]());
      track.stop();
      expect((await promise).name).toBe('OperationError');
    },
  } satisfies Record<string, Statement>);
}

async function rejectsAtOnce(promise: Promise<unknown>): Promise<void> {
  let reason: unknown;
  promise.catch((error: unknown) => (reason = error));
  await undefined;
  expect(reason).toBeInstanceOf(DOMException);
  expect(reason).toMatchObject({ name: 'InvalidStateError', code: 11 });
}

const dictionaries: Record<string, Statement> = {
  'capabilities and settings are fresh plain objects with their members in lexicographical order': async (Class) => {
    const capture = new Class(used(await cameraTrack({ width: 640, height: 480 })));
    for (const name of ['getPhotoCapabilities', 'getPhotoSettings'] as const) {
      const [first, second] = [await capture[name](), await capture[name]()];
      expect(first).not.toBe(second);
      expect(first).toEqual(second);
      expect(Object.getPrototypeOf(first)).toBe(Object.prototype);
      expect(Object.keys(first)).toEqual(Object.keys(first).sort());
      for (const [, value] of Object.entries(first)) expect(value).toBeDefined();
    }
  },
  'the sizes in the settings are those of the track, before and after it is constrained': async (Class) => {
    const track = used(await cameraTrack({ width: 640, height: 480 }));
    const capture = new Class(track);
    for (const constraints of [{}, { width: 320, height: 240, resizeMode: 'crop-and-scale' }]) {
      await track.applyConstraints(constraints as MediaTrackConstraints);
      const { width, height } = track.getSettings();
      expect(await capture.getPhotoSettings()).toMatchObject({ imageWidth: width, imageHeight: height });
    }
  },
  'ranges are finite, begin at 1 or above, and include the sizes of the track': async (Class) => {
    const track = used(await cameraTrack({ width: 640, height: 480 }));
    const { imageHeight, imageWidth } = await new Class(track).getPhotoCapabilities();
    for (const [range, own] of [
      [imageHeight!, 'height'],
      [imageWidth!, 'width'],
    ] as const) {
      expect([range.min! >= 1, range.step, Number.isFinite(range.max)]).toEqual([true, 1, true]);
      expect(range.max).toBeGreaterThanOrEqual(track.getCapabilities()[own]!.max!);
    }
  },
  'red-eye reduction is controllable': async (Class) => {
    const capture = new Class(used(await cameraTrack()));
    expect((await capture.getPhotoCapabilities()).redEyeReduction).toBe('controllable');
    for (const redEyeReduction of [true, false]) await capture.takePhoto({ redEyeReduction });
  },
  'a photo with the settings that getPhotoSettings() returns has their size': async (Class) => {
    const capture = new Class(used(await cameraTrack({ width: 640, height: 480 })));
    const settings = await capture.getPhotoSettings();
    expect(await sizeOf(await capture.takePhoto(settings))).toEqual([settings.imageWidth, settings.imageHeight]);
  },
  'settings leave out the size of a track that has shown nothing yet': async (Class) => {
    const { track, send } = generatorTrack();
    const settings = await new Class(used(track)).getPhotoSettings();
    const photo = new Class(track).takePhoto(settings);
    photo.catch(() => {});
    const feeding = setInterval(() => void send(twoColours(16, 8)), 30);
    try {
      expect(settings.imageWidth ?? 300).toBeGreaterThan(0);
      expect((await photo).size).toBeGreaterThan(0);
    } finally {
      clearInterval(feeding);
    }
  },
};

const photos: Record<string, Statement> = {
  'a photo has the size asked for, odd sizes too': async (Class) => {
    const capture = new Class(used(await cameraTrack({ width: 640, height: 480 })));
    for (const [imageWidth, imageHeight] of [
      [640, 480],
      [321, 241],
      [111, 99],
    ] as const) {
      expect(await sizeOf(await capture.takePhoto({ imageWidth, imageHeight }))).toEqual([imageWidth, imageHeight]);
    }
  },
  'with one side given the other follows the aspect ratio': async (Class) => {
    const capture = new Class(used(await cameraTrack({ width: 640, height: 480 })));
    expect(await sizeOf(await capture.takePhoto({ imageWidth: 320 }))).toEqual([320, 240]);
    expect(await sizeOf(await capture.takePhoto({ imageHeight: 120 }))).toEqual([160, 120]);
  },
  'a size outside the range rejects with NotSupportedError, before and after capabilities were read': async (Class) => {
    const capture = new Class(used(await cameraTrack({ width: 640, height: 480 })));
    for (let round = 0; round < 2; round++) {
      for (const side of [0, -1, 99999]) {
        for (const name of ['imageWidth', 'imageHeight'] as const) {
          expect((await failure(capture.takePhoto({ [name]: side }))).name).toBe('NotSupportedError');
        }
      }
      await capture.getPhotoCapabilities();
    }
  },
  'photos taken in rapid succession all arrive, each by its own settings': async (Class) => {
    const capture = new Class(used(await cameraTrack({ width: 640, height: 480 })));
    const widths = [100, 160, 220, 280, 340];
    const blobs = await Promise.all(widths.map((imageWidth) => capture.takePhoto({ imageWidth, imageHeight: 120 })));
    expect(await Promise.all(blobs.map(sizeOf))).toEqual(widths.map((width) => [width, 120]));
  },
  'the type of a photo is that of its bytes': async (Class) => {
    const blob = await new Class(used(await cameraTrack())).takePhoto();
    const [first] = new Uint8Array(await blob.arrayBuffer());
    expect(blob.type).toBe({ 0xff: 'image/jpeg', 0x89: 'image/png' }[first!]);
  },
  'a photo of a scaled track has the size at which the track is shown': async (Class) => {
    const track = used(await cameraTrack({ width: 800, height: 600, resizeMode: 'crop-and-scale' } as never));
    expect(await sizeOf(await new Class(track).takePhoto())).toEqual(await shownSize(track));
  },
  'a photo and new constraints together: both succeed': async (Class) => {
    const track = used(await cameraTrack({ width: 640, height: 480 }));
    const photo = new Class(track).takePhoto({ imageWidth: 200, imageHeight: 100 });
    photo.catch(() => {});
    await track.applyConstraints({ width: 320, height: 240 });
    expect(await sizeOf(await photo)).toEqual([200, 100]);
    expect([track.getConstraints().width, track.readyState]).toEqual([320, 'live']);
  },
};

const frames: Record<string, Statement> = {
  'frames grabbed together all arrive': async (Class) => {
    const capture = new Class(used(await cameraTrack({ width: 640, height: 480 })));
    const bitmaps = await Promise.all([1, 2, 3, 4].map(() => capture.grabFrame()));
    expect(bitmaps.map(({ width, height }) => [width, height])).toEqual(Array(4).fill([640, 480]));
  },
  'frames keep the transparency of a canvas': async (Class) => {
    const bitmap = await new Class(used(canvasTrack({ fill: 'rgb(255 0 0 / 50%)' }))).grabFrame();
    expect(pixel(bitmap, 5, 5)).toEqual([255, 0, 0, 128]);
  },
  'frames have the size of the track, before and after it is constrained': async (Class) => {
    const track = used(await cameraTrack({ width: 640, height: 480 }));
    const capture = new Class(track);
    expect(await capture.grabFrame()).toMatchObject({ width: 640, height: 480 });
    await track.applyConstraints({ width: 320, height: 240, resizeMode: 'crop-and-scale' } as never);
    // The next frame may still be one from before; Firefox 153's fake camera scales none.
    await vi.waitFor(async () => {
      const { width, height } = await capture.grabFrame();
      expect([width, height]).toEqual(await shownSize(track));
    }, 30_000);
  },
  'grabFrame() waits for a track that shows nothing yet': async (Class) => {
    const { track, send } = generatorTrack();
    const promise = new Class(used(track)).grabFrame();
    promise.catch(() => {});
    await pause(2500);
    const feeding = setInterval(() => void send(twoColours(32, 16)), 30);
    try {
      expect((await promise).width).toBe(32);
    } finally {
      clearInterval(feeding);
    }
  },
  'the track is not changed': async (Class) => {
    const track = used(await cameraTrack({ width: 640 }));
    const facts = (): unknown => [track.readyState, track.enabled, track.getConstraints(), track.getSettings().width];
    const before = facts();
    const capture = new Class(track);
    await capture.takePhoto();
    await capture.grabFrame();
    expect(facts()).toEqual(before);
  },
};

for (const [source, open] of Object.entries(trackSources)) {
  photos[`a photo of every kind of track: ${source}`] = async (Class) => {
    const { track, width, height, end } = await open();
    try {
      expect(await sizeOf(await new Class(track).takePhoto())).toEqual([width, height]);
      expect(await new Class(track).getPhotoCapabilities()).toHaveProperty('imageWidth.max');
    } finally {
      end();
    }
  };
  frames[`a frame of every kind of track: ${source}`] = async (Class) => {
    const { track, width, height, end } = await open();
    try {
      expect(await new Class(track).grabFrame()).toMatchObject({ width, height });
    } finally {
      end();
    }
  };
}

/** All statements, by what they are about. */
export const statements: Record<string, Record<string, Statement>> = {
  'the shape of the class': shape,
  construction,
  'conversion of arguments': conversion,
  'states of the track': states,
  'capabilities and settings': dictionaries,
  takePhoto: photos,
  grabFrame: frames,
};
