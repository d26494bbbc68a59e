import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readResults } from '../../src/bench/index.ts';
import { openStudio, type Studio } from '../helpers/studio.ts';

let studio: Studio;
beforeAll(async () => {
  studio = await openStudio('measure.html');
}, 60_000);
afterAll(() => studio?.close());

test('measures the camera, draws bars and gives a result file', async () => {
  const { page, complaints } = studio;
  // Until the camera is there, which moves what is below it.
  await page.locator('#run:enabled').waitFor();
  await page.getByLabel('Rounds').fill('2');
  await page.getByLabel('drawImage + toBlob').uncheck();
  await page.getByRole('button', { name: 'Measure' }).click({ timeout: 30_000 });
  await page.getByText('Done.').waitFor({ timeout: 60_000 });
  expect(await page.locator('tbody .bar').count()).toBe(3);
  const downloading = page.waitForEvent('download');
  await page.getByText('Save as JSON').click();
  const { rows, complete, clock } = readResults(readFileSync(await (await downloading).path(), 'utf8'));
  expect([complete, clock]).toEqual([true, 'wall']);
  expect(rows.map(({ contestant, status }) => [contestant, status])).toEqual([
    ['drawImage + convertToBlob', 'ok'],
    ['motordrive (speed)', 'ok'],
    ['motordrive (balanced)', 'ok'],
  ]);
  expect(complaints).toEqual([]);
}, 120_000);

test('stops when asked to, without a network, and keeps complete results', async () => {
  const { page } = studio;
  await page.context().setOffline(true);
  await page.getByLabel('Rounds').fill('200');
  await page.getByRole('button', { name: 'Measure' }).click();
  await page.getByText(/Round [2-9]\d* of 200/).waitFor({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.getByText('Stopped;').waitFor({ timeout: 30_000 });
  expect(await page.locator('tbody .bar').count()).toBe(3);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
}, 120_000);
