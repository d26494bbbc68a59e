/**
 * Quantised blocks to tokens (T.81 F.1.2): what is coded, before it is known with which codes.
 *
 * A token is a u32: in the low half its symbol, in the high half the additional bits that follow the symbol's code.
 * Symbols are numbered over both tables of a destination: 0 to 15 are DC categories, 16 to 271 are AC run/size;
 * chrominance has the next 272.
 */
import { BLOCK_BYTES, TRANSPOSED_ZIGZAG, WIDE_BYTES } from './quantise';

/** Symbols of one destination: 16 of DC, 256 of AC. */
export const SYMBOLS: u32 = 272;

/** Zero run of sixteen (F.1.2.2.1). */
const ZRL: u32 = 0xf0;

/** Category and additional bits of a value (F.1.2.1): `size | bits << 16`. */
export function magnitude(value: i32): u32 {
  const size = 32 - clz(abs(value));
  return (<u32>size) | ((<u32>((value + (value >> 31)) & ((1 << size) - 1))) << 16);
}

/** Writes a token and counts its symbol. */
function put(tokens: usize, counts: usize, token: u32): usize {
  store<u32>(tokens, token);
  const counter = counts + ((token & 0xffff) << 2);
  store<u32>(counter, load<u32>(counter) + 1);
  return tokens + 4;
}

/** What {@link tokenise} takes. */
@unmanaged
class Tokenise {
  blocks: usize;
  wide: usize;
  components: usize;
  predictors: usize;
  magnitudes: usize;
  tokens: usize;
  counts: usize;
  count: i32;
  perMcu: i32;
}

/**
 * Turns `count` blocks (records of {@link quantiseBlock}) into tokens at `tokens`, at most 65 for each block, and adds
 * up their symbols in `counts` (544 × u32). Block i belongs to component `components[i % perMcu]` (u8: 0 for luminance)
 * whose DC predictor is `predictors[component]` (i32). `magnitudes`: category and additional bits of each i8, 256 ×
 * u32, 0 for values that are taken from `wide`. Returns the bytes written.
 */
export function tokenise(record: Tokenise): i32 {
  let blocks = record.blocks;
  let wide = record.wide;
  const components = record.components;
  const predictors = record.predictors;
  const magnitudes = record.magnitudes;
  let tokens = record.tokens;
  const counts = record.counts;
  const count = record.count;
  const perMcu = record.perMcu;
  const start = tokens;
  let slot = 0;
  for (let i = 0; i < count; i++) {
    const component = <usize>load<u8>(components + slot);
    slot = slot + 1 === perMcu ? 0 : slot + 1;
    const predictor = predictors + (component << 2);
    const first: u32 = component === 0 ? 0 : SYMBOLS;
    const dc = <i32>load<i16>(blocks, 72);
    tokens = put(tokens, counts, first + magnitude(dc - load<i32>(predictor)));
    store<i32>(predictor, dc);
    let set = load<u64>(blocks, 64);
    let last: u32 = 0;
    while (set !== 0) {
      const k = <u32>ctz(set);
      set &= set - 1;
      let run = k - last - 1;
      last = k;
      let token = load<u32>(magnitudes + ((<usize>load<u8>(blocks + k)) << 2));
      if (token === 0) token = magnitude(<i32>load<i16>(wide + ((<usize>load<u8>(TRANSPOSED_ZIGZAG + k)) << 1)));
      for (; run >= 16; run -= 16) tokens = put(tokens, counts, first + 16 + ZRL);
      tokens = put(tokens, counts, token + first + 16 + (run << 4));
    }
    if (last < 63) tokens = put(tokens, counts, first + 16);
    blocks += BLOCK_BYTES;
    wide += WIDE_BYTES;
  }
  return <i32>(tokens - start);
}
