/**
 * Huffman code lengths of limited length by package-merge (Larmore and Hirschberg, 1990), a package a list of symbols.
 */

/**
 * Code lengths for the counts, none above `limit`, 0 for what does not occur; a symbol alone gets length 1. Of equal
 * counts the symbol that comes first is longer, and a symbol is lighter than a package.
 */
export function codeLengths(counts: readonly number[], limit: number): number[] {
  const lengths = counts.map(() => 0);
  const symbols = counts
    .flatMap((count, symbol) => (count > 0 ? [{ count, symbols: [symbol] }] : []))
    .sort((a, b) => a.count - b.count);
  if (symbols.length === 1) lengths[symbols[0]!.symbols[0]!] = 1;
  let list = symbols;
  for (let level = 1; level < limit; level++) {
    const packages = list.flatMap((second, i) => {
      const first = list[i - 1]!;
      return i % 2 === 0 ? [] : [{ count: first.count + second.count, symbols: [...first.symbols, ...second.symbols] }];
    });
    list = [...symbols, ...packages].sort((a, b) => a.count - b.count);
  }
  for (const each of list.slice(0, Math.max(0, 2 * symbols.length - 2))) {
    for (const symbol of each.symbols) lengths[symbol]! += 1;
  }
  return lengths;
}
