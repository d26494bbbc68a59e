/** Node, in a process of its own, so that one that hangs can be ended. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Driver } from './driver.ts';

/** Makes ready; it starts with the address. */
export function launchNode(): Promise<Driver> {
  const script = fileURLToPath(new URL('./node-host.mjs', import.meta.url));
  let child: ReturnType<typeof spawn> | undefined;
  return Promise.resolve({
    engine: `Node ${process.versions.node}`,
    goto: (url) => {
      child = spawn(process.execPath, ['--expose-gc', script, new URL(url).origin], {
        stdio: ['ignore', 'ignore', 'inherit'],
      });
      return Promise.resolve();
    },
    close: () => {
      child?.kill('SIGKILL');
      return Promise.resolve();
    },
  });
}
