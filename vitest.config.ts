import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { BROWSER_FLAGS, FAKE_CAMERA_FLAGS, findBrowser } from './scripts/browser.mjs';

const chromiumArgs = [...BROWSER_FLAGS, ...FAKE_CAMERA_FLAGS];
const executablePath = findBrowser();

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
    ],
  },
});
