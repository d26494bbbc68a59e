/** Chromium and Firefox of the system, headless, through Playwright. */
import { chromium, firefox, type Browser, type Page } from 'playwright';
import {
  BROWSER_FLAGS,
  FAKE_CAMERA_FLAGS,
  FAKE_CAMERA_PREFERENCES,
  findBrowser,
  findFirefox,
} from '../../scripts/browser.mjs';
import { writeCameraFile } from './camera-file.ts';
import type { Driver, TaskRecorder } from './driver.ts';

/**
 * A camera without a prompt also where this is no secure address, and clocks as fine as the page's isolation allows.
 */
const FIREFOX_PREFERENCES = {
  ...FAKE_CAMERA_PREFERENCES,
  'media.getusermedia.insecure.enabled': true,
  'media.devices.insecure.enabled': true,
  'privacy.reduceTimerPrecision': false,
};

/** Starts Chromium; pages can collect garbage. */
export async function launchChromium(): Promise<Driver> {
  const executablePath = findBrowser();
  const camera = writeCameraFile();
  const browser = await chromium.launch({
    ...(executablePath && { executablePath }),
    handleSIGINT: false, // what is done has to be kept first
    args: [
      ...BROWSER_FLAGS,
      ...FAKE_CAMERA_FLAGS,
      `--use-file-for-fake-video-capture=${camera.file}`,
      '--js-flags=--expose-gc',
    ],
  });
  browser.once('disconnected', camera.remove);
  const page = await openPage('Chromium', browser);
  return { ...drive('Chromium', browser, page), tasks: tracing(browser, page) };
}

/** Starts Firefox. */
export async function launchFirefox(): Promise<Driver> {
  const executablePath = findFirefox();
  if (!executablePath) throw new Error('no Firefox was found: install one, or set FIREFOX_PATH to its executable');
  const browser = await firefox.launch({
    channel: 'moz-firefox',
    executablePath,
    handleSIGINT: false,
    firefoxUserPrefs: FIREFOX_PREFERENCES,
  });
  return drive('Firefox', browser, await openPage('Firefox', browser));
}

async function openPage(name: string, browser: Browser): Promise<Page> {
  const page = await browser.newPage();
  page.on('pageerror', (error) => console.error(`${name}: ${error.message}`));
  return page;
}

function drive(name: string, browser: Browser, page: Page): Driver {
  return {
    engine: `${name} ${browser.version()}`,
    goto: async (url) => void (await page.goto(url)),
    close: () => browser.close(),
  };
}

/** An event of Chromium's trace: https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU. */
type TraceEvent = { name: string; ph: string; pid: number; tid: number; tdur?: number };

/** Tells the page's main thread from those of other pages, which browsers have too. */
const MARK = 'motordrive bench';

/** The longest task of the page's main thread, of a trace. */
function tracing(browser: Browser, page: Page): TaskRecorder {
  return {
    start: async () => {
      await browser.startTracing(page, { categories: ['toplevel', 'blink.user_timing'] });
      await page.evaluate((mark) => void performance.mark(mark), MARK);
    },
    stop: async () => {
      const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
      const main = traceEvents.find(({ name }) => name === MARK);
      const tasks = traceEvents
        .filter(
          ({ ph, name, pid, tid }) => ph === 'X' && /RunTask$/.test(name) && pid === main?.pid && tid === main.tid,
        )
        .flatMap(({ tdur }) => (tdur === undefined ? [] : [tdur / 1000]));
      return Math.max(0, ...tasks);
    },
  };
}
