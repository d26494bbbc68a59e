/** Drives WebKitGTK's MiniBrowser through WebKitWebDriver: W3C WebDriver over HTTP, in a virtual display of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { findWebKit } from './browser.mjs';

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
/** How long a script may run, in ms. */
const SCRIPT_MS = 600_000;

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
  const ask = async (method, path, body) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const { value } = await response.json();
    if (!response.ok) throw new Error(`${value.error}: ${value.message}`);
    return value;
  };
  try {
    await answering(() => ask('GET', '/status'));
    const { sessionId, capabilities } = await ask('POST', '/session', {
      capabilities: {
        alwaysMatch: {
          browserName: 'MiniBrowser',
          'webkitgtk:browserOptions': { binary: found.miniBrowser, args: MINI_BROWSER_FLAGS },
        },
      },
    });
    const session = `/session/${sessionId}`;
    await ask('POST', `${session}/timeouts`, { script: SCRIPT_MS, pageLoad: 60_000 });
    return {
      version: capabilities.browserVersion,
      goto: (url) => ask('POST', `${session}/url`, { url }),
      async evaluate(code) {
        const script = `const done = arguments[0];
          (async () => (${code}))().then((value) => done({ value }), (error) => done({ error: String(error) }));`;
        const { value, error } = await ask('POST', `${session}/execute/async`, { script, args: [] });
        if (error) throw new Error(error);
        return value;
      },
      async close() {
        await ask('DELETE', session).catch(() => {}); // it may have crashed
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

async function answering(question) {
  for (const started = Date.now(); ; await new Promise((resolve) => setTimeout(resolve, 50))) {
    try {
      return await question();
    } catch (error) {
      if (Date.now() - started > START_MS) throw error;
    }
  }
}
