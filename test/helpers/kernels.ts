import { readFile } from 'node:fs/promises';
import { compileKernels, instantiateKernels, type KernelInstance } from '../../worker/memory/kernels.ts';

const wasm = new URL('../../build/kernels.wasm', import.meta.url);

/** A fresh instance of the release kernels on memory of its own. */
export async function loadTestKernels(maximumBytes?: number): Promise<KernelInstance> {
  return instantiateKernels(await compileKernels(await readFile(wasm)), maximumBytes);
}
