/** One photo shared by several workers: each develops some of its rows, in two steps, for the codes depend on all of them. */
import { frameSize, readFrame, type Frame } from './frame.ts';
import { codePart, tokenisePart, type PartPlace, type TokenisedPart } from './jpeg/parts.ts';
import type { KernelInstance } from './kernels.ts';
import { exif } from './metadata/exif.ts';
import { iccProfile } from './metadata/icc.ts';
import type { DevelopSettings } from './options.ts';

/** Rows of a photo on their way to its file, and how long they took to read and to encode, in milliseconds. */
export type DevelopedRows = {
  part: TokenisedPart;
  colorSpace: PredefinedColorSpace;
  timings: { read: number; encode: number };
};

/** Bytes of a file, and the milliseconds they took to encode. */
export type CodedRows = { bytes: Uint8Array<ArrayBuffer>; encode: number };

/** The first step, for a frame that holds these rows alone. The frame is not closed here. */
export async function developRows(
  instance: KernelInstance,
  frame: Frame,
  settings: DevelopSettings,
): Promise<DevelopedRows> {
  const { memory } = instance;
  memory.reset();
  memory.reserve(frameSize(frame).bytes);
  const started = performance.now();
  const { image, colorSpace } = await readFrame(memory, frame);
  const read = performance.now();
  const part = tokenisePart(instance, image, settings);
  memory.reset();
  return { part, colorSpace, timings: { read: read - started, encode: performance.now() - read } };
}

/** The second step: the rows' bytes in the file. */
export function codeRows(
  instance: KernelInstance,
  { part, colorSpace }: DevelopedRows,
  place: PartPlace,
  settings: DevelopSettings,
): CodedRows {
  const started = performance.now();
  instance.memory.reset();
  const { type, metadata } = settings;
  const { width } = part.frame;
  const block = metadata
    ? exif(metadata, { type, width, height: place.height, colorSpace, thumbnail: undefined })
    : undefined;
  const bytes = codePart(instance, part, place, {
    ...settings,
    exif: block,
    profile: iccProfile(colorSpace),
  }).toBytes();
  instance.memory.reset();
  return { bytes, encode: performance.now() - started };
}
