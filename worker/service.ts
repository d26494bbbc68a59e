import { develop } from './develop.ts';
import { closeFrame, type Frame } from './frame.ts';
import { compileKernels, instantiateKernels, type KernelInstance } from './kernels.ts';
import type { DevelopSettings } from './options.ts';
import type { WorkerPhoto } from './photo.ts';
import { DarkroomError } from './rpc.ts';

/** What a worker is told when it starts. */
export type ServiceStart = {
  /** Where the kernels are, when they do not lie beside the worker. */
  wasmUrl: string | undefined;
  /** A Web Lock that the worker holds for life, so that its owner learns of its death. */
  lifeLock: string;
};

/** What the page calls, one frame at a time. */
export class DevelopService {
  readonly #defaultWasmUrl: URL;
  #instance: KernelInstance | undefined;

  constructor(defaultWasmUrl: URL) {
    this.#defaultWasmUrl = defaultWasmUrl;
  }

  /** Loads the kernels; resolves when frames can come, with whether the life lock is held. */
  async start({ wasmUrl, lifeLock }: ServiceStart): Promise<boolean> {
    try {
      const held = holdForLife(lifeLock);
      this.#instance = await instantiateKernels(await compileKernels(wasmUrl ?? this.#defaultWasmUrl));
      return await held;
    } catch (thrown) {
      throw new DarkroomError(thrown);
    }
  }

  /** Develops one frame and closes it, whatever happens. */
  async develop(frame: Frame, settings: DevelopSettings): Promise<WorkerPhoto> {
    try {
      if (!this.#instance) throw new Error('The worker was not started.');
      return await develop(this.#instance, frame, settings);
    } catch (thrown) {
      throw new DarkroomError(thrown);
    } finally {
      closeFrame(frame);
    }
  }

  /** Bytes of linear memory held now. */
  memoryBytes(): number {
    return this.#instance?.memory.byteLength ?? 0;
  }
}

/** Takes a Web Lock that is freed by this worker's death alone; false where there are none. */
function holdForLife(name: string): Promise<boolean> {
  return new Promise((resolve) => {
    if (!navigator.locks) return resolve(false);
    const hold = (): Promise<never> => {
      resolve(true);
      return new Promise(() => {});
    };
    navigator.locks.request(name, hold).catch(() => resolve(false));
  });
}
