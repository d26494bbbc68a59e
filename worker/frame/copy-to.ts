import type { KernelMemory } from '../memory/memory.ts';
import { colorSpaceOf, isDisplayP3, isSrgb, yuvColour } from './color-space.ts';
import { convertsFormats } from './converts-formats.ts';
import type { PackedImage, PixelImage, PlanarImage, YuvColour } from './image.ts';

/** `copyTo` straight into linear memory, or undefined where the format is one that the kernels do not read. */
export async function copyPixels(
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
  } else if (isPacked(format)) {
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
  // The same size whether `format` is honoured or not: trust the engines that convert I420 only.
  if (isPacked(format) && !(await convertsFormats())) return undefined;
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
    // Firefox 153 leaves out the last column and row of chroma where a side is odd: an even rectangle is copied, if
    // there is one.
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

function isPacked(format: VideoPixelFormat | null): format is PackedImage['format'] {
  return format === 'RGBA' || format === 'BGRA' || format === 'RGBX' || format === 'BGRX';
}
