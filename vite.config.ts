import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const page = (name: string): string => fileURLToPath(new URL(`demo/${name}.html`, import.meta.url));

/** The studio and the page that measures: `npm start` serves them, `npm run build:demo` builds them. The library is built by scripts/build-library.mjs. */
export default defineConfig({
  root: 'demo',
  base: './',
  worker: { format: 'es' },
  optimizeDeps: { include: ['comlink'] },
  server: { fs: { allow: ['..'] } },
  build: {
    outDir: '../dist-demo',
    emptyOutDir: true,
    target: 'es2022',
    rolldownOptions: { input: [page('index'), page('measure')] },
  },
});
