import { readFile } from 'node:fs/promises';
import { compileKernels, instantiateOn, type KernelInstance } from '../../worker/memory/kernels.ts';
import { KernelMemory } from '../../worker/memory/memory.ts';

const GUARD = 64;
const VALUE = 0xa7;

/** Linear memory in which 64 bytes behind every allocation must stay as they are. */
export class GuardedMemory extends KernelMemory {
  readonly #guards: number[] = [];
  /** How many allocations were written past. */
  broken = 0;

  override alloc(bytes: number): number {
    const address = this.mark();
    super.extend(bytes + GUARD);
    this.#guard(address + bytes);
    return address;
  }

  override extend(bytes: number): void {
    super.extend(bytes);
    this.#guard(this.#guards.pop()! + bytes);
  }

  override release(mark: number): void {
    super.release(mark);
    this.#check(mark);
  }

  override reset(): void {
    super.reset();
    this.#check(this.mark());
  }

  #guard(address: number): void {
    this.bytes(address, GUARD).fill(VALUE);
    this.#guards.push(address);
  }

  /** Looks at the guards of what is no longer taken. */
  #check(top: number): void {
    while (this.#guards.length > 0 && this.#guards.at(-1)! >= top) {
      const guard = this.bytes(this.#guards.pop()!, GUARD);
      if (guard.some((byte) => byte !== VALUE)) this.broken++;
    }
  }
}

/** The kernels on guarded memory. */
export async function loadGuardedKernels(): Promise<KernelInstance<GuardedMemory>> {
  const wasm = await readFile(new URL('../../build/kernels.wasm', import.meta.url));
  return instantiateOn(await compileKernels(wasm), new GuardedMemory());
}
