/** node --expose-gc bench/hosts/node-host.mjs ORIGIN: what page.ts is to a browser, for Node. */
import { openProject } from '../../scripts/typescript.mjs';

const server = await openProject();
const { run } = await server.ssrLoadModule('/bench/hosts/node-host.ts');
await run(process.argv[2]);
process.exit();
