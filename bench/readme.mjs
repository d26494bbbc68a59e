/** npm run bench:readme: writes the tables of README.md of runs in bench/results/. */
import { openProject } from '../scripts/typescript.mjs';

const server = await openProject();
const { writeReadme } = await server.ssrLoadModule('/bench/report/readme.ts');
writeReadme();
process.exit();
