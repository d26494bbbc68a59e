/** node --expose-gc bench/node-host.mjs ORIGIN: what page.ts is to a browser, for Node. */
import { openProject } from '../scripts/typescript.mjs';

const server = await openProject();
const { run } = await server.ssrLoadModule('/bench/node.ts');
await run(process.argv[2]);
process.exit();
