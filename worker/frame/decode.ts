/** An encoded picture as a frame: the camera's own stills, and files that users choose. */
import { failure, reasonText } from '../errors.ts';

/**
 * Decodes a picture in any format that the engine knows; the result shows it upright and belongs to the caller. Wide
 * colours stay Display P3.
 * @throws EncodingError when the engine cannot decode it.
 */
export async function decodePicture(blob: Blob): Promise<VideoFrame | ImageBitmap> {
  try {
    return (await decodePlanes(blob)) ?? (await inKnownColours(await createImageBitmap(blob)));
  } catch (cause) {
    throw failure('EncodingError', `The picture could not be decoded: ${reasonText(cause)}`, cause);
  }
}

/** A JPEG's own planes, where the engine gives them and tells how they are turned (Chromium 138); else undefined. */
async function decodePlanes(blob: Blob): Promise<VideoFrame | undefined> {
  if (blob.type !== 'image/jpeg' || typeof ImageDecoder === 'undefined') return undefined;
  if (!('rotation' in VideoFrame.prototype)) return undefined;
  const decoder = new ImageDecoder({ data: await blob.arrayBuffer(), type: blob.type });
  try {
    const { image } = await decoder.decode();
    if (image.format === 'I420') return image;
    image.close();
    return undefined;
  } catch {
    return undefined; // not what its type says; a bitmap can still be made of it
  } finally {
    decoder.close();
  }
}

/**
 * A bitmap whose frame does not name its colours has a profile that only the engine can read (Chromium 156): it is
 * drawn.
 */
function inKnownColours(bitmap: ImageBitmap): ImageBitmap {
  const frame = new VideoFrame(bitmap, { timestamp: 0 });
  const { primaries } = frame.colorSpace;
  frame.close();
  if (primaries !== null) return bitmap;
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  canvas.getContext('2d', { colorSpace: 'display-p3' })!.drawImage(bitmap, 0, 0);
  bitmap.close();
  return canvas.transferToImageBitmap();
}
