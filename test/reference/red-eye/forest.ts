/** The forest's table read as trees. */

/** A node with what is asked of a feature's quarter, or a leaf's log-odds in 256ths. */
export type Tree = number | { feature: number; threshold: number; low: Tree; high: Tree };

const NODES = 11;

/** The base and the trees of a table of bytes; throws where a branch claims more nodes than there are. */
export function readForest(table: Uint8Array): { base: number; trees: Tree[] } {
  const view = new DataView(table.buffer, table.byteOffset, table.byteLength);
  const trees: Tree[] = [];
  for (let start = 2; start < table.length; start += 4 * NODES + 1) {
    let [node, leaf] = [start, start + 3 * NODES];
    const read = (nodes: number): Tree => {
      if (nodes === 0) return view.getInt8(leaf++);
      const bits = view.getUint8(node) + 256 * view.getUint8(node + 1) + 65536 * view.getUint8(node + 2);
      node += 3;
      const lower = Math.floor(bits / 128) % 16;
      if (lower >= nodes) throw new Error(`a branch of ${lower} nodes, of ${nodes}`);
      const threshold = Math.floor(bits / 2048);
      const question = { feature: bits % 128, threshold: threshold < 4096 ? threshold : threshold - 8192 };
      return { ...question, low: read(lower), high: read(nodes - 1 - lower) };
    };
    trees.push(read(NODES));
  }
  return { base: view.getInt16(0, true), trees };
}

/** What the trees say of features, added up. */
export function classify({ base, trees }: { base: number; trees: Tree[] }, features: number[]): number {
  const ask = (tree: Tree): number => {
    if (typeof tree === 'number') return tree;
    return ask(Math.floor(features[tree.feature]! / 4) <= tree.threshold ? tree.low : tree.high);
  };
  return trees.reduce((sum: number, tree) => sum + ask(tree), base);
}

/** All questions of a tree. */
export function questionsOf(tree: Tree): { feature: number; threshold: number }[] {
  if (typeof tree === 'number') return [];
  return [tree, ...questionsOf(tree.low), ...questionsOf(tree.high)];
}
