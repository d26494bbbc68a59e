/** WebKitGTK's MiniBrowser, through WebKitWebDriver, on a display of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { findProgram } from '../../scripts/browser.mjs';
import type { Driver } from './driver.ts';
import { openWebDriver } from './web-driver.ts';

/** Without accelerated canvases: with them the web process of 2.50 crashes where a worker uses bitmaps of a camera. */
const FLAGS = [
  '--automation',
  '--enable-mock-capture-devices=true',
  '--enable-media-stream=true',
  '--media-playback-requires-user-gesture=false',
  '--enable-2d-canvas-acceleration=false',
  '--features=+ImageCapture,+MediaStreamTrackProcessing,-GetUserMediaRequiresFocus,-MediaCaptureRequiresSecureConnection',
];

/** Starts it. */
export async function launchWebKit(): Promise<Driver> {
  const [driver, xvfb] = [findProgram(['WebKitWebDriver']), findProgram(['Xvfb'])];
  const binary = findMiniBrowser();
  if (!driver || !xvfb || !binary)
    throw new Error('no WebKitGTK was found: it takes WebKitWebDriver, MiniBrowser and Xvfb');
  const started: ChildProcess[] = [];
  const stop = (): void => started.forEach((one) => void one.kill());
  process.once('exit', stop);
  try {
    const screen = spawn(xvfb, ['-displayfd', '3', '-screen', '0', '1600x1200x24', '-nolisten', 'tcp'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    });
    started.push(screen);
    const [display] = await once(screen.stdio[3] as Readable, 'data');
    const port = await freePort();
    const env = {
      ...process.env,
      DISPLAY: `:${String(display).trim()}`,
      GDK_BACKEND: 'x11',
      LIBGL_ALWAYS_SOFTWARE: '1',
      // Containers often forbid the namespaces that the sandbox is made of.
      WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1',
    };
    started.push(spawn(driver, [`--port=${port}`], { stdio: 'ignore', env }));
    const endpoint = `http://127.0.0.1:${port}`;
    await answering(endpoint);
    const session = await openWebDriver(endpoint, {
      browserName: 'MiniBrowser',
      'webkitgtk:browserOptions': { binary, args: FLAGS },
    });
    return {
      ...session,
      engine: session.engine.replace(/^MiniBrowser/, 'WebKitGTK'),
      async close() {
        await Promise.race([session.close(), new Promise((resolve) => setTimeout(resolve, 5000))]);
        process.off('exit', stop);
        stop();
      },
    };
  } catch (error) {
    stop();
    throw error;
  }
}

function findMiniBrowser(): string | undefined {
  for (const root of ['/usr/lib', '/usr/libexec', ...subfolders('/usr/lib')]) {
    const found = subfolders(root).find((folder) => /\/webkit(2gtk|gtk)-[\d.]+$/.test(folder));
    const program = found && readdirSync(found).includes('MiniBrowser') && join(found, 'MiniBrowser');
    if (program) return program;
  }
  return undefined;
}

function subfolders(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name));
  } catch {
    return [];
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Waits until a driver answers. */
async function answering(endpoint: string): Promise<void> {
  for (let tries = 100; ; tries--) {
    try {
      await fetch(`${endpoint}/status`);
      return;
    } catch (error) {
      if (tries === 0) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
