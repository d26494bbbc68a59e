import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

const demo = (file: string): string => fileURLToPath(new URL(`demo/${file}`, import.meta.url));

/** Writes the service worker, which has to know all files of the build. */
function offlineWorker(): Plugin {
  return {
    name: 'offline-worker',
    apply: 'build',
    writeBundle({ dir }, bundle) {
      const files = ['./', ...Object.keys(bundle).sort()];
      const hash = createHash('sha256').update(files.join());
      for (const file of Object.values(bundle)) hash.update(file.type === 'chunk' ? file.code : file.source);
      const head = `const VERSION = '${hash.digest('hex').slice(0, 12)}';\nconst FILES = ${JSON.stringify(files)};\n`;
      writeFileSync(join(dir!, 'offline-worker.js'), head + readFileSync(demo('offline-worker.js'), 'utf8'));
    },
  };
}

/** The studio and the page that measures: `npm start` serves them, `npm run build:demo` builds them. The library is built by scripts/build-library.mjs. */
export default defineConfig({
  root: 'demo',
  base: './',
  plugins: [offlineWorker()],
  worker: { format: 'es' },
  optimizeDeps: { include: ['comlink'] },
  server: { fs: { allow: ['..'] } },
  build: {
    outDir: '../dist-demo',
    emptyOutDir: true,
    target: 'es2022',
    rolldownOptions: { input: [demo('index.html'), demo('measure.html')] },
  },
});
