/**
 * A transform of the AssemblyScript compiler: keeps functions of the red-eye search that run a few hundred times a
 * photograph, not once a pixel, from being copied into each place that calls them. The compiler inlines all that is
 * small, which would make these kernels larger by a quarter.
 */
import { Transform } from 'assemblyscript/transform';

/** Names of functions as the compiler writes them, or patterns of them. */
const SEPARATE = [
  'correct/*',
  'disc/*',
  'features/co*',
  'features/m*',
  'features/ray*',
  'picture/clampByte',
  'picture/planarPixel',
  'picture/weighted',
  'rays/*osine',
  'rays/levelOf',
  'rays/median*',
  'rays/s*',
  'redness/rednessRow',
  'surround/drawCircle',
  'surround/isSkin',
  'surround/nearest',
];

export default class SeparateFunctions extends Transform {
  afterCompile(module) {
    for (const name of SEPARATE) {
      this.binaryen.setPassArgument('no-inline', `assembly/red-eye/${name}`);
      module.runPasses(['no-inline']);
    }
  }
}
