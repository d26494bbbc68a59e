/**
 * npm run bench -- [question…] [--browser chromium|firefox|webkit|node]… [--webdriver URL] [--photos DIR] [--rounds N] [--json FILE] …
 * Serves the bench to the browser under test and loads the command, which is TypeScript. See README.md.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';

const here = fileURLToPath(new URL('.', import.meta.url));
const cacheDir = mkdtempSync(join(tmpdir(), 'motordrive-bench-'));
process.on('exit', () => rmSync(cacheDir, { recursive: true, force: true }));

const argument = (name) => {
  const at = process.argv.findIndex((word) => word === name || word.startsWith(`${name}=`));
  return at < 0 ? undefined : (process.argv[at].split('=')[1] ?? process.argv[at + 1]);
};
const photos = argument('--photos');
const desk = { answer: undefined };
const server = await createServer({
  configFile: false,
  root: here,
  cacheDir,
  logLevel: 'error',
  worker: { format: 'es' },
  oxc: { target: 'es2022' },
  optimizeDeps: { include: ['comlink'] },
  plugins: [
    {
      name: 'bench-desk',
      configureServer({ middlewares }) {
        middlewares.use((request, response, next) => {
          // A 304 does not repeat what isolation asks for, and WebKit then refuses a worker's script.
          delete request.headers['if-none-match'];
          next();
        });
        middlewares.use('/-/', (request, response, next) => (desk.answer ? desk.answer(request, response) : next()));
      },
    },
  ],
  server: {
    hmr: false,
    watch: null,
    host: argument('--address') === undefined ? '127.0.0.1' : true,
    // Isolated pages have fine clocks, and shared memory for the peers that want it.
    headers: { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' },
    fs: { allow: [join(here, '..'), ...(photos ? [resolve(photos)] : [])] },
  },
});
await server.listen();
let status = 1;
try {
  const { command } = await server.ssrLoadModule('/command.ts');
  status = await command(process.argv.slice(2), { address: server.resolvedUrls.local[0], desk });
} catch (error) {
  if (error.name === 'UsageError') {
    console.error(`bench: ${error.message}`);
    status = 2;
  } else console.error(error);
} finally {
  await Promise.race([server.close(), new Promise((done) => setTimeout(done, 2000))]);
}
process.exit(status);
