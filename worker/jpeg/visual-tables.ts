import { quantisationTables } from './tables.ts';
export function visualTables(quality: number): [number[], number[]] {
  return ((globalThis as any).DEVTAB ?? quantisationTables)(quality);
}
