/** What the page asks of a worker. What can be moved is moved when the call is made, not before. */
import { transfer, type Remote } from 'comlink';
import type { Frame } from '../../worker/frame/frame.ts';
import type { PartPlace } from '../../worker/jpeg/parts.ts';
import type { KeptFrame } from '../../worker/frame/keep.ts';
import type { DevelopSettings } from '../../worker/options.ts';
import type { WorkerPhoto } from '../../worker/photo.ts';
import type { DevelopService } from '../../worker/service.ts';
import type { CodedRows, CompressedRows, DevelopedRows, EncodedRows, PngPlace } from '../../worker/rows.ts';

/** One thing for a worker to do. */
export type Call<T> = (remote: Remote<DevelopService>) => Promise<T>;

/** Develops a frame, or a picture in a file. */
export function develop(frame: Frame | Blob, settings: DevelopSettings): Call<WorkerPhoto> {
  return (remote) => remote.develop(frame instanceof Blob ? frame : moved(frame), settings);
}

/** Copies a frame off its camera. */
export function keep(frame: VideoFrame | ImageBitmap): Call<KeptFrame> {
  return (remote) => remote.keep(moved(frame));
}

/** Develops rows of a photo, which come as a frame of their own, up to the step that needs the other rows. */
export function developRows(frame: Frame, settings: DevelopSettings): Call<DevelopedRows> {
  return (remote) => remote.developRows(moved(frame), settings);
}

/** Makes the bytes of rows of a photo, which come as a frame of their own. */
export function encodeRows(
  frame: Frame,
  place: Omit<PartPlace, 'counts'>,
  settings: DevelopSettings,
): Call<EncodedRows> {
  return (remote) => remote.encodeRows(moved(frame), place, settings);
}

/** Makes the bytes of developed rows. */
export function codeRows(rows: DevelopedRows, place: PartPlace, settings: DevelopSettings): Call<CodedRows> {
  return (remote) => remote.codeRows(transfer(rows, [rows.part.tokens.buffer]), place, settings);
}

/** Compresses rows of a photo, which come as a frame of their own. */
export function compressRows(frame: Frame, place: PngPlace, settings: DevelopSettings): Call<CompressedRows> {
  return (remote) => remote.compressRows(moved(frame), place, settings);
}

/** Makes the bytes that come before and after compressed rows. */
export function framePng(...args: Parameters<DevelopService['framePng']>): Call<ReturnTypeOf<'framePng'>> {
  return (remote) => remote.framePng(...args);
}

type ReturnTypeOf<M extends keyof DevelopService> = Awaited<ReturnType<DevelopService[M]>>;

function moved<F extends Frame>(frame: F): F {
  return transfer(frame, [frame instanceof VideoFrame || frame instanceof ImageBitmap ? frame : frame.data.buffer]);
}
