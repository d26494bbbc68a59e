import type { PackedImage } from './image.ts';
import type { KernelInstance } from './kernels.ts';
import type { RedEye } from './photo.ts';

/** Pictures with more pixels are searched from half size on: pupils in them are 4 pixels or larger. */
const FULL_SIZE_PIXELS = 4_500_000;
const MAX_LEVELS = 7;
const LEAST_SIDE = 16;

/** Centre and surround, half sides in pixels of a level; the first on the finest level only. */
const WINDOWS = [
  [1, 3],
  [2, 6],
  [3, 8],
] as const;

/** Raw candidates of one level and window, and of a picture: more are only found where everything is spotted with red. */
const CANDIDATES_PER_WINDOW = 2048;
const MAX_CANDIDATES = 4096;
/** Bytes of a candidate as the kernel writes it. */
const CANDIDATE_BYTES = 12;

/** Log-odds of p = 0.8, 8-bit fixed point. */
const ACCEPT = 355;
/** Log-odds of p = 0.4: enough beside an eye that was accepted, at an eye's distance. */
const ACCEPT_PARTNER = -104;
/** Accepted at most: a crowd has fewer. */
const MAX_EYES = 64;

/** p in 256ths for log-odds of -5 to 5 in steps of a half, so that no engine's exp() is asked. */
const PROBABILITY = [2, 3, 5, 8, 12, 19, 31, 47, 69, 97, 128, 159, 187, 209, 225, 237, 244, 248, 251, 253, 254];

/** A candidate in pixels of the picture, with its features' log-odds. */
export type RedEyeCandidate = { x: number; y: number; radius: number; logit: number; features: Int16Array };

type Level = { address: number; stride: number; width: number; height: number };

/**
 * Finds red pupils and corrects them in place; a picture without any is not written to. Scratch is taken from the memory's
 * stack and given back. The method is described in ARCHITECTURE.md.
 */
export function reduceRedEye(instance: KernelInstance, image: PackedImage): RedEye[] {
  const eyes = detectRedEyes(instance, image);
  const { kernels, memory } = instance;
  const mark = memory.mark();
  for (const { x, y, radius, confidence } of eyes) {
    const side = Math.ceil(radius * 4) + 8;
    const scratch = memory.alloc(3 * side * side + 512);
    const strength = Math.round(256 * Math.min(1, Math.max(0.5, (confidence - 0.6) / 0.3)));
    const { address, width, height, stride } = image;
    const [fx, fy, fr] = [x, y, radius].map((value) => Math.round(value * 256)) as [number, number, number];
    kernels.correctEye(address, scratch, width, height, stride, fx, fy, fr, strength, redByte(image));
    memory.release(mark);
  }
  return eyes;
}

/** Finds red pupils; positions and radii in pixels of the picture. */
export function detectRedEyes(instance: KernelInstance, image: PackedImage): RedEye[] {
  const { kernels, memory } = instance;
  const mark = memory.mark();
  const eye = memory.alloc(16);
  const eyes = judge(findRedEyeCandidates(instance, image)).map((candidate) => {
    const circle = [candidate.x, candidate.y, candidate.radius].map((value) => Math.round(value * 256));
    memory.words(eye, 3).set(circle);
    kernels.fitDisc(image.address, eye, image.width, image.height, image.stride, redByte(image));
    const [x, y, radius] = memory.words(eye, 3) as unknown as [number, number, number];
    return { x: x / 256, y: y / 256, radius: radius / 256, confidence: probability(candidate.logit) / 256 };
  });
  memory.release(mark);
  return eyes;
}

/** All places that pass the cascade, best first, one for each place and size. */
export function findRedEyeCandidates(instance: KernelInstance, image: PackedImage): RedEyeCandidate[] {
  const { kernels, memory } = instance;
  if (image.width < LEAST_SIDE || image.height < LEAST_SIDE) return [];
  const mark = memory.mark();
  const first = image.width * image.height > FULL_SIZE_PIXELS ? 1 : 0;
  const sizes = levelSizes(image);
  const finest = sizes[first]!;
  const pixels = finest.width * finest.height;
  const tableBytes = (finest.width + 1) * (finest.height + 1) * 4;
  const levels: Level[] = sizes.map((size, i) =>
    i === 0 ? image : { ...size, stride: size.width * 4, address: memory.alloc(size.width * size.height * 4) },
  );
  const work = {
    s: memory.alloc(pixels),
    d: memory.alloc(pixels),
    scratch: memory.alloc(pixels * 2),
    tableS: memory.alloc(tableBytes),
    tableD: memory.alloc(tableBytes),
    found: memory.alloc(CANDIDATES_PER_WINDOW * CANDIDATE_BYTES),
    levels: memory.alloc(MAX_LEVELS * 16),
    eye: memory.alloc(32),
    features: memory.alloc(256),
    samples: memory.alloc(5120),
  };
  levels.forEach(({ address, stride, width, height }, i) => {
    memory.words(work.levels + i * 16, 4).set([address, stride, width, height]);
    if (i === 0) return;
    const above = levels[i - 1]!;
    kernels.halvePixels(above.address, address, width, height, above.stride, stride);
  });

  const red = redByte(image);
  const spots: { x: number; y: number; radius: number }[] = [];
  levels.forEach(({ address, stride, width, height }, level) => {
    if (level < first || Math.min(width, height) < LEAST_SIDE) return;
    kernels.rednessMaps(address, work.s, work.d, width, height, stride, red);
    kernels.close5x5(work.s, work.scratch, width, height);
    kernels.close5x5(work.d, work.scratch, width, height);
    kernels.summedArea(work.s, work.tableS, width, height);
    kernels.summedArea(work.d, work.tableD, width, height);
    for (const [k, K] of WINDOWS) {
      if (k === 1 && level > first) continue;
      const { tableS, tableD, scratch, found } = work;
      const room = Math.min(CANDIDATES_PER_WINDOW, MAX_CANDIDATES - spots.length);
      const count = kernels.findCandidates(tableS, tableD, scratch, found, width, height, k, K, room);
      const list = memory.words(found, count * 3);
      const scale = 1 << level;
      for (let i = 0; i < count; i++) {
        // Pixel centres lie at halves; positions in 256ths of a pixel.
        const x = (2 * list[i * 3]! + 1) * scale * 128 - 128;
        const y = (2 * list[i * 3 + 1]! + 1) * scale * 128 - 128;
        spots.push({ x, y, radius: Math.round((k + 0.6) * 256) * scale });
      }
    }
  });

  const candidates: RedEyeCandidate[] = [];
  for (const { x, y, radius } of spots) {
    memory.words(work.eye, 3).set([x, y, radius]);
    if (!kernels.refineCircle(work.levels, work.eye, work.samples, levels.length, red)) continue;
    if (!kernels.describeEye(work.levels, work.eye, work.features, work.samples, levels.length, red)) continue;
    const [fx, fy, fr] = memory.words(work.eye, 3) as unknown as [number, number, number];
    const bytes = memory.bytes(work.features, kernels.redEyeFeatures.value * 2);
    const features = new Int16Array(bytes.buffer, bytes.byteOffset, kernels.redEyeFeatures.value).slice();
    candidates.push({
      x: fx / 256,
      y: fy / 256,
      radius: fr / 256,
      logit: kernels.classifyEye(work.features),
      features,
    });
  }
  memory.release(mark);
  candidates.sort((a, b) => b.logit - a.logit || a.y - b.y || a.x - b.x);
  const kept: RedEyeCandidate[] = [];
  for (const candidate of candidates) if (!kept.some((other) => sameSpot(candidate, other))) kept.push(candidate);
  return kept;
}

/** The candidates that are eyes: by themselves, or with a partner at an eye's distance. */
export function judge(candidates: RedEyeCandidate[]): RedEyeCandidate[] {
  const paired = candidates.map((candidate) => {
    const best = Math.max(
      0,
      ...candidates.filter((other) => arePair(candidate, other)).map((o) => probability(o.logit)),
    );
    return { ...candidate, logit: candidate.logit + 2 * best - 128 };
  });
  const accepted = paired.filter(({ logit }) => logit >= ACCEPT);
  const partners = paired.filter(
    (candidate) =>
      candidate.logit < ACCEPT && candidate.logit >= ACCEPT_PARTNER && accepted.some((eye) => arePair(candidate, eye)),
  );
  const eyes: RedEyeCandidate[] = [];
  for (const candidate of [...accepted, ...partners].sort((a, b) => b.logit - a.logit)) {
    const apart = eyes.every((eye) => distance(candidate, eye) > eye.radius + candidate.radius);
    if (apart && eyes.length < MAX_EYES) eyes.push(candidate);
  }
  return eyes;
}

function levelSizes({ width, height }: PackedImage): { width: number; height: number }[] {
  const sizes = [{ width, height }];
  while (sizes.length < MAX_LEVELS) {
    const last = sizes.at(-1)!;
    if (Math.min(last.width, last.height) <= LEAST_SIDE) break;
    sizes.push({ width: last.width >> 1, height: last.height >> 1 });
  }
  return sizes;
}

function distance(a: RedEyeCandidate, b: RedEyeCandidate): number {
  return Math.sqrt((a.x - b.x) ** 2 + (a.y - b.y) ** 2);
}

/** The same pupil found twice: near, and of a similar radius. */
function sameSpot(a: RedEyeCandidate, b: RedEyeCandidate): boolean {
  const ratio = a.radius / b.radius;
  return ratio > 0.74 && ratio < 1.35 && distance(a, b) < 0.6 * Math.max(a.radius, b.radius);
}

/** Two pupils of one face: 8 to 28 radii apart, of similar radius. */
function arePair(a: RedEyeCandidate, b: RedEyeCandidate): boolean {
  const ratio = a.radius / b.radius;
  const apart = distance(a, b) / Math.sqrt(a.radius * b.radius);
  return ratio > 0.6 && ratio < 1.67 && apart > 8 && apart < 28;
}

/** Probability in 256ths of log-odds in 256ths. */
function probability(logit: number): number {
  const position = Math.min(20, Math.max(0, logit / 128 + 10));
  const below = Math.min(19, Math.floor(position));
  return PROBABILITY[below]! + (PROBABILITY[below + 1]! - PROBABILITY[below]!) * (position - below);
}

/** The byte of red in a pixel. */
function redByte({ format }: PackedImage): number {
  return format.startsWith('B') ? 2 : 0;
}
