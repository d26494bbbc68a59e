import { failure } from '../errors.ts';
import { colorSpaceOf, hasPlanes, isDisplayP3, isSrgb, yuvColour, type OrientedFrame } from './frame-facts.ts';
import type { PackedImage, PixelImage, PlanarImage, YuvColour } from './image.ts';
import { type Orientation, turned, turnedSize, UPRIGHT } from './orientation.ts';
import type { KernelMemory } from '../memory/memory.ts';

/** Pixels of an ImageData on their way to the worker: its bytes are moved, not copied. */
export type ImageDataRecord = {
  data: ImageData['data'];
  width: number;
  height: number;
  colorSpace: PredefinedColorSpace;
};

/** What can be developed. */
export type Frame = VideoFrame | ImageBitmap | ImageDataRecord;

/** A frame in linear memory, how it becomes upright, what its colours mean, and the size in pixels at which it is shown. */
export type ReadFrame = {
  image: PixelImage;
  orientation: Orientation;
  colorSpace: PredefinedColorSpace;
  display: Size;
};

type Size = { width: number; height: number };

/**
 * The size at which a frame is shown and the bytes that its pixels are expected to take, known before they are read.
 * @throws InvalidStateError for a closed frame.
 */
export function frameSize(frame: Frame): { display: Size; bytes: number } {
  if (frame instanceof VideoFrame) {
    // A closed frame has no format; neither has one whose pixels only the GPU knows, but that one has a size.
    if (frame.codedWidth === 0) throw failure('InvalidStateError', 'The VideoFrame is closed.');
    const { displayWidth, displayHeight, codedWidth, codedHeight } = frame;
    const { width, height } = frame.visibleRect ?? { width: codedWidth, height: codedHeight };
    const bytes = hasPlanes(frame)
      ? width * height + 2 * Math.ceil(width / 2) * Math.ceil(height / 2)
      : width * height * 4;
    return { display: { width: displayWidth, height: displayHeight }, bytes };
  }
  const { width, height } = frame;
  if (width === 0 || height === 0) throw failure('InvalidStateError', 'The ImageBitmap is closed.');
  return { display: { width, height }, bytes: width * height * 4 };
}

/**
 * Copies a frame's pixels into linear memory, as they are stored, as RGB or as the YCbCr planes it is made of. Display P3 keeps its
 * colours; all others become sRGB. Allocates on the memory's stack; does not close the frame.
 * @throws OperationError when the host cannot read it.
 */
export async function readFrame(memory: KernelMemory, frame: Frame): Promise<ReadFrame> {
  if (frame instanceof VideoFrame) return readVideoFrame(memory, frame);
  if (frame instanceof ImageBitmap) return readBitmap(memory, frame);
  return readImageData(memory, frame);
}

async function readVideoFrame(memory: KernelMemory, frame: OrientedFrame): Promise<ReadFrame> {
  const { visibleRect, displayWidth, displayHeight } = frame;
  const display = { width: displayWidth, height: displayHeight };
  const colorSpace = colorSpaceOf(frame);
  const image = visibleRect && (await copyPixels(memory, frame, visibleRect.width, visibleRect.height));
  if (!image) return drawPixels(memory, frame, display, colorSpace);
  return { image, orientation: turned(frame.rotation ?? 0, frame.flip ?? false), colorSpace, display };
}

async function readBitmap(memory: KernelMemory, bitmap: ImageBitmap): Promise<ReadFrame> {
  const { width, height } = bitmap;
  const display = { width, height };
  // A bitmap does not tell its colour space; the frame made of it does (Chromium 156).
  let colorSpace: PredefinedColorSpace = 'srgb';
  let orientation = UPRIGHT;
  let image: PixelImage | undefined;
  // WebKit draws a bitmap to make a frame of it, which then may be of zeros in workers (WebKitGTK 2.50).
  if (await convertsFormats()) {
    const frame: OrientedFrame = new VideoFrame(bitmap, { timestamp: 0 });
    try {
      colorSpace = colorSpaceOf(frame);
      // The bitmap of a JPEG that is turned by its Exif makes a frame that is turned (Chromium 156).
      const turning = turned(frame.rotation ?? 0, frame.flip ?? false);
      const stored = turnedSize(display, turning);
      // Firefox 153 takes the whole picture for a bitmap that is a part of it.
      const { visibleRect } = frame;
      if (visibleRect?.width === stored.width && visibleRect.height === stored.height) {
        image = await copyPixels(memory, frame, stored.width, stored.height);
        if (image) orientation = turning;
      }
    } finally {
      frame.close();
    }
  }
  if (!image) return drawPixels(memory, bitmap, display, colorSpace);
  return { image, orientation, colorSpace, display };
}

/** Engines with sRGB only leave `colorSpace` out. */
function readImageData(
  memory: KernelMemory,
  { data, width, height, colorSpace: given = 'srgb' }: ImageDataRecord,
): ReadFrame {
  const colorSpace = given === 'display-p3' ? given : 'srgb';
  const bytes = inBytes(data);
  if (colorSpace === given) {
    const image = store(memory, bytes, width, height);
    return { image, orientation: UPRIGHT, colorSpace, display: { width, height } };
  }
  // Another colour space: a canvas converts.
  const context = canvas(width, height, colorSpace);
  context.putImageData(new ImageData(bytes, width, height, { colorSpace: given }), 0, 0);
  return readCanvas(memory, context, colorSpace);
}

/** Float pixels, from 0 to 1, as bytes; what lies outside is clipped (ImageData with `pixelFormat` in Chromium). */
function inBytes(data: ImageData['data']): Uint8ClampedArray<ArrayBuffer> {
  if (data instanceof Uint8ClampedArray) return data;
  return Uint8ClampedArray.from(data as ArrayLike<number>, (value) => value * 255);
}

/** `copyTo` straight into linear memory, or undefined where the format is one that the kernels do not read. */
async function copyPixels(
  memory: KernelMemory,
  frame: VideoFrame,
  width: number,
  height: number,
): Promise<PixelImage | undefined> {
  const { format, colorSpace } = frame;
  if (format === 'I420' || format === 'NV12') {
    const colour = yuvColour(colorSpace);
    const copied = colour && (await copyPlanes(memory, frame, format, width, height, colour));
    if (copied) return copied;
  } else if (format === 'RGBA' || format === 'BGRA' || format === 'RGBX' || format === 'BGRX') {
    if (isSrgb(colorSpace) || isDisplayP3(colorSpace)) {
      const copied = copyPacked(memory, frame, format, width, height, {});
      // WebKitGTK 2.50 cannot copy RGBX and BGRX, and draws more of a frame than is visible.
      const whole = width === frame.codedWidth && height === frame.codedHeight;
      return whole && format.endsWith('X') ? copied.catch(() => undefined) : copied;
    }
  }
  // Safari ignores `format` without a word (WebKitGTK 2.50 too): the size it would need gives it away.
  const toRgba: VideoFrameCopyToOptions = { format: 'RGBA', colorSpace: colorSpaceOf(frame) };
  try {
    if (format === null || frame.allocationSize(toRgba) !== width * height * 4) return undefined;
  } catch {
    return undefined; // no conversion from this format here
  }
  if (format === 'RGBA' || format === 'RGBX' || format === 'BGRA' || format === 'BGRX') {
    // The same size whether `format` is honoured or not: trust the engines that convert I420 only.
    if (!(await convertsFormats())) return undefined;
  }
  return copyPacked(memory, frame, 'RGBA', width, height, toRgba);
}

async function copyPacked(
  memory: KernelMemory,
  frame: VideoFrame,
  format: PackedImage['format'],
  width: number,
  height: number,
  options: VideoFrameCopyToOptions,
): Promise<PackedImage> {
  const stride = width * 4;
  const address = memory.alloc(stride * height);
  await frame.copyTo(memory.bytes(address, stride * height), { ...options, layout: [{ offset: 0, stride }] });
  return { format, width, height, address, stride };
}

async function copyPlanes(
  memory: KernelMemory,
  frame: VideoFrame,
  format: PlanarImage['format'],
  width: number,
  height: number,
  colour: YuvColour,
  rect?: DOMRectInit,
): Promise<PlanarImage | undefined> {
  const chromaWidth = (width + 1) >> 1;
  const chromaHeight = (height + 1) >> 1;
  const rows = format === 'I420' ? [height, chromaHeight, chromaHeight] : [height, chromaHeight];
  const strides = format === 'I420' ? [width, chromaWidth, chromaWidth] : [width, chromaWidth * 2];
  const layout: PlaneLayout[] = [];
  let bytes = 0;
  for (const [i, stride] of strides.entries()) {
    layout.push({ offset: bytes, stride });
    bytes += stride * rows[i]!;
  }
  if (!rect && frame.allocationSize() < bytes) {
    // Firefox 153 leaves out the last column and row of chroma where a side is odd: an even rectangle is copied, if there is one.
    const { x, y } = frame.visibleRect!;
    const coded = { width: chromaWidth * 2, height: chromaHeight * 2 };
    if (x + coded.width > frame.codedWidth || y + coded.height > frame.codedHeight) return undefined;
    const image = await copyPlanes(memory, frame, format, coded.width, coded.height, colour, { x, y, ...coded });
    return image && { ...image, width, height, coded };
  }
  const address = memory.alloc(bytes);
  await frame.copyTo(memory.bytes(address, bytes), { layout, ...(rect && { rect }) });
  const planes = layout.map(({ offset, stride }) => ({ address: address + offset, stride }));
  return { format, width, height, planes, colour };
}

/**
 * The last resort: a canvas draws the frame upright and is read back, in the colour space asked for where the engine's
 * canvas has it.
 */
function drawPixels(
  memory: KernelMemory,
  frame: VideoFrame | ImageBitmap,
  { width, height }: Size,
  colorSpace: PredefinedColorSpace,
): ReadFrame {
  const isKept = kept?.colorSpace === colorSpace && kept.canvas.width === width && kept.canvas.height === height;
  const { context } = isKept ? kept! : (kept = keptCanvas(width, height, colorSpace));
  context.drawImage(frame, 0, 0, width, height);
  return readCanvas(memory, context, colorSpace);
}

/** The canvas that drew the last frame: a new one costs WebKit half as much again as drawing. */
let kept: ReturnType<typeof keptCanvas> | undefined;

function keptCanvas(width: number, height: number, colorSpace: PredefinedColorSpace) {
  const context = canvas(width, height, colorSpace);
  // What is drawn replaces what was there.
  context.globalCompositeOperation = 'copy';
  return { context, canvas: context.canvas, colorSpace };
}

function readCanvas(
  memory: KernelMemory,
  context: OffscreenCanvasRenderingContext2D,
  wanted: PredefinedColorSpace,
): ReadFrame {
  const { width, height } = context.canvas;
  const { data, colorSpace = 'srgb' } = context.getImageData(0, 0, width, height, { colorSpace: wanted });
  const image = store(memory, data, width, height);
  return { image, orientation: UPRIGHT, colorSpace, display: { width, height } };
}

function canvas(
  width: number,
  height: number,
  colorSpace: PredefinedColorSpace = 'srgb',
): OffscreenCanvasRenderingContext2D {
  const context = new OffscreenCanvas(width, height).getContext('2d', { colorSpace, willReadFrequently: true });
  if (!context) throw failure('OperationError', `The browser has no canvas of ${width} × ${height} pixels.`);
  return context;
}

function store(memory: KernelMemory, data: ImageData['data'], width: number, height: number): PackedImage {
  const address = memory.alloc(data.byteLength);
  memory.bytes(address, data.byteLength).set(data);
  return { format: 'RGBA', width, height, address, stride: width * 4 };
}

let formatsConverted: Promise<boolean> | undefined;

/** Whether `copyTo` honours `format`: a red pixel tells RGBA from BGRA. */
function convertsFormats(): Promise<boolean> {
  formatsConverted ??= probe(async (frame) => {
    const rgba = new Uint8Array(frame.allocationSize({ format: 'RGBA' }));
    const bgra = new Uint8Array(rgba.length);
    await frame.copyTo(rgba, { format: 'RGBA' });
    await frame.copyTo(bgra, { format: 'BGRA' });
    return rgba[0] === 255 && bgra[2] === 255 && bgra[0] === 0;
  });
  return formatsConverted;
}

/** Asks a question of a red 2 × 2 frame; an engine that throws says no. */
async function probe(question: (frame: VideoFrame) => Promise<boolean>): Promise<boolean> {
  try {
    const context = canvas(2, 2);
    context.fillStyle = '#f00';
    context.fillRect(0, 0, 2, 2);
    const bitmap = await createImageBitmap(context.canvas);
    const frame = new VideoFrame(bitmap, { timestamp: 0 });
    bitmap.close();
    try {
      return await question(frame);
    } finally {
      frame.close();
    }
  } catch {
    return false;
  }
}

/** Closes a frame of any kind, if it is one that can be; closing twice is no error. */
export function closeFrame(frame: Frame | ImageData | Blob): void {
  if ('close' in frame) frame.close();
}
