/** The boosted forest's verdict on a candidate's features. */
import { FOREST, TREES } from './forest';

/** Inner nodes and leaves of a tree. */
const NODES: usize = 11;
const TREE_BYTES: usize = NODES * 6 + (NODES + 1) * 2;

/**
 * Log-odds that the features (i16 each) are those of a red eye, 8-bit fixed point.
 *
 * A tree is 11 nodes – feature (u8), unused (u8), threshold (i16), child where feature <= threshold (i8), child where not (i8) – and 12
 * leaves (i16). A child below 0 is the leaf -1 - child.
 */
export function classifyEye(features: usize): i32 {
  let sum = 0;
  for (let tree = 0; tree < TREES; tree++) {
    const nodes = FOREST + <usize>tree * TREE_BYTES;
    let child = 0;
    while (child >= 0) {
      const node = nodes + <usize>child * 6;
      const value = load<i16>(features + ((<usize>load<u8>(node)) << 1));
      child = value <= load<i16>(node, 2) ? <i32>load<i8>(node, 4) : <i32>load<i8>(node, 5);
    }
    sum += <i32>load<i16>(nodes + NODES * 6 + ((<usize>(-1 - child)) << 1));
  }
  return sum;
}
