/** Huffman tables: their codes (T.81 Annex C) and the best ones for given statistics (Annex K.2). */

/** A Huffman table as DHT stores it (B.2.4.2): how many codes of each length 1 to 16, and their symbols. */
export type HuffmanTable = { counts: number[]; symbols: number[] };

/** `code << 8 | length` for each symbol (C.2), 0 where there is none. */
export function codeTable({ counts, symbols }: HuffmanTable, size: number): Int32Array {
  const codes = new Int32Array(size);
  let code = 0;
  let next = 0;
  counts.forEach((count, i) => {
    for (let n = 0; n < count; n++) codes[symbols[next++]!] = (code++ << 8) | (i + 1);
    code <<= 1;
  });
  return codes;
}

/**
 * The shortest table for these symbol counts with codes of at most 16 bits, none of them all ones (K.2: a reserved code
 * point takes that one).
 */
export function optimalTable(frequencies: ArrayLike<number>): HuffmanTable {
  const used = Array.from(frequencies, (count, symbol) => ({ count, symbol })).filter(({ count }) => count > 0);
  used.sort((a, b) => b.count - a.count || a.symbol - b.symbol);
  const lengths = huffmanLengths([...used.map(({ count }) => count), 1]);
  const counts = new Array<number>(16).fill(0);
  const perLength = new Array<number>(lengths.length + 1).fill(0);
  for (const length of lengths) perLength[length]!++;
  limitTo16(perLength);
  perLength[perLength.findLastIndex((count) => count > 0)]!--; // the reserved code point, the longest of all
  for (let length = 1; length <= 16; length++) counts[length - 1] = perLength[length] ?? 0;
  return { counts, symbols: used.map(({ symbol }) => symbol) };
}

/**
 * Code lengths by Huffman's construction; at least 1. Of equal weights the one that came last is joined first, a joined
 * pair counts as its heavier half.
 */
function huffmanLengths(counts: number[]): number[] {
  if (counts.length === 1) return [1];
  type Node = { weight: number; order: number; children: Node[] };
  const nodes: Node[] = counts.map((weight, order) => ({ weight, order, children: [] }));
  while (nodes.length > 1) {
    const a = takeLightest(nodes);
    const b = takeLightest(nodes);
    nodes.push({ weight: a.weight + b.weight, order: b.order, children: [a, b] });
  }
  const lengths = counts.map(() => 0);
  const measure = ({ order, children }: Node, depth: number): void => {
    if (children.length === 0) lengths[order] = depth;
    for (const child of children) measure(child, depth + 1);
  };
  measure(nodes[0]!, 0);
  return lengths;
}

function takeLightest<N extends { weight: number; order: number }>(nodes: N[]): N {
  let at = 0;
  let lightest = nodes[0]!;
  for (let i = 1; i < nodes.length; i++) {
    const node = nodes[i]!;
    if (node.weight < lightest.weight || (node.weight === lightest.weight && node.order > lightest.order)) {
      at = i;
      lightest = node;
    }
  }
  nodes[at] = nodes.at(-1)!;
  nodes.pop();
  return lightest;
}

/** Shortens codes of over 16 bits (figure K.3): two leaves move up, one shorter leaf moves down. */
function limitTo16(perLength: number[]): void {
  for (let length = perLength.length - 1; length > 16; length--) {
    while (perLength[length]! > 0) {
      const shorter = perLength.findLastIndex((count, i) => i <= length - 2 && count > 0);
      perLength[length]! -= 2;
      perLength[length - 1]!++;
      perLength[shorter + 1]! += 2;
      perLength[shorter]!--;
    }
  }
}
