/** The VideoFrames of golden photos (test/helpers/golden-frames.ts). */
import { colourOf, PART, pictureOf, type GoldenFrame } from '../helpers/golden-frames.ts';
import { noise, type Pixels } from '../helpers/scene.ts';
import { halfOf, noiseYuv, storedPlanes, yuvOf, type Yuv } from '../helpers/yuv.ts';
import { planarColorSpace } from './planar-frame.ts';

type Size = { width: number; height: number };

/** The frame: the picture, and around it noise that must not show. */
export function videoFrameOf(one: GoldenFrame): VideoFrame {
  const { format, rotation, flip } = one;
  const picture = pictureOf(one);
  const { width, height } = picture;
  const { x, y } = one.visible === 'part' ? PART : { x: 0, y: 0 };
  // Firefox makes planes of even sizes alone.
  const coded = { width: even(x + width + x), height: even(y + height + y) };
  const planar = format === 'I420' || format === 'NV12';
  const data = planar
    ? planesAround(yuvOf(picture, colourOf(one)), format, coded, x, y)
    : pixelsAround(picture, format === 'BGRA', coded, x, y);
  const colorSpace: VideoColorSpaceInit = planar
    ? planarColorSpace(colourOf(one))
    : { matrix: 'rgb', fullRange: true, primaries: 'bt709', transfer: 'iec61966-2-1' };
  const init = { format, codedWidth: coded.width, codedHeight: coded.height, timestamp: 0, colorSpace };
  const whole = new VideoFrame(data, init);
  // WebKitGTK takes the bytes of a frame for those of its visible part, unless that is cut out of a frame.
  const part = { timestamp: 0, visibleRect: { x, y, width, height }, ...((rotation || flip) && { rotation, flip }) };
  const frame = new VideoFrame(whole, part);
  whole.close();
  return frame;
}

/** Why the engine made another frame than was asked for, if it did. */
export function foreignness(frame: VideoFrame, one: GoldenFrame): string | undefined {
  const { format, colorSpace } = frame;
  if (format !== one.format) return `the engine makes ${format} of ${one.format}`;
  if (format === 'RGBA' || format === 'BGRA') return undefined;
  const { matrix, fullRange } = colorSpace;
  const asked = one.matrix === 'bt601' ? 'smpte170m' : 'bt709';
  if (matrix !== asked || fullRange !== one.fullRange)
    return `the engine makes ${matrix} ${String(fullRange)} of ${asked}`;
  return undefined;
}

const even = (side: number): number => side + (side & 1);

/** Copies rows of bytes into the middle of others. */
function inlay(from: ArrayLike<number>, across: number, to: Uint8Array, toAcross: number, x: number, y: number): void {
  for (let i = 0; i < from.length; i++) to[(y + Math.floor(i / across)) * toAcross + x + (i % across)] = from[i]!;
}

function planesAround(
  visible: Yuv,
  format: 'I420' | 'NV12',
  coded: Size,
  x: number,
  y: number,
): Uint8Array<ArrayBuffer> {
  const around = noiseYuv(coded.width, coded.height, 5);
  inlay(visible.y, visible.width, around.y, coded.width, x, y);
  for (const plane of ['u', 'v'] as const) {
    inlay(visible[plane], halfOf(visible).width, around[plane], coded.width / 2, x / 2, y / 2);
  }
  return new Uint8Array(storedPlanes(around, format).flatMap(({ data }) => [...data]));
}

function pixelsAround(visible: Pixels, blueFirst: boolean, coded: Size, x: number, y: number): Uint8Array<ArrayBuffer> {
  const around = new Uint8Array(noise(coded.width, coded.height, 5).data);
  const bytes = visible.data.slice();
  if (blueFirst) for (let i = 0; i < bytes.length; i += 4) bytes.subarray(i, i + 3).reverse();
  inlay(bytes, visible.width * 4, around, coded.width * 4, x * 4, y);
  return around;
}
