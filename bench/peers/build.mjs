/** Peers of the library, for the bench. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

/**
 * Installs what the bench compares with and builds it into one module for browsers.
 * @returns {Promise<import('../hosts/request.ts').PeersSource>} where it is
 */
export async function buildPeers() {
  const root = fileURLToPath(new URL('.', import.meta.url));
  if (!existsSync(join(root, 'node_modules'))) {
    console.error('installing the peers …');
    execFileSync('npm', ['ci', '--no-fund', '--no-audit', '--loglevel=error'], { cwd: root, stdio: 'inherit' });
  }
  const lib = { entry: 'index.js', formats: ['es'], fileName: () => 'peers.js' };
  await build({ configFile: false, root, logLevel: 'error', build: { lib, outDir: 'dist', minify: false } });
  return { name: 'peers', url: '/peers/dist/peers.js', file: join(root, 'node.js') };
}
