/**
 * The largest file that the page makes a Blob of, in bytes: that takes it 2 ms. 3 MB would block the page for 5 ms, so
 * workers make the Blobs of larger files.
 */
const PAGE_BLOB_BYTES = 2 ** 20;

/** A part of a file on its way to the page: a Blob when it is large, else bytes. */
export type FilePart = Blob | Uint8Array<ArrayBuffer>;

/**
 * How many weights are kept: two or three would be gone with the next minor collection, which does not look at Blobs.
 */
const WEIGHTS = 8;
const weights: ArrayBuffer[] = [];

/**
 * Lets the garbage collector know what a Blob weighs. A Blob's bytes live until its handles are collected, the worker's
 * and the page's, but count for nothing: 600 photos of 5 MB took 2.5 GB. Beside each stands a buffer of its size in
 * turn, which nobody writes to, so that it is address space, not memory.
 */
function weigh(blob: Blob): Blob {
  weights.push(new ArrayBuffer(blob.size));
  if (weights.length > WEIGHTS) weights.shift();
  return blob;
}

/**
 * Copies a part of a file of this type. It is one of `among` parts, which share the {@link PAGE_BLOB_BYTES} that the
 * page may make a Blob of.
 */
export function filePart(parts: readonly Uint8Array<ArrayBuffer>[], type: string, among = 1): FilePart {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  if (length > PAGE_BLOB_BYTES / among) return weigh(new Blob([...parts], { type }));
  const copy = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    copy.set(part, at);
    at += part.length;
  }
  return copy;
}

/** What can be transferred of a file. */
export function movable(file: readonly FilePart[]): ArrayBuffer[] {
  return file.flatMap((part) => (part instanceof Blob ? [] : [part.buffer]));
}

/** The page's Blob of a file. Putting Blobs together copies nothing. */
export function toBlob(file: readonly FilePart[], type: string): Blob {
  const [only] = file;
  const blob = only instanceof Blob && file.length === 1 ? only : new Blob([...file], { type });
  return blob.size > PAGE_BLOB_BYTES ? weigh(blob) : blob;
}
