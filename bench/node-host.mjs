/** node --expose-gc bench/node-host.mjs ORIGIN: what page.ts is to a browser, for Node. */
import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));
const server = await createServer({
  configFile: false,
  root,
  logLevel: 'error',
  server: { middlewareMode: true, ws: false },
});
const { run } = await server.ssrLoadModule('/bench/node.ts');
await run(process.argv[2]);
process.exit();
