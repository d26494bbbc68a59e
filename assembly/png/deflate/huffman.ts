/**
 * Huffman codes of limited length. Lengths come from package-merge (Larmore and Hirschberg, 1990), so they are optimal
 * under the limit; codes are the canonical ones of RFC 1951, 3.2.2.
 *
 * Package-merge: level 1 lists the symbols by count. The list of every further level merges the symbols with the pairs
 * of neighbours in the list before. The 2n - 2 lightest entries of the last list make the code: a symbol is as long as
 * the times it occurs in them and, by their pairs, in the lists before.
 */

/** Entries of a list: at most twice the symbols. */
const LIST: i32 = 576;

/**
 * Code lengths for `symbols` counts (u32, each below 2^23), none above `limit` (at most 15): a byte each, 0 for what
 * does not occur. A symbol alone gets length 1.
 * - `scratch` has room for a sorted copy of the counts, two lists and the symbols met in each level
 */
export function huffmanLengths(counts: usize, lengths: usize, scratch: usize, symbols: i32, limit: i32): void {
  const sorted = scratch;
  let list = sorted + 288 * 4;
  let merged = list + LIST * 4;
  const met = merged + LIST * 4;
  memory.fill(lengths, 0, symbols);
  let used = 0;
  for (let symbol = 0; symbol < symbols; symbol++) {
    const count = load<u32>(counts + (symbol << 2));
    if (count) store<u32>(sorted + (used++ << 2), (count << 9) | symbol);
  }
  if (used < 2) {
    if (used) store<u8>(lengths + (load<u32>(sorted) & 511), 1);
    return;
  }
  sort(sorted, used);

  const wanted = 2 * used - 2;
  for (let i = 0; i < used; i++) store<u32>(list + (i << 2), load<u32>(sorted + (i << 2)) >> 9);
  let size = used;
  for (let level = 1; level < limit; level++) {
    const pairs = size >> 1;
    const row = met + level * (LIST * 2);
    let leaf = 0;
    let pair = 0;
    let at = 0;
    let leafCount = load<u32>(sorted) >> 9;
    let pairCount = load<u32>(list) + load<u32>(list, 4);
    while (at < wanted && (leaf < used || pair < pairs)) {
      if (leafCount <= pairCount) {
        store<u32>(merged + (at << 2), leafCount);
        leaf++;
        leafCount = leaf < used ? load<u32>(sorted + (leaf << 2)) >> 9 : u32.MAX_VALUE;
      } else {
        store<u32>(merged + (at << 2), pairCount);
        pair++;
        pairCount = pair < pairs ? load<u32>(list + (pair << 3)) + load<u32>(list + (pair << 3), 4) : u32.MAX_VALUE;
      }
      at++;
      store<u16>(row + (at << 1), leaf);
    }
    size = at;
    const spare = list;
    list = merged;
    merged = spare;
  }

  let take = wanted;
  for (let level = limit - 1; level >= 0 && take > 0; level--) {
    const leaves = level > 0 ? <i32>load<u16>(met + level * (LIST * 2) + (take << 1)) : min(take, used);
    for (let i = 0; i < leaves; i++) {
      const length = lengths + (load<u32>(sorted + (i << 2)) & 511);
      store<u8>(length, load<u8>(length) + 1);
    }
    take = 2 * (take - leaves);
  }
}

/** Sorts u32 keys, smallest first: Shell's method, every gap about 2.2 times the next. */
function sort(keys: usize, count: i32): void {
  for (let gap = 132; gap > 0; gap = gap === 4 ? 1 : (gap * 29) >> 6) {
    for (let i = gap; i < count; i++) {
      const key = load<u32>(keys + (i << 2));
      let j = i - gap;
      while (j >= 0 && load<u32>(keys + (j << 2)) > key) {
        store<u32>(keys + ((j + gap) << 2), load<u32>(keys + (j << 2)));
        j -= gap;
      }
      store<u32>(keys + ((j + gap) << 2), key);
    }
  }
}

/**
 * Canonical codes for the lengths: u32 each, their length and, from bit 8, their bits in the order they are sent.
 * - `scratch` has room for the next code of each length: 16 u32
 */
export function huffmanCodes(lengths: usize, codes: usize, scratch: usize, symbols: i32): void {
  memory.fill(scratch, 0, 64);
  for (let symbol = 0; symbol < symbols; symbol++) {
    const count = scratch + ((<usize>load<u8>(lengths + symbol)) << 2);
    store<u32>(count, load<u32>(count) + 1);
  }
  // The first code of a length follows from the codes of the shorter ones.
  let first: u32 = 0;
  store<u32>(scratch, 0);
  let shorter: u32 = 0;
  for (let length = 1; length < 16; length++) {
    first = (first + shorter) << 1;
    shorter = load<u32>(scratch + (length << 2));
    store<u32>(scratch + (length << 2), first);
  }
  for (let symbol = 0; symbol < symbols; symbol++) {
    const length: i32 = load<u8>(lengths + symbol);
    if (!length) continue;
    const next = load<u32>(scratch + (length << 2));
    store<u32>(scratch + (length << 2), next + 1);
    store<u32>(codes + (symbol << 2), ((reverse16(next) >> (16 - length)) << 8) | length);
  }
}

function reverse16(bits: u32): u32 {
  bits = ((bits & 0x5555) << 1) | ((bits >> 1) & 0x5555);
  bits = ((bits & 0x3333) << 2) | ((bits >> 2) & 0x3333);
  bits = ((bits & 0x0f0f) << 4) | ((bits >> 4) & 0x0f0f);
  return ((bits & 0x00ff) << 8) | (bits >> 8);
}
