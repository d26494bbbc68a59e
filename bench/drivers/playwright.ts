/** Chromium and Firefox of the system, headless, through Playwright. */
import { chromium, firefox, type Browser } from 'playwright';
import { BROWSER_FLAGS, FAKE_CAMERA_FLAGS, findBrowser, findFirefox } from '../../scripts/browser.mjs';
import type { Driver } from './driver.ts';

/** A camera without a prompt, and clocks as fine as the page's isolation allows. */
const FIREFOX_PREFERENCES = {
  'media.navigator.streams.fake': true,
  'media.navigator.permission.disabled': true,
  'media.getusermedia.insecure.enabled': true,
  'media.devices.insecure.enabled': true,
  'media.autoplay.default': 0,
  'privacy.reduceTimerPrecision': false,
};

/** Starts Chromium; pages can collect garbage. */
export async function launchChromium(): Promise<Driver> {
  const executablePath = findBrowser();
  const browser = await chromium.launch({
    ...(executablePath && { executablePath }),
    handleSIGINT: false, // what is done has to be kept first
    args: [...BROWSER_FLAGS, ...FAKE_CAMERA_FLAGS, '--js-flags=--expose-gc'],
  });
  return drive('Chromium', browser);
}

/** Starts Firefox. */
export async function launchFirefox(): Promise<Driver> {
  const executablePath = findFirefox();
  if (!executablePath) throw new Error('no Firefox was found: install one, or set FIREFOX_PATH to its executable');
  return drive(
    'Firefox',
    await firefox.launch({
      channel: 'moz-firefox',
      executablePath,
      handleSIGINT: false,
      firefoxUserPrefs: FIREFOX_PREFERENCES,
    }),
  );
}

async function drive(name: string, browser: Browser): Promise<Driver> {
  const page = await browser.newPage();
  page.on('pageerror', (error) => console.error(`${name}: ${error.message}`));
  return {
    engine: `${name} ${browser.version()}`,
    goto: async (url) => void (await page.goto(url)),
    close: () => browser.close(),
  };
}
