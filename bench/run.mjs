/**
 * npm run bench -- [question…] [--browser chromium|firefox|webkit|node]… [--photos DIR] [--rounds N] [--json FILE] …
 *
 * Serves the bench to the browser under test and loads the command, which is TypeScript. See README.md.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';

const here = fileURLToPath(new URL('.', import.meta.url));
const cacheDir = mkdtempSync(join(tmpdir(), 'motordrive-bench-'));
process.on('exit', () => rmSync(cacheDir, { recursive: true, force: true }));

const argumentsOf = (name) =>
  process.argv.flatMap((word, at) => {
    if (word === name) return process.argv[at + 1] ?? [];
    return word.startsWith(`${name}=`) ? word.slice(name.length + 1) : [];
  });
const given = [...argumentsOf('--photos'), ...argumentsOf('--with').map((file) => dirname(resolve(file)))];
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
    host: argumentsOf('--address').length === 0 ? '127.0.0.1' : true,
    // Isolated pages have fine clocks, and shared memory for the peers that want it.
    headers: { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' },
    fs: { allow: [join(here, '..'), ...given.map((folder) => resolve(folder))] },
  },
});
// Hosts say nothing while they work: their connections wait for them.
server.httpServer.keepAliveTimeout = 600_000;
await server.listen();
let status = 1;
try {
  const { command } = await server.ssrLoadModule('/command/command.ts');
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
