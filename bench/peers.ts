import type { Contestant } from './contest.ts';
import type { Picture } from './exact.ts';

/** What bench/peers is built into; it is not installed with the library. */
export type Peers = {
  jpegContestants(image: ImageData, quality: number): Contestant[];
  pngContestants(image: ImageData): Contestant[];
  scaleContestants(image: ImageData, width: number, height: number): Contestant[];
  similarity(a: Picture, b: Picture): number;
};

/** The pixels of a photo, by the browser's decoder. */
export async function decodePixels(photo: Blob): Promise<ImageData> {
  const image = await createImageBitmap(photo);
  const { width, height } = image;
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!;
  context.drawImage(image, 0, 0);
  image.close();
  return context.getImageData(0, 0, width, height);
}
