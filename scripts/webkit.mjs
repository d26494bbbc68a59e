/** WebKitGTK's MiniBrowser, through WebKitWebDriver, on a display of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { findWebKit } from './browser.mjs';
import { openSession } from './web-driver.mjs';

/**
 * Fake cameras without a prompt, and what GTK's build keeps behind flags although Safari has it. Without accelerated
 * canvases: with them the web process of 2.50 crashes where a worker uses a bitmap of a camera (Mesa's llvmpipe).
 */
const MINI_BROWSER_FLAGS = [
  '--automation',
  '--enable-mock-capture-devices=true',
  '--enable-media-stream=true',
  '--media-playback-requires-user-gesture=false',
  '--enable-2d-canvas-acceleration=false',
  '--features=+ImageCapture,+MediaStreamTrackProcessing,-GetUserMediaRequiresFocus,-MediaCaptureRequiresSecureConnection',
];

/** How long the driver may take to answer at all, in ms. */
const START_MS = 20_000;

/**
 * Starts a browser with a page in it; whoever starts it closes it.
 * @returns {Promise<{
 *   goto(url: string): Promise<void>,
 *   evaluate(code: string): Promise<unknown>,
 *   close(): Promise<void>,
 *   version: string,
 * }>} `evaluate` gives what the expression `code`, awaited, evaluates to
 */
export async function launchWebKit() {
  const found = findWebKit();
  if (!found) throw new Error('WebKitGTK was not found: it takes MiniBrowser, WebKitWebDriver and Xvfb.');
  const display = await startDisplay(found.xvfb);
  const port = await freePort();
  const driver = spawn(found.driver, [`--port=${port}`], {
    stdio: 'ignore',
    env: {
      ...process.env,
      DISPLAY: display.name,
      GDK_BACKEND: 'x11',
      LIBGL_ALWAYS_SOFTWARE: '1',
      // Containers often forbid the namespaces that the sandbox is made of.
      WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1',
    },
  });
  const stop = () => {
    driver.kill();
    display.stop();
  };
  process.once('exit', stop);
  const endpoint = `http://127.0.0.1:${port}`;
  try {
    await answering(endpoint);
    const session = await openSession(endpoint, {
      browserName: 'MiniBrowser',
      'webkitgtk:browserOptions': { binary: found.miniBrowser, args: MINI_BROWSER_FLAGS },
    });
    return {
      version: String(session.capabilities.browserVersion),
      goto: session.goto,
      evaluate: session.evaluate,
      async close() {
        await session.close();
        process.off('exit', stop);
        stop();
      },
    };
  } catch (error) {
    stop();
    throw error;
  }
}

/** An X server on the first display that is free. */
async function startDisplay(xvfb) {
  const server = spawn(xvfb, ['-displayfd', '3', '-screen', '0', '1600x1200x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const exited = once(server, 'exit').then(([code]) => {
    throw new Error(`Xvfb ended with ${code}.`);
  });
  exited.catch(() => {});
  const [number] = await Promise.race([once(server.stdio[3], 'data'), exited]);
  return { name: `:${String(number).trim()}`, stop: () => server.kill() };
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

async function answering(endpoint) {
  for (const started = Date.now(); ; await new Promise((resolve) => setTimeout(resolve, 50))) {
    try {
      return await fetch(`${endpoint}/status`);
    } catch (error) {
      if (Date.now() - started > START_MS) throw error;
    }
  }
}
