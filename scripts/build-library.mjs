/**
 * Builds dist/: index.js, kernels.js, polyfill.js, bench.js, worker.js, kernels.wasm and the declarations. Asset URLs stand literally
 * as `new URL('./worker.js', import.meta.url)`, where bundlers look for them.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));
const ASSETS = { '../worker/index.ts': './worker.js', '../build/kernels.wasm': './kernels.wasm' };

/** Keeps Vite from bundling the assets: they are files of their own, beside the module. */
const assetsBeside = {
  name: 'assets-beside',
  enforce: 'pre',
  transform(code) {
    let out = code;
    for (const [source, asset] of Object.entries(ASSETS)) {
      out = out.replaceAll(
        `new URL('${source}', import.meta.url)`,
        `new URL(/* @vite-ignore */ '${asset}', import.meta.url)`,
      );
    }
    return out === code ? undefined : out;
  },
  renderChunk: (code) =>
    code.replace(
      /new URL\(\s*\/\* @vite-ignore \*\/\s*("[^"]+"),\s*import\.meta\.url,?\s*\)/g,
      'new URL($1, import.meta.url)',
    ),
};

rmSync(`${root}dist`, { recursive: true, force: true });
const bundle = (entry, external) =>
  build({
    configFile: false,
    root,
    logLevel: 'warn',
    plugins: [assetsBeside],
    build: {
      outDir: 'dist',
      emptyOutDir: false,
      target: 'es2022',
      minify: false,
      lib: { entry, formats: ['es'] },
      rolldownOptions: { external, output: { entryFileNames: '[name].js', chunkFileNames: 'chunk-[hash].js' } },
    },
  });
await bundle(
  { index: 'src/index.ts', kernels: 'src/kernels.ts', polyfill: 'src/polyfill.ts', bench: 'src/bench/index.ts' },
  ['comlink'],
);
await bundle({ worker: 'worker/index.ts' }, []);
copyFileSync(`${root}build/kernels.wasm`, `${root}dist/kernels.wasm`);
const { status } = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-b'], {
  cwd: root,
  stdio: 'inherit',
});
if (status !== 0) process.exit(status ?? 1);
for (const room of ['src', 'worker'])
  cpSync(`${root}.tsbuild/library/${room}`, `${root}dist/types/${room}`, { recursive: true });
