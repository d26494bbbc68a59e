import { accessSync, constants, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'microsoft-edge', 'msedge'];
const PLACES = {
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ],
  win32: ['ProgramFiles', 'ProgramFiles(x86)', 'LOCALAPPDATA']
    .map((name) => process.env[name])
    .filter((folder) => folder !== undefined)
    .flatMap((folder) => [
      join(folder, 'Google/Chrome/Application/chrome.exe'),
      join(folder, 'Microsoft/Edge/Application/msedge.exe'),
    ]),
};

/** Flags for a Chromium that talks to nobody; `--no-sandbox` because root may run it. */
export const BROWSER_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Flags for a fake camera in Chromium that needs no permission. */
export const FAKE_CAMERA_FLAGS = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];

/** Preferences for a fake camera in Firefox that needs no permission. */
export const FAKE_CAMERA_PREFERENCES = {
  'media.navigator.streams.fake': true,
  'media.navigator.permission.disabled': true,
  'media.autoplay.default': 0,
};

/** The engines that the tests want, and the Debian packages that have them. */
export const ENGINES = {
  Chromium: { find: findBrowser, packages: ['chromium'] },
  Firefox: { find: findFirefox, packages: ['firefox-esr'] },
  WebKitGTK: { find: findWebKit, packages: ['webkit2gtk-driver', 'xvfb'] },
};

/**
 * The engines that are not on this machine.
 * @returns {(keyof typeof ENGINES)[]}
 */
export function missingEngines() {
  return Object.keys(ENGINES).filter((name) => !ENGINES[name].find());
}

/** Whether a missing engine is an error: MOTORDRIVE_ENGINES=all. */
export const allEnginesRequired = process.env.MOTORDRIVE_ENGINES === 'all';

/**
 * The Chromium that tests and benches drive: CHROME_PATH, else a Chrome, Chromium or Edge of this system.
 * @returns {string | undefined} path of its executable
 */
export function findBrowser() {
  if (process.env.CHROME_PATH) return process.env.CHROME_PATH;
  return findProgram(NAMES) ?? (PLACES[process.platform] ?? []).find(isExecutable);
}

/**
 * The Firefox that tests drive: FIREFOX_PATH, else one of this system.
 * @returns {string | undefined} path of its executable
 */
export function findFirefox() {
  if (process.env.FIREFOX_PATH) return process.env.FIREFOX_PATH;
  return findProgram(['firefox-esr', 'firefox']);
}

/**
 * The WebKitGTK that tests drive: its MiniBrowser, its driver and a display for it, or nothing when one of them is
 * missing.
 * @returns {{ miniBrowser: string, driver: string, xvfb: string } | undefined} paths of the executables
 */
export function findWebKit() {
  const [driver, xvfb] = [findProgram(['WebKitWebDriver']), findProgram(['Xvfb'])];
  const miniBrowser = subfolders('/usr/lib')
    .concat('/usr/lib', '/usr/libexec')
    .flatMap(subfolders)
    .filter((folder) => /\/webkit(2gtk|gtk)-[\d.]+$/.test(folder))
    .map((folder) => join(folder, 'MiniBrowser'))
    .find(isExecutable);
  return driver && xvfb && miniBrowser ? { miniBrowser, driver, xvfb } : undefined;
}

/**
 * The first of these programs that is on the PATH.
 * @param {string[]} names
 * @returns {string | undefined}
 */
export function findProgram(names) {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  for (const name of names) {
    for (const folder of folders) {
      const path = join(folder, process.platform === 'win32' ? `${name}.exe` : name);
      if (isExecutable(path)) return path;
    }
  }
  return undefined;
}

function subfolders(folder) {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name));
  } catch {
    return [];
  }
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
