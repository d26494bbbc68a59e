/**
 * Trains the forest of assembly/red-eye/forest.ts: node scripts/red-eye/train.mjs DIR [--folds FILE]
 *
 * DIR holds labels.json: { images: [{ file, kind: 'redeye' | 'synthetic' | 'negative', pupils: [{ x, y, r, strength }],
 * ignore, tags }] }. Candidates and their features come from the kernels themselves, of every photograph and of
 * variants of it. Prints the figures of a five-fold cross-validation, in which photographs that share a person stay
 * together, then writes the table trained on everything. The same data give the same bytes. `--folds` also writes the
 * five tables, each with the photographs it has not seen, for a run of the whole detector.
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { boost, score } from './boosting.mjs';
import { loadDetector } from './detector.mjs';
import { forestBytes, forestModule, LEAVES } from './table.mjs';
import { variantsOf } from './variants.mjs';

const OPTIONS = { trees: 70, leaves: LEAVES, rate: 0.14, lambda: 4, leastWeight: 1, columns: 400, rows: 700 };
const WEIGHTS = { redeye: 16, synthetic: 10 };
const FOLDS = 5;

const root = fileURLToPath(new URL('../..', import.meta.url));
const { values, positionals } = parseArgs({ allowPositionals: true, options: { folds: { type: 'string' } } });
const folder = positionals[0];
if (!folder) throw new Error('usage: node scripts/red-eye/train.mjs DIR [--folds FILE]');

const labels = readFileSync(join(folder, 'labels.json'));
const hash = createHash('sha256').update(labels);
const { images } = JSON.parse(labels.toString());
const { candidatesOf, decode, judge } = await loadDetector();

const groups = new Map();
const photos = [];
const samples = [];
for (const image of images) {
  const bytes = readFileSync(join(folder, image.file));
  hash.update(bytes);
  const photo = { ...image, fold: foldOf(image) };
  const variants = variantsOf(await decode(bytes), image);
  for (const [i, variant] of variants.entries()) {
    const candidates = candidatesOf(variant.pixels);
    if (i === 0) photo.candidates = candidates;
    for (const candidate of candidates) {
      const role = roleOf(candidate, variant);
      if (role === 'unclear') continue;
      const label = role === 'eye' ? 1 : 0;
      const weight = (label ? WEIGHTS[image.kind] : 1) / variants.length;
      samples.push({ features: candidate.features, label, weight, fold: photo.fold });
    }
  }
  photos.push(photo);
}
console.log(`${samples.length} samples, ${samples.filter(({ label }) => label).length} of them eyes`);

const tally = {
  ...{ strong: [0, 0], weak: [0, 0], paintedStrong: [0, 0], paintedWeak: [0, 0] },
  ...{ false: 0, clean: 0, touched: 0, falseBesideEyes: 0 },
};
const folds = [];
for (let fold = 0; fold < FOLDS; fold++) {
  const forest = boost(
    samples.filter((sample) => sample.fold !== fold),
    OPTIONS,
  );
  const held = photos.filter((photo) => photo.fold === fold);
  for (const photo of held) count(photo, forest);
  folds.push({
    files: held.map(({ file }) => file),
    table: Buffer.from(forestBytes(forest)).toString('base64'),
  });
}
const share = ([found, all]) => `${found}/${all} (${((100 * found) / all).toFixed(1)} %)`;
console.log(`by cross-validation: strong real eyes ${share(tally.strong)}, weak ${share(tally.weak)}`);
console.log(`  painted: strong ${share(tally.paintedStrong)}, weak ${share(tally.paintedWeak)}`);
console.log(
  `  false regions: ${(tally.false / tally.clean).toFixed(3)} per clean photograph, ${share([tally.touched, tally.clean])} of them touched; ` +
    `${tally.falseBesideEyes} in photographs with red eyes`,
);
if (values.folds) writeFileSync(values.folds, JSON.stringify(folds));
const forest = boost(samples, OPTIONS);
writeFileSync(
  join(root, 'assembly/red-eye/forest.ts'),
  forestModule(forestBytes(forest), forest.trees.length, hash.digest('hex')),
);

/** Photographs painted on the same portrait share a tag; of every kind each fold gets its part. */
function foldOf({ kind, file, tags = [] }) {
  const group = `${kind} ${tags.find((tag) => /^base\d+$/.test(tag)) ?? file}`;
  if (!groups.has(group)) {
    groups.set(group, [...groups.keys()].filter((other) => other.startsWith(kind)).length % FOLDS);
  }
  return groups.get(group);
}

function isPupil(candidate, pupil) {
  const ratio = candidate.radius / pupil.r;
  return ratio > 0.6 && ratio < 1.67 && Math.hypot(candidate.x - pupil.x, candidate.y - pupil.y) < 0.5 * pupil.r;
}

function roleOf(candidate, { pupils, ignore }) {
  if (pupils.some((pupil) => isPupil(candidate, pupil))) return 'eye';
  const near = ({ x, y, r }) => Math.hypot(candidate.x - x, candidate.y - y) < 2.5 * r + 4;
  return pupils.some(near) || ignore.some(near) ? 'unclear' : 'other';
}

/** Adds a photograph, judged by a forest that has not seen it, to the tally. */
function count(photo, forest) {
  const scored = photo.candidates.map((c) => ({ ...c, logit: Math.round(score(forest, c.features) * 256) }));
  const eyes = judge(scored);
  const painted = { strong: 'paintedStrong', weak: 'paintedWeak' };
  for (const pupil of photo.pupils) {
    const row = tally[photo.kind === 'synthetic' ? painted[pupil.strength] : pupil.strength];
    row[1]++;
    if (eyes.some((eye) => isPupil(eye, pupil))) row[0]++;
    else if (process.env.MISSES)
      console.log(
        'miss',
        photo.file,
        pupil.x,
        pupil.y,
        pupil.r,
        pupil.strength,
        Math.max(...scored.filter((c) => isPupil(c, pupil)).map((c) => c.logit)),
      );
  }
  const wrong = eyes.filter((eye) => roleOf(eye, { ignore: [], ...photo }) === 'other');
  if (process.env.MISSES)
    for (const e of wrong) console.log('false', photo.file, e.x, e.y, e.radius, photo.kind, e.logit);
  if (photo.kind === 'negative') {
    tally.clean++;
    tally.false += wrong.length;
    if (wrong.length > 0) tally.touched++;
  } else {
    tally.falseBesideEyes += wrong.length;
  }
}
