import type { ResultFile } from '../../src/bench/result-file.ts';

/** Engine and machine, whatever their versions: results of the same device make one history. */
export function deviceOf({ engine, machine }: ResultFile): string {
  const { cpu, cores, system } = machine;
  return [engine.split(' ')[0], cpu ?? system ?? '?', `${cores ?? '?'} cores`].join(', ');
}
