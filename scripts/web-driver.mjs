/**
 * A session of any browser behind a W3C WebDriver endpoint: Selenium Grid, a device farm, or the driver of a browser on
 * this machine.
 */

/** How long a script may run, in ms. */
const SCRIPT_MS = 600_000;
/** How long a page may take to load, in ms. */
const LOAD_MS = 60_000;
/** How long a browser that may have crashed or hang may take to end, in ms. */
const CLOSE_MS = 5000;

/**
 * Opens a session; whoever opens it closes it.
 * @param {string} endpoint address of the server, such as http://localhost:4444
 * @param {Record<string, unknown>} wanted capabilities, as in https://www.w3.org/TR/webdriver2/#capabilities
 * @returns {Promise<{
 *   capabilities: Record<string, unknown>,
 *   goto(url: string): Promise<void>,
 *   evaluate(code: string): Promise<any>,
 *   close(): Promise<void>,
 * }>} `capabilities` are those it has; `evaluate` gives what the expression `code`, awaited, evaluates to
 */
export async function openSession(endpoint, wanted = {}) {
  const base = endpoint.replace(/\/$/, '');
  const ask = async (method, path, body, limit = SCRIPT_MS) => {
    const response = await fetch(`${base}${path}`, {
      method,
      signal: AbortSignal.timeout(limit),
      ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    }).catch((error) => {
      throw new Error(`WebDriver at ${base} does not answer: ${error.cause?.message ?? error.message}`);
    });
    const answer = await response.json().catch(() => undefined);
    if (answer === undefined) throw new Error(`${base} is no WebDriver endpoint: it answers ${response.status}.`);
    const { value } = answer;
    if (!response.ok) throw new Error(`WebDriver: ${value?.error}: ${value?.message}`);
    return value;
  };
  const { sessionId, capabilities } = await ask('POST', '/session', { capabilities: { alwaysMatch: wanted } });
  const session = `/session/${sessionId}`;
  await ask('POST', `${session}/timeouts`, { script: SCRIPT_MS, pageLoad: LOAD_MS });
  return {
    capabilities,
    goto: async (url) => void (await ask('POST', `${session}/url`, { url })),
    async evaluate(code) {
      const script = `const done = arguments[0];
        (async () => (${code}))().then((value) => done({ value }), (error) => done({ error: String(error) }));`;
      const { value, error } = await ask('POST', `${session}/execute/async`, { script, args: [] });
      if (error) throw new Error(error);
      return value;
    },
    close: async () => void (await ask('DELETE', session, undefined, CLOSE_MS).catch(() => {})),
  };
}
