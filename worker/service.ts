import { transfer } from 'comlink';
import { movable } from './blob.ts';
import { decodePicture } from './frame/decode.ts';
import { develop } from './develop.ts';
import { closeFrame, type Frame } from './frame/frame.ts';
import { openTap, type TapRequest } from './frame/frame-tap.ts';
import type { PartPlace } from './jpeg/parts.ts';
import { compileKernels, instantiateKernels, type KernelInstance, type KernelSource } from './memory/kernels.ts';
import { keepFrame, type KeptFrame } from './frame/keep.ts';
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
} from './rows.ts';

/** What the page calls; work is done in the order of the calls, one after the other. */
export class DevelopService {
  readonly #kernels: KernelSource;
  #instance: KernelInstance | undefined;
  #held: Promise<boolean> | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  /** @param kernels where the compiled kernels are, unless `start()` is told otherwise */
  constructor(kernels: KernelSource) {
    this.#kernels = kernels;
  }

  /**
   * Takes a Web Lock for life, so that its owner learns of this worker's death; resolves when it is held, with false
   * where there are none.
   */
  hold(lifeLock: string): Promise<boolean> {
    return (this.#held = holdForLife(lifeLock));
  }

  /**
   * Loads the kernels, from `wasmUrl` or from beside the worker; resolves when the worker can develop and its life
   * lock, if it was asked to hold one, is held.
   */
  async start(wasmUrl: string | undefined): Promise<void> {
    try {
      this.#instance = await instantiateKernels(await compileKernels(wasmUrl ?? this.#kernels));
      await this.#held;
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

  /** Develops one frame and always closes it; a picture in a file is decoded first. */
  async develop(given: Frame | Blob, settings: DevelopSettings): Promise<WorkerPhoto> {
    const frame = given instanceof Blob ? await this.#work(undefined, () => decodePicture(given)) : given;
    return this.#work(frame, async (instance) => {
      const photo = await develop(instance, frame, settings);
      return transfer(photo, movable(photo.file));
    });
  }

  /** Copies a frame off its camera. The frame given is always closed, unless it is itself returned. */
  keep(frame: VideoFrame | ImageBitmap): Promise<KeptFrame> {
    return this.#work(frame instanceof VideoFrame ? frame : undefined, async (instance) => {
      try {
        const kept = await keepFrame(instance, frame);
        return transfer(kept, [kept.frame]);
      } catch (error) {
        closeFrame(frame);
        throw error;
      }
    });
  }

  /** Develops rows of a photo, which come as a frame of their own, and always closes that frame. */
  developRows(frame: Frame, settings: DevelopSettings): Promise<DevelopedRows> {
    return this.#work(frame, async (instance) => {
      const rows = await developRows(instance, frame, settings);
      return transfer(rows, [rows.part.tokens.buffer]);
    });
  }

  /** Makes the bytes of rows of a photo, which come as a frame of their own, and always closes that frame. */
  encodeRows(frame: Frame, place: Omit<PartPlace, 'counts'>, settings: DevelopSettings): Promise<EncodedRows> {
    return this.#work(frame, async (instance) => {
      const rows = await encodeRows(instance, frame, place, settings);
      return transfer(rows, movable([rows.bytes]));
    });
  }

  /** Makes the bytes of developed rows. */
  codeRows(rows: DevelopedRows, place: PartPlace, settings: DevelopSettings): Promise<CodedRows> {
    return this.#work(undefined, (instance) => {
      const coded = codeRows(instance, rows, place, settings);
      return transfer(coded, movable([coded.bytes]));
    });
  }

  /** Compresses rows of a photo, which come as a frame of their own, and always closes that frame. */
  compressRows(frame: Frame, place: PngPlace, settings: DevelopSettings): Promise<CompressedRows> {
    return this.#work(frame, async (instance) => {
      const rows = await compressRows(instance, frame, place, settings);
      return transfer(rows, movable([rows.bytes]));
    });
  }

  /** Makes the bytes that come before and after compressed rows. */
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
