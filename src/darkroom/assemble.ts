/** One photo by several workers: they develop its rows, and what they give is put together. */
import type { FilePart } from '../../worker/blob.ts';
import type { Frame } from '../../worker/frame/frame.ts';
import { mcuHeight, type PartPlace } from '../../worker/jpeg/parts.ts';
import type { DevelopSettings } from '../../worker/options.ts';
import type { DevelopedRows } from '../../worker/rows.ts';
import { codeRows, compressRows, developRows, encodeRows, framePng, type Call } from './calls.ts';
import type { Rows } from './divide.ts';

/** Gives work to the next worker that is free, with the frame that is moved to it. */
export type Ask = <T>(frame: Frame | undefined, call: Call<T>) => Promise<T>;

/** The parts of a file in order, and the milliseconds that reading and encoding took. */
export type Assembled = { bytes: FilePart[]; read: number; encode: number };

/** A frame of its own for each part of a photo, and the photo's size. */
export type Parts = { frames: readonly Frame[]; rows: readonly Rows[]; size: { width: number; height: number } };

/** Codes that are known beforehand need one step. */
export async function assembleFastJpeg(ask: Ask, parts: Parts, settings: DevelopSettings): Promise<Assembled> {
  const { frames, rows, size } = parts;
  const high = mcuHeight(settings.chromaSubsampling);
  const encoded = await Promise.all(
    frames.map((frame, i) => {
      const place = { firstRow: rows[i]!.y / high, rows: Math.ceil(size.height / high), height: size.height };
      return ask(frame, encodeRows(frame, place, settings));
    }),
  );
  return {
    bytes: encoded.map((part) => part.bytes),
    ...slowest(encoded),
  };
}

/** Codes are chosen when the symbols of all rows are known: every part goes to a worker twice. */
export async function assembleJpeg(ask: Ask, { frames, size }: Parts, settings: DevelopSettings): Promise<Assembled> {
  const developed = await Promise.all(frames.map((frame) => ask(frame, developRows(frame, settings))));
  const places = placeParts(developed, size.height);
  const coded = await Promise.all(developed.map((rows, i) => ask(undefined, codeRows(rows, places[i]!, settings))));
  const { read, encode } = slowest(developed);
  return {
    bytes: coded.map((part) => part.bytes),
    read,
    encode: encode + Math.max(...coded.map((part) => part.encode)),
  };
}

/** Compressed rows are complete; the checksum of the whole follows from theirs. */
export async function assemblePng(
  ask: Ask,
  { frames, rows, size }: Parts,
  settings: DevelopSettings,
): Promise<Assembled> {
  const compressed = await Promise.all(
    frames.map((frame, i) => {
      const place = { above: rows[i]!.above, first: i === 0, last: i === frames.length - 1 };
      return ask(frame, compressRows(frame, place, settings));
    }),
  );
  const checks = compressed.map(({ check }) => check);
  const { colorSpace } = compressed[0]!;
  const { head, tail } = await ask(undefined, framePng(checks, size, colorSpace, settings));
  return {
    bytes: [head, ...compressed.map((part) => part.bytes), tail],
    ...slowest(compressed),
  };
}

/** The times of the part that took longest: what is done at the same time counts once. */
function slowest(
  parts: readonly { timings: Pick<Assembled, 'read' | 'encode'> }[],
): Pick<Assembled, 'read' | 'encode'> {
  return parts
    .map(({ timings }) => timings)
    .reduce((longest, one) => (one.read + one.encode > longest.read + longest.encode ? one : longest));
}

/** Where each part's rows of MCUs come in the photo, and the symbols of all parts. */
function placeParts(parts: readonly DevelopedRows[], height: number): PartPlace[] {
  const counts = parts[0]!.part.counts.map((_, symbol) =>
    parts.reduce((sum, { part }) => sum + part.counts[symbol]!, 0),
  );
  const rows = parts.reduce((sum, { part }) => sum + part.rows.length, 0);
  let next = 0;
  return parts.map(({ part }) => {
    const firstRow = next;
    next += part.rows.length;
    return { firstRow, rows, height, counts };
  });
}
