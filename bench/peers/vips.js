/** libvips in WebAssembly, which needs shared memory: an isolated page, or Node. */
let loading;

/** Loads it once, without the formats that are not asked for. */
export function loadVips() {
  loading ??= load();
  return loading;
}

async function load() {
  if (typeof SharedArrayBuffer === 'undefined') throw new Error('there is no SharedArrayBuffer');
  const inNode = typeof process !== 'undefined' && process.versions?.node;
  // Beside its own worker and wasm, which it looks for there.
  const address = inNode ? 'wasm-vips' : new URL('/peers/node_modules/wasm-vips/lib/vips-es6.js', location.origin).href;
  const { default: vips } = await import(/* @vite-ignore */ address);
  const loaded = await vips({ dynamicLibraries: [] });
  loaded.concurrency(1);
  return loaded;
}
