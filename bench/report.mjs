/**
 * npm run bench:report -- [FILE…] [--out FILE]
 * Makes one self-contained page of result files, by default all of bench/results/. See README.md.
 */
import { openProject } from '../scripts/typescript.mjs';

const server = await openProject();
const { report } = await server.ssrLoadModule('/bench/report/report.ts');
const status = await report(process.argv.slice(2));
process.exit(status);
