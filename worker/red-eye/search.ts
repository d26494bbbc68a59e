import { EYE_BYTES, readEye, writeEye } from '../../build/records.js';
import type { KernelInstance } from '../memory/kernels.ts';
import type { Picture } from './picture.ts';
import { findSpots, noCounts, type SearchCounts, type Spot } from './spots.ts';

/** The spots that are looked at, those with most contrast: more are only found where everything is spotted with red. */
const MAX_LOOKED_AT = 1024;

/** A candidate in pixels of the picture, with its features' log-odds in 256ths. */
export type Candidate = { x: number; y: number; radius: number; logit: number; features: Int16Array };

/**
 * All places that pass the cascade, a pupil mostly more than once. Scratch is taken from the memory's stack and given
 * back.
 */
export function searchRedEyes(instance: KernelInstance, picture: Picture, counts = noCounts()): Candidate[] {
  return lookAt(instance, picture, findSpots(instance, picture, counts), counts);
}

/** The spots that pass the cascade, as {@link searchRedEyes} has them. */
export function lookAt(
  { kernels, memory }: KernelInstance,
  picture: Picture,
  spots: Spot[],
  counts: SearchCounts,
): Candidate[] {
  const mark = memory.mark();
  const eye = memory.alloc(EYE_BYTES);
  const features = memory.alloc(256);
  const scratch = memory.alloc(5120);
  const featureCount = kernels.redEyeFeatures.value;
  const featureBytes = memory.bytes(features, featureCount * 2);
  const candidates: Candidate[] = [];
  const { width, height } = picture.levels[0]!;
  for (const { x, y, radius } of strongest(spots)) {
    memory.write(eye, writeEye, { x, y, radius, roughness: 0, withoutEdge: 0 });
    if (!kernels.refineCircle(picture.address, eye, scratch)) continue;
    counts.circles++;
    if (!kernels.describeEye(picture.address, eye, features, scratch)) continue;
    counts.candidates++;
    const circle = memory.read(eye, readEye);
    candidates.push({
      x: circle.x / 256 + (width - 1) / 2,
      y: circle.y / 256 + (height - 1) / 2,
      radius: circle.radius / 256,
      logit: kernels.classifyEye(features),
      features: new Int16Array(featureBytes.buffer, featureBytes.byteOffset, featureCount).slice(),
    });
  }
  memory.release(mark);
  return candidates;
}

/**
 * Those with most contrast, where there are more than are looked at; whatever their order is, and however the picture
 * is turned.
 */
function strongest(spots: Spot[]): Spot[] {
  if (spots.length <= MAX_LOOKED_AT) return spots;
  const fromCentre = ({ x, y }: Spot): number => x * x + y * y;
  const order = (a: Spot, b: Spot): number =>
    b.contrast - a.contrast || a.radius - b.radius || fromCentre(a) - fromCentre(b) || a.y - b.y || a.x - b.x;
  return [...spots].sort(order).slice(0, MAX_LOOKED_AT);
}
