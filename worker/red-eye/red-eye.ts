import { EYE_BYTES, readEye, writeEye } from '../../build/records.js';
import { isPlanar, type PackedImage, type PixelImage } from '../frame/image.ts';
import type { KernelInstance } from '../memory/kernels.ts';
import type { RedEye } from '../photo.ts';
import { judge, probability } from './judge.ts';
import { describePicture, halveRows, LEAST_SIDE, type Box, type Picture } from './picture.ts';
import { lookAt, type Candidate } from './search.ts';
import { findSpots, noCounts, renewSpots } from './spots.ts';

/**
 * A corrected picture is searched again until no eye is found, so that another run would find nothing. The second
 * search nearly always ends it; only a crowd needs more, for a search corrects no more than 64 eyes.
 */
const MOST_SEARCHES = 5;

/**
 * Finds red pupils and corrects them in place, in packed pixels or planes; a picture without any is not written to.
 * Scratch is taken from the memory's stack and given back. The method is described in ARCHITECTURE.md.
 */
export function reduceRedEye(instance: KernelInstance, image: PixelImage, counts = noCounts()): RedEye[] {
  if (Math.min(image.width, image.height) < LEAST_SIDE) return [];
  const mark = instance.memory.mark();
  const picture = describePicture(instance, image);
  const eyes: RedEye[] = [];
  let spots = findSpots(instance, picture, counts);
  for (let search = 0; search < MOST_SEARCHES; search++) {
    counts.searches++;
    const found = judge(lookAt(instance, picture, spots, counts));
    if (found.length === 0) break;
    const corrected = found.map((candidate) => correct(instance, image, picture, candidate));
    eyes.push(...corrected.filter((eye) => eyes.every((other) => areApart(eye, other))));
    const changes = corrected.map(surroundingBox);
    for (const { top, bottom } of changes) halveRows(instance, picture, top, Math.min(bottom, image.height));
    spots = renewSpots(instance, picture, counts, spots, changes);
  }
  instance.memory.release(mark);
  return eyes;
}

function areApart(a: RedEye, b: RedEye): boolean {
  const [dx, dy, reach] = [a.x - b.x, a.y - b.y, a.radius + b.radius];
  return dx * dx + dy * dy > reach * reach;
}

/** All that a correction may write. */
function surroundingBox({ x, y, radius }: RedEye): Box {
  const reach = Math.ceil(2 * radius) + 4;
  const [left, top] = [Math.max(0, Math.floor(x) - reach), Math.max(0, Math.floor(y) - reach)];
  return { left, top, right: Math.ceil(x) + reach, bottom: Math.ceil(y) + reach };
}

/** Fits a circle to an eye's red disc and corrects it. */
function correct(instance: KernelInstance, image: PixelImage, picture: Picture, candidate: Candidate): RedEye {
  const { kernels, memory } = instance;
  const mark = memory.mark();
  const confidence = probability(candidate.logit) / 256;
  const strength = Math.round(256 * Math.min(1, 0.9 + confidence / 8));
  const { pixels, x, y } = surroundings(instance, image, picture, candidate);
  const { width, height, stride, address } = pixels;
  const red = pixels.format.startsWith('B') ? 2 : 0;
  const before = memory.alloc(isPlanar(image) ? stride * height : 0);
  if (isPlanar(image)) memory.bytes(before, stride * height).set(memory.bytes(address, stride * height));
  const eye = memory.alloc(EYE_BYTES);
  const fixed = (value: number): number => Math.round(value * 256);
  const place = { x: fixed(candidate.x - x), y: fixed(candidate.y - y), radius: fixed(candidate.radius) };
  memory.write(eye, writeEye, { ...place, roughness: 0, withoutEdge: 0 });
  kernels.fitDisc(address, eye, width, height, stride, red);
  const disc = memory.read(eye, readEye);
  const side = Math.ceil(disc.radius / 64) + 8;
  const scratch = memory.alloc(3 * side * side + 260);
  const pupil = { x: disc.x, y: disc.y, r: disc.radius };
  kernels.correctEye({ ...pupil, image: address, scratch, width, height, stride, strength, red });
  if (isPlanar(image)) kernels.writePatch(picture.address, x, y, width, height, before, address);
  memory.release(mark);
  return { x: x + disc.x / 256, y: y + disc.y / 256, radius: disc.radius / 256, confidence };
}

/** The pixels round an eye and where they begin: packed ones are the image itself, planes are converted. */
function surroundings(
  { kernels, memory }: KernelInstance,
  image: PixelImage,
  picture: Picture,
  { x, y, radius }: Candidate,
): { pixels: PackedImage; x: number; y: number } {
  if (!isPlanar(image)) return { pixels: image, x: 0, y: 0 };
  // The disc that is fitted may lie a radius away and be larger by a third; a correction looks two radii far.
  const reach = Math.ceil(4 * radius) + 4;
  const left = Math.max(0, (Math.floor(x) - reach) & ~1);
  const top = Math.max(0, (Math.floor(y) - reach) & ~1);
  const width = Math.min(image.width, Math.floor(x) + reach) - left;
  const height = Math.min(image.height, Math.floor(y) + reach) - top;
  const address = memory.alloc(width * height * 4);
  for (let row = 0; row < height; row++) {
    kernels.convertRow(picture.address, left, top + row, width, address + row * width * 4);
  }
  return { pixels: { format: 'RGBA', width, height, address, stride: width * 4 }, x: left, y: top };
}
