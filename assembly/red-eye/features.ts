/**
 * What a candidate looks like: statistics of redness, luma, saturation and skin over 16 rays × 16 radii, i16 each, so
 * that neither its size nor a turn by a multiple of 22.5° matters. The forest in forest.ts was trained on these very
 * numbers.
 */
import { Feature } from './feature';
import { levelsOf, redByte, sampleColour } from './picture';
import { cosine, levelOf, rednessOf, sine, smallest, sortValues, squareRoot, stepAlong } from './rays';
import { isSkin } from './surround';

/** How many features {@link describeEye} writes. */
export const FEATURES: i32 = Feature.COUNT;

/** Radii in units of r, 8-bit fixed point: 0, .2, .4, .6, .8, 1, 1.2, 1.4, 1.7, 2, 2.4, 2.9, 3.5, 4.2, 5, 6. */
const RADII = memory.data<u16>([0, 51, 102, 154, 205, 256, 307, 358, 435, 512, 614, 742, 896, 1075, 1280, 1536]);
/** First radius of each of eight bands, and one past the last. */
const BANDS = memory.data<u8>([0, 3, 5, 6, 8, 10, 12, 14, 16]);

/** Where a sample's numbers lie, i16 each, in planes of 256 (radius · 16 + ray). */
const S: usize = 0;
const LUMA: usize = 512;
const SATURATION: usize = 1024;
const SKIN: usize = 1536;
const LEAST: usize = 2048;
const RED: usize = 2560;
const GREEN: usize = 3072;
const BLUE: usize = 3584;

/** Samples of skin, of 48 from 2.9 to 4.2 r. */
const LEAST_SKIN = 20;

function at(plane: usize, index: i32): i32 {
  return load<i16>(plane + <usize>(index << 1));
}

function meanOf(plane: usize, from: i32, to: i32): i32 {
  let sum = 0;
  for (let i = from << 4; i < to << 4; i++) sum += at(plane, i);
  return sum / ((to - from) << 4);
}

function copyList(plane: usize, list: usize, from: i32, to: i32): i32 {
  const count = (to - from) << 4;
  for (let i = 0; i < count; i++) store<i32>(list + <usize>(i << 2), at(plane, (from << 4) + i));
  return count;
}

function medianIn(plane: usize, list: usize, from: i32, to: i32): i32 {
  const count = copyList(plane, list, from, to);
  return smallest(list, count, count >> 1);
}

function mean16(list: usize): i32 {
  let sum = 0;
  for (let i: usize = 0; i < 16; i++) sum += load<i32>(list + (i << 2));
  return sum >> 4;
}

/** Mean over three radii on one ray. */
function rayMean(plane: usize, ray: i32, from: i32): i32 {
  let sum = 0;
  for (let i = from; i < from + 3; i++) sum += at(plane, (i << 4) + ray);
  return sum / 3;
}

/** Lists by how much each ray's mean over three radii is more than that over three others. Returns the mean of it. */
function rayEdges(plane: usize, list: usize, from: i32, other: i32): i32 {
  for (let ray = 0; ray < 16; ray++) {
    store<i32>(list + <usize>(ray << 2), rayMean(plane, ray, from) - rayMean(plane, ray, other));
  }
  return mean16(list);
}

/** How many samples of rings `from` to `to`, multiplied, are more than `bound`. */
function countAbove(plane: usize, from: i32, to: i32, factor: i32, bound: i32): i32 {
  let count = 0;
  for (let i = from << 4; i < to << 4; i++) if (at(plane, i) * factor > bound) count++;
  return count;
}

/** Samples one ring; returns how many of its 16 samples are skin. */
function sampleRing(picture: usize, scratch: usize, level: i32, x: i32, y: i32, r: i32, ring: i32): i32 {
  const redShift = (<i32>redByte(picture)) << 4;
  const distance = (r * <i32>load<u16>(RADII + <usize>(ring << 1))) >> 8;
  let skins = 0;
  for (let ray = 0; ray < 16; ray++) {
    const px = x + stepAlong(distance, cosine(ray));
    const py = y + stepAlong(distance, sine(ray));
    const colour = sampleColour(picture, level, px, py);
    const R = <i32>((colour >> redShift) & 0xffff);
    const G = <i32>((colour >> 16) & 0xffff);
    const B = <i32>((colour >> (32 - redShift)) & 0xffff);
    const s = rednessOf(colour, redShift);
    const most = R > G ? (R > B ? R : B) : G > B ? G : B;
    const least = R < G ? (R < B ? R : B) : G < B ? G : B;
    const skin = isSkin(R, G, B, 256);
    const i = scratch + <usize>(((ring << 4) + ray) << 1);
    store<i16>(i + S, s);
    store<i16>(i + LUMA, (R * 77 + G * 150 + B * 29) >> 10);
    store<i16>(i + SATURATION, ((most - least) << 10) / (most + 128));
    store<i16>(i + SKIN, skin ? 1024 : 0);
    store<i16>(i + LEAST, least);
    store<i16>(i + RED, R);
    store<i16>(i + GREEN, G);
    store<i16>(i + BLUE, B);
    if (skin) skins++;
  }
  return skins;
}

/** Writes a number by its name; `step` counts from there on. */
function put(features: usize, feature: Feature, value: i32, step: i32 = 0): void {
  store<i16>(features + ((<usize>(feature + step)) << 1), value);
}

/** First ring of a band; of the one behind the last, the count of rings. */
function bandStart(band: i32): i32 {
  return load<u8>(BANDS + <usize>band);
}

/**
 * Describes the eye at `eye` (as {@link refineCircle} leaves it) by FEATURES × i16 at `dst`. `scratch` takes 5120
 * bytes. Returns whether it passes the cascade: every ray has an edge, skin around it, a core that is not orange, a
 * clear edge.
 */
export function describeEye(picture: usize, eye: usize, dst: usize, scratch: usize): i32 {
  const x = load<i32>(eye);
  const y = load<i32>(eye, 4);
  const r = load<i32>(eye, 8);
  const level = levelOf(r, levelsOf(picture));
  const list = scratch + 4096;
  // Skin first: most candidates have too little of it around them.
  let skinRays = 0;
  for (let ring = 11; ring < 14; ring++) skinRays += sampleRing(picture, scratch, level, x, y, r, ring);
  if (skinRays < LEAST_SKIN) return 0;
  for (let ring = 0; ring < 16; ring++) {
    if (ring < 11 || ring > 13) sampleRing(picture, scratch, level, x, y, r, ring);
  }
  describeBands(dst, scratch);
  describeGlint(dst, scratch, list);
  const orange = describeCore(dst, scratch);
  describeRim(dst, scratch, list);
  describeSclera(dst, scratch, list);
  const edge = describeEdges(dst, scratch, list);
  describeSurroundings(dst, scratch, list);
  put(dst, Feature.ROUGHNESS, load<i32>(eye, 12));
  put(dst, Feature.RAYS_WITHOUT_EDGE, load<i32>(eye, 16) << 6);
  return orange <= 165 && edge >= 60 ? 1 : 0;
}

function describeBands(dst: usize, scratch: usize): void {
  for (let band = 0; band < 8; band++) {
    const from = bandStart(band);
    const to = bandStart(band + 1);
    put(dst, Feature.REDNESS_MEAN, meanOf(scratch + S, from, to), band);
    put(dst, Feature.LUMA_MEAN, meanOf(scratch + LUMA, from, to), band);
    put(dst, Feature.SATURATION_MEAN, meanOf(scratch + SATURATION, from, to), band);
    put(dst, Feature.SKIN_SHARE, meanOf(scratch + SKIN, from, to), band);
  }
  for (let band = 2; band < 8; band++) {
    const from = bandStart(band) << 4;
    const to = bandStart(band + 1) << 4;
    const mean = at(dst, Feature.REDNESS_MEAN + band);
    let squares: i64 = 0;
    let most = -32768;
    for (let i = from; i < to; i++) {
      const s = at(scratch + S, i);
      squares += <i64>((s - mean) * (s - mean));
      if (s > most) most = s;
    }
    put(dst, Feature.REDNESS_SPREAD, squareRoot(squares / (to - from)), (band - 2) << 1);
    put(dst, Feature.REDNESS_MOST, most, (band - 2) << 1);
  }
  for (let band = 1; band < 6; band++) {
    let least = 32767;
    for (let i = bandStart(band) << 4; i < bandStart(band + 1) << 4; i++) {
      const luma = at(scratch + LUMA, i);
      if (luma < least) least = luma;
    }
    put(dst, Feature.LUMA_LEAST, least, band - 1);
  }
}

function describeGlint(dst: usize, scratch: usize, list: usize): void {
  const inner = copyList(scratch + LEAST, list, 0, 5);
  const brightest = smallest(list, inner, inner);
  const bright = countAbove(scratch + LEAST, 0, 5, 1, 170 << 4);
  put(dst, Feature.GLINT, brightest);
  put(dst, Feature.GLINT_OVER_PUPIL, brightest - smallest(list, inner, inner >> 1));
  put(dst, Feature.GLINT_SHARE, (bright << 10) / inner);
}

/** Returns how orange it is. */
function describeCore(dst: usize, scratch: usize): i32 {
  let red = 0;
  let green = 0;
  let blue = 0;
  for (let i = 0; i < 80; i++) {
    red += at(scratch + RED, i);
    green += at(scratch + GREEN, i);
    blue += at(scratch + BLUE, i);
  }
  const orange = ((green - blue) << 10) / (red + 10240);
  put(dst, Feature.CORE_RED, red / 80);
  put(dst, Feature.CORE_GREEN, (green << 10) / (red + 10240));
  put(dst, Feature.CORE_BLUE, (blue << 10) / (red + 10240));
  put(dst, Feature.CORE_ORANGE, orange);
  return orange;
}

function describeRim(dst: usize, scratch: usize, list: usize): void {
  let rim = 32767;
  for (let ring = 6; ring < 11; ring++) {
    const luma = meanOf(scratch + LUMA, ring, ring + 1);
    if (luma < rim) rim = luma;
  }
  const skinLuma = medianIn(scratch + LUMA, list, 12, 16);
  put(dst, Feature.RIM_TO_SKIN, (rim << 10) / (skinLuma + 32));
  put(dst, Feature.RIM_LUMA, rim);
  put(dst, Feature.CORE_TO_SKIN, (medianIn(scratch + LUMA, list, 0, 4) << 10) / (skinLuma + 32));
}

/** Rays that are bright and pale from 1.4 to 4.2 r. */
function describeSclera(dst: usize, scratch: usize, list: usize): void {
  copyList(scratch + LUMA, list, 0, 16);
  const white = (smallest(list, 256, 248) * 141) >> 8; // 0.55 of the 97th percentile
  for (let ray = 0; ray < 16; ray++) {
    let pale = 0;
    for (let ring = 7; ring < 14; ring++) {
      const i = (ring << 4) + ray;
      if (at(scratch + LUMA, i) > white && at(scratch + SATURATION, i) < 358) pale++;
    }
    store<i32>(list + <usize>(ray << 2), (pale << 10) / 7);
  }
  let bestPair = 0;
  let worstPair = 1024;
  for (let ray: usize = 0; ray < 8; ray++) {
    const pair = (load<i32>(list + (ray << 2)) + load<i32>(list + ((ray + 8) << 2))) >> 1;
    if (pair > bestPair) bestPair = pair;
    if (pair < worstPair) worstPair = pair;
  }
  put(dst, Feature.SCLERA_MEAN, mean16(list));
  sortValues(list, 16);
  put(dst, Feature.SCLERA_RAY, load<i32>(list + (15 << 2)));
  put(dst, Feature.SCLERA_BEST_PAIR, bestPair);
  put(dst, Feature.SCLERA_WORST_PAIR, worstPair);
}

/** Returns by how much redness falls on the mean. */
function describeEdges(dst: usize, scratch: usize, list: usize): i32 {
  const edge = rayEdges(scratch + S, list, 3, 7);
  let clear = 0;
  for (let ray: usize = 0; ray < 16; ray++) if (load<i32>(list + (ray << 2)) > 102) clear++;
  sortValues(list, 16);
  put(dst, Feature.EDGE_MEAN, edge);
  put(dst, Feature.EDGE_LEAST, load<i32>(list));
  put(dst, Feature.EDGE_LOW, load<i32>(list + (4 << 2)));
  put(dst, Feature.EDGE_CLEAR, clear << 6);
  put(dst, Feature.LUMA_RISE, rayEdges(scratch + LUMA, list, 7, 3));
  return edge;
}

function describeSurroundings(dst: usize, scratch: usize, list: usize): void {
  const redness = medianIn(scratch + S, list, 0, 4);
  put(dst, Feature.RED_FAR, countAbove(scratch + S, 12, 16, 5, redness * 4) << 4);
  put(dst, Feature.RED_NEAR, countAbove(scratch + S, 8, 12, 10, redness * 7) << 4);
}
