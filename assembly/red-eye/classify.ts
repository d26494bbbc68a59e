/** The boosted forest's verdict on a candidate's features. */
import { FOREST, TREES } from './forest';

/** Inner nodes of a tree; one more leaf. */
const NODES = 11;
const NODE_BYTES = 3;
const TREE_BYTES = NODES * NODE_BYTES + NODES + 1;

/**
 * Log-odds that the features (i16 each) are those of a red eye, 8-bit fixed point.
 *
 * The table begins with what leaves are added to (i16). A tree is 11 nodes of 24 bits – from the lowest: 7 of feature,
 * 4 that say how many nodes the branch of features <= threshold has, 13 of the threshold's quarter – and 12 leaves
 * (i8). A node is followed by its lower branch, then by the upper one; leaves lie from the lowest to the uppermost.
 */
export function classifyEye(features: usize): i32 {
  let sum = <i32>load<i16>(FOREST);
  for (let tree = FOREST + 2; tree < FOREST + 2 + TREES * TREE_BYTES; tree += TREE_BYTES) {
    let at = tree;
    let leaf = tree + NODES * NODE_BYTES;
    for (let nodes = NODES; nodes > 0;) {
      const node = load<i32>(at);
      const lower = (node >> 7) & 15;
      at += NODE_BYTES;
      if ((<i32>load<i16>(features + ((<usize>(node & 127)) << 1))) >> 2 <= (node << 8) >> 19) {
        nodes = lower;
      } else {
        at += <usize>(lower * NODE_BYTES);
        leaf += <usize>(lower + 1);
        nodes -= lower + 1;
      }
    }
    sum += <i32>load<i8>(leaf);
  }
  return sum;
}
