/**
 * npm run bench:sheet -- [--photo FILE] [--out FILE] [--peers]
 * Lays out a sheet to look at: what the browser, sharp, Motordrive and its peers make of the same pictures.
 */
import { mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright';
import sharp from 'sharp';
import { createServer } from 'vite';
import { BROWSER_FLAGS, findBrowser } from '../scripts/browser.mjs';
import { buildPeers } from './peers/build.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const { values } = parseArgs({
  options: {
    photo: { type: 'string' },
    out: { type: 'string', default: join(here, 'results/scale.png') },
    peers: { type: 'boolean', default: false },
  },
});
const photo = values.photo && resolve(values.photo);
const server = await createServer({
  configFile: false,
  root: here,
  logLevel: 'error',
  server: { hmr: false, watch: null, fs: { allow: [join(here, '..'), ...(photo ? [dirname(photo)] : [])] } },
});
await server.listen();
if (values.peers) await buildPeers();
const browser = await chromium.launch({ executablePath: findBrowser(), args: BROWSER_FLAGS });
try {
  const page = await browser.newPage();
  await page.goto(`${server.resolvedUrls.local[0]}sheet/sheet.html`);
  await page.waitForFunction(() => window.bench !== undefined);
  const scenes = await page.evaluate(
    ([url, peers]) => window.bench.sheet(url, peers),
    [photo && `/@fs${photo}`, values.peers],
  );
  mkdirSync(dirname(resolve(values.out)), { recursive: true });
  await (await layOut(scenes)).png().toFile(values.out);
  console.log(values.out);
} finally {
  await browser.close();
  await server.close();
}
process.exit();

/** A row for each scene, a column for each way to scale it. */
async function layOut(scenes) {
  const gap = 16;
  const caption = 20;
  const placed = [];
  let width = 0;
  for (const [row, { name, from, to, source, tiles }] of scenes.entries()) {
    const pixels = Buffer.from(source, 'base64');
    const raw = { raw: { width: from, height: from, channels: 4 } };
    const made = [
      ...tiles.map((tile) => ({ name: tile.name, data: Buffer.from(tile.rgba, 'base64') })),
      {
        name: 'sharp lanczos3',
        data: await sharp(pixels, raw).resize(to, to, { kernel: 'lanczos3' }).raw().toBuffer(),
      },
    ];
    const top = gap + row * (to + caption + gap);
    for (const [column, tile] of made.entries()) {
      const left = gap + column * (to + gap);
      const words = column === 0 ? `${tile.name}: ${name}, ${from} to ${to}` : tile.name;
      const label = `<svg width="${to}" height="${caption}"><text y="14" font-size="11" font-family="sans-serif">${words}</text></svg>`;
      placed.push({ input: Buffer.from(label), left, top });
      placed.push({ input: tile.data, raw: { width: to, height: to, channels: 4 }, left, top: top + caption });
      width = Math.max(width, left + to + gap);
    }
  }
  const height = gap + scenes.length * (scenes[0].to + caption + gap);
  return sharp({ create: { width, height, channels: 4, background: '#ddd' } }).composite(placed);
}
