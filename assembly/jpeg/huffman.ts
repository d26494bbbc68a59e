/**
 * Huffman coding of tokens (T.81 F.1.2) and byte stuffing (F.1.2.3).
 *
 * A code table has a u32 for each symbol of tokens.ts: `code << (size + 5) | length of code + size`, where size counts
 * the additional bits.
 *
 * State between calls, 16 bytes: u64 with the bits not yet written at its low end, then i32: how many bits it has room
 * for.
 */

/** Begins with no bits. */
export function startBits(state: usize): void {
  store<u64>(state, 0);
  store<i32>(state, 64, 8);
}

/**
 * Codes `count` tokens. The bits are first gathered in `words`, which has room for 27 bits a token and 8 bytes. Returns
 * the bytes written to `dst`: at most twice as much.
 */
export function encodeTokens(tokens: usize, count: i32, codes: usize, state: usize, words: usize, dst: usize): i32 {
  let acc = load<u64>(state);
  let free = load<i32>(state, 8);
  let end = words;
  for (const last = tokens + ((<usize>count) << 2); tokens < last; tokens += 4) {
    const token = load<u32>(tokens);
    const entry = load<u32>(codes + ((token & 0xffff) << 2));
    const bits = <u64>((entry >> 5) | (token >> 16));
    const length = entry & 31;
    free -= length;
    if (free < 0) {
      store<u64>(end, (acc << (length + free)) | (bits >> -free));
      end += 8;
      free += 64;
      acc = bits;
    } else {
      acc = (acc << length) | bits;
    }
  }
  store<u64>(state, acc);
  store<i32>(state, free, 8);
  return <i32>(stuff(words, end, dst) - dst);
}

/** Writes words from their highest byte on, a 0 behind every 0xFF; returns the address behind them. */
export function stuff(words: usize, end: usize, dst: usize): usize {
  for (; words + 16 <= end; words += 16) {
    const v = v128.load(words);
    if (v128.any_true(i8x16.eq(v, i8x16.splat(-1)))) {
      dst = stuffWord(dst, load<u64>(words), 64);
      dst = stuffWord(dst, load<u64>(words, 8), 64);
    } else {
      v128.store(dst, v128.shuffle<u8>(v, v, 7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8));
      dst += 16;
    }
  }
  return words < end ? stuffWord(dst, load<u64>(words), 64) : dst;
}

/** Writes the low `bits` bits of a word, whole bytes. */
function stuffWord(dst: usize, word: u64, bits: i32): usize {
  while (bits > 0) {
    bits -= 8;
    const byte = (<u32>(word >> bits)) & 0xff;
    store<u8>(dst, byte);
    store<u8>(dst, 0, 1);
    dst += byte === 0xff ? 2 : 1;
  }
  return dst;
}

/**
 * Fills the last byte with 1-bits and writes what is left, so that a marker can follow. Returns the bytes written, at
 * most 16.
 */
export function flushBits(state: usize, dst: usize): i32 {
  const bits = 64 - load<i32>(state, 8);
  const fill = -bits & 7;
  const word = (load<u64>(state) << fill) | ((1 << fill) - 1);
  store<i32>(state, 64, 8);
  return <i32>(stuffWord(dst, word, bits + fill) - dst);
}
