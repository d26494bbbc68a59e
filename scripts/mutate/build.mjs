/** Kernels of changed sources, compiled in this process: half a second without optimisation. */
import asc from 'assemblyscript/asc';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const { options, targets } = JSON.parse(readFileSync(new URL('../../asconfig.json', import.meta.url), 'utf8'));
const ARGUMENTS = Object.entries({ ...options, use: targets.release.use, noAssert: targets.release.noAssert }).flatMap(
  ([name, value]) => (value === true ? [`--${name}`] : [`--${name}`, String(value)]),
);

/** The kernels with `text` in place of `file`, or null where that does not compile. `optimize`: how far, 0 to 3. */
export async function buildKernels(root, file, text, optimize = 0) {
  let wasm = null;
  // Nothing but the arguments counts: the configuration would optimise.
  const { error } = await asc.main(
    ['assembly/index.ts', ...ARGUMENTS, `-O${optimize}`, '--baseDir', root, '--outFile', 'kernels.wasm'],
    {
      readFile(name, base) {
        if (name === file) return text;
        if (name === 'asconfig.json') return null;
        try {
          return readFileSync(join(base, name), 'utf8');
        } catch {
          return null;
        }
      },
      writeFile(name, contents) {
        if (name === 'kernels.wasm') wasm = contents;
      },
      listFiles: () => [],
      stdout: { write() {} },
      stderr: { write() {} },
    },
  );
  return error ? null : wasm;
}
