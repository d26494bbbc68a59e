/** Photos of real tracks have the colours that the engine itself shows of the same frame. */
import { afterAll, expect, test } from 'vitest';
import { Darkroom } from '../../../src/darkroom/darkroom.ts';
import { openFrameSource } from '../../../src/frame-source/frame-source.ts';
import { engine, has } from '../../helpers/engine.ts';
import { drawn, scene } from '../../helpers/scene.ts';
import { cameraTrack, generatorTrack } from '../../helpers/tracks.ts';
import { COLOURS, nameOf } from '../../helpers/yuv.ts';
import { decode, pixels, psnr } from '../frames.ts';
import { planarFrame } from '../planar-frame.ts';

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

/**
 * Engines round in another way, and a fake camera's picture is hardly more than one colour; a wrong range or base is
 * off by more.
 */
const MOST = 1.2;

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
    expect(cast(data, shown), blob.type).toBeLessThan(MOST);
    expect(psnr(data, shown), blob.type).toBeGreaterThan(least);
  }
}

test('a frame of a camera becomes a PNG and a JPEG with the colours of the frame', async () => {
  const track = await cameraTrack({ width: 640, height: 480 });
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
    const planes = planarFrame(picture, 'I420', colour);
    // What is sent before the source listens is lost.
    let timestamp = 0;
    const timer = setInterval(() => void send(new VideoFrame(planes, { timestamp: timestamp++ })), 20);
    const { frame, shown } = await frameOf(track).finally(() => clearInterval(timer));
    track.stop();
    planes.close();
    expect(frame.colorSpace.fullRange).toBe(colour.fullRange);
    expect(cast(shown, picture.data)).toBeLessThan(MOST);
    await expectShown(frame, shown);
  },
);

test.for([
  ['I420', 'developed'],
  ['NV12', 'developed'],
  ['I420', 'kept'],
  ['NV12', 'kept'],
] as const)(
  'the last column and row of an odd-sized %s frame, %s, keep their own colour',
  async ([format, how], { skip }) => {
    skip(
      engine === 'webkit' && `${format} ${how}` === 'NV12 kept',
      'a frame made of NV12 bytes loses its last row of chroma',
    );
    // The corner alone is red.
    const picture = drawn(38, 24, (x, y) => (x >= 36 && y >= 22 ? [220, 40, 40, 255] : [90, 90, 90, 255]));
    const whole = planarFrame(picture, format, { matrix: 'bt601', fullRange: true });
    const odd = new VideoFrame(whole, { timestamp: 0, visibleRect: { x: 0, y: 0, width: 37, height: 23 } });
    whole.close();
    const frame = how === 'kept' ? (await darkroom.keep(odd)).frame : odd;
    const { blob } = await darkroom.develop(frame, { type: 'image/png', metadata: false });
    const { data, width, height } = await decode(blob);
    expect([width, height]).toEqual([37, 23]);
    for (const [c, value] of [220, 40, 40].entries()) expect(Math.abs(data.at(c - 4)! - value)).toBeLessThan(4);
    for (let c = 0; c < 3; c++) expect(Math.abs(data[c]! - 90)).toBeLessThan(3);
  },
);
