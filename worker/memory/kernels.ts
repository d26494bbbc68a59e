import type { instantiate } from '../../build/kernels.js';
import { failure, reasonText } from '../errors.ts';
import { KernelMemory } from './memory.ts';

/** The kernels' exported functions, typed by what the compiler wrote. */
export type KernelExports = Awaited<ReturnType<typeof instantiate>>;

/** One instance of the kernels and the memory it works on. */
export type KernelInstance = { readonly kernels: KernelExports; readonly memory: KernelMemory };

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
export async function instantiateKernels(module: WebAssembly.Module, maximumBytes?: number): Promise<KernelInstance> {
  const memory = new KernelMemory(maximumBytes);
  const { exports } = await WebAssembly.instantiate(module, { env: { memory: memory.memory } });
  memory.setBase((exports['heapBase'] as WebAssembly.Global).value as number);
  return { kernels: exports as unknown as KernelExports, memory };
}
