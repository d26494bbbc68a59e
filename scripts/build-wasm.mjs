/** Compiles assembly/ into build/: the release kernels always, the debug kernels with `--debug`. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const targets = process.argv.includes('--debug') ? ['release', 'debug'] : ['release'];

for (const target of targets) {
  const transforms = ['separate', 'records'].flatMap((name) => ['--transform', `./scripts/${name}.mjs`]);
  const options = ['--target', target, ...transforms];
  const asc = spawnSync(process.execPath, ['node_modules/assemblyscript/bin/asc.js', ...options], {
    cwd: root,
    stdio: 'inherit',
  });
  if (asc.status !== 0) process.exit(asc.status ?? 1);
}
