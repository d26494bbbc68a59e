/** What a photo shows, by the definitions in test/reference. */
import type { Geometry } from '../../worker/scale/geometry.ts';
import type { Rect } from '../../worker/frame/image.ts';
import { type Orientation, storedRect, turnedSize } from '../../worker/frame/orientation.ts';
import type { Colour, DevelopSettings, ResampleKernel } from '../../worker/options.ts';
import { rgbToYcc, toByte } from '../reference/color/color.ts';
import { oriented, resample, type Samples } from '../reference/scale/resample.ts';
import type { Picture } from './picture.ts';

/** A picture and how far a sample of it may be off, in codes. */
export type Expected = { picture: Picture; tolerance: number };

type Size = { width: number; height: number };

/** Lays a picture out as planned; `rgba` makes pixels of planes where they have to be some. */
export function expectedPhoto(
  source: Picture,
  geometry: Geometry,
  orientation: Orientation,
  settings: Pick<DevelopSettings, 'type' | 'chromaSubsampling' | 'linear' | 'kernel' | 'background'>,
  rgba: (source: Extract<Picture, { planes: unknown }>) => Samples,
): Expected {
  const { inner, crop } = geometry;
  const stored = 'pixels' in source ? source.pixels : source.planes[0];
  const upright = Object.values(orientation).every((turns) => !turns);
  const whole = inner.width === geometry.width && inner.height === geometry.height;
  const size = turnedSize(stored, orientation);
  const same = crop.width === size.width && crop.height === size.height && sameSize(inner, size);
  if (upright && whole && same) return { picture: source, tolerance: 0 };

  const copied = sameSize(crop, inner) && Number.isInteger(crop.x) && Number.isInteger(crop.y);
  const planes420 = settings.type === 'image/jpeg' && settings.chromaSubsampling === '4:2:0';
  const evenBars = ((inner.x | inner.y) & 1) === 0;
  if ('planes' in source && planes420 && !settings.linear && evenBars) {
    return { picture: laidOutPlanes(source, geometry, orientation, settings), tolerance: copied ? 0 : 1 };
  }
  const unscaled = 'planes' in source ? rgba(source) : source.pixels;
  const pixels = laidOut(unscaled, storedRect(crop, stored, orientation), inner, orientation, settings);
  const laid = padded(pixels, geometry, [...settings.background, 255]);
  return { picture: { pixels: laid }, tolerance: copied ? 0 : 1 };
}

function laidOutPlanes(
  { planes, colour }: Extract<Picture, { planes: unknown }>,
  geometry: Geometry,
  orientation: Orientation,
  { kernel, background }: Pick<DevelopSettings, 'kernel' | 'background'>,
): Picture {
  const { crop, inner, width, height } = geometry;
  const cut = storedRect(crop, planes[0], orientation);
  const { transposed, mirroredX, mirroredY } = orientation;
  const [mirrorsColumns, mirrorsRows] = transposed ? [mirroredY, mirroredX] : [mirroredX, mirroredY];
  const codes = codesOf(background, colour);
  const laid = planes.map((plane, i) => {
    if (i === 0) return padded(laidOut(plane, cut, inner, orientation, { kernel }), geometry, [codes[0]!]);
    // Where a side is odd the last chroma sample reaches half a sample out of the picture.
    const to = halfOf(inner);
    const [stored, half] = [turnedSize(inner, orientation), turnedSize(to, orientation)];
    const across = (cut.width * half.width) / stored.width;
    const down = (cut.height * half.height) / stored.height;
    const x = mirrorsColumns ? (cut.x + cut.width) / 2 - across : cut.x / 2;
    const y = mirrorsRows ? (cut.y + cut.height) / 2 - down : cut.y / 2;
    const part = laidOut(plane, { x, y, width: across, height: down }, to, orientation, { kernel });
    return padded(part, { inner: to, ...halfOf({ x: 0, y: 0, width, height }) }, [codes[i]!]);
  });
  return { planes: laid as [Samples, Samples, Samples], colour };
}

/** A cut of the stored samples, brought to the size of the upright picture. */
function laidOut(
  source: Samples,
  cut: Rect,
  size: Size,
  orientation: Orientation,
  { kernel, linear = false }: { kernel: ResampleKernel; linear?: boolean },
): Samples {
  const stored = turnedSize(size, orientation);
  const data = isCopy(cut, stored, source) ? cutOut(source, cut) : resample(source, cut, stored, kernel, linear);
  return oriented({ data, ...stored, channels: source.channels }, orientation);
}

/** Whether a cut is of whole samples, which keep their values then, whatever their alpha is. */
function isCopy({ x, y, width, height }: Rect, size: Size, source: Size): boolean {
  const inside = x >= 0 && y >= 0 && x + width <= source.width && y + height <= source.height;
  return inside && sameSize({ width, height }, size) && Number.isInteger(x) && Number.isInteger(y);
}

function cutOut({ data, width, channels }: Samples, cut: Rect): Uint8Array {
  const rows = Array.from({ length: cut.height }, (_, row) => {
    const from = ((cut.y + row) * width + cut.x) * channels;
    return data.subarray(from, from + cut.width * channels);
  });
  return new Uint8Array(Buffer.concat(rows));
}

/** The samples among bars of a colour. */
function padded(part: Samples, { inner, width, height }: Size & { inner: Rect }, colour: number[]): Samples {
  const { channels } = part;
  const data = Uint8Array.from({ length: width * height * channels }, (_, i) => colour[i % channels]!);
  for (let y = 0; y < part.height; y++) {
    const row = part.data.subarray(y * part.width * channels, (y + 1) * part.width * channels);
    data.set(row, ((inner.y + y) * width + inner.x) * channels);
  }
  return { data, width, height, channels };
}

function codesOf(
  [r, g, b]: Colour,
  { matrix, fullRange }: { matrix: 'bt601' | 'bt709'; fullRange: boolean },
): number[] {
  const [y, cb, cr] = rgbToYcc(r, g, b, matrix);
  if (fullRange) return [y, cb, cr].map(toByte);
  return [16 + (y * 219) / 255, 128 + ((cb - 128) * 224) / 255, 128 + ((cr - 128) * 224) / 255].map(toByte);
}

const halfOf = ({ x, y, width, height }: Rect): Rect => ({
  x: x >> 1,
  y: y >> 1,
  width: (width + 1) >> 1,
  height: (height + 1) >> 1,
});
const sameSize = (a: Size, b: Size): boolean => a.width === b.width && a.height === b.height;
