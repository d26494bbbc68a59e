/** npm run bench:readme: writes the tables of README.md from bench/figures/. */
import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));
const server = await createServer({
  configFile: false,
  root,
  logLevel: 'error',
  server: { middlewareMode: true, ws: false },
});
const { writeReadme } = await server.ssrLoadModule('/bench/readme.ts');
writeReadme();
process.exit();
