/** What symbols cost, in 1/256 bit, computed in integers so that every engine decides alike. */

/** Unit of the costs: 1 bit. */
export const BIT = 256;

/** 256 · log2(n), rounded down, for n from 1 to 2^31: the fraction's bits by repeated squaring. */
export function log2(n: number): number {
  const whole = 31 - Math.clz32(n);
  let mantissa = whole > 15 ? n >>> (whole - 15) : n << (15 - whole); // 1.15 fixed point
  let result = whole;
  for (let i = 0; i < 8; i++) {
    mantissa = (mantissa * mantissa) >>> 15;
    result *= 2;
    if (mantissa >= 65536) {
      mantissa >>>= 1;
      result++;
    }
  }
  return result;
}

/**
 * Cost of each symbol under the statistics; one that was never seen costs as if it had been seen half a time, at most
 * 16 bits.
 */
export function symbolCosts(counts: ArrayLike<number>): number[] {
  let total = 0;
  for (let i = 0; i < counts.length; i++) total += counts[i]!;
  const all = log2(Math.max(1, total));
  return Array.from(counts, (count) => Math.min(16 * BIT, count > 0 ? all - log2(count) : all + BIT));
}

/** Bits that the symbols take together with the best Huffman codes, nearly. */
export function codedBits(counts: ArrayLike<number>): number {
  const costs = symbolCosts(counts);
  let sum = 0;
  for (let i = 0; i < counts.length; i++) sum += counts[i]! * Math.max(BIT, costs[i]!);
  return Math.round(sum / BIT);
}

/** Bits of a scan's markers and its Huffman table: DHT (B.2.4.2) and SOS (B.2.3) of one component. */
export function tableBits(counts: ArrayLike<number>): number {
  let used = 0;
  for (let i = 0; i < counts.length; i++) if (counts[i]! > 0) used++;
  return 8 * (21 + used + 10);
}
