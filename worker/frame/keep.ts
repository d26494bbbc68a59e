/**
 * Frames that may be kept. A camera lends few of its frames at a time – Chromium 156 gives no more while two are open,
 * clones included –, so that whoever wants to keep one needs its pixels in memory of their own.
 */
import type { OrientedFrame } from './frame-facts.ts';
import { isPlanar, type ReadFrame } from './image.ts';
import { isUpright } from './orientation.ts';
import { readFrame } from './read.ts';
import type { KernelInstance } from '../memory/kernels.ts';
import { measureSharpness } from '../sharpness.ts';

/** What keeping a frame gives. */
export type KeptFrame = {
  /** The picture, with pixels of its own; whoever receives it closes it. */
  frame: VideoFrame | ImageBitmap;
  /** How sharp it is: see `DevelopOptions.measureSharpness`. */
  sharpness: number;
};

/** VideoFrameBufferInit with the members that TypeScript's lib does not know yet (Chromium 138). */
type OrientedInit = VideoFrameBufferInit & { rotation?: number; flip?: boolean };

/**
 * Copies a VideoFrame, which is closed as soon as it is read, keeping timestamp, orientation, display size and colours.
 * An ImageBitmap has pixels of its own already and is handed back.
 * @throws as `readFrame` does.
 */
export async function keepFrame(instance: KernelInstance, frame: VideoFrame | ImageBitmap): Promise<KeptFrame> {
  const { memory } = instance;
  memory.reset();
  const source = await readFrame(memory, frame);
  const sharpness = measureSharpness(instance, source.image);
  const kept = frame instanceof VideoFrame ? copyOf(instance, frame, source) : frame;
  memory.reset();
  return { frame: kept, sharpness };
}

function copyOf(
  { memory }: KernelInstance,
  frame: VideoFrame,
  { image, orientation, ...facts }: ReadFrame,
): VideoFrame {
  const { rotation = 0, flip = false }: OrientedFrame = frame;
  const { timestamp, duration } = frame;
  frame.close();
  const { format, width, height } = image;
  const planes = isPlanar(image) ? image.planes : [image];
  const coded = (isPlanar(image) && image.coded) || { width, height };
  const rows = planes.map((_, i) => (i === 0 ? coded.height : (coded.height + 1) >> 1));
  const start = planes[0]!.address;
  const end = Math.max(...planes.map(({ address, stride }, i) => address + stride * rows[i]!));
  const turned = !isUpright(orientation);
  const aside = turned && rotation % 180 !== 0;
  const { display } = facts;
  const init: OrientedInit = {
    format,
    codedWidth: coded.width,
    codedHeight: coded.height,
    // WebKitGTK 2.50 takes the bytes for those of the visible part.
    ...(coded.width + coded.height > width + height && { visibleRect: { x: 0, y: 0, width, height } }),
    // Of a canvas it is -2^63 in WebKitGTK 2.50, which no frame may be made with.
    timestamp: Number.isSafeInteger(timestamp) ? timestamp : 0,
    ...(Number.isSafeInteger(duration) && { duration: duration! }),
    // The display size is given as it is before the rotation (Chromium 156).
    displayWidth: aside ? display.height : display.width,
    displayHeight: aside ? display.width : display.height,
    layout: planes.map(({ address, stride }) => ({ offset: address - start, stride })),
    colorSpace: colorSpaceInit(image, facts.colorSpace),
    ...(turned && { rotation, flip }),
  };
  return new VideoFrame(memory.bytes(start, end - start), init);
}

function colorSpaceInit(image: ReadFrame['image'], colorSpace: PredefinedColorSpace): VideoColorSpaceInit {
  const primaries = colorSpace === 'display-p3' ? ('smpte432' as VideoColorPrimaries) : 'bt709';
  if (!isPlanar(image)) return { primaries, transfer: 'iec61966-2-1', matrix: 'rgb', fullRange: true };
  const { matrix, fullRange } = image.colour;
  return { primaries, transfer: 'bt709', matrix: matrix === 'bt601' ? 'smpte170m' : 'bt709', fullRange };
}
