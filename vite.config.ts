import { defineConfig } from 'vite';

/** The studio page: `npm start` serves it, `npm run build:demo` builds it. The library is built by scripts/build-library.mjs. */
export default defineConfig({
  root: 'demo',
  base: './',
  worker: { format: 'es' },
  optimizeDeps: { include: ['comlink'] },
  server: { fs: { allow: ['..'] } },
  build: { outDir: '../dist-demo', emptyOutDir: true, target: 'es2022' },
});
