import { context2d } from './canvas.ts';

let known: Promise<boolean> | undefined;

/** Whether the engine's `copyTo` honours `format`; asked once. */
export function convertsFormats(): Promise<boolean> {
  known ??= tellsRgbaFromBgra().catch(() => false);
  return known;
}

/** Copies a red pixel in both orders. */
async function tellsRgbaFromBgra(): Promise<boolean> {
  const context = context2d(2, 2);
  context.fillStyle = '#f00';
  context.fillRect(0, 0, 2, 2);
  const bitmap = await createImageBitmap(context.canvas);
  const frame = new VideoFrame(bitmap, { timestamp: 0 });
  bitmap.close();
  try {
    const rgba = new Uint8Array(frame.allocationSize({ format: 'RGBA' }));
    const bgra = new Uint8Array(rgba.length);
    await frame.copyTo(rgba, { format: 'RGBA' });
    await frame.copyTo(bgra, { format: 'BGRA' });
    return rgba[0] === 255 && bgra[2] === 255 && bgra[0] === 0;
  } finally {
    frame.close();
  }
}
