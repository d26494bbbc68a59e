import type { instantiate } from '../../build/kernels.js';
import { LARGEST_CALL_BYTES, withRecords } from '../../build/records.js';
import { failure, reasonText } from '../errors.ts';
import { KernelMemory } from './memory.ts';

/**
 * The kernels' exported functions, typed by what the compiler wrote; those that take a record are called with its
 * fields. Where that is often, the fields stand in one literal: V8 takes 3 µs to spread another object into it.
 */
export type KernelExports = ReturnType<typeof withRecords<Awaited<ReturnType<typeof instantiate>>>>;

/** One instance of the kernels and the memory it works on. */
export type KernelInstance<Memory extends KernelMemory = KernelMemory> = {
  readonly kernels: KernelExports;
  readonly memory: Memory;
};

/** Where compiled kernels can come from. */
export type KernelSource = BufferSource | URL | string | Response | WebAssembly.Module;

/**
 * Compiles the kernels.
 * @throws OperationError when they cannot be loaded or this engine has no WebAssembly SIMD.
 */
export async function compileKernels(source: KernelSource): Promise<WebAssembly.Module> {
  if (source instanceof WebAssembly.Module) return source;
  const from = source instanceof URL || typeof source === 'string' ? String(source) : 'the given bytes';
  try {
    if (source instanceof URL || typeof source === 'string') return await compileResponse(await fetch(source));
    if (typeof Response !== 'undefined' && source instanceof Response) return await compileResponse(source);
    return await WebAssembly.compile(source as BufferSource);
  } catch (cause) {
    throw failure('OperationError', `The kernels could not be loaded from ${from}: ${reasonText(cause)}`, cause);
  }
}

async function compileResponse(response: Response): Promise<WebAssembly.Module> {
  if (!response.ok) throw new Error(`HTTP status ${response.status}`);
  // Streaming needs the MIME type; a server that does not know .wasm must not cost us the kernels.
  return response.headers.get('content-type')?.startsWith('application/wasm')
    ? WebAssembly.compileStreaming(response)
    : WebAssembly.compile(await response.arrayBuffer());
}

/** Instantiates compiled kernels on fresh memory of at most `maximumBytes`. */
export function instantiateKernels(module: WebAssembly.Module, maximumBytes?: number): Promise<KernelInstance> {
  return instantiateOn(module, new KernelMemory(maximumBytes));
}

/** Instantiates compiled kernels on memory that no others work on. */
export async function instantiateOn<Memory extends KernelMemory>(
  module: WebAssembly.Module,
  memory: Memory,
): Promise<KernelInstance<Memory>> {
  const { exports } = await WebAssembly.instantiate(module, { env: { memory: memory.memory } });
  // The record of the kernel at work lies between the kernels' tables and the stack.
  const record = Math.ceil((exports['heapBase'] as WebAssembly.Global<'i32'>).value / 4) * 4;
  memory.setBase(record + LARGEST_CALL_BYTES);
  const kernels = exports as unknown as Awaited<ReturnType<typeof instantiate>>;
  return { kernels: withRecords(kernels, () => memory.allWords(), record / 4), memory };
}
