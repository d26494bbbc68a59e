/**
 * Gradient-boosted trees for two classes (Friedman 2001; second-order leaves as in XGBoost): logistic loss, best-first trees of
 * a fixed number of leaves, splits on quantile bins. No randomness, so the same data give the same trees.
 */

const BINS = 64;

/**
 * @typedef {{ feature: number, threshold: number, low: number, high: number }} Node children below 0 are leaves -1 - child
 * @typedef {{ nodes: Node[], leaves: number[] }} Tree
 * @param {{ features: Int16Array, label: 0 | 1, weight: number }[]} samples
 * @param {{ trees: number, leaves: number, rate: number, lambda: number, leastWeight: number }} options
 * @returns {Tree[]} their sum is the log-odds
 */
export function boost(samples, { trees, leaves, rate, lambda, leastWeight }) {
  const count = samples.length;
  const { thresholds, bins } = quantise(samples);
  const scores = new Float64Array(count);
  const positive = samples.reduce((sum, { label, weight }) => sum + label * weight, 0);
  const base = Math.log(positive / (samples.reduce((sum, { weight }) => sum + weight, 0) - positive));
  scores.fill(base);
  const forest = [];
  for (let t = 0; t < trees; t++) {
    const gradients = new Float64Array(count);
    const hessians = new Float64Array(count);
    for (let i = 0; i < count; i++) {
      const { label, weight } = samples[i];
      const p = 1 / (1 + Math.exp(-scores[i]));
      gradients[i] = weight * (p - label);
      hessians[i] = weight * p * (1 - p);
    }
    const tree = growTree(bins, thresholds, gradients, hessians, { leaves, lambda, leastWeight });
    tree.parts.forEach((part, leaf) => {
      tree.leaves[leaf] *= rate;
      for (const i of part) scores[i] += tree.leaves[leaf];
    });
    if (t === 0) tree.leaves = tree.leaves.map((value) => value + base);
    forest.push({ nodes: tree.nodes, leaves: tree.leaves });
  }
  return forest;
}

/** The forest's log-odds for features. */
export function score(forest, features) {
  let sum = 0;
  for (const { nodes, leaves } of forest) {
    let child = 0;
    while (child >= 0) {
      const { feature, threshold, low, high } = nodes[child];
      child = features[feature] <= threshold ? low : high;
    }
    sum += leaves[-1 - child];
  }
  return sum;
}

/** Each feature's values as bins: bin b holds what is at most thresholds[b], the last bin the rest. */
function quantise(samples) {
  const width = samples[0].features.length;
  const thresholds = [];
  const bins = [];
  for (let f = 0; f < width; f++) {
    const sorted = Int16Array.from(samples, ({ features }) => features[f]).sort();
    const cuts = new Set();
    for (let b = 1; b < BINS; b++) cuts.add(sorted[Math.floor((sorted.length * b) / BINS)]);
    const list = [...cuts].sort((a, b) => a - b);
    thresholds.push(list);
    bins.push(
      Uint8Array.from(samples, ({ features }) => {
        const at = list.findIndex((cut) => features[f] <= cut);
        return at < 0 ? list.length : at;
      }),
    );
  }
  return { thresholds, bins };
}

function growTree(bins, thresholds, gradients, hessians, { leaves, lambda, leastWeight }) {
  const all = Array.from(gradients, (_, i) => i);
  const find = (part) => bestSplit(part, bins, thresholds, gradients, hessians, lambda, leastWeight);
  const nodes = [];
  const ends = [{ part: all, split: find(all), parent: -1, side: 'low' }];
  while (ends.length < leaves) {
    let best = -1;
    ends.forEach(({ split }, i) => {
      if (split && (best < 0 || split.gain > ends[best].split.gain)) best = i;
    });
    if (best < 0) break;
    const { part, split, parent, side } = ends[best];
    const node =
      nodes.push({ feature: split.feature, threshold: thresholds[split.feature][split.bin], low: 0, high: 0 }) - 1;
    if (parent >= 0) nodes[parent][side] = node;
    const low = part.filter((i) => bins[split.feature][i] <= split.bin);
    const high = part.filter((i) => bins[split.feature][i] > split.bin);
    ends.splice(
      best,
      1,
      { part: low, split: find(low), parent: node, side: 'low' },
      { part: high, split: find(high), parent: node, side: 'high' },
    );
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
  return { nodes, leaves: ends.map(({ part }) => value(part)), parts: ends.map(({ part }) => part) };
}

function bestSplit(part, bins, thresholds, gradients, hessians, lambda, leastWeight) {
  let totalG = 0;
  let totalH = 0;
  for (const i of part) {
    totalG += gradients[i];
    totalH += hessians[i];
  }
  let best;
  const sumsG = new Float64Array(BINS + 1);
  const sumsH = new Float64Array(BINS + 1);
  for (let feature = 0; feature < bins.length; feature++) {
    sumsG.fill(0);
    sumsH.fill(0);
    const column = bins[feature];
    for (const i of part) {
      sumsG[column[i]] += gradients[i];
      sumsH[column[i]] += hessians[i];
    }
    let g = 0;
    let h = 0;
    for (let bin = 0; bin < thresholds[feature].length; bin++) {
      g += sumsG[bin];
      h += sumsH[bin];
      if (h < leastWeight || totalH - h < leastWeight) continue;
      const gain = g ** 2 / (h + lambda) + (totalG - g) ** 2 / (totalH - h + lambda) - totalG ** 2 / (totalH + lambda);
      if (gain > 1e-6 && (!best || gain > best.gain)) best = { feature, bin, gain };
    }
  }
  return best;
}
