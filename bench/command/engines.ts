import type { Driver } from '../hosts/driver.ts';
import { launchNode } from '../hosts/node.ts';
import { launchChromium, launchFirefox } from '../hosts/playwright.ts';
import { launchWebKit, openWebDriver } from '../hosts/web-driver.ts';
import { UsageError } from './usage-error.ts';

/** An engine under test, by its name on the command line. */
export type Engine = { name: string; launch: () => Promise<Driver> };

const LAUNCHERS: Record<string, Engine['launch']> = {
  chromium: launchChromium,
  firefox: launchFirefox,
  webkit: launchWebKit,
  node: launchNode,
};

/**
 * Engines of this machine, each once.
 * @throws UsageError for a name that there is not
 */
export function enginesNamed(names: readonly string[]): Engine[] {
  const strange = names.filter((name) => !LAUNCHERS[name]);
  if (strange.length > 0)
    throw new UsageError(`unknown browser ${strange.join(', ')}; there are ${Object.keys(LAUNCHERS).join(', ')}`);
  return [...new Set(names)].map((name) => ({ name, launch: LAUNCHERS[name]! }));
}

/**
 * The engine behind a WebDriver endpoint.
 * @param capabilities a JSON object
 */
export function engineBehind(endpoint: string, capabilities: string): Engine {
  let wanted: Record<string, unknown>;
  try {
    wanted = JSON.parse(capabilities) as Record<string, unknown>;
  } catch {
    throw new UsageError('--capabilities takes a JSON object');
  }
  return { name: 'webdriver', launch: () => openWebDriver(endpoint, wanted) };
}
