/** The boosted forest's verdict on a candidate's features. */
import { BASE, FOREST, TREES } from './forest';

/** Inner nodes of a tree; one more leaf. */
const NODES: usize = 11;
const TREE_BYTES: usize = NODES * 4 + NODES + 1;

/**
 * Log-odds that the features (i16 each) are those of a red eye, 8-bit fixed point.
 *
 * A tree is 11 nodes of 32 bits – from the lowest: 7 of feature, 5 of child where feature <= threshold, 5 of child where not, 15 of
 * threshold – and 12 leaves (i8). A child is less 12; below 0 it is the leaf -1 - child.
 */
export function classifyEye(features: usize): i32 {
  let sum = BASE;
  for (let tree = 0; tree < TREES; tree++) {
    const nodes = FOREST + <usize>tree * TREE_BYTES;
    let child = 0;
    while (child >= 0) {
      const node = load<i32>(nodes + ((<usize>child) << 2));
      const value = <i32>load<i16>(features + ((<usize>(node & 127)) << 1));
      child = ((value <= node >> 17 ? node >> 7 : node >> 12) & 31) - 12;
    }
    sum += <i32>load<i8>(nodes + NODES * 4 + <usize>(-1 - child));
  }
  return sum;
}
