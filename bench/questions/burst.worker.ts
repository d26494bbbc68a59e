/**
 * The loop that a user would write, as fast as it gets: a frame comes, is drawn on a canvas that is kept, and encoded
 * by the browser.
 */
let canvas: OffscreenCanvas | undefined;
let context: OffscreenCanvasRenderingContext2D;

addEventListener('message', async ({ data: frame }: MessageEvent<VideoFrame | ImageBitmap>) => {
  const width = 'displayWidth' in frame ? frame.displayWidth : frame.width;
  const height = 'displayHeight' in frame ? frame.displayHeight : frame.height;
  if (canvas?.width !== width || canvas.height !== height) {
    canvas = new OffscreenCanvas(width, height);
    context = canvas.getContext('2d', { alpha: false, willReadFrequently: true })!;
  }
  context.drawImage(frame, 0, 0);
  frame.close();
  postMessage(await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 }));
});
