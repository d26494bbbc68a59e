/**
 * npm run bench:report -- [FILE…] [--out FILE]
 * Makes one self-contained page of result files, by default all of bench/results/. See README.md.
 */
import { createServer } from 'vite';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const server = await createServer({
  configFile: false,
  root,
  logLevel: 'error',
  server: { middlewareMode: true, ws: false },
});
const { report } = await server.ssrLoadModule('/bench/report/report.ts');
const status = await report(process.argv.slice(2));
process.exit(status);
