/**
 * Progressive scans (T.81 Annex G) in two steps: blocks become tokens, tokens become bits. Between the two the symbols
 * are counted, so each scan gets the Huffman table made for it.
 *
 * A token is a u32: the symbol in bits 0 to 8, how many bits follow its code (0 to 16) in bits 9 to 13, these bits in
 * the high half. Symbol 256 has no code: bits only.
 *
 * The token of an end-of-band run is put where the run begins, since correction bits follow it, and filled in when the
 * run is over.
 */

const NO_CODE: u32 = 256;
const ZRL: u32 = 0xf0;
const LONGEST_RUN: i32 = 0x7fff;

/** State of AC scans: the end-of-band run that goes on. */
@unmanaged
class BandRun {
  /** Where its token lies. */
  token: usize;
  /** Blocks so far. */
  length: i32;
}

function token(symbol: u32, size: u32, bits: u32): u32 {
  return symbol | (size << 9) | (bits << 16);
}

/**
 * Tokens of the DC coefficients of a row of `blocks` blocks of one component (G.1.2.1, point transform 0), one for
 * each. Keeps the predictor, an i32, from row to row.
 */
export function dcTokens(coefs: usize, tokens: usize, predictor: usize, blocks: i32): void {
  let before = load<i32>(predictor);
  for (let b = 0; b < blocks; b++) {
    const dc = <i32>load<i16>(coefs);
    const difference = dc - before;
    const size = 32 - clz(abs(difference));
    store<u32>(tokens, token(size, size, (difference + (difference >> 31)) & ((1 << size) - 1)));
    before = dc;
    coefs += 128;
    tokens += 4;
  }
  store<i32>(predictor, before);
}

/** Fills in the token of a run of end-of-band blocks (G.1.2.2), if there is one, and begins anew. */
export function closeRun(state: usize): void {
  const run = changetype<BandRun>(state);
  const length = run.length;
  if (length === 0) return;
  const size = 31 - clz(length);
  store<u32>(run.token, token(size << 4, size, length - (1 << size)));
  run.length = 0;
}

/** One more block that ends here. Returns the address behind the token it may have taken. */
function endBand(state: usize, tokens: usize): usize {
  const run = changetype<BandRun>(state);
  if (run.length === 0) {
    run.token = tokens;
    tokens += 4;
  }
  run.length++;
  return tokens;
}

/** The bits of a band in a block's nonzero set. */
function band(from: i32, to: i32): u64 {
  return (u64.MAX_VALUE << from) & (u64.MAX_VALUE >> (63 - to));
}

/**
 * Tokens of the first scan of coefficients `from` to `to` of `blocks` blocks, without their `lowBits` lowest bits
 * (G.1.2.2). Returns the number of tokens: at most 64 for each block.
 */
export function firstTokens(
  coefs: usize,
  masks: usize,
  tokens: usize,
  state: usize,
  blocks: i32,
  from: i32,
  to: i32,
  lowBits: i32,
): i32 {
  const start = tokens;
  const inBand = band(from, to);
  for (let b = 0; b < blocks; b++) {
    let set = load<u64>(masks) & inBand;
    let last = from - 1;
    while (set !== 0) {
      const k = <i32>ctz(set);
      set &= set - 1;
      const value = <i32>load<i16>(coefs + (k << 1));
      const magnitude = abs(value) >> lowBits;
      if (magnitude === 0) continue;
      closeRun(state);
      let run = k - last - 1;
      last = k;
      for (; run >= 16; run -= 16) {
        store<u32>(tokens, ZRL);
        tokens += 4;
      }
      const size = 32 - clz(magnitude);
      const bits = value < 0 ? ~magnitude & ((1 << size) - 1) : magnitude;
      store<u32>(tokens, token((run << 4) | size, size, bits));
      tokens += 4;
    }
    if (last < to) {
      tokens = endBand(state, tokens);
      if (changetype<BandRun>(state).length === LONGEST_RUN) closeRun(state);
    }
    coefs += 128;
    masks += 8;
  }
  return <i32>((tokens - start) >> 2);
}

/** Writes `count` correction bits in tokens of up to 16; returns the address behind them. */
function corrections(tokens: usize, bits: u64, count: i32): usize {
  while (count > 0) {
    const size = min(count, 16);
    count -= size;
    store<u32>(tokens, token(NO_CODE, size, (<u32>(bits >> count)) & ((1 << size) - 1)));
    tokens += 4;
  }
  return tokens;
}

/**
 * Tokens of a refinement scan, which adds bit `lowBits` to coefficients `from` to `to` of `blocks` blocks (G.1.2.3).
 * Returns the number of tokens: at most 72 for each block.
 */
export function refinementTokens(
  coefs: usize,
  masks: usize,
  tokens: usize,
  state: usize,
  blocks: i32,
  from: i32,
  to: i32,
  lowBits: i32,
): i32 {
  const start = tokens;
  const inBand = band(from, to);
  for (let b = 0; b < blocks; b++) {
    // Coefficients that were significant before, and those that become so now.
    let old: u64 = 0;
    let fresh: u64 = 0;
    for (let set = load<u64>(masks) & inBand; set !== 0; set &= set - 1) {
      const k = ctz(set);
      const magnitude = abs(<i32>load<i16>(coefs + ((<usize>k) << 1))) >> lowBits;
      if (magnitude === 1) fresh |= (<u64>1) << k;
      else if (magnitude > 1) old |= (<u64>1) << k;
    }
    let pending: u64 = 0; // correction bits, to be written behind the next symbol
    let count = 0;
    let zeros = 0;
    let next = from;
    for (let set = old | fresh; set !== 0; set &= set - 1) {
      const k = <i32>ctz(set);
      const value = <i32>load<i16>(coefs + (k << 1));
      zeros += k - next;
      next = k + 1;
      // Runs of 16 need a code of their own only while a new coefficient follows.
      while (zeros > 15 && fresh >> k !== 0) {
        closeRun(state);
        store<u32>(tokens, ZRL);
        tokens = corrections(tokens + 4, pending, count);
        pending = 0;
        count = 0;
        zeros -= 16;
      }
      if ((old >> k) & 1) {
        pending = (pending << 1) | (<u64>((abs(value) >> lowBits) & 1));
        count++;
      } else {
        closeRun(state);
        store<u32>(tokens, token((zeros << 4) | 1, 1, value < 0 ? 0 : 1));
        tokens = corrections(tokens + 4, pending, count);
        pending = 0;
        count = 0;
        zeros = 0;
      }
    }
    if (next <= to || zeros > 0 || count > 0) {
      tokens = corrections(endBand(state, tokens), pending, count);
      if (changetype<BandRun>(state).length === LONGEST_RUN) closeRun(state);
    }
    coefs += 128;
    masks += 8;
  }
  return <i32>((tokens - start) >> 2);
}

/** Adds the symbols of `count` tokens to `counts`, 257 × u32. Returns how many bits follow their codes. */
export function countTokens(tokens: usize, counts: usize, count: i32): i32 {
  let extra = 0;
  for (const end = tokens + ((<usize>count) << 2); tokens < end; tokens += 4) {
    const t = load<u32>(tokens);
    const counter = counts + ((t & 0x1ff) << 2);
    store<u32>(counter, load<u32>(counter) + 1);
    extra += (t >> 9) & 31;
  }
  return extra;
}

/**
 * Writes `count` tokens as bits with the codes `code << 8 | length` of 257 symbols (u32 each). State: u64 bits not yet
 * written, u32 how many. Returns the bytes written to `dst`: at most 8 for each token, and 8.
 */
export function writeTokens(tokens: usize, codes: usize, state: usize, dst: usize, count: i32): i32 {
  const start = dst;
  let acc = load<u64>(state);
  let bits = load<u32>(state, 8);
  for (const end = tokens + ((<usize>count) << 2); tokens < end; tokens += 4) {
    const t = load<u32>(tokens);
    const code = load<u32>(codes + ((t & 0x1ff) << 2));
    const size = (t >> 9) & 31;
    acc = (((acc << (code & 0xff)) | (<u64>(code >> 8))) << size) | (<u64>(t >> 16));
    bits += (code & 0xff) + size;
    if (bits >= 32) {
      bits -= 32;
      const word = <u32>(acc >> bits);
      // A byte of 0xFF keeps its high bit and loses it by adding one.
      if (word & 0x80808080 & ~(word + 0x01010101)) {
        for (let shift = 24; shift >= 0; shift -= 8) dst = putByte(dst, (word >> shift) & 0xff);
      } else {
        store<u32>(dst, bswap(word));
        dst += 4;
      }
    }
  }
  store<u64>(state, acc);
  store<u32>(state, bits, 8);
  return <i32>(dst - start);
}

/** Ends a scan: fills the last byte with 1-bits (F.1.2.3), empties the state. Returns the bytes written, at most 8. */
export function closeScan(state: usize, dst: usize): i32 {
  const start = dst;
  const acc = load<u64>(state);
  let bits = load<i32>(state, 8);
  for (; bits >= 8; bits -= 8) dst = putByte(dst, (<u32>(acc >> (bits - 8))) & 0xff);
  if (bits > 0) dst = putByte(dst, (((<u32>acc) << (8 - bits)) & 0xff) | ((1 << (8 - bits)) - 1));
  store<i32>(state, 0, 8);
  return <i32>(dst - start);
}

function putByte(dst: usize, byte: u32): usize {
  store<u8>(dst++, byte);
  if (byte === 0xff) store<u8>(dst++, 0);
  return dst;
}
