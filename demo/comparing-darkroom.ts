import { Darkroom, type DevelopOptions, type Photo } from '../src/index.ts';

/**
 * A darkroom that knows how photos were before their red eyes were corrected: where some were found, the frame is
 * developed once more without the correction. All other photos cost a second handle to their frame, no second
 * development.
 */
export class ComparingDarkroom extends Darkroom {
  readonly #befores = new WeakMap<Blob, Blob>();

  /** The file that this photo would have been without red-eye reduction; undefined where nothing was corrected. */
  before({ blob }: Photo): Blob | undefined {
    return this.#befores.get(blob);
  }

  /** As in any darkroom; the copy of the frame too is closed on every path. */
  override async develop(frame: ImageBitmap | VideoFrame | ImageData, options: DevelopOptions = {}): Promise<Photo> {
    if (!options.redEyeReduction || frame instanceof ImageData) return super.develop(frame, options);
    const copy = await copyOf(frame);
    try {
      const photo = await super.develop(frame, options);
      if (copy && photo.redEyes.length > 0) {
        // The photo is made: an abort, as when a burst ends, is too late for it.
        const plain = super.develop(copy, { ...options, redEyeReduction: false, signal: undefined });
        // A photo is no worse for having nothing to be compared with.
        const before = await plain.catch(() => undefined);
        if (before) this.#befores.set(photo.blob, before.blob);
      }
      return photo;
    } finally {
      copy?.close();
    }
  }
}

/** A VideoFrame's copy shares its pixels. Undefined for a closed frame, or where there is no memory for a bitmap's. */
async function copyOf(frame: ImageBitmap | VideoFrame): Promise<ImageBitmap | VideoFrame | undefined> {
  try {
    return frame instanceof ImageBitmap ? await createImageBitmap(frame) : frame.clone();
  } catch {
    return undefined;
  }
}
