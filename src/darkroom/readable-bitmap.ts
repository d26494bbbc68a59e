/**
 * A bitmap in the form in which this engine's workers can read it; the bitmap is taken. In workers of WebKitGTK 2.50 a
 * VideoFrame of a bitmap that createImageBitmap() made is all zeros, and bitmaps that several of them draw at once
 * crash the web process; VideoFrames made on the page are read as they should be.
 */
export function readableBitmap(bitmap: ImageBitmap): ImageBitmap | VideoFrame {
  if (!isWebKit()) return bitmap;
  try {
    return new VideoFrame(bitmap, { timestamp: 0 });
  } finally {
    bitmap.close();
  }
}

let webKit: boolean | undefined;

/** WebKit is known by another bug: `format` is ignored where the size of a frame's pixels is asked for. */
function isWebKit(): boolean {
  if (webKit !== undefined) return webKit;
  if (typeof VideoFrame !== 'function') return (webKit = false);
  const frame = new VideoFrame(new Uint8Array(6), { format: 'I420', codedWidth: 2, codedHeight: 2, timestamp: 0 });
  try {
    webKit = frame.allocationSize({ format: 'RGBA' }) === frame.allocationSize();
  } catch {
    webKit = false; // an engine that converts nothing says so
  }
  frame.close();
  return webKit;
}
