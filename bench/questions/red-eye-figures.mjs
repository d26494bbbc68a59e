/**
 * What the detector and the plain baseline of red-eye.ts find in labelled photographs; by circles, as
 * scripts/red-eye/train.mjs counts.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadDetector } from '../../scripts/red-eye/detector.mjs';

/** Figures of both for DIR/labels.json: pupils found by kind and strength, and false regions. */
export async function redEyeFigures(folder) {
  const detector = await loadDetector();
  const contestants = [
    { name: 'threshold and components', find: detector.redComponents },
    { name: 'motordrive', find: (pixels) => detector.reduce(pixels).eyes },
  ];
  const { images } = JSON.parse(readFileSync(join(folder, 'labels.json'), 'utf8'));
  const figures = contestants.map(({ name }) => ({
    contestant: name,
    found: {},
    clean: 0,
    touched: 0,
    falseRegions: 0,
  }));
  for (const image of images) {
    const pixels = await detector.decode(readFileSync(join(folder, image.file)));
    contestants.forEach(({ find }, i) => count(figures[i], image, find(pixels)));
  }
  return figures;
}

function count(figures, { kind, pupils, ignore = [] }, eyes) {
  for (const pupil of pupils) {
    const row = (figures.found[`${kind}, ${pupil.strength}`] ??= { found: 0, of: 0 });
    row.of++;
    if (eyes.some((eye) => distance(eye, pupil) < 0.6 * pupil.r && Math.abs(Math.log(eye.radius / pupil.r)) < 0.6))
      row.found++;
  }
  if (kind !== 'negative') return;
  const wrong = eyes.filter((eye) => ignore.every((circle) => distance(eye, circle) > 2.5 * circle.r + 4)).length;
  figures.clean++;
  figures.falseRegions += wrong;
  if (wrong > 0) figures.touched++;
}

function distance(a, b) {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
