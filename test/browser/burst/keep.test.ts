import { afterAll, describe, expect, test } from 'vitest';
import { Darkroom } from '../../../src/index.ts';
import { engine, has } from '../../helpers/engine.ts';
import { countOpenFrames, openFrames } from '../../helpers/open-frames.ts';
import { openFrameSource } from '../../../src/frame-source/frame-source.ts';
import { decode, paint, psnr } from '../frames.ts';
import { rejection } from '../../helpers/rejection.ts';
import { cameraTrack } from '../../helpers/tracks.ts';

const darkroom = new Darkroom({ workers: 1 });
afterAll(() => darkroom.close());

type Oriented = { rotation?: number; flip?: boolean };

/** A frame of these planes or pixels, whose bytes are all different. */
function frame(format: VideoPixelFormat, init: Record<string, unknown> = {}): VideoFrame {
  const [width, height] = [70, 46];
  const planar = format === 'I420' || format === 'NV12';
  const data = new Uint8Array(width * height * (planar ? 1.5 : 4));
  for (let i = 0; i < data.length; i++) data[i] = 16 + ((i * 7 + (i >> 6)) % 220);
  return new VideoFrame(data, { format, codedWidth: width, codedHeight: height, timestamp: 1234, ...init });
}

async function bytes(of: VideoFrame): Promise<Uint8Array> {
  const data = new Uint8Array(of.allocationSize());
  await of.copyTo(data);
  return data;
}

describe('a frame that is kept', () => {
  test.for<[string, VideoPixelFormat, Record<string, unknown>]>([
    ['I420', 'I420', {}],
    ['NV12', 'NV12', {}],
    ['RGBA', 'RGBA', {}],
    ['BGRX', 'BGRX', {}],
    ['I420 of BT.601', 'I420', { colorSpace: { matrix: 'smpte170m', fullRange: false } }],
    ['I420 of full range', 'I420', { colorSpace: { matrix: 'bt709', fullRange: true } }],
    ['RGBA of Display P3', 'RGBA', { colorSpace: { primaries: 'smpte432', transfer: 'iec61966-2-1', matrix: 'rgb' } }],
    ['a part of a frame', 'I420', { visibleRect: { x: 8, y: 4, width: 40, height: 30 } }],
    ['a frame with pixels that are not square', 'I420', { displayWidth: 140, displayHeight: 46 }],
    ['a turned frame', 'I420', { rotation: 90, displayWidth: 35, displayHeight: 46 }],
    ['a flipped frame', 'RGBA', { rotation: 180, flip: true }],
  ])('has the pixels and facts of %s', async ([, format, init], { skip }) => {
    skip('rotation' in init && !has.rotation, 'frames do not know rotation');
    skip(format === 'BGRX' && engine === 'webkit', 'BGRX cannot be copied');
    const source = frame(format, init);
    const twin = source.clone();
    const { frame: kept } = (await darkroom.keep(source)) as { frame: VideoFrame };
    expect(source.codedWidth).toBe(0);
    const facts = ({ format, timestamp, displayWidth, displayHeight, ...of }: VideoFrame & Oriented) => ({
      ...{ format, timestamp, displayWidth, displayHeight, rotation: of.rotation, flip: of.flip },
    });
    expect(facts(kept)).toEqual(facts(twin));
    expect(await bytes(kept)).toEqual(await bytes(twin));
    const options = { type: 'image/png' } as const;
    const [one, other] = [await darkroom.develop(twin, options), await darkroom.develop(kept, options)];
    expect([other.width, other.height]).toEqual([one.width, one.height]);
    expect(psnr((await decode(other.blob)).data, (await decode(one.blob)).data)).toBe(99);
  });

  test('returns an ImageBitmap as it was', async () => {
    const { frame: kept, sharpness } = await darkroom.keep(paint(64, 48).transferToImageBitmap());
    expect(kept).toBeInstanceOf(ImageBitmap);
    expect(sharpness).toBeGreaterThan(0);
    kept.close();
  });

  test('has memory of its own: the camera goes on when ten are held', async () => {
    countOpenFrames();
    const track = await cameraTrack({ width: 640, height: 480 });
    const source = openFrameSource(track);
    const held: (VideoFrame | ImageBitmap)[] = [];
    for (let i = 0; i < 10; i++) held.push((await darkroom.keep((await source.next()).frame)).frame);
    (await source.next()).frame.close();
    source.close();
    track.stop();
    expect(openFrames()).toBe(10);
    for (const frame of held) frame.close();
    expect(openFrames()).toBe(0);
  });

  test('arrives in the order of the calls, whatever the sizes', async () => {
    const sizes = [800, 16, 400, 32, 17];
    const kept = await Promise.all(
      sizes.map((size) => darkroom.keep(new VideoFrame(paint(size, size), { timestamp: size }))),
    );
    expect(kept.map(({ frame }) => (frame as VideoFrame).timestamp)).toEqual(sizes);
    expect(kept.map(({ frame }) => (frame as VideoFrame).displayWidth)).toEqual(sizes);
    for (const { frame } of kept) frame.close();
  });

  test('is refused and closed when it or the darkroom is closed', async () => {
    const closed = frame('I420');
    closed.close();
    expect(await rejection(darkroom.keep(closed))).toBeInstanceOf(DOMException);
    const shut = new Darkroom();
    shut.close();
    const given = frame('I420');
    expect(await rejection(shut.keep(given))).toMatchObject({ name: 'AbortError' });
    expect(given.codedWidth).toBe(0);
    const { frame: next } = await darkroom.keep(frame('I420'));
    next.close();
  });
});
