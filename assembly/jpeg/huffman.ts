/**
 * Entropy coding of quantised blocks (T.81 F.1.2): run lengths of zero coefficients, Huffman codes, bit stuffing.
 *
 * A code table has a u32 for each symbol, `code << 8 | length`: 16 for DC, then 256 for AC, a component's tables
 * `TABLE_BYTES` apart. State between calls: u64 bits not yet written, u32 how many, then i32 DC predictor for each of three components.
 */

/** Bytes of a component's code tables: 16 DC and 256 AC entries. */
const TABLE_BYTES = 272 * 4;

/** Zero run of sixteen (F.1.2.2.1). */
const ZRL = 0xf0;

/** Bits of a magnitude (T.81 table F.1): 0 for 0. */
function category(value: i32): i32 {
  return 32 - clz(abs(value));
}

/** Writes 32 bits, a 0 behind every 0xFF (F.1.2.3); returns the address behind them. */
function stuff(dst: usize, word: u32): usize {
  for (let shift = 24; shift >= 0; shift -= 8) {
    const byte = (word >> shift) & 0xff;
    store<u8>(dst++, byte);
    if (byte === 0xff) store<u8>(dst++, 0);
  }
  return dst;
}

/**
 * Codes `count` blocks of 64 × i16 in zigzag order at `coefs`, whose nonzero sets (u64 each) are at `masks`. Block i belongs
 * to component `components[i % perMcu]` (u8 each). Returns the bytes written to `dst`: at most 416 for each block, and 8.
 */
export function encodeBlocks(
  coefs: usize,
  masks: usize,
  components: usize,
  tables: usize,
  state: usize,
  dst: usize,
  count: i32,
  perMcu: i32,
): i32 {
  const start = dst;
  let acc = load<u64>(state);
  let bits = load<i32>(state, 8);
  let slot = 0;
  for (let i = 0; i < count; i++) {
    const component = <usize>load<u8>(components + slot);
    slot = slot + 1 === perMcu ? 0 : slot + 1;
    const predictor = state + 12 + (component << 2);
    const table = tables + component * TABLE_BYTES;

    const dc = <i32>load<i16>(coefs);
    let value = dc - load<i32>(predictor);
    store<i32>(predictor, dc);
    let size = category(value);
    let entry = load<u32>(table + (size << 2));
    acc =
      (acc << ((entry & 0xff) + size)) |
      ((<u64>(entry >> 8)) << size) |
      (<u64>((value + (value >> 31)) & ((1 << size) - 1)));
    bits += (entry & 0xff) + size;

    let mask = load<u64>(masks) & ~1;
    let last = 0;
    while (true) {
      if (bits >= 32) {
        bits -= 32;
        const word = <u32>(acc >> bits);
        // A byte of 0xFF keeps its high bit and loses it by adding one.
        if (word & 0x80808080 & ~(word + 0x01010101)) {
          dst = stuff(dst, word);
        } else {
          store<u32>(dst, bswap(word));
          dst += 4;
        }
      }
      if (mask === 0) break;
      const k = <i32>ctz(mask);
      mask &= mask - 1;
      let run = k - last - 1;
      last = k;
      if (run >= 16) {
        // At most three, of at most 16 bits each.
        entry = load<u32>(table + ((16 + ZRL) << 2));
        for (; run >= 16; run -= 16) {
          acc = (acc << (entry & 0xff)) | (<u64>(entry >> 8));
          bits += entry & 0xff;
          if (bits >= 32) {
            bits -= 32;
            dst = stuff(dst, <u32>(acc >> bits));
          }
        }
      }
      value = <i32>load<i16>(coefs + (k << 1));
      size = category(value);
      entry = load<u32>(table + ((16 + ((run << 4) | size)) << 2));
      acc =
        (acc << ((entry & 0xff) + size)) |
        ((<u64>(entry >> 8)) << size) |
        (<u64>((value + (value >> 31)) & ((1 << size) - 1)));
      bits += (entry & 0xff) + size;
    }
    if (last < 63) {
      entry = load<u32>(table + (16 << 2));
      acc = (acc << (entry & 0xff)) | (<u64>(entry >> 8));
      bits += entry & 0xff;
      if (bits >= 32) {
        bits -= 32;
        dst = stuff(dst, <u32>(acc >> bits));
      }
    }
    coefs += 128;
    masks += 8;
  }
  store<u64>(state, acc);
  store<i32>(state, bits, 8);
  return <i32>(dst - start);
}

/** Counts the symbols that {@link encodeBlocks} would write, in tables of the same shape: u32 counts. Keeps predictors in `state`. */
export function countSymbols(
  coefs: usize,
  masks: usize,
  components: usize,
  counts: usize,
  state: usize,
  count: i32,
  perMcu: i32,
): void {
  let slot = 0;
  for (let i = 0; i < count; i++) {
    const component = <usize>load<u8>(components + slot);
    slot = slot + 1 === perMcu ? 0 : slot + 1;
    const predictor = state + 12 + (component << 2);
    const table = counts + component * TABLE_BYTES;
    const dc = <i32>load<i16>(coefs);
    tally(table + (category(dc - load<i32>(predictor)) << 2));
    store<i32>(predictor, dc);
    let mask = load<u64>(masks) & ~1;
    let last = 0;
    while (mask !== 0) {
      const k = <i32>ctz(mask);
      mask &= mask - 1;
      let run = k - last - 1;
      last = k;
      for (; run >= 16; run -= 16) tally(table + ((16 + ZRL) << 2));
      tally(table + ((16 + ((run << 4) | category(<i32>load<i16>(coefs + (k << 1))))) << 2));
    }
    if (last < 63) tally(table + (16 << 2));
    coefs += 128;
    masks += 8;
  }
}

function tally(counter: usize): void {
  store<u32>(counter, load<u32>(counter) + 1);
}

/** Fills the last byte with 1-bits (F.1.2.3) and writes what is left. Returns the bytes written, at most 16. */
export function flushBits(state: usize, dst: usize): i32 {
  const start = dst;
  let bits = load<i32>(state, 8);
  const acc = load<u64>(state);
  for (; bits >= 8; bits -= 8) dst = putByte(dst, (<u32>(acc >> (bits - 8))) & 0xff);
  if (bits > 0) {
    const free = 8 - bits;
    dst = putByte(dst, (((<u32>acc) << free) & 0xff) | ((1 << free) - 1));
  }
  store<i32>(state, 0, 8);
  return <i32>(dst - start);
}

function putByte(dst: usize, byte: u32): usize {
  store<u8>(dst++, byte);
  if (byte === 0xff) store<u8>(dst++, 0);
  return dst;
}
