/**
 * What red-eye reduction promises of any photograph, tried on labelled ones: node scripts/red-eye/invariants.mjs DIR
 *
 * DIR is that of train.mjs. Prints, for the photographs with red eyes of up to 2 MP, in how many a second run changes
 * something, a turn or mirror moves a circle by more than a pixel, and how many of the strong eyes found are lost to
 * noise, JPEG and scaling.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { loadDetector } from './detector.mjs';
import { turn } from './variants.mjs';

const LARGEST = 2_000_000;
const folder = process.argv[2];
if (!folder) throw new Error('usage: node scripts/red-eye/invariants.mjs DIR');
const { images } = JSON.parse(readFileSync(join(folder, 'labels.json'), 'utf8'));
const { decode, reduce } = await loadDetector();

const rows = new Map();
/** Counts one more of `what`, and whether it held. */
function count(what, held, which) {
  const row = rows.get(what) ?? { of: 0, failed: [] };
  rows.set(what, row);
  row.of++;
  if (!held) row.failed.push(which);
}

for (const { file, kind, pupils } of images) {
  const pixels = await decode(readFileSync(join(folder, file)));
  const { width, height } = pixels;
  const { eyes, data } = reduce(pixels);
  if (eyes.length === 0) {
    count('photographs without eyes come back byte for byte', Buffer.from(pixels.data).equals(data), file);
    continue;
  }
  const again = reduce({ ...pixels, data });
  count('a second run changes nothing', again.eyes.length === 0 && Buffer.from(data).equals(again.data), file);
  if (kind === 'negative' || width * height > LARGEST) continue;
  for (const [turns, mirror] of [
    [1, false],
    [2, false],
    [3, false],
    [0, true],
  ]) {
    const turned = turn(pixels, { turns, mirror });
    const { eyes: found } = reduce(turned);
    const places = eyes.map(({ x, y, radius }) => {
      let [u, v, w, h] = [mirror ? width - 1 - x : x, y, width, height];
      for (let i = 0; i < turns; i++) [u, v, w, h] = [h - 1 - v, u, h, w];
      return { x: u, y: v, radius };
    });
    const same = places.every((place) =>
      found.some((eye) => distance(eye, place) <= 1 && Math.abs(eye.radius - place.radius) <= 1),
    );
    count(
      'turned or mirrored, the circles are the same within a pixel',
      same && found.length === eyes.length,
      `${file} ${turns}${mirror}`,
    );
  }
  const strong = pupils.filter((pupil) => pupil.strength === 'strong' && eyes.some((eye) => isAt(eye, pupil)));
  const keeps = async (what, changed, scale = 1) => {
    const found = reduce(changed).eyes;
    for (const { x, y, r } of strong) {
      if (r * scale <= 4) continue;
      const place = { x: (x + 0.5) * scale - 0.5, y: (y + 0.5) * scale - 0.5, r: r * scale };
      count(
        `${kind}: ${what}`,
        found.some((eye) => isAt(eye, place)),
        file,
      );
    }
  };
  if (strong.length === 0) continue;
  await keeps('noise of 2 % loses none', noisy(pixels));
  const raw = { raw: { width, height, channels: 4 } };
  for (const quality of [60, 75, 95]) {
    await keeps(
      `JPEG of quality ${quality} loses none`,
      await decode(await sharp(pixels.data, raw).jpeg({ quality }).toBuffer()),
    );
  }
  for (const scale of [0.5, 2]) {
    const scaled = sharp(pixels.data, raw).resize(Math.round(width * scale), Math.round(height * scale), {
      fit: 'fill',
    });
    await keeps(`scaled by ${scale} none above 4 pixels is lost`, await decode(await scaled.png().toBuffer()), scale);
  }
}
for (const [what, { of, failed }] of rows) {
  console.log(
    `${what}: ${of - failed.length}/${of}${failed.length > 0 ? ` – not ${[...new Set(failed)].join(', ')}` : ''}`,
  );
}

function isAt(eye, { x, y, r }) {
  return Math.hypot(eye.x - x, eye.y - y) < 0.6 * r && Math.abs(Math.log(eye.radius / r)) < 0.6;
}

function distance(a, b) {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

/** Gaussian noise with a deviation of 2 % of the range, nearly: the sum of twelve bytes, seeded. */
function noisy({ data, width, height }) {
  const out = new Uint8ClampedArray(data);
  let state = 1;
  for (let i = 0; i < out.length; i++) {
    if (i % 4 === 3) continue;
    let sum = -12 * 127.5;
    for (let k = 0; k < 12; k++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      sum += state >>> 24;
    }
    out[i] = data[i] + Math.round((sum * 0.02 * 255) / 255);
  }
  return { data: out, width, height };
}
