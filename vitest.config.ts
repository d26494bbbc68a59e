import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { BROWSER_FLAGS, FAKE_CAMERA_FLAGS, findBrowser, findFirefox } from './scripts/browser.mjs';

const chromiumArgs = [...BROWSER_FLAGS, ...FAKE_CAMERA_FLAGS];
const executablePath = findBrowser();
const firefoxPath = findFirefox();
if (!firefoxPath) console.log('No Firefox was found: the golden hashes are not checked in it.');

/** Firefox of the system, driven over BiDi. */
const firefox = {
  worker: { format: 'es' as const },
  optimizeDeps: { include: ['comlink', 'exifreader'] },
  test: {
    name: 'gecko',
    include: ['test/browser/golden.test.ts'],
    testTimeout: 60_000,
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({ launchOptions: { channel: 'moz-firefox', executablePath: firefoxPath ?? '' } }),
      instances: [{ browser: 'firefox' as const, name: 'firefox' }],
    },
  },
};

export default defineConfig({
  test: {
    reporters: ['default', './test/helpers/closing-counts.ts'],
    projects: [
      {
        test: {
          name: 'node',
          environment: 'node',
          include: ['test/{kernels,unit,package}/**/*.test.ts'],
          testTimeout: 60_000,
        },
      },
      {
        worker: { format: 'es' },
        optimizeDeps: { include: ['comlink', 'exifreader'] },
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          testTimeout: 30_000,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({ launchOptions: { ...(executablePath && { executablePath }), args: chromiumArgs } }),
            instances: [{ browser: 'chromium', name: 'chromium' }],
          },
        },
      },
      ...(firefoxPath ? [firefox] : []),
    ],
  },
});
