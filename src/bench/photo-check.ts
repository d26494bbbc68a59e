import { blobOf, type Check } from './contestant.ts';
import { psnr, ssim, type Pixels } from './likeness.ts';

/** What a photo has to be. */
export type PhotoCheckOptions = {
  /** Width to expect, in pixels; default: the frame's. */
  width?: number | undefined;
  /** Height to expect, in pixels; default: the frame's. */
  height?: number | undefined;
  /** Whether any size will do, as where a camera decides; default false. */
  anySize?: boolean | undefined;
  /** What it should look like, at the expected size: then PSNR and SSIM are found too. */
  original?: Pixels | undefined;
  /** Least PSNR beside the original, in dB; a photo below is not of this frame. Default 20. */
  leastPsnr?: number | undefined;
  /** The MIME type to expect; default: any. */
  type?: string | undefined;
  /** Decodes a photo; default: the host's own decoder, which Node has none of. */
  decode?: ((photo: Blob) => Promise<Pixels>) | undefined;
};

/**
 * A check that decodes a photo and compares its size, and its looks where the original is given. Outputs without a Blob
 * pass.
 */
export function photoCheck(options: PhotoCheckOptions = {}): Check {
  const { original, leastPsnr = 20, type, decode = decodePhoto, anySize = false } = options;
  return async (output, { frame }) => {
    const blob = blobOf(output);
    if (!blob) return {};
    if (type !== undefined && blob.type !== type) throw new TypeError(`made ${blob.type || 'no type'}, not ${type}`);
    const photo = await decode(blob);
    const { width = frame.width, height = frame.height } = options;
    if (!anySize && (photo.width !== width || photo.height !== height)) {
      throw new RangeError(`made ${photo.width} × ${photo.height}, not ${width} × ${height}`);
    }
    if (!original) return { bytes: blob.size };
    const likeness = psnr(original, photo);
    if (!(likeness >= leastPsnr)) throw new RangeError(`looks different: ${likeness.toFixed(1)} dB`);
    return { bytes: blob.size, psnr: likeness, ssim: ssim(original, photo) };
  };
}

/** The pixels of a photo, by the host's decoder. */
export async function decodePhoto(photo: Blob): Promise<ImageData> {
  const image = await createImageBitmap(photo);
  const { width, height } = image;
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!;
  context.drawImage(image, 0, 0);
  image.close();
  return context.getImageData(0, 0, width, height);
}
