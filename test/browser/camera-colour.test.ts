/** Photos of real tracks have the colours that the engine itself shows of the same frame. */
import { afterAll, expect, test } from 'vitest';
import { Darkroom } from '../../src/darkroom.ts';
import { openFrameSource } from '../../src/frame-source/frame-source.ts';
import { has } from '../helpers/engine.ts';
import { noise, scene } from '../helpers/scene.ts';
import { generatorTrack } from '../helpers/tracks.ts';
import { COLOURS, nameOf, storedPlanes, yuvOf } from '../helpers/yuv.ts';
import { camera, decode, pixels, psnr } from './frames.ts';

const darkroom = new Darkroom({ workers: 1 });
afterAll(() => darkroom.close());

/** The next frame of a track, and what the engine shows of it. */
async function frameOf(track: MediaStreamTrack): Promise<{ frame: VideoFrame; shown: Uint8ClampedArray }> {
  const source = openFrameSource(track);
  const { frame } = await source.next();
  source.close();
  if (!(frame instanceof VideoFrame)) throw new Error('The source gave a bitmap.');
  return { frame, shown: pixels(frame, frame.displayWidth, frame.displayHeight) };
}

/** By how much a channel is off on the average, whichever is most. */
function cast(a: Uint8ClampedArray, b: Uint8ClampedArray): number {
  const sums = [0, 0, 0];
  for (let i = 0; i < a.length; i += 4) for (let c = 0; c < 3; c++) sums[c]! += a[i + c]! - b[i + c]!;
  return Math.max(...sums.map((sum) => Math.abs((4 * sum) / a.length)));
}

/** Develops a frame and its copy to a PNG and a JPEG, and expects both to be what is shown. */
async function expectShown(frame: VideoFrame, shown: Uint8ClampedArray): Promise<void> {
  const copy = frame.clone();
  const png = await darkroom.develop(frame, { type: 'image/png', metadata: false });
  const jpeg = await darkroom.develop(copy, { quality: 1, metadata: false });
  for (const [{ blob }, least] of [
    [png, 42],
    [jpeg, 36],
  ] as const) {
    const { data } = await decode(blob);
    expect(data.length).toBe(shown.length);
    expect(cast(data, shown), blob.type).toBeLessThan(0.7);
    expect(psnr(data, shown), blob.type).toBeGreaterThan(least);
  }
}

test('a camera’s frame becomes a PNG and a JPEG of its colours', async () => {
  const track = await camera({ width: 640, height: 480 });
  const { frame, shown } = await frameOf(track);
  track.stop();
  await expectShown(frame, shown);
});

test.for(COLOURS.map((colour) => ({ name: nameOf(colour), colour })))(
  'a track of $name planes keeps its colours',
  async ({ colour }, { skip }) => {
    skip(!has.generator, 'tracks cannot be fed with frames of a format');
    const picture = scene(320, 240);
    const { track, send } = generatorTrack();
    const planes = storedPlanes(yuvOf(picture, colour), 'I420');
    const init = {
      format: 'I420',
      codedWidth: 320,
      codedHeight: 240,
      colorSpace: {
        matrix: colour.matrix === 'bt601' ? 'smpte170m' : 'bt709',
        fullRange: colour.fullRange,
        primaries: 'bt709',
        transfer: 'bt709',
      },
    } as const;
    const bytes = new Uint8Array(planes.flatMap(({ data }) => [...data]));
    const next = frameOf(track);
    await send(new VideoFrame(bytes, { ...init, timestamp: 0 }));
    const { frame, shown } = await next;
    track.stop();
    expect(frame.colorSpace.fullRange).toBe(colour.fullRange);
    expect(cast(shown, picture.data)).toBeLessThan(1);
    await expectShown(frame, shown);
  },
);

test.each(['I420', 'NV12'] as const)(
  'the last column and row of an odd %s frame have their own colour',
  async (format) => {
    const picture = noise(37, 23, 3);
    // The corner alone is red.
    picture.data.forEach((_, i) => (picture.data[i] = [90, 90, 90, 255][i & 3]!));
    picture.data.set([220, 40, 40, 255], (22 * 37 + 36) * 4);
    const colour = { matrix: 'bt601', fullRange: true } as const;
    const even = { data: new Uint8ClampedArray(38 * 24 * 4), width: 38, height: 24 };
    for (let i = 0; i < 38 * 24; i++) {
      const at = (Math.min(Math.floor(i / 38), 22) * 37 + Math.min(i % 38, 36)) * 4;
      even.data.set(picture.data.subarray(at, at + 4), i * 4);
    }
    const bytes = new Uint8Array(storedPlanes(yuvOf(even, colour), format).flatMap(({ data }) => [...data]));
    const colorSpace = { matrix: 'smpte170m', fullRange: true, primaries: 'bt709', transfer: 'bt709' } as const;
    const whole = new VideoFrame(bytes, { format, codedWidth: 38, codedHeight: 24, timestamp: 0, colorSpace });
    const visible = { timestamp: 0, visibleRect: { x: 0, y: 0, width: 37, height: 23 } };
    const frames = [new VideoFrame(whole, visible), await darkroom.keep(new VideoFrame(whole, visible))];
    whole.close();
    for (const given of frames) {
      const frame = given instanceof VideoFrame ? given : given.frame;
      const { blob } = await darkroom.develop(frame, { type: 'image/png', metadata: false });
      const { data, width, height } = await decode(blob);
      expect([width, height]).toEqual([37, 23]);
      for (const [c, value] of [220, 40, 40].entries()) expect(Math.abs(data.at(c - 4)! - value)).toBeLessThan(4);
      for (let c = 0; c < 3; c++) expect(Math.abs(data[c]! - 90)).toBeLessThan(3);
    }
  },
);
