import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { chromium, firefox, type Browser, type Page } from 'playwright';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BROWSER_FLAGS, FAKE_CAMERA_FLAGS, findBrowser, findFirefox } from '../../scripts/browser.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'motordrive-package-'));
const installed = join(folder, 'node_modules', 'motordrive');

beforeAll(() => {
  execFileSync(process.execPath, [join(root, 'scripts/build-library.mjs')], { cwd: root, stdio: 'pipe' });
  const tarball = execFileSync('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder], {
    cwd: root,
  })
    .toString()
    .trim();
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', join(folder, tarball)], {
    cwd: folder,
    stdio: 'pipe',
  });
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the packed library encodes in Node', async () => {
  const script = `
    import { loadKernels } from 'motordrive/kernels';
    const kernels = await loadKernels();
    const image = kernels.resize({ data: new Uint8Array(40 * 30 * 4).fill(200), width: 40, height: 30 }, { width: 17 });
    process.stdout.write(kernels.encodePng(kernels.reduceRedEye(image).image));`;
  writeFileSync(join(folder, 'main.js'), script);
  const png = execFileSync(process.execPath, ['main.js'], { cwd: folder });
  const { width, height, format } = await sharp(png).metadata();
  expect([width, height, format]).toEqual([17, 13, 'png']);
});

test('every entry can be imported where there is no DOM', () => {
  for (const entry of [
    'motordrive',
    'motordrive/inline',
    'motordrive/kernels',
    'motordrive/polyfill',
    'motordrive/bench',
  ]) {
    writeFileSync(join(folder, 'import.js'), `import * as all from '${entry}'; console.log(Object.keys(all).join());`);
    const names = execFileSync(process.execPath, ['import.js'], { cwd: folder }).toString().trim();
    if (['motordrive', 'motordrive/inline'].includes(entry))
      expect(names).toBe('Darkroom,ImageCapture,MotorDrive,takePhoto');
  }
});

test('motordrive/inline has the size that README states, within 2 %', () => {
  const [, size, compressed] = /one file of (\d+) KB, (\d+) KB with gzip/.exec(
    readFileSync(join(root, 'README.md'), 'utf8'),
  )!;
  const file = readFileSync(join(installed, 'dist/inline.js'));
  expect(Math.abs(file.length / 1000 / Number(size) - 1)).toBeLessThan(0.02);
  expect(Math.abs(gzipSync(file, { level: 9 }).length / 1000 / Number(compressed) - 1)).toBeLessThan(0.02);
});

test('asset URLs are written in the form that bundlers look for', () => {
  const all = ['index.js', 'worker.js', 'kernels.js'].map((file) =>
    readFileSync(join(installed, 'dist', file), 'utf8'),
  );
  const chunks = execFileSync('sh', ['-c', 'cat dist/*.js'], { cwd: installed }).toString();
  expect(chunks).toContain('new Worker(new URL("./worker.js", import.meta.url)');
  expect(all[1]).toContain('new URL("./kernels.wasm", import.meta.url)');
  expect(all[2]).toContain('new URL("./kernels.wasm", import.meta.url)');
  expect(all.join('')).not.toContain('data:application/wasm');
});

describe('on a page', () => {
  let server: Server;
  const requests: string[] = [];

  beforeAll(async () => {
    server = createServer((request, response) => {
      const { pathname, searchParams } = new URL(request.url!, 'http://localhost');
      requests.push(pathname);
      const policy = searchParams.get('policy');
      if (policy) response.setHeader('content-security-policy', policy);
      response.setHeader('content-type', contentType(pathname));
      response.end(generated(pathname, searchParams.get('module')) ?? served(pathname));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => server.close());

  /** A page that loads a module, and leaves beside it the class that was there before. */
  async function load(browser: Browser, host: string, module: string, policy = ''): Promise<Page> {
    const { port } = server.address() as AddressInfo;
    const page = await browser.newPage();
    await page.goto(`http://${host}:${port}/?${new URLSearchParams({ policy, module })}`);
    await page.waitForFunction(() => 'library' in globalThis);
    return page;
  }

  /** The page and its script, where one of them is asked for. */
  function generated(pathname: string, module: string | null): string | undefined {
    if (pathname === '/') return `<!doctype html><script type="module" src="/page.js?module=${module}"></script>`;
    if (pathname !== '/page.js') return undefined;
    return `globalThis.before = globalThis.ImageCapture; globalThis.library = await import('/motordrive/dist/${module}');`;
  }

  /** A file of the installed package or of comlink, which is named as a bundler would name it. */
  function served(pathname: string): Buffer | string {
    if (pathname.endsWith('.ico')) return '';
    const bytes = readFileSync(join(folder, 'node_modules', pathname));
    return pathname.endsWith('.js')
      ? bytes.toString().replace('from "comlink"', 'from "/comlink/dist/esm/comlink.min.mjs"')
      : bytes;
  }

  const contentType = (pathname: string): string => {
    if (/js$/.test(pathname)) return 'text/javascript';
    return pathname.endsWith('.wasm') ? 'application/wasm' : 'text/html';
  };

  const executablePath = findBrowser();
  const openChromium = (...flags: string[]): Promise<Browser> =>
    chromium.launch({
      ...(executablePath && { executablePath }),
      args: [...BROWSER_FLAGS, ...FAKE_CAMERA_FLAGS, ...flags],
    });
  const firefoxPath = findFirefox();
  const openFirefox = (prefs: Record<string, boolean> = {}): Promise<Browser> =>
    firefox.launch({ channel: 'moz-firefox', executablePath: firefoxPath!, firefoxUserPrefs: prefs });

  /** What a page with this policy gets of a module that it imports: the size and type of a photo of a canvas. */
  async function photo(browser: Browser, policy: string, module: string): Promise<unknown> {
    const page = await load(browser, 'localhost', module, policy);
    return page.evaluate(async () => {
      const { ImageCapture } = (globalThis as unknown as { library: typeof import('../../src/index.ts') }).library;
      const canvas = Object.assign(document.createElement('canvas'), { width: 64, height: 48 });
      const context = canvas.getContext('2d')!;
      setInterval(() => context.fillRect(0, 0, 64, 48), 30);
      const [track] = canvas.captureStream().getVideoTracks();
      const { type, size } = await new ImageCapture(track!).takePhoto({ imageWidth: 40 });
      return [type, size > 100];
    });
  }

  const engines: [string, (() => Promise<Browser>) | undefined][] = [
    ['Chromium', () => openChromium()],
    ['Firefox', firefoxPath ? () => openFirefox() : undefined],
  ];

  test.each(engines)('works under a strict policy, in %s', async (_, open) => {
    if (!open) return;
    const browser = await open();
    const strict = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval';";
    requests.length = 0;
    expect(await photo(browser, `${strict} worker-src blob:`, 'inline.js')).toEqual(['image/jpeg', true]);
    expect(requests.filter((path) => path !== '/favicon.ico')).toEqual(['/', '/page.js', '/motordrive/dist/inline.js']);
    const beside = `${strict} worker-src 'self'; connect-src 'self'`;
    expect(await photo(browser, beside, 'index.js')).toEqual(['image/jpeg', true]);
    expect(requests).toContain('/motordrive/dist/kernels.wasm');
    const refused = photo(browser, `${strict} worker-src 'none'`, 'inline.js');
    await expect(refused).rejects.toThrow('OperationError');
    await browser.close();
  });

  /** What a page finds in place of ImageCapture before and after the polyfill, and whether that takes photos. */
  async function polyfilled(browser: Browser, host: string, force: boolean): Promise<unknown> {
    const page = await load(browser, host, 'polyfill.js');
    return page.evaluate(async (forced) => {
      const { before, library } = globalThis as unknown as {
        before: unknown;
        library: typeof import('../../src/polyfill.ts');
      };
      const kind = (found: unknown): string => {
        if (typeof found !== 'function') return 'missing';
        const native = String(found).includes('[native code]') ? 'native' : 'ours';
        return 'grabFrame' in found.prototype ? native : 'old';
      };
      if (forced) library.install({ force: true });
      const kinds = [before, globalThis.ImageCapture].map(kind);
      if (kinds[1] !== 'ours') return kinds;
      const canvas = document.createElement('canvas');
      const context = canvas.getContext('2d')!;
      setInterval(() => context.fillRect(0, 0, 64, 48), 30);
      const [track] = canvas.captureStream().getVideoTracks();
      return [...kinds, (await new ImageCapture(track!).takePhoto()).type];
    }, force);
  }

  test('photos reject when the permission is revoked, and the next track works', async () => {
    const browser = await chromium.launch({
      ...(executablePath && { executablePath }),
      args: [...BROWSER_FLAGS, '--use-fake-device-for-media-stream'],
    });
    const page = await load(browser, 'localhost', 'inline.js');
    const context = page.context();
    const asked = (name: 'takePhoto' | 'grabFrame'): Promise<unknown> =>
      page.evaluate(async (call) => {
        const { library } = globalThis as unknown as { library: typeof import('../../src/index.ts') };
        const stream = await navigator.mediaDevices.getUserMedia({ video: true });
        const [track] = stream.getVideoTracks();
        const capture = new library.ImageCapture(track!);
        const ended = new Promise((resolve) => track!.addEventListener('ended', resolve));
        // One after the other until the permission is gone: some call is then under way.
        const names = new Set<string>();
        const calls = (async () => {
          while (track!.readyState === 'live') await capture[call]().catch((reason: Error) => names.add(reason.name));
        })();
        document.title = 'under way';
        await Promise.all([ended, calls]);
        await capture[call]().catch((reason: Error) => names.add(reason.name));
        return [...names].sort();
      }, name);
    for (const name of ['takePhoto', 'grabFrame'] as const) {
      await context.grantPermissions(['camera']);
      await page.evaluate(() => (document.title = ''));
      const names = asked(name);
      await page.waitForFunction(() => document.title === 'under way');
      await context.clearPermissions();
      expect(await names).toContain('InvalidStateError');
      expect(['InvalidStateError', 'OperationError']).toEqual(expect.arrayContaining((await names) as string[]));
    }
    await browser.close();
  });

  test('the polyfill keeps a native class unless it is forced, and does nothing on an insecure page', async () => {
    const browser = await openChromium('--host-resolver-rules=MAP insecure.test 127.0.0.1');
    expect(await polyfilled(browser, 'localhost', false)).toEqual(['native', 'native']);
    expect(await polyfilled(browser, 'localhost', true)).toEqual(['native', 'ours', 'image/jpeg']);
    expect(await polyfilled(browser, 'insecure.test', false)).toEqual(['missing', 'missing']);
    expect(await polyfilled(browser, 'insecure.test', true)).toEqual(['missing', 'missing']);
    await browser.close();
  });

  test('the polyfill adds what Firefox lacks, and replaces its old class', async ({ skip }) => {
    skip(!firefoxPath, 'Firefox was not found');
    for (const [pref, before] of [
      [false, 'missing'],
      [true, 'old'],
    ] as const) {
      const browser = await openFirefox({ 'dom.imagecapture.enabled': pref });
      expect(await polyfilled(browser, 'localhost', false)).toEqual([before, 'ours', 'image/jpeg']);
      await browser.close();
    }
  });
});
