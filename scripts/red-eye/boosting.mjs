/**
 * Gradient-boosted trees for two classes (Friedman 2001; second-order leaves as in XGBoost): logistic loss, best-first
 * trees of a fixed number of leaves, splits on quantile bins. Each tree sees a share of the samples and of the
 * features, drawn by a seeded generator (Friedman 2002): what it learns holds better for what it has not seen, and the
 * same data give the same trees.
 */

const BINS = 64;

/**
 * @typedef {{ feature: number, threshold: number, low: number, high: number }} Node children below 0 are leaves -1 -
 * child
 * @typedef {{ nodes: Node[], leaves: number[] }} Tree
 * @param {{ features: Int16Array, label: 0 | 1, weight: number }[]} samples
 * @param {{ trees: number, leaves: number, rate: number, lambda: number, leastWeight: number, columns: number, rows:
 *   number }} options `columns` and `rows` are the shares of features and samples, in thousandths
 * @returns {{ base: number, trees: Tree[] }} the base and the trees' leaves sum up to the log-odds
 */
export function boost(samples, { trees, leaves, rate, lambda, leastWeight, columns, rows }) {
  const count = samples.length;
  const { thresholds, bins } = quantise(samples);
  const scores = new Float64Array(count);
  const positive = samples.reduce((sum, { label, weight }) => sum + label * weight, 0);
  const base = Math.log(positive / (samples.reduce((sum, { weight }) => sum + weight, 0) - positive));
  scores.fill(base);
  const forest = [];
  let state = 1;
  const draw = (share) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) % 1000 < share;
  };
  for (let t = 0; t < trees; t++) {
    const gradients = new Float64Array(count);
    const hessians = new Float64Array(count);
    for (let i = 0; i < count; i++) {
      const { label, weight } = samples[i];
      const p = 1 / (1 + Math.exp(-scores[i]));
      gradients[i] = weight * (p - label);
      hessians[i] = weight * p * (1 - p);
    }
    const features = bins.map((_, feature) => feature).filter(() => draw(columns));
    const part = Int32Array.from(gradients, (_, i) => i).filter(() => draw(rows));
    const tree = growTree(bins, thresholds, gradients, hessians, part, features, { leaves, lambda, leastWeight });
    tree.leaves = tree.leaves.map((leaf) => leaf * rate);
    for (let i = 0; i < count; i++) scores[i] += tree.leaves[leafOf(tree, samples[i].features)];
    forest.push(tree);
  }
  return { base, trees: forest };
}

/** The forest's log-odds for features. */
export function score({ base, trees }, features) {
  let sum = base;
  for (const tree of trees) sum += tree.leaves[leafOf(tree, features)];
  return sum;
}

/** Which leaf of a tree features fall into. */
function leafOf({ nodes }, features) {
  let child = 0;
  while (child >= 0) {
    const { feature, threshold, low, high } = nodes[child];
    child = features[feature] <= threshold ? low : high;
  }
  return -1 - child;
}

/**
 * Each feature's values as bins: bin b holds what is at most thresholds[b], the last bin the rest. A threshold is three
 * more than a multiple of four, so that its quarter says the same of a value's quarter.
 */
function quantise(samples) {
  const width = samples[0].features.length;
  const thresholds = [];
  const bins = [];
  for (let f = 0; f < width; f++) {
    const sorted = Int16Array.from(samples, ({ features }) => features[f]).sort();
    const cuts = new Set();
    for (let b = 1; b < BINS; b++) cuts.add(sorted[Math.floor((sorted.length * b) / BINS)] | 3);
    const list = [...cuts].sort((a, b) => a - b);
    thresholds.push(list);
    bins.push(
      Uint8Array.from(samples, ({ features }) => {
        let at = 0;
        while (at < list.length && features[f] > list[at]) at++;
        return at;
      }),
    );
  }
  return { thresholds, bins };
}

/**
 * Of the samples `part` and of some features, best first. A node's histogram is its parent's less its sibling's: only
 * the smaller child is counted.
 */
function growTree(bins, thresholds, gradients, hessians, all, features, { leaves, lambda, leastWeight }) {
  const count = (part) => {
    const sums = new Float64Array(features.length * BINS * 2);
    for (const [place, feature] of features.entries()) {
      const column = bins[feature];
      const base = place * BINS * 2;
      for (let n = 0; n < part.length; n++) {
        const i = part[n];
        const at = base + column[i] * 2;
        sums[at] += gradients[i];
        sums[at + 1] += hessians[i];
      }
    }
    return sums;
  };
  const grow = (part, sums, parent, side) => {
    return { part, sums, split: bestSplit(sums, features, thresholds, lambda, leastWeight), parent, side };
  };
  const nodes = [];
  const ends = [grow(all, count(all), -1, 'low')];
  while (ends.length < leaves) {
    let best = -1;
    ends.forEach(({ split }, i) => {
      if (split && (best < 0 || split.gain > ends[best].split.gain)) best = i;
    });
    if (best < 0) break;
    const { part, sums, split, parent, side } = ends[best];
    const node =
      nodes.push({ feature: split.feature, threshold: thresholds[split.feature][split.bin], low: 0, high: 0 }) - 1;
    if (parent >= 0) nodes[parent][side] = node;
    const column = bins[split.feature];
    const low = part.filter((i) => column[i] <= split.bin);
    const high = part.filter((i) => column[i] > split.bin);
    const counted = count(low.length < high.length ? low : high);
    const rest = sums.map((sum, i) => sum - counted[i]);
    const [lowSums, highSums] = low.length < high.length ? [counted, rest] : [rest, counted];
    ends.splice(best, 1, grow(low, lowSums, node, 'low'), grow(high, highSums, node, 'high'));
  }
  ends.forEach(({ parent, side }, leaf) => {
    if (parent >= 0) nodes[parent][side] = -1 - leaf;
  });
  const value = (part) => {
    let g = 0;
    let h = lambda;
    for (const i of part) {
      g += gradients[i];
      h += hessians[i];
    }
    return -g / h;
  };
  return { nodes, leaves: ends.map(({ part }) => value(part)) };
}

function bestSplit(sums, features, thresholds, lambda, leastWeight) {
  let totalG = 0;
  let totalH = 0;
  for (let bin = 0; bin < BINS; bin++) {
    totalG += sums[bin * 2];
    totalH += sums[bin * 2 + 1];
  }
  let best;
  for (const [place, feature] of features.entries()) {
    let g = 0;
    let h = 0;
    for (let bin = 0; bin < thresholds[feature].length; bin++) {
      g += sums[(place * BINS + bin) * 2];
      h += sums[(place * BINS + bin) * 2 + 1];
      if (h < leastWeight || totalH - h < leastWeight) continue;
      const gain = g ** 2 / (h + lambda) + (totalG - g) ** 2 / (totalH - h + lambda) - totalG ** 2 / (totalH + lambda);
      if (gain > 1e-6 && (!best || gain > best.gain)) best = { feature, bin, gain };
    }
  }
  return best;
}
