import type { Candidate } from './search.ts';

/** Log-odds of p = 0.8, 8-bit fixed point. */
const ACCEPT = 355;
/** Log-odds of p = 0.4: enough for the one partner of an eye that is sure, and has none yet. */
const ACCEPT_PARTNER = -104;
/** Log-odds of p = 0.99: an eye that is sure enough to vouch for a partner. */
const SURE = 1100;
/** Added to the forest's log-odds: in its training, eyes weigh more than their frequency. */
const PRIOR = -64;
/** Candidates with less are no eyes whatever their partner is: the most that one adds is 5/2. */
const HOPELESS = ACCEPT_PARTNER - 640;
/** Accepted at most: a crowd has fewer. */
const MAX_EYES = 64;

/** p in 256ths for log-odds of -5 to 5 in steps of a half, so that no engine's exp() is asked. */
const PROBABILITY = [2, 3, 5, 8, 12, 19, 31, 47, 69, 97, 128, 159, 187, 209, 225, 237, 244, 248, 251, 253, 254];

/** The candidates that are eyes: by themselves, or with a partner at an eye's distance. */
export function judge(candidates: Candidate[]): Candidate[] {
  const weighed = candidates.map((candidate) => ({ ...candidate, logit: candidate.logit + PRIOR }));
  const possible = distinct(weighed.filter(({ logit }) => logit >= HOPELESS));
  const paired = possible.map((candidate) => {
    const best = Math.max(0, ...possible.filter((other) => arePair(candidate, other)).map((o) => probability(o.logit)));
    return { ...candidate, logit: candidate.logit + 3 * best - 128 };
  });
  const accepted = paired.filter(({ logit }) => logit >= ACCEPT);
  const likely = paired.filter(({ logit }) => logit < ACCEPT && logit >= ACCEPT_PARTNER);
  const alone = accepted.filter((eye) => eye.logit >= SURE && !accepted.some((other) => arePair(eye, other)));
  const partners = alone.flatMap((eye) =>
    likely
      .filter((other) => arePair(eye, other))
      .sort(byLogit)
      .slice(0, 1),
  );
  const eyes: Candidate[] = [];
  for (const candidate of [...accepted, ...partners].sort(byLogit)) {
    const apart = eyes.every((eye) => !areWithin(candidate, eye, eye.radius + candidate.radius));
    if (apart && eyes.length < MAX_EYES) eyes.push(candidate);
  }
  return eyes;
}

/** The most likely first; the order does not depend on that of the search, and hardly on how the picture is turned. */
function byLogit(a: Candidate, b: Candidate): number {
  return b.logit - a.logit || b.radius - a.radius || a.y - b.y || a.x - b.x;
}

/** The best candidate for each place and size. */
function distinct(candidates: Candidate[]): Candidate[] {
  const kept: Candidate[] = [];
  for (const candidate of [...candidates].sort(byLogit)) {
    if (!kept.some((other) => sameSpot(candidate, other))) kept.push(candidate);
  }
  return kept;
}

/** The same pupil found twice: near, and of a similar radius. */
function sameSpot(a: Candidate, b: Candidate): boolean {
  const ratio = a.radius / b.radius;
  return ratio > 0.74 && ratio < 1.35 && areWithin(a, b, 0.6 * Math.max(a.radius, b.radius));
}

/** Probability in 256ths of log-odds in 256ths. */
export function probability(logit: number): number {
  const position = Math.min(20, Math.max(0, logit / 128 + 10));
  const below = Math.min(19, Math.floor(position));
  return PROBABILITY[below]! + (PROBABILITY[below + 1]! - PROBABILITY[below]!) * (position - below);
}

/** Two pupils of one face: 8 to 28 radii apart – their geometric mean –, of similar radius. */
function arePair(a: Candidate, b: Candidate): boolean {
  const ratio = a.radius / b.radius;
  const apart = squaredDistance(a, b) / (a.radius * b.radius);
  return ratio > 0.6 && ratio < 1.67 && apart > 8 * 8 && apart < 28 * 28;
}

function areWithin(a: Candidate, b: Candidate, reach: number): boolean {
  return squaredDistance(a, b) <= reach * reach;
}

/** Products alone: powers and roots are left to the engines by ECMAScript. */
function squaredDistance(a: Candidate, b: Candidate): number {
  const [dx, dy] = [a.x - b.x, a.y - b.y];
  return dx * dx + dy * dy;
}
