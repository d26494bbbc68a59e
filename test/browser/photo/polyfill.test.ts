import { afterEach, expect, test, vi } from 'vitest';
import { ImageCapture } from '../../../src/photo/image-capture.ts';

const nativeDescriptor = Object.getOwnPropertyDescriptor(globalThis, 'ImageCapture');
let loads = 0;

afterEach(() => {
  vi.unstubAllGlobals();
  delete (globalThis as { ImageCapture?: unknown }).ImageCapture;
  if (nativeDescriptor) Object.defineProperty(globalThis, 'ImageCapture', nativeDescriptor);
});

type Polyfill = typeof import('../../../src/polyfill.ts');

/** Loads the polyfill on a page with this ImageCapture; the class that is there afterwards. */
async function polyfilled(present: unknown, use = (_polyfill: Polyfill): void => {}): Promise<unknown> {
  delete (globalThis as { ImageCapture?: unknown }).ImageCapture;
  if (present !== undefined) {
    Object.defineProperty(globalThis, 'ImageCapture', { value: present, writable: true, configurable: true });
  }
  // Another query is another module to the browser, so that it runs anew.
  const url = `../../../src/polyfill.ts?load=${loads++}`;
  use((await import(/* @vite-ignore */ url)) as Polyfill);
  return (globalThis as { ImageCapture?: unknown }).ImageCapture;
}

test('sets the class where there is none, with the attributes of an interface object', async () => {
  const set = await polyfilled(undefined);
  expect(set).toBe(ImageCapture);
  expect(Object.getOwnPropertyDescriptor(globalThis, 'ImageCapture')).toEqual({
    value: ImageCapture,
    writable: true,
    configurable: true,
    enumerable: false,
  });
});

test('replaces a class without grabFrame', async () => {
  class EventBased {
    takePhoto(): void {}
  }
  expect(await polyfilled(EventBased)).toBe(ImageCapture);
});

test('leaves a usable class alone', async () => {
  class Usable {
    grabFrame(): void {}
  }
  expect(await polyfilled(Usable)).toBe(Usable);
});

test('replaces a usable class when it is forced to', async () => {
  class Usable {
    grabFrame(): void {}
  }
  const answers: boolean[] = [];
  const force = ({ install }: Polyfill): void => void answers.push(install(), install({ force: true }));
  expect(await polyfilled(Usable, force)).toBe(ImageCapture);
  expect(answers).toEqual([false, true]);
});

test('sets nothing in an insecure context', async () => {
  vi.stubGlobal('isSecureContext', false);
  const force = ({ install }: Polyfill): void => void install({ force: true });
  expect(await polyfilled(undefined, force)).toBeUndefined();
});
