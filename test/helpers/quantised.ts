/** Quantised blocks as the kernels keep them (assembly/jpeg/quantise.ts). */
import type { KernelMemory } from '../../worker/memory/memory.ts';
import { ZIGZAG } from '../../worker/jpeg/tables.ts';

/** Where the coefficient at zigzag position k lies in a transposed block. */
export function transposed(k: number): number {
  return (ZIGZAG[k]! & 7) * 8 + (ZIGZAG[k]! >> 3);
}

/** The coefficients of a record in zigzag order, large ones from their exact values. */
export function levelsOf({ memory: { buffer } }: KernelMemory, record: number, wide: number): Int16Array {
  const exact = new Int16Array(buffer, wide, 64);
  const levels = Int16Array.from(new Int8Array(buffer, record, 64));
  for (let k = 1; k < 64; k++) if (levels[k] === 127 || levels[k] === -128) levels[k] = exact[transposed(k)]!;
  levels[0] = new Int16Array(buffer, record + 72, 1)[0]!;
  return levels;
}
