import { defineBrowserProvider } from '@vitest/browser';
import type { BrowserProvider, BrowserProviderOption } from 'vitest/node';
import { launchWebKit } from '../../scripts/webkit.mjs';

const refuse = async (): Promise<void> => {
  throw new Error('Modules cannot be replaced in WebKitGTK.');
};

/** Runs Vitest's pages in WebKitGTK, which no provider of Vitest's own can drive. */
class WebKitProvider implements BrowserProvider {
  readonly name = 'webkitgtk';
  /** Vitest runs the engines of such providers beside each other. */
  readonly supportsParallelism = true;
  /** Asked for by Vitest of a provider that runs beside others; no test replaces a module. */
  readonly mocker = { register: refuse, delete: refuse, clear: async (): Promise<void> => {} };
  readonly #browsers = new Map<string, Awaited<ReturnType<typeof launchWebKit>>>();

  getCommandsContext(): Record<string, unknown> {
    return {};
  }

  async openPage(sessionId: string, url: string): Promise<void> {
    await this.#browsers.get(sessionId)?.close();
    const browser = await launchWebKit();
    this.#browsers.set(sessionId, browser);
    await browser.goto(url);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#browsers.values()].map((browser) => browser.close()));
    this.#browsers.clear();
  }
}

/** The provider, for `browser.provider` of a Vitest project. */
export function webkitgtk(): BrowserProviderOption {
  return defineBrowserProvider({
    name: 'webkitgtk',
    supportedBrowser: ['webkit'],
    options: {},
    providerFactory: () => new WebKitProvider(),
  });
}
