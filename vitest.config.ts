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
import ClosingCounts from './test/helpers/closing-counts.ts';
import HangWatch from './test/helpers/hang-watch.ts';
import { webkitgtk } from './test/helpers/webkit-provider.ts';

const missing = missingEngines();
if (allEnginesRequired && missing.length > 0) throw new Error(`Not found: ${missing.join(', ')}.`);

type BrowserOptions = NonNullable<NonNullable<TestProjectInlineConfiguration['test']>['browser']>;

/** What holds in every project. */
const common = {
  /** A test that hangs has ended by then, and `where-it-stood.ts` says how far it came. */
  testTimeout: 30_000,
  hookTimeout: 30_000,
  /** How long `expect.poll` waits for what must come, however busy the machine is: it speaks before the test's own limit does. */
  expect: { poll: { timeout: 20_000, interval: 20 } },
  /** Files at a time in Node; browsers do one after the other. */
  maxWorkers: 2,
  setupFiles: ['./test/helpers/where-it-stood.ts'],
  /** Only where CI asks for it; the run's last lines name every test that needed it. */
  retry: process.env.CI === 'true' ? 1 : 0,
};

/** Suites in Node; those of the package drive browsers of their own. */
function inNode(name: string, groupOrder: number, include: string[]) {
  const sequence = { groupOrder };
  return { test: { ...common, name, environment: 'node' as const, include, sequence } };
}

/** The browser suites in one engine. What has the same order runs at the same time: engines wait more than they work. */
function inBrowser(name: string, groupOrder: number, browser: Pick<BrowserOptions, 'provider' | 'instances'>) {
  return {
    // Dispose by `using` is younger than WebKitGTK 2.50.
    oxc: { target: 'es2022' },
    worker: { format: 'es' as const },
    optimizeDeps: { include: ['comlink', 'exifreader'] },
    test: {
      ...common,
      name,
      include: ['test/browser/**/*.test.ts'],
      sequence: { groupOrder },
      browser: { enabled: true, headless: true, fileParallelism: false, screenshotFailures: false, ...browser },
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

const counts = new ClosingCounts();

export default defineConfig({
  test: {
    tags: [{ name: 'slow', description: 'one of the files that take longest: `npm run test:quick` leaves them out' }],
    reporters: ['default', counts, new HangWatch((words) => counts.stop(words))],
    projects: [
      inNode('node', 0, ['test/{kernels,unit}/**/*.test.ts']),
      inNode('package', 1, ['test/package/**/*.test.ts']),
      inBrowser('browser', 0, { provider: chromium, instances: [{ browser: 'chromium', name: 'chromium' }] }),
      ...(findFirefox()
        ? [inBrowser('gecko', 0, { provider: firefox, instances: [{ browser: 'firefox', name: 'firefox' }] })]
        : []),
      ...(findWebKit()
        ? [inBrowser('webkit', 1, { provider: webkitgtk(), instances: [{ browser: 'webkit', name: 'webkitgtk' }] })]
        : []),
    ],
  },
});
