import ExifReader from 'exifreader';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { Darkroom, ImageCapture, MotorDrive, type DevelopOptions } from '../../../src/index.ts';
import { has } from '../../helpers/engine.ts';
import { cameraTrack, canvasTrack } from '../../helpers/tracks.ts';
import { rgbToYcc } from '../../reference/color/color.ts';
import { bitmap } from '../frames.ts';

const darkroom = new Darkroom({ workers: 1 });
const tracks: MediaStreamTrack[] = [];
afterEach(() => tracks.splice(0).forEach((track) => track.stop()));
afterAll(() => darkroom.close());

const used = <T extends MediaStreamTrack>(track: T): T => (tracks.push(track), track);

/** What a photo says of itself. */
async function tagsOf(photo: Blob): Promise<Record<string, string | undefined>> {
  const tags = await ExifReader.load(await photo.arrayBuffer(), { async: true });
  return Object.fromEntries(
    Object.entries(tags).map(([name, tag]) => [name, String((tag as { description: unknown }).description)]),
  );
}

/** The instant that Exif tells in three fields. */
function instant({
  DateTimeOriginal,
  SubSecTimeOriginal,
  OffsetTimeOriginal,
}: Record<string, string | undefined>): number {
  const [day, time] = DateTimeOriginal!.split(' ');
  return Date.parse(`${day!.replaceAll(':', '-')}T${time!}.${SubSecTimeOriginal!}${OffsetTimeOriginal!}`);
}

describe('metadata', () => {
  test.each(['image/jpeg', 'image/png'] as const)(
    'takePhoto writes camera, time and software into a %s',
    async (type) => {
      const track = used(await cameraTrack());
      Object.assign(track, {
        getSettings: () => ({
          ...MediaStreamTrack.prototype.getSettings.call(track),
          ...{ exposureTime: 100, iso: 320, focusDistance: 0.7, whiteBalanceMode: 'manual', torch: false },
        }),
      });
      const capture = new ImageCapture(track, { darkroom });
      const before = Date.now();
      const tags = await tagsOf(await capture.takePhoto({ type, imageWidth: 320, imageHeight: 240 }));
      expect(tags).toMatchObject({
        Model: track.label,
        Software: expect.stringMatching(/^Motordrive \d/),
        ExposureTime: '1/100',
        ISOSpeedRatings: '320',
        SubjectDistance: '0.7 m',
        WhiteBalance: 'Manual white balance',
        Flash: 'Flash did not fire',
        Orientation: 'top-left',
        PixelXDimension: '320',
        PixelYDimension: '240',
        ColorSpace: 'sRGB',
      });
      expect(instant(tags)).toBeGreaterThan(before - 1000);
      expect(instant(tags)).toBeLessThanOrEqual(Date.now() + 1);
      expect(Object.keys(tags).filter((name) => name.startsWith('GPS'))).toEqual([]);
    },
  );

  test('metadata that is given is written, position and thumbnail included', async () => {
    const capture = new ImageCapture(used(canvasTrack({ moving: true })), { darkroom });
    const metadata = { artist: 'Änne', gps: { latitude: -1.5, longitude: 2.25 }, thumbnail: true };
    const photo = await capture.takePhoto({ metadata });
    const { exif, gps, Thumbnail } = ExifReader.load(await photo.arrayBuffer(), { expanded: true });
    expect(exif!.Artist!.description).toBe('Änne');
    expect(exif!.Model).toBeUndefined();
    expect([gps!.Latitude, gps!.Longitude]).toEqual([-1.5, 2.25]);
    const small = await createImageBitmap(new Blob([Thumbnail!.image as ArrayBuffer]));
    expect([small.width, small.height]).toEqual([160, 120]);
  });

  test('metadata: false writes none, for a photo, a capture and a burst', async () => {
    const track = used(canvasTrack({ moving: true }));
    const photos = [
      await new ImageCapture(track, { darkroom }).takePhoto({ metadata: false }),
      await new ImageCapture(track, { darkroom, defaults: { metadata: false } }).takePhoto(),
      (await darkroom.develop(bitmap(), { metadata: false })).blob,
    ];
    for await (const shot of new MotorDrive(track, { darkroom }).burst({ count: 1, metadata: false }))
      photos.push(shot.blob);
    for (const photo of photos) {
      const names = Object.keys(await tagsOf(photo)).filter(
        (name) => !/^(JFIF|X|Y|Resolution|Thumb|Image |Bits|Color C|Sub|File)/.test(name),
      );
      expect(names).toEqual([]);
    }
  });

  test('shots of a burst have the times of their frames', async () => {
    const track = used(await cameraTrack());
    const drive = new MotorDrive(track, { darkroom });
    for await (const { blob, timestamp } of drive.burst({ count: 4, imageWidth: 64, fps: 10 })) {
      const taken = instant(await tagsOf(blob));
      expect(Math.abs(taken - (Date.now() - performance.now() + timestamp))).toBeLessThan(20);
    }
    drive.close();
  });

  test('a frame developed without a track has the time of the call', async () => {
    const before = Date.now();
    const tags = await tagsOf((await darkroom.develop(bitmap())).blob);
    expect(instant(tags)).toBeGreaterThanOrEqual(before);
    expect(instant(tags)).toBeLessThanOrEqual(Date.now());
    expect([tags['Make'], tags['Model']]).toEqual([undefined, undefined]);
  });

  test('is read when takePhoto is called; undefined members count as left out', async () => {
    const metadata = { artist: 'before', model: undefined };
    const track = used(await cameraTrack());
    const photo = new ImageCapture(track, { darkroom }).takePhoto({ metadata });
    metadata.artist = 'after';
    expect(await tagsOf(await photo)).toMatchObject({ Artist: 'before', Model: track.label });
  });

  test('wrong metadata rejects before a frame is taken', async () => {
    const capture = new ImageCapture(used(canvasTrack()), { darkroom });
    const wrong = { exposureTime: -1 };
    await expect(capture.takePhoto({ metadata: wrong })).rejects.toThrow(RangeError);
    await expect(darkroom.develop(bitmap(), { metadata: wrong })).rejects.toThrow('options.metadata.exposureTime');
    expect(() => new ImageCapture(used(canvasTrack()), { defaults: { metadata: wrong } })).toThrow(RangeError);
  });
});

describe('Display P3', () => {
  const COLOUR = [230, 40, 90, 255];
  const P3: VideoColorSpaceInit = {
    primaries: 'smpte432' as VideoColorPrimaries,
    transfer: 'iec61966-2-1',
    matrix: 'rgb',
    fullRange: true,
  };
  const pixels = (): Uint8ClampedArray<ArrayBuffer> =>
    Uint8ClampedArray.from({ length: 64 * 48 * 4 }, (_, i) => COLOUR[i & 3]!);
  const data = (): ImageData => new ImageData(pixels(), 64, 48, { colorSpace: 'display-p3' });
  const frame = (init: object = {}): VideoFrame =>
    new VideoFrame(pixels(), {
      format: 'RGBA',
      codedWidth: 64,
      codedHeight: 48,
      timestamp: 0,
      colorSpace: P3,
      ...init,
    });

  /** A frame of flat planes of {@link COLOUR}, BT.709 matrix, full range. */
  function planar(): VideoFrame {
    const [r, g, b] = COLOUR as [number, number, number];
    const [y, cb, cr] = rgbToYcc(r, g, b, 'bt709');
    const planes = new Uint8Array(64 * 48 * 1.5).fill(Math.round(y));
    planes.fill(Math.round(cb), 64 * 48, 64 * 48 * 1.25);
    planes.fill(Math.round(cr), 64 * 48 * 1.25);
    const colorSpace = { ...P3, matrix: 'bt709' as const };
    return new VideoFrame(planes, { format: 'I420', codedWidth: 64, codedHeight: 48, timestamp: 0, colorSpace });
  }

  const kinds: [string, () => Promise<VideoFrame | ImageBitmap | ImageData>][] = [
    ['ImageData', async () => data()],
    ['ImageBitmap', () => createImageBitmap(data())],
    ['VideoFrame', async () => frame()],
    ['rotated VideoFrame', async () => frame({ rotation: 90 })],
    ['planar VideoFrame', async () => planar()],
  ];
  const outputs: DevelopOptions[] = [
    { type: 'image/png' },
    { type: 'image/png', imageWidth: 20, metadata: false },
    { type: 'image/jpeg', quality: 0.95 },
    { type: 'image/jpeg', quality: 0.95, chromaSubsampling: '4:4:4', imageHeight: 20 },
  ];

  test.for(kinds)('the colours of an %s are kept', async ([, make], { skip }) => {
    skip(!has.displayP3, 'canvases have no Display P3');
    for (const options of outputs) {
      const { blob } = await darkroom.develop(await make(), options);
      expect((await tagsOf(blob))['ICC Description']).toBe('Display P3');
      // The browser takes the profile for what it is: back in P3 the values are those of the frame.
      const context = new OffscreenCanvas(8, 8).getContext('2d', { colorSpace: 'display-p3' })!;
      context.drawImage(await createImageBitmap(blob), 0, 0);
      const shown = [...context.getImageData(4, 4, 1, 1, { colorSpace: 'display-p3' }).data];
      shown.forEach((value, i) => expect(Math.abs(value - COLOUR[i]!)).toBeLessThanOrEqual(3));
    }
  });

  test('sRGB, and colours wider than P3, are written without a profile', async () => {
    for (const primaries of ['bt2020', 'bt709'] as VideoColorPrimaries[]) {
      const { blob } = await darkroom.develop(frame({ colorSpace: { ...P3, primaries } }), { type: 'image/png' });
      expect((await tagsOf(blob))['ICC Description']).toBeUndefined();
    }
  });
});
