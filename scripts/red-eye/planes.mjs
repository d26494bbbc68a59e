/**
 * Red-eye reduction of labelled photographs as pixels and as a camera's planes: node scripts/red-eye/planes.mjs DIR
 * [--kinds redeye,synthetic] [--sheet FILE]
 *
 * DIR is that of train.mjs. Prints, for RGBA, I420 and NV12 in both ranges, how many pupils are corrected, how many
 * glints are kept, how many pupils got a ring, and in how many photographs a second run changes something. Rings are to
 * be none. `--sheet` draws each pupil of real photographs, a row for each, before and after: RGBA, then the planes.
 *
 * Redness is (R - max(G, B)) / (R + 16), its mean taken over 0.8 of the radius, without the glint: what has R, G and B
 * over 150. A pupil is corrected when that falls to 0.15 and by half; a glint of two pixels is kept when its luma stays
 * over 0.8 of what it was. A ring is where, within two radii, magenta – min(R, B) - G, as far as that is over 0 – rises
 * by more than 40: no correction makes magenta.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadDetector } from './detector.mjs';
import { writeSheet } from './sheet.mjs';

/** The most that magenta may rise. */
const MOST_RISE = 40;

const FORMATS = [
  { name: 'RGBA' },
  { name: 'I420, limited', format: 'I420', colour: { matrix: 'bt601', fullRange: false } },
  { name: 'I420, full', format: 'I420', colour: { matrix: 'bt709', fullRange: true } },
  { name: 'NV12, limited', format: 'NV12', colour: { matrix: 'bt709', fullRange: false } },
  { name: 'NV12, full', format: 'NV12', colour: { matrix: 'bt601', fullRange: true } },
];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { kinds: { type: 'string', default: 'redeye' }, sheet: { type: 'string' } },
});
const folder = positionals[0];
if (!folder) throw new Error('usage: node scripts/red-eye/planes.mjs DIR [--kinds redeye,synthetic] [--sheet FILE]');
const { images } = JSON.parse(readFileSync(join(folder, 'labels.json'), 'utf8'));
const { decode, reduce, reducePlanes } = await loadDetector();

const tallies = FORMATS.map(() => ({ strong: [0, 0], weak: [0, 0], glints: [0, 0], rings: 0, rise: 0, again: 0 }));
const rows = [];
for (const { file, pupils } of images.filter(({ kind }) => values.kinds.split(',').includes(kind))) {
  const pixels = await decode(readFileSync(join(folder, file)));
  const crops = pupils.map(() => []);
  for (const [i, { format, colour }] of FORMATS.entries()) {
    const tally = tallies[i];
    const { before, data, again } = format ? reducePlanes(pixels, format, colour) : reducePixels(pixels);
    if (again) tally.again++;
    for (const [k, pupil] of pupils.entries()) {
      const { corrected, glint, kept, rise } = score(before, data, pixels, pupil);
      count(tally[pupil.strength], corrected);
      if (corrected && glint) count(tally.glints, kept);
      if (rise > MOST_RISE) tally.rings++;
      tally.rise = Math.max(tally.rise, rise);
      crops[k].push({ ...pixels, data: before }, { ...pixels, data });
    }
  }
  for (const [k, pupil] of pupils.entries()) rows.push({ name: file, pupil, pictures: crops[k] });
  if (!values.sheet) rows.length = 0;
}
for (const [i, { strong, weak, glints, rings, rise, again }] of tallies.entries()) {
  console.log(
    `${FORMATS[i].name}: corrected ${share(strong)} strong, ${share(weak)} weak; glints kept ${share(glints)}; ` +
      `rings ${rings}, most rise ${rise}; changed by a second run ${again}`,
  );
}
if (values.sheet) await writeSheet(values.sheet, rows);

function reducePixels(pixels) {
  const { data } = reduce(pixels);
  const again = !Buffer.from(reduce({ ...pixels, data }).data).equals(data);
  return { before: pixels.data, data, again };
}

function count(row, held) {
  row[1]++;
  if (held) row[0]++;
}

function share([some, all]) {
  return `${some}/${all}`;
}

function score(before, after, { width, height }, { x, y, r }) {
  const sums = { core: 0, red: 0, redAfter: 0, glint: 0, luma: 0, lumaAfter: 0 };
  let rise = 0;
  for (let v = Math.max(0, Math.floor(y - 2 * r)); v <= Math.min(height - 1, y + 2 * r); v++) {
    for (let u = Math.max(0, Math.floor(x - 2 * r)); u <= Math.min(width - 1, x + 2 * r); u++) {
      const distance = Math.hypot(u - x, v - y);
      if (distance > 2 * r) continue;
      const at = (v * width + u) * 4;
      const [old, now] = [before.subarray(at, at + 3), after.subarray(at, at + 3)];
      rise = Math.max(rise, magenta(now) - magenta(old));
      if (distance > Math.max(1, 0.8 * r)) continue;
      if (Math.min(...old) > 150) {
        sums.glint++;
        sums.luma += luma(old);
        sums.lumaAfter += luma(now);
      } else {
        sums.core++;
        sums.red += redness(old);
        sums.redAfter += redness(now);
      }
    }
  }
  return {
    corrected: sums.redAfter <= 0.15 * sums.core && sums.redAfter <= 0.5 * sums.red,
    glint: sums.glint >= 2,
    kept: sums.lumaAfter >= 0.8 * sums.luma,
    rise,
  };
}

function magenta([r, g, b]) {
  return Math.max(0, Math.min(r, b) - g);
}

function redness([r, g, b]) {
  return (r - Math.max(g, b)) / (r + 16);
}

function luma([r, g, b]) {
  return 0.299 * r + 0.587 * g + 0.114 * b;
}
