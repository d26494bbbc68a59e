import { transfer } from 'comlink';
import { decodePicture } from './decode.ts';
import { develop } from './develop.ts';
import { closeFrame, type Frame } from './frame.ts';
import { openTap, type TapRequest } from './frame-tap.ts';
import type { PartPlace } from './jpeg/parts.ts';
import { compileKernels, instantiateKernels, type KernelInstance, type KernelSource } from './kernels.ts';
import { keepFrame, type KeptFrame } from './keep.ts';
import { holdForLife } from './life-lock.ts';
import type { DevelopSettings } from './options.ts';
import type { WorkerPhoto } from './photo.ts';
import { DarkroomError } from './rpc.ts';
import {
  codeRows,
  compressRows,
  developRows,
  encodeRows,
  framePng,
  type CodedRows,
  type CompressedRows,
  type DevelopedRows,
  type EncodedRows,
  type PngPlace,
} from './share.ts';

/** What a worker is told when it starts. */
export type ServiceStart = {
  /** Where the kernels are, when they do not lie beside the worker. */
  wasmUrl: string | undefined;
  /** A Web Lock that the worker holds for life, so that its owner learns of its death. */
  lifeLock: string;
};

/** What the page calls; work is done in the order of the calls, one after the other. */
export class DevelopService {
  readonly #kernels: KernelSource;
  #instance: KernelInstance | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  /** @param kernels where the compiled kernels are, unless `start()` is told otherwise */
  constructor(kernels: KernelSource) {
    this.#kernels = kernels;
  }

  /** Loads the kernels; resolves when frames can come, with whether the life lock is held. */
  async start({ wasmUrl, lifeLock }: ServiceStart): Promise<boolean> {
    try {
      const held = holdForLife(lifeLock);
      this.#instance = await instantiateKernels(await compileKernels(wasmUrl ?? this.#kernels));
      return await held;
    } catch (thrown) {
      throw new DarkroomError(thrown);
    }
  }

  /**
   * Opens a tap on a track; resolves with whether the life lock is held. A worker that does nothing else need not be
   * started.
   */
  openTap(request: TapRequest): Promise<boolean> {
    openTap(request);
    return holdForLife(request.lifeLock);
  }

  /** Develops one frame and closes it, whatever happens; a picture in a file is decoded first. */
  async develop(given: Frame | Blob, settings: DevelopSettings): Promise<WorkerPhoto> {
    const frame = given instanceof Blob ? await this.#work(undefined, () => decodePicture(given)) : given;
    return this.#work(frame, async (instance) => {
      const photo = await develop(instance, frame, settings);
      return photo.file instanceof Blob
        ? photo
        : transfer(
            photo,
            photo.file.map(({ buffer }) => buffer),
          );
    });
  }

  /** Takes a frame off its camera; the frame given is closed, whatever happens. */
  keep(frame: VideoFrame | ImageBitmap): Promise<KeptFrame> {
    return this.#work(frame instanceof VideoFrame ? frame : undefined, async (instance) => {
      const kept = await keepFrame(instance, frame);
      return transfer(kept, [kept.frame]);
    });
  }

  /** Develops rows of a photo, a frame of their own, and closes it, whatever happens. */
  developRows(frame: Frame, settings: DevelopSettings): Promise<DevelopedRows> {
    return this.#work(frame, async (instance) => {
      const rows = await developRows(instance, frame, settings);
      return transfer(rows, [rows.part.tokens.buffer]);
    });
  }

  /** Makes the bytes of rows of a photo, a frame of their own, and closes it, whatever happens. */
  encodeRows(frame: Frame, place: Omit<PartPlace, 'counts'>, settings: DevelopSettings): Promise<EncodedRows> {
    return this.#work(frame, async (instance) => {
      const rows = await encodeRows(instance, frame, place, settings);
      return transfer(rows, [rows.bytes.buffer]);
    });
  }

  /** Makes the bytes of developed rows. */
  codeRows(rows: DevelopedRows, place: PartPlace, settings: DevelopSettings): Promise<CodedRows> {
    return this.#work(undefined, (instance) => {
      const coded = codeRows(instance, rows, place, settings);
      return transfer(coded, [coded.bytes.buffer]);
    });
  }

  /** Compresses rows of a photo, a frame of their own, and closes it, whatever happens. */
  compressRows(frame: Frame, place: PngPlace, settings: DevelopSettings): Promise<CompressedRows> {
    return this.#work(frame, async (instance) => {
      const rows = await compressRows(instance, frame, place, settings);
      return transfer(rows, [rows.bytes.buffer]);
    });
  }

  /** Says what comes before and behind compressed rows. */
  framePng(...args: Parameters<typeof framePng>): Promise<ReturnType<typeof framePng>> {
    return this.#work(undefined, () => framePng(...args));
  }

  async #work<T>(frame: Frame | undefined, work: (instance: KernelInstance) => T | Promise<T>): Promise<T> {
    const turn = this.#turn.then(() => {
      if (!this.#instance) throw new Error('The worker was not started.');
      return work(this.#instance);
    });
    this.#turn = turn.catch(() => {});
    try {
      return await turn;
    } catch (thrown) {
      throw new DarkroomError(thrown);
    } finally {
      if (frame) closeFrame(frame);
    }
  }

  /** Bytes of linear memory held now. */
  memoryBytes(): number {
    return this.#instance?.memory.byteLength ?? 0;
  }
}
