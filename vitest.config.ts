import { playwright } from '@vitest/browser-playwright';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import {
  allEnginesRequired,
  BROWSER_FLAGS,
  FAKE_CAMERA_FLAGS,
  FAKE_CAMERA_PREFERENCES,
  findBrowser,
  findFirefox,
  findWebKit,
  missingEngines,
} from './scripts/browser.mjs';
import { webkitgtk } from './test/helpers/webkit-provider.ts';

const missing = missingEngines();
if (allEnginesRequired && missing.length > 0) throw new Error(`Not found: ${missing.join(', ')}.`);

type BrowserOptions = NonNullable<NonNullable<TestProjectInlineConfiguration['test']>['browser']>;

/** How long `expect.poll` waits for what must come, however busy the machine is. */
const PATIENCE = { timeout: 30_000, interval: 20 };

/** A camera and a browser on a busy machine may fail a test once; the run's last lines name every test that needed it. */
const RETRIES = 1;

/** Suites in Node; those of the package drive browsers of their own. */
function inNode(name: string, include: string[], retry = 0) {
  const environment = 'node' as const;
  return { test: { name, environment, include, retry, testTimeout: 120_000, expect: { poll: PATIENCE } } };
}

/** The browser suites in one engine, after those of the engines before it: they would disturb each other's cameras. */
function inBrowser(name: string, groupOrder: number, browser: Pick<BrowserOptions, 'provider' | 'instances'>) {
  return {
    // Dispose by `using` is younger than WebKitGTK 2.50.
    oxc: { target: 'es2022' },
    worker: { format: 'es' as const },
    optimizeDeps: { include: ['comlink', 'exifreader'] },
    test: {
      name,
      include: ['test/browser/**/*.test.ts'],
      testTimeout: 120_000,
      expect: { poll: PATIENCE },
      retry: RETRIES,
      sequence: { groupOrder },
      browser: { enabled: true, headless: true, screenshotFailures: false, ...browser },
    },
  };
}

const chromium = playwright({
  launchOptions: { executablePath: findBrowser()!, args: [...BROWSER_FLAGS, ...FAKE_CAMERA_FLAGS] },
});
/** Firefox of the system, over BiDi. */
const firefox = playwright({
  launchOptions: {
    channel: 'moz-firefox',
    executablePath: findFirefox()!,
    firefoxUserPrefs: FAKE_CAMERA_PREFERENCES,
  },
});

export default defineConfig({
  test: {
    reporters: ['default', './test/helpers/closing-counts.ts'],
    projects: [
      inNode('node', ['test/{kernels,unit}/**/*.test.ts']),
      inNode('package', ['test/package/**/*.test.ts'], RETRIES),
      inBrowser('browser', 0, { provider: chromium, instances: [{ browser: 'chromium', name: 'chromium' }] }),
      ...(findFirefox()
        ? [inBrowser('gecko', 1, { provider: firefox, instances: [{ browser: 'firefox', name: 'firefox' }] })]
        : []),
      ...(findWebKit()
        ? [inBrowser('webkit', 2, { provider: webkitgtk(), instances: [{ browser: 'webkit', name: 'webkitgtk' }] })]
        : []),
    ],
  },
});
