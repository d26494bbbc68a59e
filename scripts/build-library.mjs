/**
 * Builds dist/: index.js, kernels.js, polyfill.js, bench.js, worker.js, kernels.wasm and the declarations. Asset URLs
 * stand literally as `new URL('./worker.js', import.meta.url)`, where bundlers look for them. inline.js is index.js
 * with all of that inside.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));
const WORKER = '../../worker/index.ts';
const KERNELS = '../build/kernels.wasm';
const FILES = { [WORKER]: './worker.js', [KERNELS]: './kernels.wasm' };

const urlOf = (asset) => `new URL('${asset}', import.meta.url)`;

/** Keeps Vite from bundling the assets: they are files of their own, beside the module. */
const assetsBeside = {
  name: 'assets-beside',
  enforce: 'pre',
  transform(code) {
    let out = code;
    for (const [source, file] of Object.entries(FILES)) {
      out = out.replaceAll(urlOf(source), `new URL(/* @vite-ignore */ '${file}', import.meta.url)`);
    }
    return out === code ? undefined : out;
  },
  renderChunk: (code) =>
    code.replace(
      /new URL\(\s*\/\* @vite-ignore \*\/\s*("[^"]+"),\s*import\.meta\.url,?\s*\)/g,
      'new URL($1, import.meta.url)',
    ),
};

/** Puts an asset inside the module: its URL becomes what the function that `code` exports as default gives. */
const assetInside = (asset, code) => ({
  name: 'asset-inside',
  enforce: 'pre',
  resolveId: (id) => (id === 'virtual:asset' ? id : undefined),
  load: (id) => (id === 'virtual:asset' ? code : undefined),
  transform(module) {
    if (!module.includes(urlOf(asset))) return undefined;
    return `import inside from 'virtual:asset';\n${module.replaceAll(urlOf(asset), 'inside()')}`;
  },
});

/** Bytes, decoded when they are asked for: strict pages may fetch nothing, `data:` included. */
const bytesInside = (bytes) =>
  `const text = '${bytes.toString('base64')}';
  export default () => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));`;

/** A script as a URL that a worker can start from, on every page that allows `worker-src blob:`. */
const scriptInside = (script) =>
  `let url;
  export default () => (url ??= URL.createObjectURL(new Blob([${JSON.stringify(script)}], { type: 'text/javascript' })));`;

const bundle = (entry, { external = [], plugin = assetsBeside, ...options } = {}) =>
  build({
    configFile: false,
    root,
    logLevel: 'warn',
    plugins: [plugin],
    build: {
      outDir: 'dist',
      emptyOutDir: false,
      target: 'es2022',
      minify: false,
      lib: { entry, formats: ['es'] },
      rolldownOptions: { external, output: { entryFileNames: '[name].js', chunkFileNames: 'chunk-[hash].js' } },
      ...options,
    },
  });

rmSync(`${root}dist`, { recursive: true, force: true });
const entries = {
  index: 'src/index.ts',
  kernels: 'src/kernels.ts',
  polyfill: 'src/polyfill.ts',
  bench: 'src/bench/index.ts',
};
await bundle(entries, { external: ['comlink'] });
await bundle({ worker: 'worker/index.ts' });
copyFileSync(`${root}build/kernels.wasm`, `${root}dist/kernels.wasm`);

const kernels = bytesInside(readFileSync(`${root}build/kernels.wasm`));
const [{ output }] = await bundle(
  { worker: 'worker/index.ts' },
  { plugin: assetInside(KERNELS, kernels), write: false, minify: true },
);
await bundle({ inline: 'src/index.ts' }, { plugin: assetInside(WORKER, scriptInside(output[0].code)), minify: true });

const { status } = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-b'], {
  cwd: root,
  stdio: 'inherit',
});
if (status !== 0) process.exit(status ?? 1);
for (const room of ['src', 'worker'])
  cpSync(`${root}.tsbuild/library/${room}`, `${root}dist/types/${room}`, { recursive: true });
