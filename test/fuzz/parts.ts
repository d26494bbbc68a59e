/** A case's photo made in parts, as several workers would: a JPEG has the bytes of the whole, a PNG its pixels. */
import assert from 'node:assert/strict';
import { planarToRgba } from '../../worker/color/color.ts';
import { exif } from '../../worker/metadata/exif.ts';
import { iccProfile } from '../../worker/metadata/icc.ts';
import { isPlanar, type PixelImage } from '../../worker/frame/image.ts';
import { isUpright, turned } from '../../worker/frame/orientation.ts';
import { codePart, encodePart, mcuHeight, PART_ROWS, tokenisePart } from '../../worker/jpeg/parts.ts';
import type { KernelInstance } from '../../worker/memory/kernels.ts';
import { encodePiece, joinPng } from '../../worker/png/pieces.ts';
import { RGB_LAYOUT } from '../../worker/png/reduce.ts';
import { readPng } from '../reference/png/png.ts';
import type { Case } from './case.ts';
import { load, type Developed } from './develop.ts';
import type { Stored } from './stored.ts';

/** Expects the parts of a photo that several workers may share to be the photo, joined. */
export function developInParts(instance: KernelInstance, given: Case, stored: Stored, made: Developed): void {
  if (!isShared(given, made)) return;
  const { memory } = instance;
  memory.reset();
  const image = load(instance, given, stored);
  const { height } = image;
  const high = Math.ceil(height / made.settings.workers / PART_ROWS) * PART_ROWS;
  const tops = Array.from({ length: Math.ceil(height / high) }, (_, i) => i * high);
  const parts = tops.map((top) => rowsOf(image, top, Math.min(high, height - top)));
  const mark = memory.mark();
  if (made.settings.type === 'image/png') {
    const joined = joinPieces(instance, parts, mark, made);
    assert(
      Buffer.compare(readPng(joined).pixels, readPng(made.file).pixels) === 0,
      'a PNG in pieces shows something else',
    );
  } else {
    const joined = Buffer.concat(jpegParts(instance, parts, tops, mark, made, given));
    assert(Buffer.compare(joined, made.file) === 0, 'a JPEG in parts has other bytes');
  }
}

function isShared(given: Case, { settings, geometry }: Developed): boolean {
  const { type, effort, maxBytes, metadata, mirror, redEyeReduction, workers } = settings;
  const { width, height, rotation, flip, format } = given;
  if (workers < 2 || maxBytes !== undefined || redEyeReduction || mirror || (metadata && metadata.thumbnail))
    return false;
  if (!isUpright(turned(rotation, flip)) || geometry.width !== width || geometry.height !== height) return false;
  return type === 'image/jpeg' ? effort !== 'size' : format !== 'RGBA' && format !== 'BGRA';
}

/** Rows of an image, from an even one on. */
function rowsOf(image: PixelImage, top: number, height: number): PixelImage {
  if (!isPlanar(image)) return { ...image, address: image.address + top * image.stride, height };
  const planes = image.planes.map(({ address, stride }, i) => ({
    address: address + (i === 0 ? top : top / 2) * stride,
    stride,
  }));
  return { ...image, planes, height };
}

function jpegParts(
  instance: KernelInstance,
  parts: PixelImage[],
  tops: number[],
  mark: number,
  { settings, geometry: { width, height } }: Developed,
  { colorSpace }: Case,
): Uint8Array[] {
  const { memory } = instance;
  const high = mcuHeight(settings.chromaSubsampling);
  const { type, metadata } = settings;
  const block = metadata ? exif(metadata, { type, width, height, colorSpace, thumbnail: undefined }) : undefined;
  const segments = { exif: block, profile: iccProfile(colorSpace) };
  const place = (i: number) => ({ firstRow: tops[i]! / high, rows: Math.ceil(height / high), height });
  if (settings.effort === 'speed') {
    return parts.map((part, i) => {
      memory.release(mark);
      return encodePart(instance, part, place(i), { ...settings, ...segments }).toBytes();
    });
  }
  const tokenised = parts.map((part) => {
    memory.release(mark);
    return tokenisePart(instance, part, settings);
  });
  const counts = tokenised[0]!.counts.map((_, symbol) =>
    tokenised.reduce((sum, part) => sum + part.counts[symbol]!, 0),
  );
  return tokenised.map((part, i) => {
    memory.release(mark);
    return codePart(instance, part, { ...place(i), counts }, segments).toBytes();
  });
}

function joinPieces(
  instance: KernelInstance,
  parts: PixelImage[],
  mark: number,
  { settings: { effort }, geometry: { width, height } }: Developed,
): Uint8Array {
  const { memory } = instance;
  const pieces = parts.map((_, i) => {
    memory.release(mark);
    // A PNG's filters look at the row above.
    const above = i === 0 ? 0 : 2;
    const image = above > 0 ? rowsOf(parts[i]!, -above, parts[i]!.height + above) : parts[i]!;
    const packed = isPlanar(image) ? planarToRgba(instance, image) : image;
    const { address, stride } = packed;
    const rows = { ...packed, address: address + above * stride, height: packed.height - above };
    const place = { first: i === 0, last: i === parts.length - 1 };
    const piece = encodePiece(instance, rows, { effort, layout: RGB_LAYOUT, ...place });
    return { ...piece, parts: piece.parts.map((bytes) => bytes.slice()) };
  });
  return Buffer.concat(joinPng({ width, height }, RGB_LAYOUT, pieces));
}
