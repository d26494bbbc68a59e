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
 * @returns {{ base: number, trees: Tree[] }} the base and the trees' leaves sum up to the log-odds
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
    forest.push({ nodes: tree.nodes, leaves: tree.leaves });
  }
  return { base, trees: forest };
}

/** The forest's log-odds for features. */
export function score({ base, trees }, features) {
  let sum = base;
  for (const { nodes, leaves } of trees) {
    let child = 0;
    while (child >= 0) {
      const { feature, threshold, low, high } = nodes[child];
      child = features[feature] <= threshold ? low : high;
    }
    sum += leaves[-1 - child];
  }
  return sum;
}

/**
 * Each feature's values as bins: bin b holds what is at most thresholds[b], the last bin the rest. A threshold is three more than a multiple
 * of four, so that its quarter says the same of a value's quarter.
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

/** Best first. A node's histogram is its parent's less its sibling's: only the smaller child is counted. */
function growTree(bins, thresholds, gradients, hessians, { leaves, lambda, leastWeight }) {
  const width = bins.length;
  const count = (part) => {
    const sums = new Float64Array(width * BINS * 2);
    for (let feature = 0; feature < width; feature++) {
      const column = bins[feature];
      const base = feature * BINS * 2;
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
    return { part, sums, split: bestSplit(sums, thresholds, lambda, leastWeight), parent, side };
  };
  const all = Int32Array.from(gradients, (_, i) => i);
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
  return { nodes, leaves: ends.map(({ part }) => value(part)), parts: ends.map(({ part }) => part) };
}

function bestSplit(sums, thresholds, lambda, leastWeight) {
  let totalG = 0;
  let totalH = 0;
  for (let bin = 0; bin < BINS; bin++) {
    totalG += sums[bin * 2];
    totalH += sums[bin * 2 + 1];
  }
  let best;
  for (let feature = 0; feature < thresholds.length; feature++) {
    let g = 0;
    let h = 0;
    for (let bin = 0; bin < thresholds[feature].length; bin++) {
      g += sums[(feature * BINS + bin) * 2];
      h += sums[(feature * BINS + bin) * 2 + 1];
      if (h < leastWeight || totalH - h < leastWeight) continue;
      const gain = g ** 2 / (h + lambda) + (totalG - g) ** 2 / (totalH - h + lambda) - totalG ** 2 / (totalH + lambda);
      if (gain > 1e-6 && (!best || gain > best.gain)) best = { feature, bin, gain };
    }
  }
  return best;
}
