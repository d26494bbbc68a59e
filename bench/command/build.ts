/** What has to be built before some questions can be asked. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { PeersSource } from '../hosts/request.ts';
import { buildPeers } from '../peers/build.mjs';

/** Builds the library as it is shipped, whose first photo is timed. */
export function buildLibrary(): void {
  const script = fileURLToPath(new URL('../../scripts/build-library.mjs', import.meta.url));
  execFileSync(process.execPath, [script], { stdio: ['ignore', 'ignore', 'inherit'] });
}

/** The peers; where they cannot be installed the run goes on, and says why they are missing. */
export async function peersOrReason(): Promise<PeersSource> {
  try {
    return await buildPeers();
  } catch (error) {
    console.error(`The peers cannot be installed: ${(error as Error).message}`);
    const file = fileURLToPath(new URL('../peers/not-installed.js', import.meta.url));
    return { name: 'peers', url: '/peers/dist/not-installed.js', file };
  }
}
