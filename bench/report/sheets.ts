import sharp from 'sharp';
import type { ImageCrop } from '../hosts/request.ts';

/** Crops of one comparison, at 100 %, and how each differs from the original. */
export type Sheet = { key: string; tiles: Tile[] };

/** A crop and its difference from the original, as data URLs. */
type Tile = { contestant: string; width: number; height: number; crop: string; difference?: string };

/** A difference of one level is shown as this many. */
export const DIFFERENCE_GAIN = 8;

/** Encodes crops for the page; comparisons in which nobody differs from the original are left out. */
export async function sheets(images: readonly ImageCrop[]): Promise<Sheet[]> {
  const keys = [...new Set(images.map(({ key }) => key))].filter((key) => {
    const [first, ...others] = images.filter((image) => image.key === key);
    return others.some(({ rgba }) => rgba !== first!.rgba);
  });
  return Promise.all(
    keys.map(async (key) => {
      const crops = images.filter((image) => image.key === key);
      const original = crops.find(({ contestant }) => contestant === 'original');
      const tiles = await Promise.all(crops.map((crop) => tile(crop, original)));
      return { key, tiles };
    }),
  );
}

async function tile(image: ImageCrop, original: ImageCrop | undefined): Promise<Tile> {
  const { contestant, width, height } = image;
  const pixels = bytesOf(image);
  const crop = await dataUrl(pixels, width, height);
  if (!original || original === image) return { contestant, width, height, crop };
  const reference = bytesOf(original);
  const apart = pixels.map((value, i) => (i % 4 === 3 ? 255 : Math.abs(value - reference[i]!) * DIFFERENCE_GAIN));
  return { contestant, width, height, crop, difference: await dataUrl(apart, width, height) };
}

function bytesOf({ rgba }: ImageCrop): Uint8ClampedArray<ArrayBuffer> {
  return new Uint8ClampedArray(Buffer.from(rgba, 'base64'));
}

async function dataUrl(pixels: Uint8ClampedArray<ArrayBuffer>, width: number, height: number): Promise<string> {
  const raw = sharp(pixels, { raw: { width, height, channels: 4 } }).removeAlpha();
  return `data:image/webp;base64,${(await raw.webp({ lossless: true }).toBuffer()).toString('base64')}`;
}
