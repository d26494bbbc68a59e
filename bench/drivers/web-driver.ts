/** Any browser behind a W3C WebDriver endpoint: Selenium Grid, a device farm, or the driver of a browser on this machine. */
import type { Driver } from './driver.ts';

/** ms that an endpoint may take to answer. */
const PATIENCE = 120_000;

/** Capabilities to ask for, as in https://www.w3.org/TR/webdriver2/#capabilities. */
export type Capabilities = Record<string, unknown>;

/**
 * Opens a session.
 * @param endpoint address of the server, such as http://localhost:4444
 */
export async function openWebDriver(endpoint: string, capabilities: Capabilities = {}): Promise<Driver> {
  const ask = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${endpoint.replace(/\/$/, '')}${path}`, {
      method,
      signal: AbortSignal.timeout(PATIENCE),
      ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const { value } = (await response.json()) as { value: unknown };
    const { error, message } = (value ?? {}) as { error?: string; message?: string };
    if (!response.ok) throw new Error(`WebDriver: ${error}: ${message}`);
    return value;
  };
  const opened = await ask('POST', '/session', { capabilities: { alwaysMatch: capabilities } });
  const { sessionId, capabilities: got } = opened as { sessionId: string; capabilities: Record<string, unknown> };
  const session = `/session/${sessionId}`;
  return {
    engine: [got['browserName'], got['browserVersion'], got['platformName'] ?? ''].join(' ').trim(),
    goto: async (url) => void (await ask('POST', `${session}/url`, { url })),
    close: async () => void (await ask('DELETE', session).catch(() => undefined)), // it may have crashed
  };
}
