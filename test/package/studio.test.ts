import type { Page } from 'playwright';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStudio, type Studio } from '../helpers/studio.ts';

const photos = '#filmstrip button';

let studio: Studio;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  studio = await openStudio();
  ({ page, complaints } = studio);
  await frame();
}, 60_000);
afterAll(() => studio?.close());

/** Waits for a picture in the viewfinder and gives its size. */
async function frame(): Promise<{ width: number; height: number }> {
  await page.waitForFunction(() => document.querySelector('video')!.readyState >= 2);
  return page.locator('#viewfinder').evaluate((video: HTMLVideoElement) => ({
    width: video.videoWidth,
    height: video.videoHeight,
  }));
}

/** Waits until the strip holds this many photos at least. */
async function photosToBe(count: number): Promise<void> {
  await page.waitForFunction(([all, least]) => document.querySelectorAll(all).length >= least, [
    photos,
    count,
  ] as const);
}

/** The file of the newest photo. */
async function newestFile(): Promise<Buffer> {
  const bytes = await page
    .locator(`${photos} img`)
    .first()
    .evaluate(async (image: HTMLImageElement) => {
      const response = await fetch(image.src);
      return [...new Uint8Array(await response.arrayBuffer())];
    });
  return Buffer.from(bytes);
}

/** Format and size as sharp sees them, once it has decoded every pixel. */
async function decoded(file: Buffer): Promise<{ format: string; width: number; height: number }> {
  await sharp(file, { failOn: 'warning' }).raw().toBuffer();
  const { format, width, height } = await sharp(file).metadata();
  return { format, width, height };
}

describe('the studio page', () => {
  test('the shutter takes a photo in the size of the camera', async () => {
    await page.locator('#shutter').click();
    await photosToBe(1);
    expect(await decoded(await newestFile())).toEqual({ format: 'jpeg', ...(await frame()) });
    await page.waitForFunction(() => document.querySelector('#status')!.textContent!.startsWith('Photo: '));
    expect(await page.locator(photos).count()).toBe(1);
  });

  test('the space bar takes one photo, with and without focus on the shutter', async () => {
    await page.keyboard.press('Space');
    await photosToBe(2);
    await page.locator('#shutter').focus();
    await page.keyboard.press('Space');
    await photosToBe(3);
    await page.keyboard.press('Enter');
    await photosToBe(4);
    expect(await page.locator(photos).count()).toBe(4);
  });

  test('a photo of the test scene has the settings of the form', async () => {
    await page.locator('#camera').selectOption('test-scene');
    await page.waitForFunction(() => document.querySelector('video')!.videoWidth === 1280);
    await page.locator('summary').click();
    await page.getByLabel('Width').fill('320');
    await page.getByLabel('Type').selectOption('image/png');
    await page.locator('#shutter').click();
    await photosToBe(5);
    expect(await decoded(await newestFile())).toEqual({ format: 'png', width: 320, height: 180 });
  });

  test('wrong settings are explained in words', async () => {
    await page.getByLabel('Width').fill('-5');
    await page.locator('#shutter').click();
    await page.waitForFunction(() => document.querySelector('#status')!.classList.contains('wrong'));
    expect(await page.locator('#status').textContent()).toMatch(/^Width: /);
    await page.getByLabel('Width').fill('320');
    await page.getByLabel('Type').selectOption('image/jpeg');
  });

  test('holding the shutter takes a burst, and releasing it ends the burst', async () => {
    const before = await page.locator(photos).count();
    await page.locator('#shutter').hover();
    await page.mouse.down();
    await photosToBe(before + 4);
    await page.mouse.up();
    await page.waitForFunction(() => document.querySelector('#status')!.textContent!.startsWith('Burst: '));
    const after = await page.locator(photos).count();
    expect(await page.locator('#status').textContent()).toMatch(/^Burst: \d+ photos, [\d.]+ a second, \d+ dropped\.$/);
    await page.waitForTimeout(300);
    expect(await page.locator(photos).count()).toBe(after);
  });

  test('a photo opens large, and closes, by keyboard', async () => {
    await page.locator(photos).first().focus();
    await page.keyboard.press('Enter');
    const dialog = page.locator('#photo-dialog');
    await dialog.waitFor({ state: 'visible' });
    expect(await page.locator('#photo-facts').textContent()).toMatch(/^320 × 180 · JPEG · [\d.]+ kB/);
    expect(await page.locator('#photo-stages dd').allTextContents()).toHaveLength(7);
    const title = await page.locator('#photo-title').textContent();
    await page.keyboard.press('ArrowRight');
    expect(await page.locator('#photo-title').textContent()).not.toBe(title);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    expect(await page.evaluate(() => document.activeElement?.matches('#filmstrip button'))).toBe(true);
  });

  test('a size limit that no photo keeps is explained in words, and one that can be kept is kept', async () => {
    await page.getByLabel('Largest file').fill('1');
    await page.locator('#shutter').click();
    await page.getByText(/^1\.0 kB are too few: as a JPEG this photo takes [\d.]+ kB or more\./).waitFor();
    expect(await page.getByLabel('Quality').isDisabled()).toBe(true);
    const before = await page.locator(photos).count();
    await page.getByLabel('Largest file').fill('10');
    await page.locator('#shutter').click();
    await photosToBe(before + 1);
    expect((await newestFile()).length).toBeLessThanOrEqual(10_000);
    await page.getByLabel('Largest file').fill('');
  });

  test('metadata is written unless switched off, and a shared photo has restart markers', async () => {
    const before = await page.locator(photos).count();
    await page.locator('#shutter').click();
    await photosToBe(before + 1);
    expect((await newestFile()).includes('Exif')).toBe(true);
    await page.getByLabel('Write metadata').uncheck();
    await page.getByLabel('Share large photos').check();
    await page.locator('#shutter').click();
    await photosToBe(before + 2);
    const file = await newestFile();
    expect(file.includes('Exif')).toBe(false);
    const restartInterval = Buffer.from([0xff, 0xdd, 0, 4]);
    expect(file.includes(restartInterval)).toBe(true);
  });

  test('a camera that faces its user is mirrored, in the viewfinder and in photos', async () => {
    const other = await studio.browser.newPage();
    await other.addInitScript(() => {
      const { getSettings } = MediaStreamTrack.prototype;
      MediaStreamTrack.prototype.getSettings = function () {
        return { ...getSettings.call(this), facingMode: this instanceof CanvasCaptureMediaStreamTrack ? '' : 'user' };
      };
    });
    await other.goto(studio.url);
    const mirror = other.getByLabel('Mirror');
    await other.getByText('Ready.').waitFor();
    const scale = (): Promise<string> =>
      other.locator('#viewfinder').evaluate((video) => getComputedStyle(video).scale);
    expect(await mirror.isChecked()).toBe(true);
    expect(await scale()).toBe('-1 1');
    await other.locator('#camera').selectOption('test-scene');
    await other.waitForFunction(() => document.querySelector('video')!.videoWidth === 1280);
    expect(await mirror.isChecked()).toBe(false);
    expect(await scale()).toBe('none');
    await mirror.check();
    await other.getByLabel('Red-eye reduction', { exact: true }).check();
    await other.locator('#shutter').click();
    await other.locator(photos).click();
    // The sitter of the scene sits right of the middle.
    const left = (): Promise<string[]> =>
      other.locator('#photo-eyes li').evaluateAll((eyes) => eyes.map((eye) => eye.style.left));
    await expect.poll(async () => (await left()).map((percent) => parseFloat(percent) < 50)).toEqual([true, true]);
    await other.close();
  });

  test('the test scene is shown when the camera is refused, with red eyes before and after', async () => {
    const other = await studio.browser.newPage();
    await other.addInitScript(() => {
      navigator.mediaDevices.getUserMedia = () =>
        Promise.reject(new DOMException('Permission denied', 'NotAllowedError'));
    });
    // Where the sitter stands still, whatever the machine's pace.
    await other.emulateMedia({ reducedMotion: 'reduce' });
    await other.goto(studio.url);
    await other.getByText('permission was refused. This is the test scene.').waitFor();
    expect(await other.locator('#camera').inputValue()).toBe('test-scene');
    await other.locator('#shutter').click();
    await other.locator(photos).first().click();
    expect(await other.locator('#eye-controls').isVisible()).toBe(false);
    expect(await other.locator('#photo-split').isVisible()).toBe(false);
    await other.keyboard.press('Escape');

    await other.getByLabel('Red-eye reduction', { exact: true }).check();
    await other.locator('#shutter').click();
    await other.locator(photos).nth(1).waitFor();
    await other.locator(photos).first().click();
    await expect.poll(() => other.locator('#photo-facts').textContent()).toContain('2 red eyes corrected');
    const circles = other.locator('#photo-eyes li');
    expect(await circles.allTextContents()).toEqual([
      expect.stringMatching(/^Red eye 1, certain to \d+%$/),
      expect.stringMatching(/^Red eye 2, certain to \d+%$/),
    ]);
    const width = async (): Promise<number> => (await circles.first().boundingBox())!.width;
    const whole = await width();
    await other.getByLabel('Zoom in').check();
    expect(await width()).toBeGreaterThan(2 * whole);
    await other.getByLabel('Circles').uncheck();
    expect(await circles.first().isVisible()).toBe(false);

    const slider = other.getByLabel('before and after');
    const words = async (): Promise<string> => (await slider.getAttribute('aria-valuetext'))!;
    const between = parseInt(await words());
    await slider.press('ArrowRight');
    expect(await words()).toBe(`${between + 1}% before, ${99 - between}% after`);
    expect(await other.locator('#photo-title').textContent()).toBe('Photo 2');
    const { x, y, width: across } = (await other.locator('#photo-figure').boundingBox())!;
    await other.mouse.move(x + across * 0.5, y + 40);
    await other.mouse.down();
    await other.mouse.move(x + across * 0.25, y + 60);
    await other.mouse.up();
    expect(await words()).toBe('25% before, 75% after');
    await slider.press('Home');
    expect(await words()).toBe('0% before, 100% after');
    await other.close();
  });

  test('nothing overflows on a phone, and the console has no messages', async () => {
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    expect(complaints).toEqual([]);
  });
});
