/**
 * Trains the forest of assembly/redeye/forest.ts: node scripts/red-eye/train.mjs DIR
 *
 * DIR holds labels.json: { images: [{ file, kind: 'redeye' | 'synthetic' | 'negative', pupils: [{ x, y, r, strength }], ignore }] }.
 * Candidates and their features come from the kernels themselves. Prints the figures of a five-fold cross-validation by
 * photograph, then writes the table trained on everything. The same data give the same bytes.
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { createServer } from 'vite';
import { boost, score } from './boosting.mjs';

const OPTIONS = { trees: 120, leaves: 12, rate: 0.1, lambda: 4, leastWeight: 1 };
const NODES = 11;
const WEIGHTS = { redeye: 12, synthetic: 4 };
const FOLDS = 5;

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = process.argv[2];
if (!folder) throw new Error('usage: node scripts/red-eye/train.mjs DIR');

const labels = readFileSync(join(folder, 'labels.json'));
const hash = createHash('sha256').update(labels);
const { images } = JSON.parse(labels.toString());
const { candidatesOf, judge } = await loadLibrary();

const photos = [];
for (const image of images) {
  const bytes = readFileSync(join(folder, image.file));
  hash.update(bytes);
  photos.push({ ...image, candidates: await candidatesOf(bytes) });
}
const samples = photos.flatMap((photo, index) =>
  photo.candidates.flatMap((candidate) => {
    const role = roleOf(candidate, photo);
    if (role === 'unclear') return [];
    const label = role === 'eye' ? 1 : 0;
    return [{ features: candidate.features, label, weight: label ? WEIGHTS[photo.kind] : 1, fold: foldOf(index) }];
  }),
);
console.log(`${samples.length} samples, ${samples.filter(({ label }) => label).length} of them eyes`);

const tally = { strong: [0, 0], weak: [0, 0], painted: [0, 0], false: 0, clean: 0, touched: 0, falseBesideEyes: 0 };
for (let fold = 0; fold < FOLDS; fold++) {
  const forest = boost(
    samples.filter((sample) => sample.fold !== fold),
    OPTIONS,
  );
  photos.forEach((photo, index) => {
    if (foldOf(index) === fold) count(photo, forest);
  });
}
const share = ([found, all]) => `${found}/${all} (${((100 * found) / all).toFixed(1)} %)`;
console.log(
  `by cross-validation: strong real eyes ${share(tally.strong)}, weak ${share(tally.weak)}, painted ${share(tally.painted)}`,
);
console.log(
  `false regions: ${(tally.false / tally.clean).toFixed(3)} per clean photograph, ${share([tally.touched, tally.clean])} of them touched; ` +
    `${tally.falseBesideEyes} in photographs with red eyes`,
);

writeFileSync(join(root, 'assembly/redeye/forest.ts'), tableOf(boost(samples, OPTIONS), hash.digest('hex')));
process.exit(0);

/** The library's own detector, through Vite: it is TypeScript. */
async function loadLibrary() {
  const server = await createServer({
    root,
    configFile: false,
    logLevel: 'error',
    server: { middlewareMode: true, ws: false },
  });
  const { compileKernels, instantiateKernels } = await server.ssrLoadModule('/worker/kernels.ts');
  const { describePicture, LEAST_SIDE } = await server.ssrLoadModule('/worker/red-eye/picture.ts');
  const { searchRedEyes } = await server.ssrLoadModule('/worker/red-eye/search.ts');
  const { judge } = await server.ssrLoadModule('/worker/red-eye/judge.ts');
  const instance = await instantiateKernels(await compileKernels(readFileSync(join(root, 'build/kernels.wasm'))));
  const { memory } = instance;
  const candidatesOf = async (bytes) => {
    const { data, info } = await sharp(bytes)
      .toColourspace('srgb')
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    memory.reset();
    const address = memory.alloc(data.length);
    memory.bytes(address, data.length).set(data);
    const { width, height } = info;
    if (Math.min(width, height) < LEAST_SIDE) return [];
    const image = { format: 'RGBA', width, height, address, stride: width * 4 };
    return searchRedEyes(instance, describePicture(instance, image));
  };
  return { candidatesOf, judge };
}

function foldOf(index) {
  return index % FOLDS;
}

function isPupil(candidate, pupil) {
  const ratio = candidate.radius / pupil.r;
  return ratio > 0.6 && ratio < 1.67 && Math.hypot(candidate.x - pupil.x, candidate.y - pupil.y) < 0.5 * pupil.r;
}

function roleOf(candidate, { pupils, ignore = [] }) {
  if (pupils.some((pupil) => isPupil(candidate, pupil))) return 'eye';
  const near = ({ x, y, r }) => Math.hypot(candidate.x - x, candidate.y - y) < 2.5 * r + 4;
  return pupils.some(near) || ignore.some(near) ? 'unclear' : 'other';
}

/** Adds a photograph, judged by a forest that has not seen it, to the tally. */
function count(photo, forest) {
  const scored = photo.candidates.map((c) => ({ ...c, logit: Math.round(score(forest, c.features) * 256) }));
  const eyes = judge(scored);
  for (const pupil of photo.pupils) {
    const row = photo.kind === 'synthetic' ? tally.painted : tally[pupil.strength];
    row[1]++;
    if (eyes.some((eye) => isPupil(eye, pupil))) row[0]++;
  }
  const wrong = eyes.filter((eye) => roleOf(eye, photo) === 'other').length;
  if (photo.kind === 'negative') {
    tally.clean++;
    tally.false += wrong;
    if (wrong > 0) tally.touched++;
  } else {
    tally.falseBesideEyes += wrong;
  }
}

/** The table as classify.ts reads it. */
function tableOf(forest, sha256) {
  const bytes = [];
  const int16 = (value) => bytes.push(value & 255, (value >> 8) & 255);
  for (const { nodes, leaves } of forest) {
    for (let n = 0; n < NODES; n++) {
      // A tree that stopped early repeats its first leaf in nodes that nobody reaches.
      const { feature, threshold, low, high } = nodes[n] ?? { feature: 0, threshold: 0, low: -1, high: -1 };
      bytes.push(feature, 0);
      int16(threshold);
      bytes.push(low & 255, high & 255);
    }
    for (let n = 0; n <= NODES; n++) int16(Math.round((leaves[n] ?? 0) * 256));
  }
  const lines = [];
  for (let i = 0; i < bytes.length; i += 40) lines.push(`  ${bytes.slice(i, i + 40).join(',')},`);
  return `/**
 * Boosted trees that tell red pupils from other red spots. Generated by scripts/red-eye/train.mjs from labels and photographs
 * whose SHA-256 is ${sha256}.
 */

/** How many trees there are. */
export const TREES: i32 = ${forest.length};

/** The trees, laid out as classify.ts describes. */
export const FOREST = memory.data<u8>([
${lines.join('\n')}
]);
`;
}
