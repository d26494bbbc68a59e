/** Browsers that speak W3C WebDriver: WebKitGTK on this machine, and whatever is behind an endpoint. */
import { openSession } from '../../scripts/web-driver.mjs';
import { launchWebKit as launch } from '../../scripts/webkit.mjs';
import type { Driver } from './driver.ts';

/** Starts WebKitGTK. */
export async function launchWebKit(): Promise<Driver> {
  const { version, goto, close } = await launch();
  return { engine: `WebKitGTK ${version}`, goto, close };
}

/**
 * Opens a session of a Selenium Grid, a device farm, or the driver of a browser.
 * @param endpoint address of the server, such as http://localhost:4444
 * @param wanted capabilities, as in https://www.w3.org/TR/webdriver2/#capabilities
 */
export async function openWebDriver(endpoint: string, wanted: Record<string, unknown>): Promise<Driver> {
  const { capabilities, goto, close } = await openSession(endpoint, wanted);
  const names = ['browserName', 'browserVersion', 'platformName'].map((name) => capabilities[name]);
  return { engine: names.filter((name) => typeof name === 'string').join(' '), goto, close };
}
