/** One page in any of the engines, with fake cameras, for benches. */
import { chromium, firefox } from 'playwright';
import {
  BROWSER_FLAGS,
  FAKE_CAMERA_FLAGS,
  FAKE_CAMERA_PREFERENCES,
  findBrowser,
  findFirefox,
  findWebKit,
} from './browser.mjs';
import { launchWebKit } from './webkit.mjs';

/**
 * Opens a page; whoever opens it closes it.
 * @param {'Chromium' | 'Firefox' | 'WebKitGTK'} engine
 * @param {string} url
 * @param {string[]} flags more flags for Chromium
 * @returns {Promise<{
 *   version: string,
 *   evaluate(code: string): Promise<any>,
 *   page?: import('playwright').Page,
 *   close(): Promise<void>,
 * } | undefined>} undefined where the engine is not installed; `evaluate` awaits an expression; `page` is playwright's
 */
export async function openEngine(engine, url, flags = []) {
  if (engine === 'WebKitGTK') {
    if (!findWebKit()) return undefined;
    const browser = await launchWebKit();
    await browser.goto(url);
    return browser;
  }
  const executablePath = engine === 'Firefox' ? findFirefox() : findBrowser();
  if (!executablePath) return undefined;
  const browser =
    engine === 'Firefox'
      ? await firefox.launch({ channel: 'moz-firefox', executablePath, firefoxUserPrefs: FAKE_CAMERA_PREFERENCES })
      : await chromium.launch({ executablePath, args: [...BROWSER_FLAGS, ...FAKE_CAMERA_FLAGS, ...flags] });
  const page = await browser.newPage();
  page.on('pageerror', (error) => console.error(`${engine}: ${error.message}`));
  await page.goto(url);
  return {
    version: browser.version(),
    evaluate: (code) => page.evaluate(code),
    page,
    close: () => browser.close(),
  };
}
